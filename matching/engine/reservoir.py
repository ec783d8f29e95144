"""The best pairs of every row of a large cohort, and how good those may be that were not kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from matching.engine.encode import Bools, Cohort, Ints
from matching.engine.layout import Layout
from matching.engine.listed import Listed
from matching.engine.network import taken
from matching.engine.pairs import Pairs, Values

#: Told how many rows of how many have been looked at; may raise to stop.
Watch = Callable[[str, int, int], None]

#: Bits that an index may have beside a score in 32 bits.
_SMALL_BITS = 14
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)


class Open:
    """What is left to decide once the pins stand, by rows, in points.

    Args:
        is_turned: mentors are the rows and mentees the columns.
        layout: the cohort's own, where it has been laid out already.
        floor: leave out pairs below this score.
    """

    def __init__(
        self, cohort: Cohort, *, is_turned: bool, layout: Layout | None = None, floor: int | None = None
    ) -> None:
        self.is_turned, self._floor = is_turned, floor or 0
        self.pairs = Pairs(cohort, is_turned=is_turned, layout=layout)
        self.shape = self.pairs.shape
        taken_places, taken_seats = taken(cohort)
        full = cohort.mentees.capacity <= taken_places, cohort.mentors.capacity <= taken_seats
        self._full_rows, self._full_columns = self.sides(full)
        rows, columns = self.sides(cohort.links(cohort.problem.pins))
        self._pinned = Listed.of(rows, columns, -1, self.shape[0])

    def sides(self, both: tuple[Ints | Bools, Ints | Bools]) -> tuple[Ints, Ints]:
        """Something of mentees and mentors as something of rows and columns, or back."""
        return (both[1], both[0]) if self.is_turned else (both[0], both[1])  # type: ignore[return-value]

    def of_rows(self, rows: Ints) -> Values:
        """Worth of every pair of some rows, -1 where it is not to be had."""
        return self.worth(rows, self.pairs.rows(rows))

    def worth(self, rows: Ints, scores: Values) -> Values:
        """Scores of some rows as what they are worth, without pairs below the floor and those that the pins leave no
        room for."""
        if self._floor:
            scores = np.where(scores < self._floor, np.int32(-1), scores)
        worth = self.pairs.worth(rows, scores)
        if self._full_columns.any():
            worth[:, self._full_columns.astype(bool)] = -1
        if self._full_rows[rows].any():
            worth[self._full_rows[rows].astype(bool)] = -1
        local, columns, _values = self._pinned.of_rows(rows)
        worth[local, columns] = -1
        return worth


@dataclass(frozen=True)
class Reservoir:
    """The ``keep`` best pairs of every row.

    Args:
        columns, worth: the kept pairs, best first, in points; a worth of -1 is no pair.
        beyond: no pair of the row that was not kept is worth more; -1 where none is missing.
        allowed: number of pairs that no rule removes, pinned ones included.
    """

    columns: Ints
    worth: Ints
    beyond: Ints
    allowed: int


def fill(source: Open, keep: int, watch: Watch) -> Reservoir:
    """Look at every pair once.

    Equal pairs of different rows are kept in different orders, by a hash of the row: otherwise all rows would keep the
    same few columns where many are alike, and compete for them.
    """
    height, width = source.shape
    keep = min(keep, width)
    bits = max(1, (width - 1).bit_length())
    index = np.arange(width)
    mask = (1 << bits) - 1
    turns = ((np.arange(height, dtype=np.uint64) * _GOLDEN) >> np.uint64(40)).astype(np.int64) & mask
    kept = np.empty((height, keep), np.int64)
    allowed = 0
    for first, tile in source.pairs.tiles():
        rows = np.arange(first, first + len(tile))
        allowed += int(np.count_nonzero(tile >= 0))
        worth = source.worth(rows, tile)
        packed = _packed(worth, bits)
        packed |= (index ^ turns[rows][:, None]).astype(packed.dtype)
        if keep < width:
            packed.partition(width - keep, axis=1)
        kept[rows] = packed[:, width - keep :]
        watch("pairs", first + len(tile), height)
    kept.sort(axis=1)
    kept = kept[:, ::-1]
    worths = kept >> bits
    kept &= mask
    kept ^= turns[:, None]
    kept[worths < 0] = 0
    beyond = worths[:, -1].copy() if keep < width else np.full(height, -1)
    return Reservoir(kept, worths, beyond, allowed)


def _packed(worth: Values, bits: int) -> Values:
    """Worth and room for an index in one number, as small as it may be."""
    if worth.dtype == np.int32 and bits <= _SMALL_BITS:
        return np.left_shift(worth, np.int32(bits), dtype=np.int32)
    return np.left_shift(worth.astype(np.int64), bits, dtype=np.int64)
