"""Selection, apart from matching: a checklist, and an answer to everybody who came forward (S0.26 to S0.28)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from common.errors import Conflict, DomainError, NotAllowed, Stale
from participants.models import Person
from programmes import emails
from programmes.choices import SELECTS, Criterion, EnrolmentState, Fulfilment
from programmes.models import Assessment, Cohort, Enrolment, OpenCall
from programmes.services.enrolments import set_enrolment_state
from programmes.services.locking import held
from programmes.services.own_views import keep_own_view
from programmes.services.waiting import free_seats, hold_seats, waiting_line, welcome

#: The answers that a candidate can be given.
ANSWERS: Final = (EnrolmentState.ACCEPTED, EnrolmentState.WAITLISTED, EnrolmentState.DECLINED)
#: States of somebody who is a candidate, or was until they were answered.
CANDIDATES: Final = (EnrolmentState.APPLIED, *ANSWERS)


@transaction.atomic
def assess(
    *, enrolment: Enrolment, ratings: Mapping[str, str], reason: str, version: int, by: Person | None
) -> Assessment:
    """Fill in the checklist on one candidate.

    Args:
        ratings: criterion → how far it is met.
        reason: a note for coordinators alone, erased when the cohort begins.
        version: of the checklist when the form was opened; 0 when there was none.

    Raises:
        Stale: somebody else saved it in between; ``params["current"]`` holds what is stored.
        DomainError: the cohort has moved on, or a value is not on offer.
    """
    enrolment = held(enrolment)
    _check_selecting(enrolment.cohort)
    stored = Assessment.objects.select_for_update().filter(enrolment=enrolment).first()
    current = stored or Assessment(enrolment=enrolment, version=0)
    if current.version != version:
        raise Stale(_("Somebody else filled this in meanwhile. Look at what is stored now."), current=current)
    for name in Criterion.values:
        setattr(current, name, _rating(ratings.get(name, Fulfilment.NOT_KNOWN)))
    current.reason = reason[:300]
    current.version += 1
    current.save()
    return current


def _rating(value: str) -> str:
    if value not in Fulfilment.values:
        raise DomainError(_("This is not on offer."), code="choice")
    return value


@transaction.atomic
def describe_self(*, enrolment: Enrolment, ratings: Mapping[str, str], by: Person) -> Assessment | None:
    """A candidate's own view of the three criteria, if they like; coordinators see it beside theirs.

    Raises:
        NotAllowed: it is somebody else's application.
        Conflict: it has been answered already.
        DomainError: a value is not on offer.
    """
    enrolment = held(enrolment)
    if enrolment.person_id != by.pk:
        raise NotAllowed(_("There is no such application."))
    if enrolment.state != EnrolmentState.APPLIED:
        raise Conflict(
            _("Your place in this cohort is settled. Ask a coordinator if something should change.")
        )
    return keep_own_view(enrolment=enrolment, ratings=ratings)


@transaction.atomic
def answer_candidate(
    *, enrolment: Enrolment, to: str, seen: str, by: Person | None, now: datetime, reason: str = ""
) -> Enrolment:
    """Accept somebody, put them on the waiting list or say not this time, and tell them by mail.

    The same answer twice is one answer. Accepting needs a free seat.

    Args:
        to: one of ``ANSWERS``.
        seen: the state that the coordinator saw; another one means that a colleague was faster.
        reason: a note for coordinators alone; "" leaves what is stored.

    Raises:
        Stale: a colleague has answered differently meanwhile; ``params["current"]`` is the enrolment.
        Conflict: no seat is free.
        IllegalTransition, DomainError: there is no such step, or the cohort has moved on.
    """
    call = hold_seats(enrolment.cohort_id)
    enrolment = held(enrolment)
    _check_selecting(enrolment.cohort)
    if to not in ANSWERS:
        raise DomainError(_("This is not on offer."), code="choice")
    if enrolment.state == to:
        return enrolment
    if enrolment.state != seen:
        words = _("A colleague was faster: %(name)s is now “%(state)s”.")
        params = {"name": enrolment, "state": enrolment.get_state_display()}
        raise Stale(str(words) % params, current=enrolment)
    if to == EnrolmentState.ACCEPTED:
        return _accept(enrolment, call, by, now)
    enrolment = set_enrolment_state(enrolment=enrolment, to=to, by=by, now=now)
    _note(enrolment, reason, now)
    tell = emails.waitlisted if to == EnrolmentState.WAITLISTED else emails.declined
    tell(enrolment=enrolment, now=now)
    return enrolment


def _accept(enrolment: Enrolment, call: OpenCall | None, by: Person | None, now: datetime) -> Enrolment:
    if call is not None and free_seats(call, enrolment.role) == 0:
        words = _("No seat is free for %(name)s. Give the cohort more seats, or use the waiting list.")
        raise Conflict(str(words) % {"name": enrolment}, code="full")
    enrolment = set_enrolment_state(enrolment=enrolment, to=EnrolmentState.ACCEPTED, by=by, now=now)
    welcome(enrolment, now)
    return enrolment


def _note(enrolment: Enrolment, reason: str, now: datetime) -> None:
    assessment, _made = Assessment.objects.get_or_create(enrolment=enrolment)
    is_waiting = enrolment.state == EnrolmentState.WAITLISTED
    assessment.place = None
    assessment.waiting_since = now if is_waiting else None
    assessment.reason = reason[:300] or assessment.reason
    assessment.version += 1
    assessment.save()


@transaction.atomic
def order_waiting_list(
    *, cohort: Cohort, role: str, ids: Sequence[int], seen: Sequence[int], by: Person | None
) -> None:
    """Put the waiting list in another order.

    Args:
        ids: the enrolments as they should stand.
        seen: as they stood when the page was loaded.

    Raises:
        Stale: the list is no longer what the coordinator saw.
    """
    hold_seats(cohort.pk)
    line = [one.pk for one in waiting_line(cohort.pk, role)]
    if line != list(seen) or sorted(ids) != sorted(line):
        raise Stale(_("The waiting list has changed meanwhile. Look at it again."), current=line)
    for place, pk in enumerate(ids, start=1):
        Assessment.objects.update_or_create(enrolment_id=pk, defaults={"place": place})


def _check_selecting(cohort: Cohort) -> None:
    if cohort.stage not in SELECTS:
        raise DomainError(_("The selection of this cohort is over."), code="over")
