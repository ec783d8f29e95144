"""Working days per country and the fixed hour at which people are written to, in their own zone.

Pure computing, no Django: mail that is not urgent leaves at 09:00 local time on a working day of whoever gets
it (dossier 5.5, decision 22). Midnight is never used: some zones lack it on a day of the year, none lacks nine.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from holidays import country_holidays

#: Local hour at which reminders and notices leave.
FIXED_HOUR: Final = time(9)
_ONE_DAY: Final = timedelta(days=1)


@lru_cache(maxsize=2048)
def _days_off(country: str, year: int) -> frozenset[date]:
    """Weekends and public holidays of a year. A whole year at once, so that threads share a finished set."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    days = (first + timedelta(days=number) for number in range((last - first).days + 1))
    try:
        calendar = country_holidays(country, years=year)
    except NotImplementedError:
        return frozenset(day for day in days if day.weekday() >= 5)
    return frozenset(day for day in days if not calendar.is_working_day(day))


def is_working_day(day: date, country: str) -> bool:
    """Neither weekend nor public holiday there.

    Args:
        country: ISO 3166 alpha-2. Unknown or empty: Monday to Friday.
    """
    return day not in _days_off(country.upper(), day.year)


def working_day_from(day: date, country: str) -> date:
    """``day`` itself, or the first working day after it."""
    while not is_working_day(day, country):
        day += _ONE_DAY
    return day


def shift_working_days(day: date, count: int, country: str) -> date:
    """The day that lies ``count`` working days after ``day`` (before it when negative)."""
    step = _ONE_DAY if count > 0 else -_ONE_DAY
    for _ in range(abs(count)):
        day += step
        while not is_working_day(day, country):
            day += step
    return day


def nth_working_day(first: date, number: int, country: str) -> date:
    """The ``number``-th working day counted from ``first``, which is number 1 when people work on it."""
    return shift_working_days(working_day_from(first, country), number - 1, country)


def fixed_hour(day: date, zone: str) -> datetime:
    """09:00 local time on ``day``, in UTC."""
    return datetime.combine(day, FIXED_HOUR, ZoneInfo(zone)).astimezone(UTC)


def local_day(moment: datetime, zone: str) -> date:
    """The calendar day on which an aware ``moment`` falls in ``zone``."""
    return moment.astimezone(ZoneInfo(zone)).date()
