"""A person's own say over their part: pause, object, go on, leave. At once, and without a reason (S3.19, B-09)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Protocol

from auditlog.context import disable_auditlog
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from common.errors import DomainError, IllegalTransition
from common.hooks import declare
from common.workdays import local_day
from outbox.services import cancel_in_programme
from participants.models import Person
from programmes.choices import ENROLMENT_TRANSITIONS, PAUSABLE, EnrolmentState
from programmes.models import Break, Enrolment
from programmes.services.enrolments import forget_wishes_of_leavers
from programmes.services.locking import check_step, held


class _TurningSignature(Protocol):
    def __call__(self, *, enrolment: Enrolment) -> None: ...


class _StoppedSignature(Protocol):
    def __call__(
        self, *, enrolment: Enrolment, resume_on: date | None, is_leaving: bool, now: datetime
    ) -> None: ...


class _ResumedSignature(Protocol):
    def __call__(self, *, enrolment: Enrolment, now: datetime) -> None: ...


part_turning = declare(
    "programmes.part_turning",
    purpose="somebody is about to pause, go on or leave: their proposals and pairs are held before their part",
    signature=_TurningSignature.__call__,
)
part_stopped = declare(
    "programmes.part_stopped",
    purpose="somebody pauses or leaves a cohort by their own will: proposals are closed, pairs pause or end",
    signature=_StoppedSignature.__call__,
)
part_resumed = declare(
    "programmes.part_resumed",
    purpose="somebody goes on after a pause of their own: their pairs go on where both do",
    signature=_ResumedSignature.__call__,
)


@transaction.atomic
def take_break(
    *,
    enrolment: Enrolment,
    by: Person | None,
    now: datetime,
    resume_on: date | None = None,
    is_objection: bool = False,
) -> Break:
    """Pause somebody's part, effective at once on mail, matching and figures. Doing it twice is doing it once.

    Args:
        resume_on: the day on which it goes on by itself, in the cohort's time zone; None: until they say so.
        is_objection: leave them out of every figure as well, until they go on. Also turns a pause into one.

    Raises:
        IllegalTransition: they do not take part.
        DomainError: ``resume_on`` is not a day to come.
    """
    enrolment = _held(enrolment)
    current = Break.objects.open().filter(enrolment=enrolment).first()
    if current is not None:
        return _widened(current, is_objection)
    _check_day(enrolment, resume_on, now)
    # Whom a coordinator has paused may still object; they come back as somebody with a place.
    is_paused = is_objection and enrolment.state == EnrolmentState.PAUSED
    if enrolment.state not in PAUSABLE and not is_paused:
        raise IllegalTransition(_("You can pause once you take part."))
    found = Break.objects.create(
        enrolment=enrolment,
        started_at=now,
        resume_on=None if is_objection else resume_on,
        resumes_as=EnrolmentState.ACCEPTED if is_paused else enrolment.state,
        is_objection=is_objection,
    )
    _stop(enrolment, EnrolmentState.PAUSED, found.resume_on, now)
    return found


@transaction.atomic
def end_break(*, enrolment: Enrolment, by: Person | None, now: datetime) -> Enrolment:
    """Go on taking part; an objection is taken back by it. Going on twice changes nothing.

    Raises:
        IllegalTransition: their part has ended meanwhile.
    """
    enrolment = _held(enrolment)
    current = Break.objects.open().select_for_update().filter(enrolment=enrolment).first()
    if current is None:
        return enrolment
    if enrolment.state != EnrolmentState.PAUSED:
        raise IllegalTransition(_("Your part has ended, and nothing can go on."))
    check_step(ENROLMENT_TRANSITIONS, enrolment.state, current.resumes_as)
    current.ended_at = now
    current.save(update_fields=["ended_at", "updated_at"])
    _move(enrolment, current.resumes_as)
    part_resumed(enrolment=enrolment, now=now)
    return held(enrolment)


@transaction.atomic
def leave(*, enrolment: Enrolment, by: Person | None, now: datetime) -> Enrolment:
    """Leave a cohort, at once and without a reason. Partners hear it at the fixed hour (decision 33).

    A pause or objection that stands goes on standing: whoever leaves it unsaid has not come back to the figures.

    Raises:
        IllegalTransition: their part has ended already.
    """
    enrolment = _held(enrolment)
    if enrolment.state == EnrolmentState.WITHDRAWN:
        return enrolment
    check_step(ENROLMENT_TRANSITIONS, enrolment.state, EnrolmentState.WITHDRAWN)
    _stop(enrolment, EnrolmentState.WITHDRAWN, None, now)
    forget_wishes_of_leavers(enrolment)
    return enrolment


@transaction.atomic
def allow_return(*, enrolment: Enrolment, by: Person | None, now: datetime) -> Enrolment:
    """Let coordinators take back in somebody who left while they paused or objected. Nothing else changes by it.

    Raises:
        IllegalTransition: they have not left.
    """
    enrolment = held(enrolment)
    if enrolment.state != EnrolmentState.WITHDRAWN:
        raise IllegalTransition(_("This step is not possible any more. Load the page again."))
    Break.objects.open().filter(enrolment=enrolment).update(ended_at=now, updated_at=now)
    return enrolment


def resume_due_breaks(*, now: datetime) -> int:
    """Let people go on whose day has come. Returns how many did."""
    count = 0
    due = Break.objects.open().filter(resume_on__isnull=False, enrolment__state=EnrolmentState.PAUSED)
    due = due.select_related("enrolment__cohort")
    for one in due.order_by("pk"):
        if one.resume_on <= local_day(now, one.enrolment.cohort.time_zone):
            count += _resume_if_possible(one, now)
    return count


@transaction.atomic
def _resume_if_possible(one: Break, now: datetime) -> int:
    try:
        end_break(enrolment=one.enrolment, by=None, now=now)
    except IllegalTransition:
        return 0  # their part ended in this very moment
    return 1


def _held(enrolment: Enrolment) -> Enrolment:
    """The part under lock, and before it what this step will change.

    Whoever answers a proposal or ends a pair takes these first and the parts of both after them. In another order two
    partners who leave at the same moment would wait for each other.
    """
    part_turning(enrolment=enrolment)
    return held(enrolment)


def _widened(current: Break, is_objection: bool) -> Break:
    if is_objection and not current.is_objection:
        current.is_objection, current.resume_on = True, None
        current.save(update_fields=["is_objection", "resume_on", "updated_at"])
    return current


def _check_day(enrolment: Enrolment, resume_on: date | None, now: datetime) -> None:
    if resume_on is not None and resume_on <= local_day(now, enrolment.cohort.time_zone):
        raise DomainError(_("A pause ends on a day to come."), code="resume_on")


def _stop(enrolment: Enrolment, state: EnrolmentState, resume_on: date | None, now: datetime) -> None:
    """What waits is not sent, and what runs stops; then the state follows, whatever the pairs made of it."""
    cancel_in_programme(person_id=enrolment.person_id, programme_id=enrolment.cohort.programme_id, now=now)
    is_leaving = state == EnrolmentState.WITHDRAWN
    part_stopped(enrolment=enrolment, resume_on=resume_on, is_leaving=is_leaving, now=now)
    _move(held(enrolment), state)
    enrolment.refresh_from_db()


def _move(enrolment: Enrolment, state: str) -> None:
    enrolment.state = state
    enrolment.version += 1
    with disable_auditlog():  # who paused or left when is theirs; the state itself is on the list
        enrolment.save(update_fields=["state", "version", "updated_at"])
