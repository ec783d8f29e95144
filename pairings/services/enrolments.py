"""What a pair's life does to the enrolments of its two people."""

from __future__ import annotations

from datetime import datetime

from pairings.choices import PairingState
from pairings.models import Hold, Pairing
from pairings.selectors import standing_states
from programmes.choices import TAKING_PART, EnrolmentState
from programmes.models import Enrolment


def lock_enrolments(first: Enrolment, second: Enrolment) -> tuple[Enrolment, Enrolment]:
    """Both rows under lock, taken in one order so that nobody waits in a circle; returned in the order given."""
    rows = (
        Enrolment.objects.select_for_update(of=("self",))
        .filter(pk__in=[first.pk, second.pk])
        .select_related("person", "cohort__programme")
        .order_by("pk")
    )
    found = {row.pk: row for row in rows}
    return found[first.pk], found[second.pk]


def settle_holds(pairing: Pairing, now: datetime) -> None:
    """A pair goes on, or is over: nobody need look at it any more."""
    Hold.objects.filter(pairing=pairing, settled_at=None).update(settled_at=now, updated_at=now)


def settle(enrolment: Enrolment) -> None:
    """Put the enrolment into the state its standing pairs call for. Call it under lock.

    A person who paused, withdrew or completed keeps that state: their pairs do not decide about it.
    """
    if enrolment.state not in TAKING_PART:
        return
    state = _called_for(standing_states(enrolment), enrolment)
    if state != enrolment.state:
        enrolment.state = state
        enrolment.save(update_fields=["state", "updated_at"])


def _called_for(states: set[str], enrolment: Enrolment) -> EnrolmentState:
    if not states:
        return EnrolmentState.ACCEPTED
    if PairingState.ACTIVE in states:
        return EnrolmentState.ACTIVE
    was_active = enrolment.state == EnrolmentState.ACTIVE
    if was_active and PairingState.PAUSED in states:
        return EnrolmentState.ACTIVE
    return EnrolmentState.MATCHED
