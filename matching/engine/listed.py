"""A value for some pairs out of many."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matching.engine.encode import Ints

#: Rows by number, or a run of them with both its ends, which spares copies.
Rows = Ints | slice


@dataclass(frozen=True, slots=True)
class Listed:
    """A value for some pairs, sorted by row, and where each row's begin."""

    starts: Ints
    rows: Ints
    columns: Ints
    values: Ints

    @classmethod
    def of(cls, rows: Ints, columns: Ints, values: Ints | int, height: int) -> Listed:
        order = np.argsort(rows, kind="stable")
        starts = np.searchsorted(rows[order], np.arange(height + 1))
        return cls(
            starts, rows[order], columns[order], np.broadcast_to(np.asarray(values), rows.shape)[order]
        )

    def at(self, rows: Ints, columns: Ints, missing: int = -1) -> Ints:
        """The value of some pairs, ``missing`` where a pair has none."""
        if not rows.size:
            return np.zeros(0, np.int64)
        width = int(max(columns.max(), self.columns.max(initial=0))) + 1
        own = self.rows * width + self.columns
        order = np.argsort(own)
        place = np.searchsorted(own, rows * width + columns, sorter=order)
        place = order[np.minimum(place, own.size - 1)] if own.size else np.zeros(rows.size, np.int64)
        known = own[place] == rows * width + columns if own.size else np.zeros(rows.size, bool)
        return np.where(known, self.values[place] if own.size else missing, missing)

    def of_rows(self, rows: Rows) -> tuple[Ints, Ints, Ints]:
        """(place in ``rows``, column, value) of everything in these rows."""
        if isinstance(rows, slice):
            run = slice(self.starts[rows.start], self.starts[rows.stop])
            return self.rows[run] - rows.start, self.columns[run], self.values[run]
        first, counts = self.starts[rows], self.starts[rows + 1] - self.starts[rows]
        local = np.repeat(np.arange(rows.size), counts)
        within = np.arange(local.size) - np.repeat(np.cumsum(counts) - counts, counts)
        found = first[local] + within
        return local, self.columns[found], self.values[found]
