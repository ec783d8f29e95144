"""A programme's quarter in a few numbers, for its sponsor: counts of groups, no name (S3.42)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from meetings.choices import MeetingState
from meetings.models import Meeting
from pairings.models import Pairing
from programmes.models import Programme


@dataclass(frozen=True)
class Quarter:
    """What a sponsor reads about a quarter.

    Args:
        pairs: pairs under way now.
        talks: meetings that took place in the quarter.
        tasks: promises of the sponsor that are still open.
    """

    pairs: int
    talks: int
    tasks: int


def quarter_before(day: date) -> tuple[date, date]:
    """First and last day of the calendar quarter that was over before the one in which ``day`` lies began."""
    first = date(day.year, 3 * ((day.month - 1) // 3) + 1, 1)
    last = first - timedelta(days=1)
    return date(last.year, last.month - 2, 1), last


def quarter_of(programme: Programme, since: datetime, until: datetime) -> Quarter:
    """The numbers of one programme: as its page counts them, nobody at rest among them. Three queries."""
    pairs = Pairing.objects.counted().filter(cohort__programme=programme)
    held = Meeting.objects.filter(pairing__in=pairs, state=MeetingState.HELD)
    return Quarter(
        pairs=pairs.running().count(),
        talks=held.filter(starts_at__gte=since, starts_at__lt=until).count(),
        tasks=programme.sponsor_tasks.filter(done_on=None).count(),
    )
