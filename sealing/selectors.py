"""What operators ask about keys."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db.models import OuterRef, Subquery

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


def secret_columns(kind: ScopeKind) -> dict[str, Subquery]:
    """Annotations for rows that have a key each: the key comes along with them (``secret_of``)."""
    key = ScopeKey.objects.filter(scope_kind=kind, scope_id=OuterRef("pk"), destroyed_at=None)
    return {"key_part": Subquery(key.values("wrapped_part")), "key_by": Subquery(key.values("wrapped_by"))}


def secret_of(kind: ScopeKind, row: Any) -> ScopeKey | None:
    """The key of a row that was read with ``secret_columns``; None where it was not, or has none."""
    part = getattr(row, "key_part", None)
    if part is None:
        return None
    return ScopeKey(
        scope_kind=kind,
        scope_id=row.pk,
        algorithm=Algorithm.SECRET,
        wrapped_part=part,
        wrapped_by=row.key_by,
    )
