"""What operators ask about keys."""

from __future__ import annotations

from django.conf import settings

from sealing.choices import Algorithm, ScopeKind
from sealing.engine import fingerprint
from sealing.models import ScopeKey


def unreadable_keys() -> int:
    """How many living keys are wrapped by a sealing key that this installation does not have any more."""
    known = [fingerprint(key) for key in (settings.SEALING_KEY, *settings.SEALING_KEY_FALLBACKS)]
    return ScopeKey.objects.filter(destroyed_at=None).exclude(wrapped_by__in=known).count()


def sealing_key_fingerprint() -> str:
    """The name of the present sealing key: what a backup of it is labelled with (decision 34)."""
    return fingerprint(settings.SEALING_KEY)


def secret_from(kind: ScopeKind, scope_id: int, wrapped_part: bytes | None, wrapped_by: str) -> ScopeKey:
    """A scope's living key from columns that were read along with the scope itself, without a query of its own."""
    return ScopeKey(
        scope_kind=kind,
        scope_id=scope_id,
        algorithm=Algorithm.SECRET,
        wrapped_part=wrapped_part,
        wrapped_by=wrapped_by,
    )
