"""The solver for few pairs among many people: scipy's sparse assignment, with the same gates as ``assign``."""

from __future__ import annotations

import numpy as np

from matching.engine.encode import Ints
from matching.engine.errors import EngineError
from matching.engine.network import EXACT, Chosen, Edges, Slots

Gates = list[tuple[int, int]]
Entries = tuple[Ints, Ints, Ints]


def assign_among(edges: Edges, places: Slots, seats: Slots) -> Chosen:
    """Choose among some pairs those of the highest total worth, each at most once.

    See ``assign.assign``, which does the same where all pairs are looked at. Every place has a column of its own to
    rest on, so that there is always an answer and scipy's own search for one is trivial.

    Args:
        edges: worths above 0.
        places, seats: see ``Slots``; a later slot of an owner is never worth more than an earlier one.

    Raises:
        EngineError: ``too_large`` beyond what float64 holds exactly.
    """
    gates: Gates = []
    while True:
        entries = _entries(edges, places, seats, gates)
        found = _best(entries, places.owner.size + len(gates), seats.owner.size + len(gates))
        chosen, doubled = _read(found, places, seats, gates)
        if not doubled:
            return chosen
        gates += doubled


def _entries(edges: Edges, places: Slots, seats: Slots, gates: Gates) -> Entries:
    """Row, column and worth of every place on every seat that its two people may share."""
    width = int(max(edges.columns.max(initial=0), seats.owner.max(initial=0))) + 1
    gated = np.isin(edges.rows * width + edges.columns, [row * width + column for row, column in gates])
    free = ~gated
    pair, row, column = _slots_of(edges.rows[free], edges.columns[free], places, seats)
    worth = edges.worth[free][pair] + places.bonus[row] + seats.bonus[column]
    found = [(row, column, worth)]
    if gates:
        found += _gate_entries(edges, places, seats, gates)
    rows, columns, worths = (np.concatenate(part) for part in zip(*found, strict=True))
    useful = worths > 0
    return rows[useful], columns[useful], worths[useful]


def _slots_of(rows: Ints, columns: Ints, places: Slots, seats: Slots) -> Entries:
    """(which pair, place, seat) for every place and seat of every pair."""
    first_place, place_count = _ranges(rows, places.owner)
    first_seat, seat_count = _ranges(columns, seats.owner)
    times = place_count * seat_count
    pair = np.repeat(np.arange(rows.size), times)
    within = np.arange(pair.size) - np.repeat(np.cumsum(times) - times, times)
    return pair, first_place[pair] + within // seat_count[pair], first_seat[pair] + within % seat_count[pair]


def _ranges(people: Ints, owner: Ints) -> tuple[Ints, Ints]:
    first = np.searchsorted(owner, people)
    return first, np.searchsorted(owner, people, side="right") - first


def _gate_entries(edges: Edges, places: Slots, seats: Slots, gates: Gates) -> list[Entries]:
    """A gate's row rests on its own column, or sits on a seat when the pair is made."""
    lift = max(0, int(seats.bonus.max(initial=0)))
    rest = 2 * int(edges.worth.max(initial=0)) + 4 * lift + 2 * int(places.bonus.max(initial=0))
    rest += 1 - min(0, int(seats.bonus.min(initial=0)))
    worth = dict(
        zip(zip(edges.rows.tolist(), edges.columns.tolist(), strict=True), edges.worth.tolist(), strict=True)
    )
    found = []
    for number, (mentee, mentor) in enumerate(gates):
        row, column = places.owner.size + number, seats.owner.size + number
        mine, theirs = np.nonzero(places.owner == mentee)[0], np.nonzero(seats.owner == mentor)[0]
        found += [
            (mine, np.full(mine.size, column), worth[mentee, mentor] + places.bonus[mine] + lift),
            (np.array([row]), np.array([column]), np.array([rest + lift])),
            (np.full(theirs.size, row), theirs, rest + seats.bonus[theirs]),
        ]
    return found


def _best(entries: Entries, height: int, width: int) -> tuple[Ints, Ints]:
    from scipy.sparse import csr_array  # heavy to load: only where something is solved
    from scipy.sparse.csgraph import min_weight_full_bipartite_matching

    rows, columns, worth = entries
    if not rows.size:
        none = np.zeros(0, np.int64)
        return none, none
    top = int(worth.max()) + 1
    if top * height >= EXACT:
        raise EngineError("too_large", "weights, load_step and stickiness are too large to be added exactly")
    resting = np.arange(height)
    cost = np.concatenate([top - worth, np.full(height, top)]).astype(np.float64)
    place = np.concatenate([rows, resting]), np.concatenate([columns, width + resting])
    found = min_weight_full_bipartite_matching(csr_array((cost, place), shape=(height, width + height)))
    real = found[1] < width
    return found[0][real].astype(np.int64), found[1][real].astype(np.int64)


def _read(found: tuple[Ints, Ints], places: Slots, seats: Slots, gates: Gates) -> tuple[Chosen, Gates]:
    """Pairs of an assignment, and those that it makes more than once."""
    rows, columns = found
    ours = rows < places.owner.size
    rows, columns = rows[ours], columns[ours]
    passed = columns >= seats.owner.size
    mentees, mentors = places.owner[rows], np.empty(columns.size, np.int64)
    mentors[~passed] = seats.owner[columns[~passed]]
    mentors[passed] = [gates[column - seats.owner.size][1] for column in columns[passed].tolist()]
    return Chosen.once(mentees, mentors)
