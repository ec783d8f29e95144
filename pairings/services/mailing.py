"""Whether a mail about a pair still holds when it is about to leave."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pairings.models import Pairing, Pause


def is_still_valid(*, kind: str, about: tuple[str, int] | None, valid_while: Mapping[str, Any]) -> bool:
    """Fills ``outbox.still_valid``: an introduction needs a pair, a word about a pause needs the pause."""
    if kind == "match_confirmed":
        return Pairing.objects.standing().filter(pk=valid_while["pairing"]).exists()
    if kind == "pause":
        return Pause.objects.open().filter(pk=valid_while["pause"]).exists()
    return True
