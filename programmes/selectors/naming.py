"""What a programme is called, for the mails that are sent in it."""

from __future__ import annotations

from programmes.models import Programme


def programme_name(*, programme_id: int) -> str:
    """Fills ``outbox.programme_name``; empty for a programme that is no more."""
    return Programme.objects.filter(pk=programme_id).values_list("name", flat=True).first() or ""
