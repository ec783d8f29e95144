"""A sponsor hears each quarter how their programme goes (dossier 5.5, S3.42)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.db import transaction

from common.workdays import local_day, working_day_from
from meetings import emails
from meetings.selectors.quarter import quarter_before, quarter_of
from outbox.services import Draft, queue_many
from participants.choices import PersonState
from programmes.choices import Stage
from programmes.models import Programme, Sponsor

#: Local to the sponsor.
HOUR: Final = time(8)
#: How long a clock that stood still catches up.
CATCH_UP: Final = timedelta(days=7)
_ALIVE: Final = (Stage.PREPARING, Stage.ACTIVE, Stage.CLOSING)


@transaction.atomic
def send_quarters(*, now: datetime) -> int:
    """Queue the quarter of each sponsor at eight on its first working day; once, whenever and however often this runs.

    Of programmes with a cohort under way. Figures stand on the sponsor's page as well; the mail says three.

    Returns:
        How many were queued.
    """
    rows = Sponsor.objects.select_related("person", "programme").order_by("pk")
    living = Programme.objects.filter(cohorts__stage__in=_ALIVE).values("pk")
    rows = rows.filter(programme__in=living, person__state=PersonState.ACTIVE)
    drafts = [draft for row in rows for draft in _drafts(row, now)]
    return queue_many(drafts, now=now)


def _due(row: Sponsor, now: datetime) -> datetime | None:
    """Eight o'clock of the quarter's first working day where the sponsor is, from then on for a week."""
    today = local_day(now, row.person.time_zone)
    _first, last = quarter_before(today)
    day = working_day_from(last + timedelta(days=1), row.person.country)
    due = datetime.combine(day, HOUR, ZoneInfo(row.person.time_zone))
    return due if due <= now < due + CATCH_UP else None


def _drafts(row: Sponsor, now: datetime) -> Iterator[Draft]:
    due = _due(row, now)
    if due is None:
        return
    zone = ZoneInfo(row.person.time_zone)
    first, last = quarter_before(due.date())
    begins, ends = (datetime.combine(day, time(), zone) for day in (first, last + timedelta(days=1)))
    quarter = quarter_of(row.programme, begins, ends)
    draft = emails.sponsor_report(sponsor=row, quarter=quarter, first_on=first, last_on=last, due_at=due)
    if draft is not None:
        yield draft
