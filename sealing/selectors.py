"""What operators ask about keys."""

from __future__ import annotations

from django.conf import settings

from sealing.engine import fingerprint
from sealing.models import ScopeKey


def unreadable_keys() -> int:
    """How many living keys are wrapped by a sealing key that this installation does not have any more."""
    known = [fingerprint(key) for key in (settings.SEALING_KEY, *settings.SEALING_KEY_FALLBACKS)]
    return ScopeKey.objects.filter(destroyed_at=None).exclude(wrapped_by__in=known).count()


def sealing_key_fingerprint() -> str:
    """The name of the present sealing key: what a backup of it is labelled with (decision 34)."""
    return fingerprint(settings.SEALING_KEY)
