"""How a pair stands, from process data only: the lamp of each period, coverage, and what needs attention.

Nothing that anybody answered enters here (decision 6, A-12); every rule names the dossier's (4.12, 4.13).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from meetings.engine.cadence import MONTHLY, NOMINAL_DAYS, Period

# --- lamps ------------------------------------------------------------------------------------------------

HELD: Final = "held"
PLANNED: Final = "planned"
#: A planned date has passed and nobody said whether it took place.
ASK: Final = "ask"
#: The period runs, and there is no date in it.
OPEN: Final = "open"
#: The period is over without a meeting.
NONE: Final = "none"
PAUSED: Final = "paused"
LATER: Final = "later"

# --- levels -----------------------------------------------------------------------------------------------

HINT: Final = "hint"
AMBER: Final = "amber"
RED: Final = "red"

# --- rules ------------------------------------------------------------------------------------------------

GAP: Final = "F1"
NO_START: Final = "F2"
FALLING_THROUGH: Final = "F3"
NO_NEXT_DATE: Final = "F7"
STRANDED: Final = "F8"


@dataclass(frozen=True)
class Encounter:
    """A meeting as far as standing goes. ``state`` is that of the meeting; days are local to the cohort."""

    id: int
    day: date
    state: str
    is_over: bool


@dataclass(frozen=True)
class Stretch:
    """Days on which the clock stands still; ``ends_on`` None while the pause lasts."""

    starts_on: date
    ends_on: date | None = None

    def __contains__(self, day: date) -> bool:
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)


@dataclass(frozen=True)
class Flag:
    """A rule that holds for a pair.

    Args:
        days: how long it has been so, without paused days.
        count: how many meetings the rule counted.
    """

    rule: str
    level: str
    days: int = 0
    count: int = 0


@dataclass(frozen=True)
class Course:
    """What is known of a pair.

    Args:
        started_on: first day of its clock.
        encounters: all meetings in order of day, called-off ones too.
    """

    cadence: str
    started_on: date
    encounters: Sequence[Encounter]
    pauses: Sequence[Stretch] = ()


def lamp(period: Period, course: Course, today: date) -> tuple[str, Encounter | None]:
    """The state of one period and the meeting that gives it, the strongest first."""
    inside = [one for one in course.encounters if one.day in period]
    for state, is_over, name in (("held", None, HELD), ("planned", False, PLANNED), ("planned", True, ASK)):
        for one in inside:
            if one.state == state and is_over in (None, one.is_over):
                return name, one
    if is_excused(period, course.pauses):
        return PAUSED, None
    if today < period.starts_on:
        return LATER, None
    return (OPEN if today in period else NONE), None


def is_excused(period: Period, pauses: Sequence[Stretch]) -> bool:
    """More than half of the period is paused: no meeting is expected in it."""
    paused = sum(_paused_days(period.starts_on, period.ends_on, one) for one in pauses)
    return paused * 2 > period.days


def _paused_days(first: date, last: date, pause: Stretch) -> int:
    end = last if pause.ends_on is None else min(last, pause.ends_on)
    return max(0, (end - max(first, pause.starts_on)).days + 1)


def coverage(periods: Sequence[Period], course: Course, today: date) -> tuple[int, int]:
    """(periods with a held meeting, periods in which one was to be expected) so far.

    A period counts once it is over, or earlier when its meeting has been held; excused ones do not count.
    """
    held = expected = 0
    for period in periods:
        state, _one = lamp(period, course, today)
        held += state == HELD
        expected += state == HELD or (period.ends_on < today and state != PAUSED)
    return held, expected


def flags(course: Course, today: date) -> list[Flag]:
    """What needs attention in this pair, the gravest first."""
    found = [*_gap_flags(course, today), *_falling_through(course, today), *_no_next_date(course, today)]
    return sorted(found, key=lambda flag: (RED, AMBER, HINT).index(flag.level))


def _gap_flags(course: Course, today: date) -> Iterator[Flag]:
    """F2 before the first meeting; after it F8 where there were one or two, else F1."""
    held = [one.day for one in course.encounters if one.state == "held"]
    if not held:
        days = _active_days(course, course.started_on, today)
        yield from _graded(NO_START, days, 21, 35, count=0)
        return
    days = _active_days(course, max(held), today)
    if len(held) <= 2:
        if days > _scaled(45, course):
            yield Flag(STRANDED, RED, days, len(held))
    else:
        yield from _graded(GAP, days, _scaled(45, course), _scaled(75, course), count=len(held))


def _graded(rule: str, days: int, amber: int, red: int, count: int) -> Iterator[Flag]:
    if days > amber:
        yield Flag(rule, RED if days > red else AMBER, days, count)


def _falling_through(course: Course, today: date) -> Iterator[Flag]:
    """Two dates in a row, or three within ninety days, that did not take place, by whichever side."""
    past = [one for one in course.encounters if one.state != "planned" and not _is_paused(course, one.day)]
    fallen = [one for one in past if one.state != "held" and one.day > today - timedelta(days=90)]
    if len(fallen) >= 3:
        yield Flag(FALLING_THROUGH, RED, count=len(fallen))
    elif len(past) >= 2 and all(one in fallen for one in past[-2:]):
        yield Flag(FALLING_THROUGH, AMBER, count=2)


def _no_next_date(course: Course, today: date) -> Iterator[Flag]:
    """Two weeks after the last meeting nothing is planned: a word to the pair, no call."""
    held = [one.day for one in course.encounters if one.state == "held"]
    is_planned = any(one.state == "planned" and not one.is_over for one in course.encounters)
    if held and not is_planned:
        days = _active_days(course, max(held), today)
        if days > _scaled(14, course):
            yield Flag(NO_NEXT_DATE, HINT, days)


def _scaled(days: int, course: Course) -> int:
    """A rule written for months, for this pair's rhythm."""
    return days * NOMINAL_DAYS[course.cadence] // NOMINAL_DAYS[MONTHLY]


def _is_paused(course: Course, day: date) -> bool:
    return any(day in pause for pause in course.pauses)


def _active_days(course: Course, since: date, today: date) -> int:
    """Days since ``since``, the paused ones left out."""
    paused = sum(_paused_days(since + timedelta(days=1), today, pause) for pause in course.pauses)
    return max(0, (today - since).days - paused)
