"""The optimisation problem behind a table: a flow of pairs from mentees' places to mentors' seats.

Coverage and points share one whole number per pair, far enough apart that no amount of points outweighs a pair. The
place of a mentee and the seat of a mentor may carry a value of their own; it never grows from one to the next, so
the network stays a plain flow and its best solution is whole.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from matching.engine.encode import Bools, Cohort, Ints
from matching.engine.errors import EngineError
from matching.engine.model import Policy
from matching.engine.result import Loss
from matching.engine.score import bend
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

    @classmethod
    def once(cls, rows: Ints, columns: Ints) -> tuple[Chosen, list[tuple[int, int]]]:
        """Each pair once, sorted, and those that were there more than once."""
        if (rows[1:] > rows[:-1]).all():
            return cls(rows, columns), []
        order = np.lexsort((columns, rows))
        rows, columns = rows[order], columns[order]
        again = np.flatnonzero((rows[1:] == rows[:-1]) & (columns[1:] == columns[:-1])) + 1
        if not again.size:
            return cls(rows, columns), []
        doubled = sorted(set(zip(rows[again].tolist(), columns[again].tolist(), strict=True)))
        return cls(np.delete(rows, again), np.delete(columns, again)), doubled


@dataclass(frozen=True)
class Edges:
    """Pairs that are to be had, sorted by mentor and then mentee, and what each is worth in the scale."""

    rows: Ints
    columns: Ints
    worth: Ints

    def places(self, rows: Ints, columns: Ints) -> Ints:
        """Where some pairs stand, or would stand."""
        height = int(max(self.rows.max(initial=0), rows.max(initial=0))) + 1
        return np.searchsorted(self.columns * height + self.rows, columns * height + rows)


@dataclass(frozen=True)
class Capacities:
    """What is left to decide once the pins stand, but for the pairs.

    Args:
        places, seats: free capacity, never more than there are allowed partners.
        taken_places, taken_seats: capacity that the pins use up.
        load_step: points that each further partner of a mentor costs.
    """

    places: Ints
    seats: Ints
    taken_places: Ints
    taken_seats: Ints
    scale: Scale
    load_step: int

    @property
    def shape(self) -> tuple[int, int]:
        return self.places.size, self.seats.size

    @cached_property
    def place_slots(self) -> Slots:
        owner, rank = _ranks(self.places)
        return Slots(owner, self.place_gain(owner, rank))

    @cached_property
    def seat_slots(self) -> Slots:
        owner, rank = _ranks(self.seats)
        return Slots(owner, -self.seat_cost(owner, rank))

    def seat_cost(self, mentor: Ints, filled: Ints) -> Ints:
        """What one more partner costs a mentor who has ``filled`` beside the pinned ones."""
        if not self.load_step:
            return np.zeros(mentor.size, np.int64)
        cost = self.scale.point * self.load_step * (self.taken_seats[mentor] + filled)
        return np.asarray(cost, dtype=np.int64)

    def place_gain(self, mentee: Ints, filled: Ints) -> Ints:
        """What one more partner of a mentee who has ``filled`` beside the pinned ones is worth by itself."""
        if not self.scale.person:
            return np.zeros(mentee.size, np.int64)
        return np.where(self.taken_places[mentee] + filled == 0, self.scale.person, 0)


@dataclass(frozen=True)
class Network:
    """Capacities and every pair.

    Args:
        edge: worth of a pair in the scale, 0 where it is not to be had; shape (mentees, mentors).
    """

    capacities: Capacities
    edge: Ints

    @property
    def scale(self) -> Scale:
        return self.capacities.scale

    def at(self, rows: Ints, columns: Ints) -> Ints:
        """Worth of some pairs."""
        return np.asarray(self.edge[rows, columns])

    def left(self, mentee_prices: Ints, mentor_prices: Ints) -> Ints:
        """What every pair is worth beyond its prices; means nothing where no pair is to be had."""
        found = self.edge - mentee_prices[:, None]
        found -= mentor_prices
        return found


@dataclass(frozen=True)
class Selection:
    """Capacities and those pairs that are looked at; what is known of all others stands with whoever chose them."""

    capacities: Capacities
    edges: Edges

    @property
    def scale(self) -> Scale:
        return self.capacities.scale

    def at(self, rows: Ints, columns: Ints) -> Ints:
        """Worth of some pairs, 0 where a pair is not looked at."""
        if not self.edges.rows.size:
            return np.zeros(rows.size, np.int64)
        place = np.minimum(self.edges.places(rows, columns), self.edges.rows.size - 1)
        known = (self.edges.rows[place] == rows) & (self.edges.columns[place] == columns)
        return np.where(known, self.edges.worth[place], 0)


def build(table: Table, *, floor: int | None = None, allowed: Bools | None = None) -> Network:
    """The network of a table.

    Args:
        floor: leave out pairs below this score.
        allowed: of the table's own pairs, those that count.
    """
    cohort = table.cohort
    usable = table.judged >= (0 if floor is None else floor)
    if allowed is not None:
        usable &= allowed
    taken_places, taken_seats = taken(cohort)
    if cohort.problem.pins:
        usable[cohort.links(cohort.problem.pins)] = False
    usable[cohort.mentees.capacity <= taken_places] = False
    usable[:, cohort.mentors.capacity <= taken_seats] = False
    values = worth(table)
    capacities = capacities_of(
        cohort, _counted(usable), int(values.max(initial=0)), already=(taken_places, taken_seats)
    )
    scale = capacities.scale
    edge = (values if scale.point == 1 else values * scale.point) + scale.pair
    edge *= usable
    return Network(capacities, edge)


def taken(cohort: Cohort) -> tuple[Ints, Ints]:
    """Places and seats that the pins use up."""
    rows, columns = cohort.links(cohort.problem.pins)
    places = np.bincount(rows, minlength=len(cohort.mentees)).astype(np.int64)
    return places, np.bincount(columns, minlength=len(cohort.mentors)).astype(np.int64)


def capacities_of(
    cohort: Cohort, partners: tuple[Ints, Ints], most: int, *, already: tuple[Ints, Ints] | None = None
) -> Capacities:
    """Free capacity and the scale.

    Args:
        already: what ``taken`` says, where it has been asked.
        partners: how many allowed partners each mentee and each mentor has.
        most: the highest worth of a pair, in points.
    """
    policy = cohort.problem.policy
    taken_places, taken_seats = already or taken(cohort)
    places = np.minimum(cohort.mentees.capacity - taken_places, partners[0])
    seats = np.minimum(cohort.mentors.capacity - taken_seats, partners[1])
    scale = _scale(policy, most, places, seats, taken_seats)
    return Capacities(places, seats, taken_places, taken_seats, scale, policy.load_step)


def worth(table: Table) -> Ints:
    """Points of every pair as the policy sees them: bent by ``concave``, with the bonus of a current pair."""
    policy = table.cohort.problem.policy
    values = bend(table.judged) if policy.fairness == "concave" else table.judged
    if not policy.stickiness or not table.cohort.problem.current:
        return values
    values = values.copy()
    values[table.cohort.links(table.cohort.problem.current)] += policy.stickiness
    return values


def coverage_only(network: Network) -> Network:
    """The same network where only coverage counts."""
    whole = network.capacities
    most = int(min(whole.places.sum(), whole.seats.sum()))
    scale = Scale(person=2 * most + 1 if whole.scale.person else 0, pair=1, point=0)
    return Network(replace(whole, scale=scale, load_step=0), (network.edge > 0).astype(np.int64))


def _counted(usable: Bools) -> tuple[Ints, Ints]:
    """How many are True in every row and every column; counted in float32, which is quicker and exact below 2^24."""
    ones, (height, width) = usable.astype(np.float32), usable.shape
    rows, columns = ones @ np.ones(width, np.float32), np.ones(height, np.float32) @ ones
    return rows.astype(np.int64), columns.astype(np.int64)


def _nearest(amount: int, unit: int) -> int:
    return (2 * amount + unit) // (2 * unit) if unit else 0


def _ranks(sizes: Ints) -> tuple[Ints, Ints]:
    owner = np.repeat(np.arange(sizes.size), sizes)
    starts = sizes.cumsum()
    starts -= sizes
    return owner, np.arange(owner.size) - starts.take(owner)


def _scale(policy: Policy, highest: int, places: Ints, seats: Ints, taken_seats: Ints) -> Scale:
    """Units so far apart that differences of two plans can still be read (hence the factor 2)."""
    most = int(min(places.sum(), seats.sum()))
    if policy.coverage == "fit":
        return Scale(person=0, pair=1, point=2 * most + 1)
    deepest = policy.load_step * int((taken_seats + seats).max(initial=0))
    pair = 2 * most * (highest + deepest + 1) + 1
    person = pair * (2 * most + 1) if policy.coverage == "people" else 0
    if (person + pair) * max(most, 1) >= EXACT:
        raise EngineError("too_large", "load_step and stickiness are too large to be added up exactly")
    return Scale(person, pair, point=1)
