"""Whether a mail about a pair still holds when it is about to leave."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pairings.models import Pairing, Pause, RhythmProposal


def is_still_valid(*, kind: str, about: tuple[str, int] | None, valid_while: Mapping[str, Any]) -> bool:
    """Fills ``outbox.still_valid``: each needs what it tells of, as it told it."""
    if kind == "match_confirmed":
        return Pairing.objects.standing().filter(pk=valid_while["pairing"]).exists()
    if kind == "pause":
        return Pause.objects.open().filter(pk=valid_while["pause"]).exists()
    if kind == "rhythm_suggested":
        return RhythmProposal.objects.filter(
            pk=valid_while["rhythm"], revision=valid_while["revision"]
        ).exists()
    if kind == "checkin_offer":
        return Pairing.objects.under_way().filter(pk=valid_while["pairing"]).exists()
    if kind in ("rhythm_agreed", "rhythm_declined") and about is not None:
        return Pairing.objects.standing().filter(pk=about[1]).exists()
    return True
