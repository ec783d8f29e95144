"""A cohort's way through its stages: what may follow, and what that asks for (dossier 2.1)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from django.utils import timezone

from common.hooks import declare
from programmes.choices import STAGE_TRANSITIONS, Stage
from programmes.models import Cohort
from programmes.selectors.gates import Gate, own_gates


class _GatesSignature(Protocol):
    def __call__(self, *, cohort: Cohort, to: str) -> Sequence[Gate]: ...


#: What upper packages ask before a cohort moves on: confirmed pairs before preparing, the baseline before meeting.
stage_gates = declare(
    "programmes.stage_gates",
    purpose="what upper packages ask for before a cohort may move to a stage",
    signature=_GatesSignature.__call__,
)


def next_stages(cohort: Cohort) -> list[Stage]:
    """The stages that may follow, the way forward first."""
    return [Stage(value) for value in STAGE_TRANSITIONS[cohort.stage]]


def is_forward(cohort: Cohort, to: str) -> bool:
    """Whether this step leads on; steps back ask for nothing."""
    order = list(Stage.values)
    return order.index(to) > order.index(cohort.stage)


def gates(cohort: Cohort, to: str, *, now: datetime | None = None) -> list[Gate]:
    """Everything asked for before ``cohort`` moves to ``to``; empty for a step back.

    Args:
        now: for what asks for a day to have come; the clock's by default.
    """
    if not is_forward(cohort, to):
        return []
    asked = own_gates(cohort, to, now or timezone.now())
    for answer in stage_gates(cohort=cohort, to=to):
        asked += answer
    return asked
