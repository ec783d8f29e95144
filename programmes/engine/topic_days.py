"""The days of a topic call: how long it may last, and when its one reminder goes out. Pure computing."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from common.workdays import working_day_from

#: A link in a mail works for two weeks, and the reminder a week before the end brings a new one.
LONGEST: Final = timedelta(days=21)
#: So many days before the last one the reminder goes out: the first that leaves two days of peace before it.
BEFORE: Final = (timedelta(days=7), timedelta(days=2))
_PEACE: Final = timedelta(days=2)


def remind_day(opened_on: date, closes_on: date) -> date | None:
    """The day of the reminder: a week before the last day, two days in a short call, none in a very short one."""
    days = (closes_on - before for before in BEFORE)
    return next((day for day in days if day >= opened_on + _PEACE), None)


def remind_day_at(day: date, closes_on: date, country: str) -> date:
    """The reminder's day where somebody works: the next working day, unless the call is over by then."""
    return min(working_day_from(day, country), closes_on)
