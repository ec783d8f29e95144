"""On which day an announcement goes out, from the days of its cohort. Pure computing."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from common.workdays import FIXED_HOUR, fixed_hour

#: Later than this after its day an announcement is news no more, and is left out.
STALE_AFTER: Final = timedelta(days=14)
#: Nobody on earth has nine o'clock earlier than this before nine in UTC.
EARLIEST: Final = timedelta(hours=14)
#: Past this hour a late announcement waits for the next morning.
LAST_HOUR: Final = 18


def day_of(anchor: str, offset: int, *, starts_on: date, ends_on: date) -> date:
    """The day that lies ``offset`` days after the cohort's first day, its middle or its last day."""
    middle = starts_on + (ends_on - starts_on) // 2
    base = {"start": starts_on, "middle": middle, "end": ends_on}[anchor]
    return base + timedelta(days=offset)


def may_be_due(day: date, now: datetime) -> bool:
    """Whether it is nine o'clock on ``day`` for somebody on earth."""
    return now >= fixed_hour(day, "UTC") - EARLIEST


def leaves_at(day: date, zone: str, now: datetime) -> datetime:
    """Nine o'clock on ``day`` in ``zone``; when that is past, now by daylight or nine the next morning."""
    planned = fixed_hour(day, zone)
    local = now.astimezone(ZoneInfo(zone))
    if now <= planned or FIXED_HOUR.hour <= local.hour < LAST_HOUR:
        return max(planned, now)
    today = local.date()
    return fixed_hour(today if local.hour < FIXED_HOUR.hour else today + timedelta(days=1), zone)
