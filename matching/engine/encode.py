"""From people to arrays: the only place between strings and numbers. Sorted by key, so row order never matters."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields
from fractions import Fraction
from functools import cache
from typing import TypeVar

import numpy as np
import numpy.typing as npt
from threadpoolctl import ThreadpoolController

from matching.engine.codes import SCORE_MAX
from matching.engine.hours import WEEK_MINUTES, Calendar, Slot, Span
from matching.engine.model import Person, Problem, Weights

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Masks = npt.NDArray[np.uint32]
Value = TypeVar("Value", str, Slot)

#: Below this many pairs a second BLAS thread costs more than it brings, inside a web process most of all.
_FEW_PAIRS = 1_000_000

#: Whole numbers up to here are exact in float32, so sums of them come out alike on every machine.
_EXACT_IN_FLOAT32 = 1 << 24


@dataclass(frozen=True, slots=True)
class Side:
    """One side of the cohort, sorted by key."""

    people: tuple[Person, ...]
    keys: tuple[str, ...]
    place: Mapping[str, int]
    capacity: Ints

    def __len__(self) -> int:
        return len(self.people)


@dataclass(frozen=True, slots=True)
class Cohort:
    """A problem laid out for numbers. Mentees are rows, mentors columns, everywhere.

    Args:
        points: what each criterion contributes at best; sums to 100000.
        calendar: weekly hours of everybody.
        windows: number of shared weekly windows, shape (mentees, mentors).
    """

    problem: Problem
    mentees: Side
    mentors: Side
    points: Mapping[str, int]
    calendar: Calendar
    windows: Ints

    @property
    def shape(self) -> tuple[int, int]:
        return len(self.mentees), len(self.mentors)

    def links(self, links: Iterable[tuple[str, str]]) -> tuple[Ints, Ints]:
        """Rows and columns of (mentee key, mentor key) links; links with unknown people are left out."""
        found = sorted(
            {
                (self.mentees.place[mentee], self.mentors.place[mentor])
                for mentee, mentor in links
                if mentee in self.mentees.place and mentor in self.mentors.place
            }
        )
        pairs = np.array(found, dtype=np.int64).reshape(-1, 2)
        return pairs[:, 0], pairs[:, 1]


def encode(problem: Problem) -> Cohort:
    """Lay out a problem that ``check_problem`` has passed.

    Raises:
        EngineError: what ``Calendar`` refuses.
    """
    mentees, mentors = _side(problem.mentees), _side(problem.mentors)
    calendar = Calendar(problem)
    windows = np.zeros((len(mentees), len(mentors)), np.int64)
    if problem.scores is None:
        with few_threads(windows.shape):
            windows = _shared_windows(calendar, mentees, mentors)
    return Cohort(problem, mentees, mentors, points(problem.policy.weights), calendar, windows)


def points(weights: Weights) -> dict[str, int]:
    """Whole points per criterion that add up to 100000, by largest remainder; exact for any weights."""
    shares = {item.name: Fraction(getattr(weights, item.name)) for item in fields(weights)}
    whole = sum(shares.values())
    exact = {name: share * SCORE_MAX / whole for name, share in shares.items()}
    floors = {name: int(value) for name, value in exact.items()}
    by_remainder = sorted(floors, key=lambda name: floors[name] - exact[name])
    for name in by_remainder[: SCORE_MAX - sum(floors.values())]:
        floors[name] += 1
    return floors


@contextmanager
def few_threads(shape: tuple[int, ...]) -> Iterator[None]:
    """One BLAS thread for small cohorts; the result is the same with any number."""
    if shape[0] * shape[1] > _FEW_PAIRS:
        yield
        return
    with _threads().limit(limits=1, user_api="blas"):
        yield


def incidence(
    people: Sequence[Person], values: Callable[[Person], Iterable[Value]]
) -> tuple[list[Value], Bools]:
    """All values in use, sorted, and who has which: shape (people, values)."""
    had = [set(values(person)) for person in people]
    names = sorted({value for own in had for value in own})
    place = {name: column for column, name in enumerate(names)}
    found = np.zeros((len(people), len(names)), bool)
    for row, own in enumerate(had):
        found[row, [place[name] for name in own]] = True
    return names, found


def product(left: Ints | Bools, right: Ints | Bools) -> Ints:
    """``left @ right.T`` of small whole numbers without a negative one, exact on every machine.

    All partial sums stay below the largest row sum times the largest entry; where that fits float32 the fast product
    is exact in any order of summation.
    """
    peak = _peak_sum(left) * int(right.max(initial=0))
    if peak < _EXACT_IN_FLOAT32:
        return (left.astype(np.float32) @ right.astype(np.float32).T).astype(np.int64)
    return (left.astype(np.float64) @ right.astype(np.float64).T).astype(np.int64)


def codes(values: Sequence[str | None]) -> Ints:
    """A number per distinct value, -1 for what is not known."""
    place = {value: code for code, value in enumerate(sorted({value for value in values if value}))}
    return np.array([place[value] if value else -1 for value in values], dtype=np.int64)


def _side(people: tuple[Person, ...]) -> Side:
    ordered = tuple(sorted(people, key=lambda person: person.key))
    keys = tuple(person.key for person in ordered)
    capacity = np.array([min(person.capacity, 1 << 31) for person in ordered], dtype=np.int64)
    return Side(ordered, keys, {key: place for place, key in enumerate(keys)}, capacity)


def _shared_windows(calendar: Calendar, mentees: Side, mentors: Side) -> Ints:
    """See ``hours.shared``: both sides count their own blocks that meet one of the other; the lower count holds."""
    slots, has = incidence((*mentees.people, *mentors.people), calendar.slots)
    ours, theirs = has[: len(mentees)], has[len(mentees) :]
    meets = _meets([calendar.span(slot) for slot in slots], calendar.least_minutes)
    met_by_mentor, met_by_mentee = product(theirs, meets) > 0, product(ours, meets) > 0
    return np.minimum(product(ours, met_by_mentor), product(met_by_mentee, theirs))


def _meets(spans: Sequence[Span], least: int) -> Bools:
    """Which spans share so many minutes; ``hours.overlap`` for all at once."""
    start, end = np.array(spans, dtype=np.int64).reshape(-1, 2).T
    length = end - start
    later = (start[None, :] - start[:, None] + WEEK_MINUTES // 2) % WEEK_MINUTES - WEEK_MINUTES // 2
    shared = np.minimum(length[:, None], later + length[None, :]) - np.maximum(later, 0)
    return np.asarray(shared >= least)


def _peak_sum(table: Ints | Bools) -> int:
    return int(table.astype(np.int64).sum(axis=1).max(initial=0)) if table.size else 0


@cache
def _threads() -> ThreadpoolController:
    return ThreadpoolController()
