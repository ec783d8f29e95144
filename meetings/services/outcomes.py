"""Whether a meeting took place. Either of the two says it, once is enough, and it can be put right."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from common.errors import DomainError, IllegalTransition
from common.workdays import local_day
from meetings.choices import MeetingState
from meetings.models import Meeting
from meetings.services.booking import check_span, lock_meeting, lock_pairing, save_and_book
from meetings.services.dates import ABOUT, new_meeting, revise
from outbox.services import cancel_about
from pairings.choices import PairingState
from pairings.models import Pairing
from pairings.services import activate_pairing
from participants.models import Person


@transaction.atomic
def record_meeting(*, meeting: Meeting, by: Person | None, held: bool, now: datetime) -> Meeting:
    """Say that a planned meeting took place, or that it did not. Saying it again changes nothing.

    Who says so is not stored, nor is whose fault it was (decision 26).

    Raises:
        DomainError: it has not begun.
        IllegalTransition: it was called off.
        NotAllowed: ``by`` is neither of the two.
    """
    found = lock_meeting(meeting, by)
    outcome = MeetingState.HELD if held else MeetingState.MISSED
    if found.state == outcome:
        return found
    if found.state == MeetingState.CANCELLED:
        raise IllegalTransition(_("This date was called off."))
    if found.starts_at > now:
        raise DomainError(_("This meeting is still to come."), code="to_come")
    return _settle(found, outcome, now)


def _settle(meeting: Meeting, outcome: MeetingState, now: datetime) -> Meeting:
    meeting.state = outcome
    revise(meeting, now)
    meeting.save()
    cancel_about(about=(ABOUT, meeting.pk), now=now)
    return meeting


@transaction.atomic
def record_held(
    *,
    pairing: Pairing,
    by: Person | None,
    starts_at: datetime,
    ends_at: datetime,
    now: datetime,
    format: str,  # noqa: A002
    place: str = "",
) -> Meeting:
    """Record "we met on …": a meeting that took place, planned here or not. Twice is once.

    A date that was planned for the same day is that meeting, at the hour now given.

    Raises:
        DomainError: it is not over, too short or long, or lies before the two were a pair.
        Conflict: one of the two had another meeting then.
        NotAllowed: ``by`` is neither of the two.
    """
    found = lock_pairing(pairing, by)
    _check_past(found, starts_at, ends_at, now)
    check_span(starts_at, ends_at, now)
    meeting = _meant(found, by, starts_at)
    if meeting is not None and meeting.state == MeetingState.HELD:
        return meeting
    meeting = meeting or new_meeting(found, by, starts_at, ends_at, now)
    meeting.starts_at, meeting.ends_at, meeting.format = starts_at, ends_at, format
    meeting.place = place.strip() or meeting.place
    meeting.state = MeetingState.HELD
    if meeting.pk is not None:
        revise(meeting, now)
        cancel_about(about=(ABOUT, meeting.pk), now=now)
    save_and_book(meeting, by)
    if found.state == PairingState.CONFIRMED:
        meeting.pairing = activate_pairing(pairing=found, now=now)
    return meeting


def _check_past(pairing: Pairing, starts_at: datetime, ends_at: datetime, now: datetime) -> None:
    if ends_at > now:
        raise DomainError(_("This moment is still to come. Plan it instead."), code="to_come")
    zone = pairing.cohort.time_zone
    if local_day(starts_at, zone) < local_day(pairing.confirmed_at, zone):
        raise DomainError(_("You were not a pair yet on that day."), code="before_pair")


def _meant(pairing: Pairing, by: Person | None, starts_at: datetime) -> Meeting | None:
    """The stored meeting that "we met on …" speaks of: at that hour, or planned for that day."""
    zone = by.time_zone if by is not None else pairing.cohort.time_zone
    day = starts_at.astimezone(ZoneInfo(zone)).date()
    known = Meeting.objects.filter(pairing=pairing).exclude(state=MeetingState.CANCELLED)
    rows = list(known.select_for_update().order_by("starts_at"))
    for row in rows:
        row.pairing = pairing
    exact = (row for row in rows if row.starts_at == starts_at)
    planned = (
        row for row in rows if row.state == MeetingState.PLANNED and local_day(row.starts_at, zone) == day
    )
    return next(exact, None) or next(planned, None)
