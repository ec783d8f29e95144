"""What the end or the pause of a pair does to its dates. These fill hooks that ``pairings`` declares."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from common.workdays import local_day
from meetings import emails
from meetings.models import Booking, Meeting
from meetings.services.dates import withdraw_date
from pairings.models import Pairing
from participants.models import Person


def free_side(*, pairing: Pairing, person: Person, now: datetime) -> None:
    """Fills ``pairings.side_freed``: the dates of an ended pair no longer block this person's time."""
    to_come = Meeting.objects.upcoming(now).filter(pairing=pairing)
    Booking.objects.filter(person=person, meeting__in=to_come.values("pk")).delete()


def call_off(*, pairing: Pairing, now: datetime) -> None:
    """Fills ``pairings.pairing_ended``: the dates to come leave both calendars."""
    for meeting in _to_come(pairing, now):
        withdraw_date(meeting, emails.CLEARED, now)


def call_off_paused(
    *,
    pairing: Pairing,
    resume_on: date | None,
    now: datetime,
    resting: Person | None,
    notice_at: datetime | None,
) -> None:
    """Fills ``pairings.pairing_paused``: dates that lie in the pause leave both calendars.

    Where one of the two pauses by themselves, the other hears of it with everything else at the fixed hour
    (decision 33), but of a date before that hour at once: nobody is to sit there alone.
    """
    zone = pairing.cohort.time_zone
    for meeting in _to_come(pairing, now):
        if resume_on is None or local_day(meeting.starts_at, zone) < resume_on:
            waits = notice_at is not None and meeting.starts_at > notice_at
            later = notice_at if waits else None
            withdraw_date(meeting, emails.CLEARED, now, partner_of=resting, later=later)


def _to_come(pairing: Pairing, now: datetime) -> Iterator[Meeting]:
    """Planned dates that have not begun, under lock."""
    rows = Meeting.objects.upcoming(now).filter(pairing=pairing, starts_at__gt=now)
    for meeting in rows.select_for_update():
        meeting.pairing = pairing
        yield meeting
