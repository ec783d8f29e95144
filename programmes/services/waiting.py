"""Seats of a cohort, and the waiting list that moves up by itself when one falls free (decision 30).

Whoever counts seats holds the row of the call: two who leave at once move up two, one who leaves twice moves up one.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from participants.choices import PersonState
from participants.emails import recipient
from programmes.choices import SEATED, SELECTS, EnrolmentState, Role
from programmes.models import Assessment, Enrolment, OpenCall
from programmes.services.invitations import invite


def hold_seats(cohort_id: int) -> OpenCall | None:
    """The call of a cohort, locked: nobody else gives or frees a seat meanwhile. None when it counts no seats.

    Take it before any enrolment, always in this order, or two coordinators could wait for each other.
    """
    calls = OpenCall.objects.select_for_update(of=("self",)).select_related("cohort__programme")
    call: OpenCall | None = calls.filter(cohort_id=cohort_id).first()
    return call


def free_seats(call: OpenCall, role: str) -> int | None:
    """How many seats are left in a role; None where as many may come as like. Hold the seats first."""
    seats = call.seats_of(role)
    if seats is None:
        return None
    taken = Enrolment.objects.filter(cohort=call.cohort_id, role=role, state__in=SEATED).count()
    return max(0, seats - taken)


@transaction.atomic
def move_up(*, cohort_id: int, now: datetime) -> int:
    """Take in whoever comes next on the waiting list, as many as there are free seats, and tell them.

    Returns:
        How many moved up.
    """
    call = hold_seats(cohort_id)
    if call is None or call.cohort.stage not in SELECTS:
        return 0
    return sum(_fill(call, role, now) for role in Role.values)


def _fill(call: OpenCall, role: str, now: datetime) -> int:
    free = free_seats(call, role) or 0
    count = 0
    for enrolment in waiting_line(call.cohort_id, role).select_for_update(of=("self",)) if free else ():
        if count == free:
            break
        if recipient(enrolment.person) is None:
            continue  # nobody is taken in who could not be told
        take_in(enrolment, now)
        count += 1
    return count


def waiting_line(cohort_id: int, role: str) -> Any:
    """The waiting list: as a coordinator ordered it, then first come, first served."""
    rows = Enrolment.objects.filter(cohort=cohort_id, role=role, state=EnrolmentState.WAITLISTED)
    rows = rows.filter(person__state=PersonState.ACTIVE).select_related("person", "cohort__programme")
    return rows.order_by(
        F("assessment__place").asc(nulls_last=True),
        F("assessment__waiting_since").asc(nulls_first=True),
        "pk",
    )


def take_in(enrolment: Enrolment, now: datetime) -> None:
    """Give somebody from the waiting list a seat. Hold the seats first."""
    enrolment.state = EnrolmentState.ACCEPTED
    enrolment.version += 1
    enrolment.save(update_fields=["state", "version", "updated_at"])
    welcome(enrolment, now)


def welcome(enrolment: Enrolment, now: datetime) -> None:
    """Tell somebody that they are in; their place on the waiting list is over, and so is the note about it."""
    Assessment.objects.filter(enrolment=enrolment).update(place=None, waiting_since=None, reason="")
    if recipient(enrolment.person) is not None:
        invite(enrolment=enrolment, by=None, now=now)


def move_up_waiting_lists(*, now: datetime) -> int:
    """The clock's round: seats that fell free in a way that nobody told of, such as a larger number of seats."""
    waiting = Enrolment.objects.filter(state=EnrolmentState.WAITLISTED, cohort__stage__in=SELECTS)
    cohorts = waiting.order_by().values_list("cohort_id", flat=True).distinct()
    return sum(move_up(cohort_id=cohort_id, now=now) for cohort_id in sorted(cohorts))
