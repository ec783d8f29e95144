"""Scores of the allowed pairs, a few rows at a time: whole numbers from 0, and -1 where a rule removes the pair.

The only place where all pairs of a large cohort pass by. Which rules removed a pair is ``rules``' to tell.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from matching.engine import codes as c
from matching.engine.encode import Cohort, Ints, few_threads
from matching.engine.layout import Layout, Shorts, lay_out
from matching.engine.listed import Listed, Rows
from matching.engine.score import ENOUGH_WINDOWS, Factors, bend
from matching.engine.windows import Floats32

Values = npt.NDArray[np.int32] | npt.NDArray[np.int64]

#: Rows of one product, and cells that the steps after it take at a time so that they stay in the cache.
_TILE_ROWS = 256
_CELLS = 1 << 17


class Pairs:
    """What pairs are worth, by rows.

    Args:
        cohort: everybody.
        is_turned: mentors are the rows and mentees the columns.
        layout: the cohort's own, where it has been laid out already.
    """

    def __init__(self, cohort: Cohort, *, is_turned: bool = False, layout: Layout | None = None) -> None:
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
            self._layout = layout or lay_out(cohort)
            turned = self._layout.turned() if is_turned else self._layout
            self._score, self._counts = turned.score, turned.counts
            self._heights, self._same = turned.heights, turned.same
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
            part = slice(first, min(first + _TILE_ROWS, self.shape[0]))
            yield from ((first + within, found) for within, found in self._parts(part))

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

    def worth(self, rows: Ints, scores: Values) -> Values:
        """Scores of some rows as the policy sees them: bent by ``concave``, with the bonus of a current pair; -1
        stays."""
        if self._bent is not None:
            scores = np.where(scores >= 0, self._bent[np.maximum(scores, 0)], -1)
        if self._current is not None:
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

    def _turned(self, sides: tuple[Ints, Ints]) -> tuple[Ints, Ints]:
        return (sides[1], sides[0]) if self._is_turned else sides

    def _parts(self, rows: Rows) -> Iterator[tuple[int, Values]]:
        """(first place in ``rows``, scores) of a tile, in parts that fit the cache."""
        if self._given is not None:
            yield 0, self._given_part(rows, self._given)
            return
        score, *counts = (ours[rows] @ theirs.T for ours, theirs in (self._score, *self._counts))
        step = max(1, _CELLS // max(1, self.shape[1]))
        for first in range(0, len(score), step):
            part = slice(first, first + step)
            within = _cut(rows, part)
            found = self._judge(within, score[part], [one[part] for one in counts])
            self._bar(within, found)
            yield first, found

    def _given_part(self, rows: Rows, given: Listed) -> Values:
        ours, theirs = self._turned((self._cohort.mentees.capacity, self._cohort.mentors.capacity))
        ours = ours[rows]
        found = np.full((ours.size, self.shape[1]), -1, np.int32)
        local, columns, values = given.of_rows(rows)
        found[local, columns] = values
        found[ours == 0] = -1
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
        self, rows: Rows, score: Floats32, counts: list[Floats32], columns: Ints | None = None
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
        if self._layout.asks_language:
            barred |= counts[0] == 0
        shared = (
            counts[-1] if self._layout.is_one_zone else np.minimum(counts[-1], counts[-2], out=counts[-1])
        )
        if self._layout.needs_window:
            barred |= shared == 0
        np.minimum(shared, ENOUGH_WINDOWS, out=shared)
        if self._layout.odd:
            score -= (shared == ENOUGH_WINDOWS) * self._layout.odd
        shared *= self._layout.one_window
        score += shared
        np.maximum(score, -1, out=score)
        found = score.astype(np.int32)
        found |= -barred.view(np.int8)  # the bits of -1 are all set, so it stays what it is or becomes -1
        return found

    def _bar(self, rows: Rows, found: Values) -> None:
        local, columns, _values = self._barred.of_rows(rows)
        found[local, columns] = -1


def _cut(rows: Rows, part: slice) -> Rows:
    """Some of the rows, by their places among them."""
    if isinstance(rows, slice):
        return slice(rows.start + part.start, min(rows.start + part.stop, rows.stop))
    return rows[part]


def _across(sides: tuple[Shorts, Shorts], rows: Rows, columns: Ints | None) -> tuple[Shorts, Shorts]:
    return (sides[0][rows][:, None], sides[1]) if columns is None else (sides[0][rows], sides[1][columns])
