"""What the outbox asks before a mail of ours leaves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from evaluations.choices import RoundState
from evaluations.models import Round

WHILE_OPEN: Final = ("eval_open", "eval_reminder", "pulse", "followup")


def mail_holds(*, kind: str, about: tuple[str, int] | None, valid_while: Mapping[str, Any]) -> bool:
    """Invitations and reminders leave only while their round may be answered; true for every other mail."""
    if kind not in WHILE_OPEN or about is None:
        return True
    return Round.objects.filter(pk=about[1], state=RoundState.OPEN).exists()
