"""Weekly availability: half-day and lunch blocks in everybody's own zone, laid over each other in UTC."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from matching.engine.errors import EngineError
from matching.engine.model import Person, Problem
from matching.engine.result import Window

#: Local hours of the blocks that intake asks for (decision 31, S3.18).
BLOCK_HOURS: Final = {"am": (9, 12), "lunch": (12, 13), "pm": (13, 17)}
DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
BLOCK_CODES: Final = tuple(f"{day}_{part}" for day in DAYS for part in BLOCK_HOURS)

#: Minutes of a week.
WEEK_MINUTES: Final = 7 * 24 * 60
_ANY_WEEK: Final = date(2001, 1, 1)


class Slot(NamedTuple):
    """A weekly block in a zone."""

    zone: str
    block: str


class Span(NamedTuple):
    """Minutes of the UTC week, from 0 on Monday 00:00; ``start`` may lie before it, ``end`` beyond."""

    start: int
    end: int


def span(slot: Slot, week: date) -> Span:
    """Where a block lies in the UTC week that holds ``week``, its zone's clock changes included."""
    monday = week - timedelta(days=week.weekday())
    name, part = slot.block.split("_")
    day = monday + timedelta(days=DAYS.index(name))
    first, last = BLOCK_HOURS[part]
    origin = datetime(monday.year, monday.month, monday.day, tzinfo=UTC)
    zone = ZoneInfo(slot.zone)
    start, end = (datetime(day.year, day.month, day.day, hour, tzinfo=zone) for hour in (first, last))
    return Span(_minutes(start, origin), _minutes(end, origin))


def overlap(a: Span, b: Span) -> int:
    """Minutes that two spans share in a week that repeats; a span is much shorter than half a week."""
    later = (b.start - a.start + WEEK_MINUTES // 2) % WEEK_MINUTES - WEEK_MINUTES // 2
    return max(0, min(a.end - a.start, later + b.end - b.start) - max(0, later))


class Calendar:
    """The weekly hours of a problem's people.

    A person without a zone is taken to be in ``Rules.assumed_time_zone``. Where nobody has a zone at all, blocks are
    compared as they stand; otherwise the hours of a person without one stay unknown.

    Raises:
        EngineError: ``time_zone`` for an unknown zone, ``block`` for an unknown block, ``week_missing`` when people
            work in different zones and no week says which clock changes count.
    """

    def __init__(self, problem: Problem) -> None:
        # With given scores nobody's hours matter, so nothing about them can be wrong.
        self._people = () if problem.scores is not None else (*problem.mentees, *problem.mentors)
        self._rules = problem.policy.rules
        self._assumed = self._rules.assumed_time_zone or None
        if self._assumed is None and not any(person.time_zone for person in self._people):
            self._assumed = "UTC"
        self._check()
        # The people are held above, so that no other can come to bear the same identity.
        self._slots = {id(person): self._placed(person) for person in self._people}
        zones = {slot.zone for slots in self._slots.values() for slot in slots}
        if len(zones) > 1 and problem.week is None:
            raise EngineError(
                "week_missing", "people work in different time zones: give the week that counts"
            )
        self._week = problem.week or _ANY_WEEK
        self._spans: dict[Slot, Span] = {}

    @property
    def least_minutes(self) -> int:
        return self._rules.min_shared_minutes

    @cached_property
    def is_asked(self) -> bool:
        """Somebody gave hours. Where nobody did, the rule has nothing to judge."""
        return any(person.availability for person in self._people)

    def zone(self, person: Person) -> str | None:
        return person.time_zone or self._assumed

    def slots(self, person: Person) -> tuple[Slot, ...]:
        """The blocks of one of the problem's people; none where the zone is unknown."""
        return self._slots[id(person)]

    def minutes(self, a: Slot, b: Slot) -> int:
        """Minutes that two blocks share."""
        return overlap(self.span(a), self.span(b))

    def windows(self, mentee: Person, mentor: Person) -> tuple[Window, ...]:
        """Every overlap of a block of one with a block of the other that is long enough to meet in."""
        found = (
            Window(ours.block, theirs.block, self.minutes(ours, theirs))
            for ours in self.slots(mentee)
            for theirs in self.slots(mentor)
        )
        return tuple(
            sorted(
                (window for window in found if window.minutes >= self.least_minutes),
                key=lambda window: (_place(window.mentee_block), _place(window.mentor_block)),
            )
        )

    def _placed(self, person: Person) -> tuple[Slot, ...]:
        zone = self.zone(person)
        return () if zone is None else tuple(Slot(zone, block) for block in sorted(set(person.availability)))

    def span(self, slot: Slot) -> Span:
        """Where a block lies in the week that counts."""
        if slot not in self._spans:
            self._spans[slot] = span(slot, self._week)
        return self._spans[slot]

    def _check(self) -> None:
        for person in self._people:
            for block in person.availability:
                if block not in BLOCK_CODES:
                    raise EngineError("block", f"{person.key!r}: unknown block {block!r}", keys=(person.key,))
        for name in {person.time_zone for person in self._people if person.time_zone}:
            owner = next(person.key for person in self._people if person.time_zone == name)
            _check_zone(name, f"{owner!r}", (owner,))
        if self._assumed:
            _check_zone(self._assumed, "assumed_time_zone", ())


def shared(windows: Iterable[Window]) -> int:
    """How many windows two people share: overlapping blocks, counted on the side that has fewer of them.

    Two people in one zone share exactly the blocks that both named. Across zones one long morning that touches two
    blocks of the other still is one window.
    """
    found = tuple(windows)
    return min(len({w.mentee_block for w in found}), len({w.mentor_block for w in found}))


def _place(block: str) -> int:
    return BLOCK_CODES.index(block)


def _minutes(moment: datetime, origin: datetime) -> int:
    return int((moment.astimezone(UTC) - origin).total_seconds()) // 60


def _check_zone(name: str, owner: str, keys: tuple[str, ...]) -> None:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise EngineError("time_zone", f"{owner}: unknown time zone {name!r}", keys=keys) from None
