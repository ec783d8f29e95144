"""The optimisation problem behind a table: a flow of pairs from mentees' places to mentors' seats.

Coverage and points share one whole number per pair, far enough apart that no amount of points outweighs a pair. The
place of a mentee and the seat of a mentor may carry a value of their own; it never grows from one to the next, so
the network stays a plain flow and its best solution is whole.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matching.engine.codes import SCORE_MAX
from matching.engine.encode import Bools, Ints
from matching.engine.errors import EngineError
from matching.engine.model import Policy
from matching.engine.result import Loss
from matching.engine.table import Table

#: Whole numbers below this are exact in float64.
EXACT = 1 << 53


@dataclass(frozen=True, slots=True)
class Scale:
    """What a mentee with somebody, a pair and a point are worth in one whole number."""

    person: int
    pair: int
    point: int

    def read(self, amount: int) -> Loss:
        """The three parts of an amount; unique, because no part can reach half of the next larger one."""
        if self.point > self.pair:
            points = _nearest(amount, self.point)
            return Loss(0, amount - points * self.point, points)
        people = _nearest(amount, self.person)
        amount -= people * self.person
        pairs = _nearest(amount, self.pair)
        return Loss(people, pairs, amount - pairs * self.pair)


@dataclass(frozen=True, slots=True)
class Slots:
    """Single places or seats in order: whose each is, and what filling it is worth by itself."""

    owner: Ints
    bonus: Ints


@dataclass(frozen=True, slots=True)
class Chosen:
    """Pairs as rows and columns, each pair once."""

    rows: Ints
    columns: Ints

    def grid(self, shape: tuple[int, ...]) -> Bools:
        found = np.zeros(shape, bool)
        found[self.rows, self.columns] = True
        return found


@dataclass(frozen=True, slots=True)
class Network:
    """What is left to decide once the pins stand.

    Args:
        edge: worth of a pair in the scale, 0 where it is not to be had; shape (mentees, mentors).
        places, seats: free capacity, never more than there are allowed partners.
        taken_places, taken_seats: capacity that the pins use up.
        load_step: points that each further partner of a mentor costs.
    """

    edge: Ints
    places: Ints
    seats: Ints
    taken_places: Ints
    taken_seats: Ints
    scale: Scale
    load_step: int

    def place_slots(self) -> Slots:
        owner, rank = _ranks(self.places)
        return Slots(owner, np.where(self.taken_places[owner] + rank == 0, self.scale.person, 0))

    def seat_slots(self) -> Slots:
        owner, rank = _ranks(self.seats)
        return Slots(owner, -self.seat_cost(owner, rank))

    def seat_cost(self, mentor: Ints, filled: Ints) -> Ints:
        """What one more partner costs a mentor who has ``filled`` beside the pinned ones."""
        cost = self.scale.point * self.load_step * (self.taken_seats[mentor] + filled)
        return np.asarray(cost, dtype=np.int64)

    def place_gain(self, mentee: Ints, filled: Ints) -> Ints:
        """What one more partner of a mentee who has ``filled`` beside the pinned ones is worth by itself."""
        return np.where(self.taken_places[mentee] + filled == 0, self.scale.person, 0)


def build(table: Table, *, floor: int | None = None, allowed: Bools | None = None) -> Network:
    """The network of a table.

    Args:
        floor: leave out pairs below this score.
        allowed: other pairs than the table's own.
    """
    cohort, policy = table.cohort, table.cohort.problem.policy
    usable = table.allowed if allowed is None else allowed.copy()
    if floor is not None:
        usable &= table.score >= floor
    pinned = cohort.links(cohort.problem.pins)
    usable[pinned] = False
    taken_places = np.bincount(pinned[0], minlength=len(cohort.mentees)).astype(np.int64)
    taken_seats = np.bincount(pinned[1], minlength=len(cohort.mentors)).astype(np.int64)
    usable &= (cohort.mentees.capacity > taken_places)[:, None]
    usable &= (cohort.mentors.capacity > taken_seats)[None, :]
    places = np.minimum(cohort.mentees.capacity - taken_places, usable.sum(axis=1))
    seats = np.minimum(cohort.mentors.capacity - taken_seats, usable.sum(axis=0))
    values = worth(table)
    scale = _scale(policy, values, places, seats, taken_seats)
    edge = np.where(usable, scale.point * values + scale.pair, 0)
    return Network(edge, places, seats, taken_places, taken_seats, scale, policy.load_step)


def worth(table: Table) -> Ints:
    """Points of every pair as the policy sees them: bent by ``concave``, with the bonus of a current pair."""
    policy = table.cohort.problem.policy
    values = bend(table.score) if policy.fairness == "concave" else table.score.copy()
    values[table.cohort.links(table.cohort.problem.current)] += policy.stickiness
    return values


def bend(score: Ints) -> Ints:
    """1 - (1 - s)^4 in whole numbers: the same gain counts for more at the lower end."""
    short = SCORE_MAX - score
    square = short * short // SCORE_MAX
    return SCORE_MAX - square * square // SCORE_MAX


def coverage_only(network: Network) -> Network:
    """The same network where only coverage counts."""
    most = int(min(network.places.sum(), network.seats.sum()))
    scale = Scale(person=2 * most + 1 if network.scale.person else 0, pair=1, point=0)
    return Network(
        (network.edge > 0).astype(np.int64),
        network.places,
        network.seats,
        network.taken_places,
        network.taken_seats,
        scale,
        load_step=0,
    )


def _nearest(amount: int, unit: int) -> int:
    return (2 * amount + unit) // (2 * unit) if unit else 0


def _ranks(sizes: Ints) -> tuple[Ints, Ints]:
    owner = np.repeat(np.arange(sizes.size, dtype=np.int64), sizes)
    starts = np.repeat(np.cumsum(sizes) - sizes, sizes)
    return owner, np.arange(owner.size, dtype=np.int64) - starts


def _scale(policy: Policy, values: Ints, places: Ints, seats: Ints, taken_seats: Ints) -> Scale:
    """Units so far apart that differences of two plans can still be read (hence the factor 2)."""
    most = int(min(places.sum(), seats.sum()))
    if policy.coverage == "fit":
        return Scale(person=0, pair=1, point=2 * most + 1)
    deepest = policy.load_step * int((taken_seats + seats).max(initial=0))
    pair = 2 * most * (int(values.max(initial=0)) + deepest + 1) + 1
    person = pair * (2 * most + 1) if policy.coverage == "people" else 0
    if (person + pair) * max(most, 1) >= EXACT:
        raise EngineError("too_large", "load_step and stickiness are too large to be added up exactly")
    return Scale(person, pair, point=1)
