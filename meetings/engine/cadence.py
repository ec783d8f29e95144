"""A pair's periods: contiguous, computed from the original anchor, never by adding to the last one.

Iterating loses days for ever (31 January, 28 February, 28 March); ``relativedelta`` from the anchor does not.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from dateutil.relativedelta import relativedelta

WEEKLY: Final = "weekly"
FORTNIGHTLY: Final = "fortnightly"
MONTHLY: Final = "monthly"
TWO_MONTHLY: Final = "two_monthly"

_STEP: Final = {
    WEEKLY: relativedelta(days=7),
    FORTNIGHTLY: relativedelta(days=14),
    TWO_MONTHLY: relativedelta(months=2),
}
#: A period that would be shorter than this many days joins the next one.
LEAST_DAYS: Final = {WEEKLY: 4, FORTNIGHTLY: 7, MONTHLY: 14, TWO_MONTHLY: 28}
#: How long a period is taken to be where a rule is written for months of thirty days (dossier 4.13).
NOMINAL_DAYS: Final = {WEEKLY: 7, FORTNIGHTLY: 14, MONTHLY: 30, TWO_MONTHLY: 60}


@dataclass(frozen=True, order=True)
class Period:
    """Days from ``starts_on`` to ``ends_on``, both included."""

    starts_on: date
    ends_on: date

    @property
    def days(self) -> int:
        return (self.ends_on - self.starts_on).days + 1

    def __contains__(self, day: date) -> bool:
        return self.starts_on <= day <= self.ends_on


def period_from(anchor: date, cadence: str, day: date) -> Period:
    """The period that begins on ``day``: what is left of the grid's period, and the next one when little is left.

    Args:
        anchor: first day of the pair's clock; the grid of every cadence but the monthly hangs on it. Monthly
            periods are calendar months, "your November meeting" (decision 22).
        cadence: one of the four constants of this module.
        day: not before ``anchor``.
    """
    here = _grid(anchor, cadence, day)
    period = Period(day, here.ends_on)
    if period.days < min(LEAST_DAYS[cadence], here.days):
        after = _grid(anchor, cadence, here.ends_on + timedelta(days=1))
        period = Period(day, after.ends_on)
    return period


def periods(anchor: date, cadence: str, *, after: date | None = None) -> Iterator[Period]:
    """Endless contiguous periods from ``anchor``, or from the day after ``after``."""
    day = anchor if after is None else after + timedelta(days=1)
    while True:
        period = period_from(anchor, cadence, day)
        yield period
        day = period.ends_on + timedelta(days=1)


def _grid(anchor: date, cadence: str, day: date) -> Period:
    """The undisturbed period of the grid in which ``day`` lies."""
    if cadence == MONTHLY:
        first = day.replace(day=1)
        return Period(first, first + relativedelta(months=1, days=-1))
    number = _number(anchor, cadence, day)
    step = _STEP[cadence]
    return Period(anchor + number * step, anchor + (number + 1) * step - timedelta(days=1))


def _number(anchor: date, cadence: str, day: date) -> int:
    step = _STEP[cadence]
    if step.days:
        return (day - anchor).days // step.days
    number = ((day.year - anchor.year) * 12 + day.month - anchor.month) // step.months
    while anchor + number * step > day:
        number -= 1
    while anchor + (number + 1) * step <= day:
        number += 1
    return number
