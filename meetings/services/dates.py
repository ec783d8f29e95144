"""Dates of a pair: planned, moved, called off. Each revision reaches both calendars (reminders, section 8)."""

from __future__ import annotations

import uuid
from datetime import datetime
from email.utils import parseaddr
from typing import Final

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from common.errors import DomainError, IllegalTransition, Stale
from meetings import emails
from meetings.choices import MeetingState
from meetings.models import Booking, Meeting
from meetings.selectors.ways import usual_way
from meetings.services.booking import check_open, check_span, lock_meeting, lock_pairing, save_and_book
from outbox.services import cancel_about
from pairings.models import Pairing
from pairings.services import activate_pairing
from participants.models import Person

#: What a mail about a date is about, for withdrawing it.
ABOUT: Final = "meeting"


@transaction.atomic
def plan_meeting(
    *,
    pairing: Pairing,
    by: Person | None,
    starts_at: datetime,
    ends_at: datetime,
    now: datetime,
    format: str | None = None,  # noqa: A002
    place: str | None = None,
) -> Meeting:
    """Enter a date that the two have agreed; both get the invitation at once (decision 26).

    The same date twice, by a second click or by the other of the two, is one meeting and one invitation (D-07).

    Args:
        by: the one of the two who enters it; None for the system.
        starts_at, ends_at: aware instants.
        format, place: when not given as the pair has agreed, else as in its last meeting.

    Raises:
        DomainError: the moment has passed, or is no moment for a meeting.
        Conflict: one of the two is not free then.
        IllegalTransition: the pair is paused or over.
        NotAllowed: ``by`` is neither of the two.
    """
    found = lock_pairing(pairing, by)
    check_open(found)
    same = Meeting.objects.filter(pairing=found, starts_at=starts_at, state=MeetingState.PLANNED).first()
    if same is not None:
        return _with_pairing(same, found)
    _check_to_come(starts_at, now)
    check_span(starts_at, ends_at, now)
    usual_format, usual_place = usual_way(found)
    meeting = new_meeting(found, by, starts_at, ends_at, now)
    meeting.format = usual_format if format is None else format
    meeting.place = usual_place if place is None else place.strip()
    save_and_book(meeting, by)
    meeting.pairing = activate_pairing(pairing=found, now=now)
    tell(meeting, emails.PLANNED, now)
    return meeting


def new_meeting(
    pairing: Pairing, by: Person | None, starts_at: datetime, ends_at: datetime, now: datetime
) -> Meeting:
    """A meeting not stored yet, with the calendar identity that it keeps for life."""
    number = uuid.uuid4()
    organizer = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    return Meeting(
        pairing=pairing,
        uuid=number,
        ical_uid=f"m-{number}@{organizer.rpartition('@')[2]}",
        organizer=organizer,
        starts_at=starts_at,
        ends_at=ends_at,
        time_zone=by.time_zone if by is not None else pairing.cohort.time_zone,
        entered_by=by,
        revised_at=now,
    )


def _with_pairing(meeting: Meeting, pairing: Pairing) -> Meeting:
    meeting.pairing = pairing
    return meeting


@transaction.atomic
def move_meeting(
    *,
    meeting: Meeting,
    by: Person | None,
    sequence: int | None,
    starts_at: datetime,
    ends_at: datetime,
    now: datetime,
    format: str,  # noqa: A002
    place: str,
) -> Meeting:
    """Give a planned meeting another time or place. Asking for what stands already changes nothing.

    Args:
        sequence: the revision that the form was opened with.

    Raises:
        Stale: somebody changed it meanwhile; ``params["current"]`` is the meeting as it stands.
        DomainError, Conflict, IllegalTransition, NotAllowed: as in ``plan_meeting``.
    """
    found = lock_meeting(meeting, by)
    wanted = (starts_at, ends_at, format, place.strip())
    is_planned = found.state == MeetingState.PLANNED
    if is_planned and (found.starts_at, found.ends_at, found.format, found.place) == wanted:
        return found
    check_open(found.pairing)
    _check_planned(found)
    _check_sequence(found, sequence)
    _check_to_come(starts_at, now)
    check_span(starts_at, ends_at, now)
    found.times_moved += starts_at != found.starts_at
    found.starts_at, found.ends_at, found.format, found.place = wanted
    revise(found, now)
    save_and_book(found, by)
    tell(found, emails.MOVED, now)
    return found


@transaction.atomic
def cancel_meeting(*, meeting: Meeting, by: Person | None, sequence: int | None, now: datetime) -> Meeting:
    """Call a planned meeting off; both calendars lose it. Calling it off twice changes nothing.

    Raises:
        Stale: somebody changed it since the form was opened.
        DomainError: it has begun; whether it took place is the question now.
        IllegalTransition, NotAllowed: as in ``plan_meeting``.
    """
    found = lock_meeting(meeting, by)
    if found.state == MeetingState.CANCELLED:
        return found
    check_open(found.pairing)
    _check_planned(found)
    _check_sequence(found, sequence)
    if found.starts_at <= now:
        raise DomainError(_("This meeting has begun. Say whether it took place."), code="begun")
    withdraw_date(found, emails.CANCELLED, now)
    return found


def withdraw_date(
    meeting: Meeting,
    what: str,
    now: datetime,
    *,
    partner_of: Person | None = None,
    later: datetime | None = None,
) -> None:
    """Call off a locked, planned meeting, give both their time back and tell both.

    Args:
        what: ``emails.CANCELLED``, or ``emails.CLEARED`` where no new date is asked for.
        partner_of, later: the partner of this person is told at that hour and not before.
    """
    meeting.state = MeetingState.CANCELLED
    revise(meeting, now)
    meeting.save()
    Booking.objects.filter(meeting=meeting).delete()
    tell(meeting, what, now, partner_of=partner_of, later=later)


def revise(meeting: Meeting, now: datetime) -> None:
    """The next revision: the highest one wins in every calendar, and old forms are stale."""
    meeting.sequence += 1
    meeting.revised_at = now


def tell(
    meeting: Meeting,
    what: str,
    now: datetime,
    *,
    partner_of: Person | None = None,
    later: datetime | None = None,
) -> None:
    """Send the newest revision to both and to a delegate, and withdraw what has not left of older ones.

    Args:
        partner_of, later: as in ``withdraw_date``.
    """
    cancel_about(about=(ABOUT, meeting.pk), now=now, unlike={"sequence": meeting.sequence})
    for enrolment in (meeting.pairing.mentor, meeting.pairing.mentee):
        waits = partner_of is not None and enrolment.person_id != partner_of.pk
        hour = later if waits else None
        emails.meeting_changed(meeting=meeting, to=enrolment, what=what, now=now, not_before=hour)
        if enrolment.pk == meeting.pairing.mentee_id:
            emails.delegate_dates(meeting=meeting, what=what, now=now, not_before=hour)


def _check_planned(meeting: Meeting) -> None:
    if meeting.state != MeetingState.PLANNED:
        raise IllegalTransition(_("This date no longer stands."))


def _check_sequence(meeting: Meeting, sequence: int | None) -> None:
    if sequence != meeting.sequence:
        raise Stale(
            _("This date was changed while you were looking at it. Here is what stands now."), current=meeting
        )


def _check_to_come(starts_at: datetime, now: datetime) -> None:
    if starts_at <= now:
        raise DomainError(
            _("This moment has passed. If you met then, record the meeting instead."), code="past"
        )
