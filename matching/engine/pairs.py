"""Scores of the allowed pairs, a few rows at a time: whole numbers from 0, and -1 where a rule removes the pair.

The only place where all pairs of a large cohort pass by. Which rules removed a pair is ``rules``' to tell.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from matching.engine import codes as c
from matching.engine.encode import Cohort, Ints, Side, codes, few_threads, incidence
from matching.engine.listed import Listed
from matching.engine.model import Person
from matching.engine.score import ENOUGH_WINDOWS, Factors, bend, factors, joined, one_hot, window_points
from matching.engine.windows import Floats32, weeks

Shorts = npt.NDArray[np.int16]
Side_ = TypeVar("Side_", Ints, Shorts, Floats32)
Values = npt.NDArray[np.int32] | npt.NDArray[np.int64]

#: What a rule takes off: more than all criteria together give, and still exact in float32.
_OUT = np.float32(1_000_000)
#: Rows of one product, and cells that the steps after it take at a time so that they stay in the cache.
_TILE_ROWS = 256
_CELLS = 1 << 17


class Pairs:
    """What pairs are worth, by rows.

    Args:
        cohort: everybody.
        is_turned: mentors are the rows and mentees the columns.
    """

    def __init__(self, cohort: Cohort, *, is_turned: bool = False) -> None:
        self._cohort, self._is_turned = cohort, is_turned
        self.shape = cohort.shape[::-1] if is_turned else cohort.shape
        policy = cohort.problem.policy
        self._bent = (
            bend(np.arange(c.SCORE_MAX + 1)).astype(np.int32) if policy.fairness == "concave" else None
        )
        rows, columns = self._turned(cohort.links(cohort.problem.current))
        is_sticky = bool(policy.stickiness) and rows.size
        self._current = Listed.of(rows, columns, policy.stickiness, self.shape[0]) if is_sticky else None
        self._given: Listed | None = None
        if cohort.problem.scores is not None:
            self._given = self._given_scores()
        else:
            self._lay_out()
        rows, columns = self._turned(self._apart())
        self._barred = Listed.of(rows, columns, -1, self.shape[0])

    @property
    def factors(self) -> Factors:
        """The two tables whose product is the score without logistics."""
        return self._score

    def dense(self) -> Ints:
        """Scores of all pairs, -1 where removed."""
        found = np.empty(self.shape, np.int64)
        with few_threads(self.shape):
            for first, tile in self.tiles():
                found[first : first + len(tile)] = tile
        return found

    def tiles(self) -> Iterator[tuple[int, Values]]:
        """First row and scores of every part in turn; a part is overwritten by the next."""
        for first in range(0, self.shape[0], _TILE_ROWS):
            rows = np.arange(first, min(first + _TILE_ROWS, self.shape[0]))
            yield from ((first + within, part) for within, part in self._parts(rows))

    def rows(self, rows: Ints) -> Values:
        """Scores of some rows, at most ``_TILE_ROWS`` at a time are worked out."""
        found = np.empty((rows.size, self.shape[1]), np.int32)
        for first in range(0, rows.size, _TILE_ROWS):
            for within, part in self._parts(rows[first : first + _TILE_ROWS]):
                found[first + within : first + within + len(part)] = part
        return found

    def worth_at(self, rows: Ints, columns: Ints) -> Ints:
        """Worth of single pairs as the policy sees them, -1 where removed."""
        found = self.at(rows, columns)
        if self._bent is not None:
            found = np.where(found >= 0, self._bent[np.maximum(found, 0)], -1).astype(np.int64)
        if self._current is not None:
            found += np.where(found >= 0, self._current.at(rows, columns, 0), 0)
        return found

    def worth(self, first: int | Ints, scores: Values) -> Values:
        """Scores as the policy sees them: bent by ``concave``, with the bonus of a current pair; -1 stays.

        Args:
            first: the row of the first of these scores, or the row of each.
        """
        if self._bent is not None:
            scores = np.where(scores >= 0, self._bent[np.maximum(scores, 0)], -1)
        if self._current is not None:
            rows = np.arange(first, first + len(scores)) if isinstance(first, int) else first
            local, columns, bonus = self._current.of_rows(rows)
            scores = scores.astype(np.int64)
            scores[local, columns] += np.where(scores[local, columns] >= 0, bonus, 0)
        return scores

    def _given_scores(self) -> Listed:
        cohort = self._cohort
        ours, theirs = cohort.mentees.place, cohort.mentors.place
        found = [(ours[one], theirs[other], value) for one, other, value in cohort.problem.scores or ()]
        mentees, mentors, values = np.array(found, dtype=np.int64).reshape(-1, 3).T
        rows, columns = self._turned((mentees, mentors))
        return Listed.of(rows, columns, values, self.shape[0])

    def _apart(self) -> tuple[Ints, Ints]:
        """Pairs that something about the two alone removes."""
        problem = self._cohort.problem
        links = set(problem.rejects)
        apart = [*problem.blocked, *(problem.past if problem.policy.rules.past_pairs else ())]
        links.update(apart, (link[::-1] for link in apart))
        if problem.scores is None:
            links.update(self._cohort.lines, ((key, key) for key in self._cohort.mentees.keys))
        return self._cohort.links(links)

    def _lay_out(self) -> None:
        cohort, rules = self._cohort, self._cohort.problem.policy.rules
        out = [_cannot(cohort, side) for side in (cohort.mentees, cohort.mentors)]
        ones = [np.ones_like(side) for side in out]
        parts = [*factors(cohort), (-_OUT * out[0], ones[1]), (-_OUT * ones[0], out[1])]
        parts += _barriers(cohort)
        if rules.cross_border and cohort.asks_countries:
            parts.append(_borders(cohort))
        self._score = self._turned(joined(parts))
        week = weeks(cohort)
        self._is_one_zone = week.returned is None
        self._asks_language = rules.language and cohort.asks_languages
        counts = [_spoken(cohort)] if self._asks_language else []
        for ours, theirs in [week.counted] if week.returned is None else [week.counted, week.returned]:
            counts.append((ours.astype(np.float32), theirs.astype(np.float32)))
        self._counts = [self._turned(one) for one in counts]
        self._needs_window = rules.availability and cohort.calendar.is_asked
        points = window_points(cohort)
        self._one_window, self._odd = np.float32(points[1]), np.float32(2 * points[1] - points[2])
        self._heights = self._turned(_heights(cohort))
        names = [("team", rules.same_team), ("department", rules.other_department)]
        self._same = [self._turned(_codes(cohort, name)) for name, is_on in names if is_on]

    def _turned(self, sides: tuple[Side_, Side_]) -> tuple[Side_, Side_]:
        return (sides[1], sides[0]) if self._is_turned else sides

    def _parts(self, rows: Ints) -> Iterator[tuple[int, Values]]:
        """(first place in ``rows``, scores) of a tile, in parts that fit the cache."""
        if self._given is not None:
            yield 0, self._given_part(rows, self._given)
            return
        score, *counts = (ours[rows] @ theirs.T for ours, theirs in (self._score, *self._counts))
        step = max(1, _CELLS // max(1, self.shape[1]))
        for first in range(0, rows.size, step):
            part = slice(first, first + step)
            found = self._judge(rows[part], score[part], [one[part] for one in counts])
            self._bar(rows[part], found)
            yield first, found

    def _given_part(self, rows: Ints, given: Listed) -> Values:
        found = np.full((rows.size, self.shape[1]), -1, np.int32)
        local, columns, values = given.of_rows(rows)
        found[local, columns] = values
        ours, theirs = self._turned((self._cohort.mentees.capacity, self._cohort.mentors.capacity))
        found[ours[rows] == 0] = -1
        found[:, theirs == 0] = -1
        self._bar(rows, found)
        return found

    def at(self, rows: Ints, columns: Ints) -> Ints:
        """Scores of single pairs, -1 where removed."""
        if self._given is not None:
            found = self._given.at(rows, columns)
            capacity = self._turned((self._cohort.mentees.capacity, self._cohort.mentors.capacity))
            found[(capacity[0][rows] == 0) | (capacity[1][columns] == 0)] = -1
        else:
            score, *counts = (
                (ours[rows] * theirs[columns]).sum(axis=1) for ours, theirs in (self._score, *self._counts)
            )
            found = self._judge(rows, score, counts, columns).astype(np.int64)
        found[self._barred.at(rows, columns, 0) < 0] = -1
        return found

    def _judge(
        self, rows: Ints, score: Floats32, counts: list[Floats32], columns: Ints | None = None
    ) -> Values:
        """Take off what the rules remove; every pair of the rows, or with ``columns`` each row with its own.

        Args:
            counts: shared languages, where they are asked for, and shared windows, once or in both directions.
        """
        ours, theirs = _across(self._heights, rows, columns)
        barred = np.greater(ours, theirs) if self._is_turned else np.less(ours, theirs)
        for same in self._same:
            ours, theirs = _across(same, rows, columns)
            barred |= ours == theirs
        if self._asks_language:
            barred |= counts[0] == 0
        shared = counts[-1] if self._is_one_zone else np.minimum(counts[-1], counts[-2], out=counts[-1])
        if self._needs_window:
            barred |= shared == 0
        np.minimum(shared, ENOUGH_WINDOWS, out=shared)
        if self._odd:
            score -= (shared == ENOUGH_WINDOWS) * self._odd
        shared *= self._one_window
        score += shared
        np.maximum(score, -1, out=score)
        found = score.astype(np.int32)
        np.putmask(found, barred, -1)
        return found

    def _bar(self, rows: Ints, found: Values) -> None:
        local, columns, _values = self._barred.of_rows(rows)
        found[local, columns] = -1


def _across(sides: tuple[Shorts, Shorts], rows: Ints, columns: Ints | None) -> tuple[Shorts, Shorts]:
    return (sides[0][rows][:, None], sides[1]) if columns is None else (sides[0][rows], sides[1][columns])


def _cannot(cohort: Cohort, side: Side) -> Floats32:
    """Who can be with nobody: no capacity, or a fact is missing that a rule asks for."""
    rules, calendar = cohort.problem.policy.rules, cohort.calendar
    asks_hours = rules.availability and calendar.is_asked
    asks_language = rules.language and cohort.asks_languages
    found = [
        not person.capacity
        or person.grade is None
        or (asks_language and not person.languages)
        or (asks_hours and not calendar.slots(person))
        for person in side.people
    ]
    return np.array(found, np.float32).reshape(-1, 1)


def _heights(cohort: Cohort) -> tuple[Shorts, Shorts]:
    """The highest grade a mentor of each mentee may have, and every mentor's own (S3.21, decision 1)."""
    least = cohort.problem.policy.rules.min_grade_distance
    ours, theirs = (
        np.array([person.grade or 0 for person in side.people], np.int16)
        for side in (cohort.mentees, cohort.mentors)
    )
    return ours - np.int16(least), theirs


def _codes(cohort: Cohort, name: str) -> tuple[Shorts, Shorts]:
    """A number per value of a text; what is not known differs from everything on the other side."""
    found = codes([getattr(one, name) for one in (*cohort.mentees.people, *cohort.mentors.people)])
    ours, theirs = found[: len(cohort.mentees)], found[len(cohort.mentees) :]
    return ours.astype(np.int16), np.where(theirs < 0, -2, theirs).astype(np.int16)


def _spoken(cohort: Cohort) -> Factors:
    people = (*cohort.mentees.people, *cohort.mentors.people)
    found = incidence(people, lambda person: person.languages)[1].astype(np.float32)
    return found[: len(cohort.mentees)], found[len(cohort.mentees) :]


def _borders(cohort: Cohort) -> Factors:
    """Another country, or one that is not known, without a yes from both: 1 - same - both + same * both."""
    people = (*cohort.mentees.people, *cohort.mentors.people)

    def country(person: Person) -> str | None:
        return person.country

    names = sorted({person.country for person in people if person.country})
    same = one_hot(people, country, names)
    willing = np.array([person.cross_border for person in people], np.float32).reshape(-1, 1)
    ones = np.ones_like(willing)
    left, right = (
        np.hstack([ones, -same, -willing, same * willing]),
        np.hstack([ones, same, willing, same * willing]),
    )
    return left[: len(cohort.mentees)] * -_OUT, right[len(cohort.mentees) :]


def _barriers(cohort: Cohort) -> Iterable[Factors]:
    """Information barriers between groups, in either direction."""
    for one, other in cohort.problem.policy.rules.barriers:
        for left, right in ((one, other), (other, one)):
            ours, theirs = (
                np.array([group in person.barrier_groups for person in side.people], np.float32).reshape(
                    -1, 1
                )
                for group, side in ((left, cohort.mentees), (right, cohort.mentors))
            )
            yield ours * -_OUT, theirs
