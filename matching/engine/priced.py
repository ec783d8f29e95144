"""The method for large cohorts: few pairs at a time, and prices that prove the others could not have helped.

One look at all pairs keeps the best of every row. The best choice among a dozen candidates a row has prices; whatever
beats its prices joins the candidates, until nothing does. Pairs that were never kept are worth at most what their
row's last kept pair is worth, and where that does not settle it, the row is looked at again in full.
Lee and Orlin (1994) solve very large assignments in this manner.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matching.engine.certificate import Proof, check_choice, prices, slots_bound, worth_of
from matching.engine.codes import SCORE_MAX
from matching.engine.encode import Cohort, Ints
from matching.engine.errors import CertificateError
from matching.engine.layout import Layout
from matching.engine.network import Capacities, Chosen, Edges, Selection, capacities_of
from matching.engine.reservoir import Open, Reservoir, Watch, fill
from matching.engine.sparse import assign_among
from matching.engine.ties import draw

#: Pairs kept a row, candidates a row to begin with, and how many join a row's at a time.
_KEEP, _FIRST, _MORE = 256, 12, 8
#: From so many rows on, twice the candidates cost less than the second round that they mostly spare.
_MANY_ROWS = 3000
#: Kept pairs a row that the first guess at prices looks at.
_LOOKED_AT = 64
#: Rounds after which more pairs are kept.
_PATIENCE = 8
#: Rows that are looked at in full at a time.
_ROWS = 256
#: Equally good pairs among which lots are drawn at most; beyond, those that are already candidates.
_MOST_TIGHT = 2_000_000


@dataclass(frozen=True)
class Priced:
    """The best choice of a large cohort, its proof, and how many pairs the rules allow."""

    network: Selection
    chosen: Chosen
    proof: Proof
    rounds: int
    allowed: int


def solve_priced(
    cohort: Cohort,
    watch: Watch,
    *,
    keep: int | None = None,
    first: int | None = None,
    layout: Layout | None = None,
    floor: int | None = None,
    is_probe: bool = False,
) -> Priced:
    """The best choice among all pairs of a cohort, without ever holding all of them.

    Args:
        layout: the cohort's own, where it has been laid out already.
        watch: told how far it is; may raise to stop.
        keep, first: pairs kept and candidates a row; any numbers from 1 give the same result.
        floor: leave out pairs below this score.
        is_probe: only what the best is worth matters: exactly, and without a lot among equals.

    Raises:
        EngineError: ``too_large`` for weights that cannot be added exactly.
        CertificateError: the solver's answer did not pass the proof.
    """
    first = first or (2 * _FIRST if min(cohort.shape) >= _MANY_ROWS else _FIRST)
    source = Open(cohort, is_turned=_is_turned(cohort), layout=layout, floor=floor)
    return _Pricing(cohort, source, watch, (keep or _KEEP, first), is_probe).solve()


class _Pricing:
    """One large cohort. Rows are the side with fewer places, since prices then settle fast."""

    def __init__(
        self, cohort: Cohort, source: Open, watch: Watch, begin: tuple[int, int], is_probe: bool
    ) -> None:
        self._cohort, self._open, self._watch, self._is_probe = cohort, source, watch, is_probe
        self._keep, self._first = begin
        self._kept = fill(self._open, self._keep, watch)
        self._capacities = everybody(cohort)
        self._scale = self._capacities.scale
        self._spared = 0 if is_probe else cohort.problem.policy.max_gap * self._scale.point
        self._rounds = 0

    def solve(self) -> Priced:
        network = self._selection(*self._candidates())
        while True:
            self._rounds += 1
            self._watch("rounds", self._rounds, int(network.edges.rows.size))
            if self._rounds % _PATIENCE == 0 and self._keep < self._open.shape[1]:
                self._keep *= 4
                self._kept = fill(self._open, self._keep, self._watch)
            chosen = assign_among(network.edges, self._capacities.place_slots, self._capacities.seat_slots)
            check_choice(network, chosen)
            ours, theirs = prices(network, chosen)
            theirs = np.maximum(theirs, 0)
            rows, columns, worth, excess = self._better(network, chosen, self._open.sides((ours, theirs)))
            if excess <= self._spared:
                return self._end(network, chosen, ours, theirs, excess)
            network = self._selection(rows, columns, worth, network.edges)

    def _end(self, network: Selection, chosen: Chosen, ours: Ints, theirs: Ints, excess: int) -> Priced:
        """Prove, and where the plan is the best one draw the lot among its equals."""
        primal = worth_of(network, chosen)
        own = network.at(chosen.rows, chosen.columns) - ours[chosen.rows] - theirs[chosen.columns]
        bound = slots_bound(self._capacities, ours, theirs) + int(np.maximum(own, 0).sum()) + excess
        if bound - primal != excess:
            raise CertificateError(f"the plan is worth {primal} and the bound is {bound}")
        proof = Proof(primal, bound, ours, theirs)
        if not excess and not self._is_probe:
            self._watch("lots", 0, 1)
            tight = self._tight(network, self._open.sides((ours, theirs)))
            chosen = draw(self._cohort, self._capacities, proof, tight)
            worth = tight.worth + ours[tight.rows] + theirs[tight.columns]
            network = Selection(self._capacities, Edges(tight.rows, tight.columns, worth))
            check_choice(network, chosen)
            if worth_of(network, chosen) != bound:
                raise CertificateError("the drawn plan is worth less than the bound")
        return Priced(network, chosen, proof, self._rounds, self._kept.allowed)

    # --- candidates

    def _candidates(self) -> tuple[Ints, Ints, Ints]:
        """Some good pairs of every row to begin with: how they are chosen cannot make the result wrong."""
        kept, first = self._kept, min(self._first, self._kept.worth.shape[1])
        guess = _guess(kept, self._open.sides((self._capacities.places, self._capacities.seats)))
        lacking = guess[kept.columns]  # in place from here on: the largest arrays of all
        lacking -= kept.worth
        lacking[kept.worth < 0] = 1 << 40
        best = np.argpartition(lacking, first - 1, axis=1)[:, :first]
        rows = np.repeat(np.arange(len(best)), first)
        columns, worth = (np.take_along_axis(part, best, 1).ravel() for part in (kept.columns, kept.worth))
        return rows, columns, worth

    def _selection(self, rows: Ints, columns: Ints, points: Ints, known: Edges | None = None) -> Selection:
        """Candidates in points, and those known already, as mentees and mentors in the scale."""
        usable = points >= 0
        mentees, mentors = self._open.sides((rows[usable], columns[usable]))
        worth = points[usable] * self._scale.point + self._scale.pair
        if known is not None:
            mentees, mentors = np.concatenate([known.rows, mentees]), np.concatenate([known.columns, mentors])
            worth = np.concatenate([known.worth, worth])
        return Selection(self._capacities, edges_of(mentees, mentors, worth))

    # --- prices

    def _better(
        self, network: Selection, chosen: Chosen, price: tuple[Ints, Ints]
    ) -> tuple[Ints, Ints, Ints, int]:
        """Pairs that beat their prices (row, column, points), and by how much all of them do together.

        The sum is exact when no kept pair beats its prices; before that it only says "not yet".
        """
        left = self._left(self._kept.columns, self._kept.worth, np.arange(len(self._kept.worth)), price)
        rows, places = np.nonzero(left > 0)
        made = self._made(chosen)
        new = ~np.isin(rows * self._open.shape[1] + self._kept.columns[rows, places], made)
        rows, places = rows[new], places[new]
        if rows.size:
            rows, places = _most(rows, places, left[rows, places])
            found = rows, self._kept.columns[rows, places], self._kept.worth[rows, places]
            return *found, int(left[rows, places].sum()) + (1 << 60)
        return self._better_beyond(price, made)

    def _better_beyond(self, price: tuple[Ints, Ints], made: Ints) -> tuple[Ints, Ints, Ints, int]:
        """The same among the pairs that were not kept, in the rows where that is not settled."""
        beyond = self._kept.beyond * self._scale.point + self._scale.pair
        doubtful = np.nonzero((self._kept.beyond >= 0) & (beyond > price[0]))[0]
        excess, found = 0, [np.zeros((3, 0), np.int64)]
        for first in range(0, doubtful.size, _ROWS):
            rows = doubtful[first : first + _ROWS]
            self._watch("rows", first, doubtful.size)
            worth = self._open.of_rows(rows).astype(np.int64)
            left = self._left(np.arange(self._open.shape[1]), worth, rows, price)
            local, columns = np.nonzero(left > 0)
            new = ~np.isin(rows[local] * self._open.shape[1] + columns, made)
            local, columns = local[new], columns[new]
            excess += int(left[local, columns].sum())
            local, columns = _most(local, columns, left[local, columns])
            found.append(np.array([rows[local], columns, worth[local, columns]]))
        rows, columns, points = np.concatenate(found, axis=1)
        return rows, columns, points, excess

    def _tight(self, network: Selection, price: tuple[Ints, Ints]) -> Edges:
        """Every pair that is worth its prices or more, and what is left over."""
        left = self._left(self._kept.columns, self._kept.worth, np.arange(len(self._kept.worth)), price)
        rows, places = np.nonzero(left >= 0)
        found = [np.array([rows, self._kept.columns[rows, places], left[rows, places]])]
        beyond = self._kept.beyond * self._scale.point + self._scale.pair
        doubtful = np.nonzero((self._kept.beyond >= 0) & (beyond >= price[0]))[0]
        count = rows.size
        for first in range(0, doubtful.size, _ROWS):
            rows = doubtful[first : first + _ROWS]
            worth = self._open.of_rows(rows).astype(np.int64)
            left = self._left(np.arange(self._open.shape[1]), worth, rows, price)
            local, columns = np.nonzero(left >= 0)
            found.append(np.array([rows[local], columns, left[local, columns]]))
            count += local.size
            if count > _MOST_TIGHT:
                break
        mentees, mentors = price if not self._open.is_turned else price[::-1]
        known = network.edges
        spare = known.worth - mentees[known.rows] - mentors[known.columns]
        if count > _MOST_TIGHT:
            found = []
        rows, columns, over = np.concatenate([*found, np.zeros((3, 0), np.int64)], axis=1)
        ours, theirs = self._open.sides((rows, columns))
        tight = spare >= 0
        return edges_of(
            np.concatenate([known.rows[tight], ours]),
            np.concatenate([known.columns[tight], theirs]),
            np.concatenate([spare[tight], over]),
        )

    def _left(self, columns: Ints, points: Ints, rows: Ints, price: tuple[Ints, Ints]) -> Ints:
        """What pairs are worth beyond their prices; far below 0 where there is no pair."""
        left = points * self._scale.point + self._scale.pair - price[1][columns]
        left -= price[0][rows][:, None]
        left[points < 0] = -(1 << 60)
        return left

    def _made(self, chosen: Chosen) -> Ints:
        rows, columns = self._open.sides((chosen.rows, chosen.columns))
        return rows * self._open.shape[1] + columns


def _is_turned(cohort: Cohort) -> bool:
    places = int(np.minimum(cohort.mentees.capacity, len(cohort.mentors)).sum())
    seats = int(np.minimum(cohort.mentors.capacity, len(cohort.mentees)).sum())
    return cohort.problem.policy.coverage != "people" and seats < places


def everybody(cohort: Cohort) -> Capacities:
    """Free capacity and scale, where nobody has counted who may be with how many and how good the best pair is."""
    most = (
        np.full(len(cohort.mentees), len(cohort.mentors)),
        np.full(len(cohort.mentors), len(cohort.mentees)),
    )
    return capacities_of(cohort, most, SCORE_MAX + cohort.problem.policy.stickiness)


def _guess(kept: Reservoir, free: tuple[Ints, Ints], steps: int = 40) -> Ints:
    """Column prices by which rows and seats roughly meet (sub-gradient steps); only ever a first guess."""
    columns = np.ascontiguousarray(kept.columns[:, :_LOOKED_AT])
    worth = np.where(kept.worth >= 0, kept.worth, -(1 << 23))[:, :_LOOKED_AT].astype(np.float32)
    price, step = np.zeros(free[1].size, np.float32), np.float32(3000)
    everybody = np.arange(len(worth))
    for _ in range(steps if worth.shape[1] > _FIRST else 0):
        best = (worth - price[columns]).argmax(axis=1)
        real = worth[everybody, best] >= 0
        asked = np.bincount(columns[everybody, best][real], free[0][real].astype(float), free[1].size).astype(
            np.float32
        )
        price = np.maximum(price + step * np.clip(asked - free[1].astype(np.float32), -1, 4), 0)
        step *= np.float32(0.93)
    return price.astype(np.int64)


def _most(rows: Ints, places: Ints, left: Ints) -> tuple[Ints, Ints]:
    """Of every row those few that beat their prices by most."""
    order = np.lexsort((places, -left, rows))
    rows, places = rows[order], places[order]
    rank = np.arange(rows.size) - np.searchsorted(rows, rows)
    return rows[rank < _MORE], places[rank < _MORE]


def edges_of(mentees: Ints, mentors: Ints, worth: Ints) -> Edges:
    """Each pair once, in the order of ``Edges``."""
    height = int(mentees.max(initial=0)) + 1
    _keys, first = np.unique(mentors * height + mentees, return_index=True)
    return Edges(mentees[first], mentors[first], worth[first])
