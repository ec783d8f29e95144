"""A pair's clock stands still, and goes on."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final, Protocol

from django.db import transaction
from django.utils.translation import gettext as _

from common.errors import DomainError, IllegalTransition
from common.hooks import declare
from common.workdays import local_day
from pairings import emails
from pairings.choices import RUNNING, PairingState
from pairings.models import Pairing, Pause
from pairings.services.ending import notice_time
from pairings.services.enrolments import lock_enrolments, settle, settle_holds
from participants.models import Person
from participants.selectors import apart_among

#: How long before a pause is over both are told.
WARNING: Final = timedelta(days=7)


class _PausedSignature(Protocol):
    def __call__(
        self,
        *,
        pairing: Pairing,
        resume_on: date | None,
        now: datetime,
        resting: Person | None,
        notice_at: datetime | None,
    ) -> None: ...


pairing_paused = declare(
    "pairings.pairing_paused",
    purpose="a pair pauses until a day or until further notice: dates that lie in the pause are called off",
    signature=_PausedSignature.__call__,
)


@transaction.atomic
def pause_pairing(
    *,
    pairing: Pairing,
    by: Person | None,
    now: datetime,
    resume_on: date | None = None,
    resting: Person | None = None,
) -> Pause:
    """Stop a pair's clock, until a day or until somebody resumes it. Its seat stays taken (S3.19).

    Args:
        resume_on: the day on which it goes on, in the cohort's time zone.
        resting: the one of the two for whose own pause it rests. Only the other is told, at the fixed hour and in
            the words that any pause has.

    Raises:
        IllegalTransition: the pair is paused already, or over.
        DomainError: ``resume_on`` is not a day to come.
    """
    found = _locked(pairing)
    if found.state not in RUNNING:
        raise IllegalTransition(_("Only a pair that is under way can pause."))
    if resume_on is not None and resume_on <= local_day(now, found.cohort.time_zone):
        raise DomainError(_("A pause ends on a day to come."), code="resume_on")
    pause = Pause.objects.create(pairing=found, started_at=now, resume_on=resume_on, resumes_as=found.state)
    _move(found, PairingState.PAUSED)
    hour = notice_time(found, now) if resting is not None else None
    pairing_paused(pairing=found, resume_on=resume_on, now=now, resting=resting, notice_at=hour)
    for enrolment in (found.mentor, found.mentee):
        if resting is None or enrolment.person_id != resting.pk:
            emails.pause(pause=pause, to=enrolment, is_ending=False, now=now, not_before=hour)
    return pause


@transaction.atomic
def resume_pairing(*, pairing: Pairing, by: Person | None, now: datetime) -> Pairing:
    """Let a paused pair go on as what it was.

    Raises:
        IllegalTransition: it is not paused, or the two can no longer be a pair.
    """
    found = _locked(pairing)
    if found.state != PairingState.PAUSED:
        raise IllegalTransition(_("Only a paused pair can go on."))
    _check_together(found)
    pause: Pause = Pause.objects.select_for_update().open().get(pairing=found)
    pause.ended_at = now
    pause.save(update_fields=["ended_at", "updated_at"])
    _move(found, PairingState(pause.resumes_as))
    settle_holds(found, now)
    for enrolment in lock_enrolments(found.mentor, found.mentee):
        settle(enrolment)
    return found


def _check_together(pairing: Pairing) -> None:
    """Rules that protect people hold for a pair that goes on as well as for a new one (decision 3)."""
    two = pairing.mentor.person_id, pairing.mentee.person_id
    if two in apart_among([two]):
        raise IllegalTransition(
            _("These two can no longer be a pair: one stands above the other, or they are not available.")
        )


def resume_due_pairings(*, now: datetime) -> int:
    """Let pairs go on whose pause is over, and tell both a week before. Returns how many went on."""
    count = 0
    for pause in Pause.objects.open().filter(resume_on__isnull=False).select_related("pairing__cohort"):
        today = local_day(now, pause.pairing.cohort.time_zone)
        if pause.resume_on <= today:
            count += _resume_if_paused(pause, now)
        elif pause.resume_on <= today + WARNING:
            _warn(pause, now)
    return count


@transaction.atomic
def _resume_if_paused(pause: Pause, now: datetime) -> int:
    try:
        resume_pairing(pairing=pause.pairing, by=None, now=now)
    except IllegalTransition:
        return 0  # somebody resumed or ended it in this very moment
    return 1


@transaction.atomic
def _warn(pause: Pause, now: datetime) -> None:
    """Only where the pause is longer than the warning itself; the mail's key makes it once."""
    if pause.resume_on is None or pause.started_at > now - timedelta(days=1):
        return
    found = Pairing.objects.with_people().get(pk=pause.pairing_id)
    pause.pairing = found
    for enrolment in (found.mentor, found.mentee):
        emails.pause(pause=pause, to=enrolment, is_ending=True, now=now)


def _locked(pairing: Pairing) -> Pairing:
    found: Pairing = Pairing.objects.select_for_update(of=("self",)).with_people().get(pk=pairing.pk)
    return found


def _move(pairing: Pairing, state: PairingState) -> None:
    pairing.state = state
    pairing.version += 1
    pairing.save(update_fields=["state", "version", "updated_at"])
