"""The solver: scipy's linear sum assignment on single places and seats, and what keeps a pair from being made twice."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from matching.engine.encode import Ints
from matching.engine.errors import EngineError
from matching.engine.network import EXACT, Chosen, Slots

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Assigned:
    """A best choice and how many assignments it took."""

    chosen: Chosen
    rounds: int


def assign(edge: Ints, places: Slots, seats: Slots, most_cells: int) -> Assigned:
    """Choose pairs of the highest total worth, each at most once.

    Capacity is written as one row per place and one column per seat. Where a mentee and a mentor both have several,
    the same two could meet twice; each such pair gets a gate (an extra row and column) that lets it through once,
    and the assignment is solved again, until no pair is doubled. Without the gates the problem is easier, never
    harder, so the last answer is best for the problem as it is meant.

    Args:
        edge: worth of a pair, 0 where it is not to be had; shape (mentees, mentors).
        places, seats: see ``Slots``; a later slot of an owner is never worth more than an earlier one.
        most_cells: limit on rows times columns.

    Raises:
        EngineError: ``too_large`` beyond ``most_cells`` or beyond what float64 holds exactly.
    """
    plain = _plain(edge, places, seats)
    gates: list[tuple[int, int]] = []
    rounds = 0
    while True:
        rounds += 1
        cost = _with_gates(plain, edge, places, seats, gates, most_cells)
        chosen, doubled = _read(_best(cost), places, seats, gates)
        if not doubled:
            return Assigned(chosen, rounds)
        gates += doubled  # never a pair that has a gate: so this ends after at most one round per pair


def _plain(edge: Ints, places: Slots, seats: Slots) -> Floats:
    """What every place costs on every seat: the worth of the pair, below 0; exact, since ``_best`` refuses what float64
    cannot hold. Costs, because scipy would copy a matrix of worths to turn it round."""
    cells = np.negative(edge, dtype=np.float64)
    if not np.array_equal(places.owner, np.arange(edge.shape[0])):
        cells = cells[places.owner]
    cells = cells.take(seats.owner, axis=1)
    if not places.bonus.any() and not seats.bonus.any():
        return cells
    cost = cells - places.bonus[:, None] - seats.bonus[None, :]
    return np.minimum(np.where(cells < 0, cost, 0), 0)


def _with_gates(
    plain: Floats, edge: Ints, places: Slots, seats: Slots, gates: list[tuple[int, int]], most_cells: int
) -> Floats:
    """The matrix to solve: a gate's row rests on its own column, or sits on a seat when the pair is made."""
    rows, columns, extra = *plain.shape, len(gates)
    if (rows + extra) * (columns + extra) > most_cells:
        raise EngineError("too_large", "several partners on both sides need more than memory_mb; raise it")
    if not gates:
        return plain
    cost = np.zeros((rows + extra, columns + extra), np.float64)
    cost[:rows, :columns] = plain
    lift = max(0, int(seats.bonus.max(initial=0)))
    rest = -int(plain.min(initial=0)) + 2 * lift + int(places.bonus.max(initial=0)) + int(edge.max(initial=0))
    rest += 1 - min(0, int(seats.bonus.min(initial=0)))
    for gate, (mentee, mentor) in enumerate(gates):
        mine, theirs = places.owner == mentee, seats.owner == mentor
        cost[:rows, :columns][np.ix_(mine, theirs)] = 0
        cost[:rows, columns + gate][mine] = -(edge[mentee, mentor] + places.bonus[mine] + lift)
        cost[rows + gate, columns + gate] = -(rest + lift)
        cost[rows + gate, :columns][theirs] = -(rest + seats.bonus[theirs])
    return cost


def _best(cost: Floats) -> tuple[Ints, Ints]:
    from scipy.optimize import linear_sum_assignment  # heavy to load: only where something is solved

    if cost.size == 0:
        none = np.zeros(0, np.int64)
        return none, none
    if -float(cost.min()) * min(cost.shape) >= EXACT:
        raise EngineError("too_large", "weights, load_step and stickiness are too large to be added exactly")
    rows, columns = linear_sum_assignment(cost)
    real = (cost[rows, columns] < 0).nonzero()[0]
    return rows.take(real), columns.take(real)


def _read(
    found: tuple[Ints, Ints], places: Slots, seats: Slots, gates: list[tuple[int, int]]
) -> tuple[Chosen, list[tuple[int, int]]]:
    """Pairs of an assignment, and those that it makes more than once."""
    rows, columns = found
    if not gates:
        return Chosen.once(places.owner.take(rows), seats.owner.take(columns))
    ours = rows < places.owner.size
    rows, columns = rows[ours], columns[ours]
    passed = columns >= seats.owner.size
    mentees, mentors = places.owner[rows], np.empty(columns.size, np.int64)
    mentors[~passed] = seats.owner[columns[~passed]]
    mentors[passed] = [gates[column - seats.owner.size][1] for column in columns[passed].tolist()]
    return Chosen.once(mentees, mentors)
