"""From people to arrays: the only place between strings and numbers. Sorted by key, so row order never matters."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace
from fractions import Fraction
from functools import cache, cached_property
from typing import TypeVar

import numpy as np
import numpy.typing as npt
from threadpoolctl import ThreadpoolController

from matching.engine.chains import forbidden_pairs
from matching.engine.codes import SCORE_MAX
from matching.engine.hours import Calendar, Slot
from matching.engine.model import Person, Problem, Weights

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Masks = npt.NDArray[np.uint32]
Value = TypeVar("Value", str, Slot)

#: Below this many pairs a second BLAS thread costs more than it brings, inside a web process most of all.
_FEW_PAIRS = 5_000_000

#: Whole numbers up to here are exact in float32, so sums of them come out alike on every machine.
_EXACT_IN_FLOAT32 = 1 << 24


@dataclass(frozen=True)
class Side:
    """One side of the cohort, sorted by key."""

    people: tuple[Person, ...]
    keys: tuple[str, ...]
    place: Mapping[str, int]
    capacity: Ints

    def __len__(self) -> int:
        return len(self.people)

    @cached_property
    def words(self) -> npt.NDArray[np.uint64]:
        """A number per person from the key alone, for drawing lots."""
        digests = b"".join(hashlib.blake2b(key.encode(), digest_size=8).digest() for key in self.keys)
        return np.frombuffer(digests, dtype="<u8").astype(np.uint64)


@dataclass(frozen=True)
class Cohort:
    """A problem laid out for numbers. Mentees are rows, mentors columns, everywhere.

    Args:
        points: what each criterion contributes at best; sums to 100000.
        calendar: weekly hours of everybody.
        lines: (mentee key, mentor key) of every pair along a reporting line.
        asks_languages, asks_countries: somebody in the whole cohort gave the fact, so that its rule can judge.
    """

    problem: Problem
    mentees: Side
    mentors: Side
    points: Mapping[str, int]
    calendar: Calendar
    lines: tuple[tuple[str, str], ...]
    asks_languages: bool
    asks_countries: bool

    @property
    def shape(self) -> tuple[int, int]:
        return len(self.mentees), len(self.mentors)

    def links(self, links: Iterable[tuple[str, str]]) -> tuple[Ints, Ints]:
        """Rows and columns of (mentee key, mentor key) links; links with unknown people are left out."""
        ours, theirs = self.mentees.place, self.mentors.place
        width = max(1, len(self.mentors))
        found = sorted(
            {ours[one] * width + theirs[other] for one, other in links if one in ours and other in theirs}
        )
        places = np.array(found, dtype=np.int64)
        return places // width, places % width

    def among(self, *, mentees: Ints | None = None, mentors: Ints | None = None) -> Cohort:
        """The same cohort with some of its people alone; what the whole cohort knows stays known."""
        return replace(
            self,
            mentees=self.mentees if mentees is None else _side([self.mentees.people[n] for n in mentees]),
            mentors=self.mentors if mentors is None else _side([self.mentors.people[n] for n in mentors]),
        )


def encode(problem: Problem) -> Cohort:
    """Lay out a problem that ``check_problem`` has passed.

    Raises:
        EngineError: what ``Calendar`` refuses.
    """
    is_given = problem.scores is not None
    people = (*problem.mentees, *problem.mentors)
    return Cohort(
        problem,
        _side(problem.mentees),
        _side(problem.mentors),
        points(problem.policy.weights),
        Calendar(problem),
        () if is_given else tuple(forbidden_pairs(problem)),
        any(person.languages for person in people),
        any(person.country for person in people),
    )


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
    blas = _blas()
    if shape[0] * shape[1] > _FEW_PAIRS or all(one.num_threads == 1 for one in blas.lib_controllers):
        yield  # to set a limit that stands already takes longer than many a product
        return
    with blas.limit(limits=1):
        yield


def incidence(
    people: Sequence[Person], values: Callable[[Person], Iterable[Value]]
) -> tuple[list[Value], Bools]:
    """All values in use, sorted, and who has which: shape (people, values)."""
    had = [values(person) for person in people]
    names = sorted({value for own in had for value in own})
    place = {name: column for column, name in enumerate(names)}
    found = np.zeros((len(people), len(names)), bool)
    rows = [row for row, own in enumerate(had) for _value in own]
    found[rows, [place[value] for own in had for value in own]] = True
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


def _side(people: Iterable[Person]) -> Side:
    ordered = tuple(sorted(people, key=lambda person: person.key))
    keys = tuple(person.key for person in ordered)
    capacity = np.array([min(person.capacity, 1 << 31) for person in ordered], dtype=np.int64)
    return Side(ordered, keys, {key: place for place, key in enumerate(keys)}, capacity)


def _peak_sum(table: Ints | Bools) -> int:
    return int(table.sum(axis=1, dtype=np.int64).max(initial=0)) if table.size else 0


@cache
def _blas() -> ThreadpoolController:
    return ThreadpoolController().select(user_api="blas")
