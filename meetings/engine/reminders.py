"""On which day a reminder is due, and which of two on one day goes. Days only; the hour is always the fixed one.

Every day is a working day of the person who gets the mail (decision 22, dossier 5.5).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from common.workdays import is_working_day, nth_working_day, shift_working_days, working_day_from
from meetings.engine.cadence import MONTHLY, NOMINAL_DAYS, Period

MONTHLY_MEETING: Final = "monthly_meeting"
FIRST_MEETING_LATE: Final = "first_meeting_late"
MEETING_UPCOMING: Final = "meeting_upcoming"
MEETING_LOG: Final = "meeting_log"
MEETING_SOON: Final = "meeting_soon"
AGREEMENT_OPEN: Final = "agreement_open"
CLOSING: Final = "closing"
#: The strongest first: what cannot wait, then what has waited longest.
STRENGTH: Final = (
    MEETING_SOON,
    MEETING_UPCOMING,
    CLOSING,
    FIRST_MEETING_LATE,
    MEETING_LOG,
    AGREEMENT_OPEN,
    MONTHLY_MEETING,
)

#: What somebody has asked for themselves takes no other reminder's place on its day.
BESIDE: Final = (MEETING_SOON,)

#: A clock that stood still catches up this far and no further.
CATCH_UP: Final = timedelta(days=7)
LATE_START_DAYS: Final = 14
MENTOR_LOG_DAYS: Final = 1
MENTEE_LOG_DAYS: Final = 3
AGREEMENT_DAYS: Final = 7
CLOSING_DAYS: Final = 30
_NUDGE_WORKING_DAY: Final = 3
_SECOND_NUDGE_DAY: Final = 15
#: Outside these hours nobody is written to (dossier 5.5).
_AWAKE: Final = (time(7, 30), time(19))


@dataclass(frozen=True)
class Due:
    """One reminder that somebody is due.

    Args:
        kind: one of the constants of this module.
        key: unique for ever; built on ordinals and ids, never on dates (reminders, section 5).
        person_id, pairing_id: whom it goes to, and about which pair.
        day: the local working day; with ``person_id`` it says which reminders compete.
        due_at: 09:00 on that day in the person's zone, in UTC; an hour ahead for what is due by the hour.
        expires_at: after this it says nothing true any more.
        number: 1 or 2 where a kind is repeated; the repeat is the stronger.
        facts: what the mail needs beside the pair; values for JSON.
    """

    kind: str
    key: str
    person_id: int
    pairing_id: int
    day: date
    due_at: datetime
    expires_at: datetime
    number: int = 1
    facts: Mapping[str, Any] = field(default_factory=dict, compare=False)

    def is_due(self, now: datetime) -> bool:
        """Its hour has come, not too long ago, and it still says something true."""
        return self.due_at <= now < min(self.expires_at, self.due_at + CATCH_UP)


def nudge_days(period: Period, cadence: str, country: str) -> tuple[date, ...]:
    """Days on which a period without a date is spoken of: its third working day, and the fifteenth.

    For other cadences the fifteenth moves in proportion; a second nudge on the heels of the first is left out.
    """
    first = _inside(nth_working_day(period.starts_on, _NUDGE_WORKING_DAY, country), period, country)
    if first is None:
        return ()
    offset = _SECOND_NUDGE_DAY * NOMINAL_DAYS[cadence] // NOMINAL_DAYS[MONTHLY]
    fifteenth = period.starts_on + timedelta(days=offset - 1)
    second = _inside(working_day_from(fifteenth, country), period, country)
    if second is None or second <= shift_working_days(first, 1, country):
        return (first,)
    return first, second


def _inside(day: date, period: Period, country: str) -> date | None:
    """``day`` if the period holds it, else the period's last working day, if it has one."""
    while day > period.ends_on or not is_working_day(day, country):
        day -= timedelta(days=1)
    return day if day >= period.starts_on else None


def late_start_day(confirmed_on: date, country: str) -> date:
    """When a pair that has no date yet is asked for its first one."""
    return working_day_from(confirmed_on + timedelta(days=LATE_START_DAYS), country)


def upcoming_day(meets_on: date, country: str) -> date:
    """Two working days before a meeting."""
    return shift_working_days(meets_on, -2, country)


def soon_at(starts_at: datetime, zone: str) -> datetime | None:
    """An hour before a meeting, never in the quiet hours from 19:00 to 07:30; None where that leaves no time."""
    at = (starts_at - timedelta(hours=1)).astimezone(ZoneInfo(zone))
    earliest, latest = (datetime.combine(at.date(), hour, at.tzinfo) for hour in _AWAKE)
    at = min(max(at, earliest), latest)
    return at.astimezone(UTC) if at < starts_at else None


def log_day(ended_on: date, days: int, country: str) -> date:
    """When somebody is asked whether a meeting took place, ``days`` after its planned end."""
    return working_day_from(ended_on + timedelta(days=days), country)


def agreement_day(first_talk_on: date, country: str) -> date:
    """When somebody who has not accepted the agreement is asked to, after the pair's first meeting."""
    return working_day_from(first_talk_on + timedelta(days=AGREEMENT_DAYS), country)


def closing_day(ends_on: date, country: str) -> date:
    """When the two are asked to plan their last conversation."""
    return working_day_from(ends_on - timedelta(days=CLOSING_DAYS), country)


def strongest_first(dues: Iterable[Due]) -> list[Due]:
    """In the order in which they go before each other; the same for every run over the same facts."""
    # Between equals the older pair: its number is smaller, and a shorter key is a smaller number.
    return sorted(
        dues, key=lambda due: (STRENGTH.index(due.kind), -due.number, due.due_at, len(due.key), due.key)
    )
