"""The proof: prices of places and seats that no plan can beat, found and checked apart from the solver.

For any prices u (mentees) and v (mentors), whatever their sign, no plan is worth more than

    sum over places max(0, u + bonus) + sum over seats max(0, v - cost) + sum over pairs max(0, w - u - v)

so prices that make this equal to the plan's own worth prove that it is best. All numbers are whole.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matching.engine.encode import Ints
from matching.engine.errors import CertificateError
from matching.engine.network import Capacities, Chosen, Network, Selection, Slots
from matching.engine.residual import Walk

Pairs = Network | Selection

#: Steps after which a walk asks whether a circle has shown already; it always asks at its end.
_LOOK_BACK = 16


@dataclass(frozen=True, slots=True)
class Proof:
    """Prices and what they prove, in the scale of the network."""

    primal: int
    bound: int
    mentee_prices: Ints
    mentor_prices: Ints


def prove(network: Network, chosen: Chosen) -> Proof:
    """Prove that a choice is best.

    Raises:
        CertificateError: it breaks a capacity, makes a pair that is not to be had, or is not the best.
    """
    check_choice(network, chosen)
    mentee_prices, mentor_prices = prices(network, chosen)
    primal, bound = worth_of(network, chosen), bound_of(network, mentee_prices, mentor_prices)
    if primal != bound:
        raise CertificateError(f"the plan is worth {primal} and the bound is {bound}")
    return Proof(primal, bound, mentee_prices, mentor_prices)


def check_choice(network: Pairs, chosen: Chosen) -> None:
    """Each pair once, to be had, and within capacity."""
    if (network.at(chosen.rows, chosen.columns) <= 0).any():
        raise CertificateError("the plan makes a pair that is not to be had")
    keys = np.sort(chosen.rows * network.capacities.seats.size + chosen.columns)
    if (keys[1:] == keys[:-1]).any():
        raise CertificateError("the plan makes a pair twice")
    used_places, used_seats = filled(network, chosen)
    if (used_places > network.capacities.places).any() or (used_seats > network.capacities.seats).any():
        raise CertificateError("the plan exceeds a capacity")


def filled(network: Pairs, chosen: Chosen) -> tuple[Ints, Ints]:
    """How many places and seats a choice fills."""
    mentees, mentors = network.capacities.shape
    return (
        np.bincount(chosen.rows, minlength=mentees).astype(np.int64),
        np.bincount(chosen.columns, minlength=mentors).astype(np.int64),
    )


def worth_of(network: Pairs, chosen: Chosen) -> int:
    """What a choice is worth, added up from the network alone."""
    total = int(network.at(chosen.rows, chosen.columns).sum())
    total += _filled_bonus(network.capacities.place_slots, chosen.rows)
    return total + _filled_bonus(network.capacities.seat_slots, chosen.columns)


def bound_of(network: Network, mentee_prices: Ints, mentor_prices: Ints) -> int:
    """What no choice among the network's pairs can be worth more than, for any prices."""
    most = (network.edge - mentor_prices).max(axis=1, initial=0)
    rows = (most > mentee_prices).nonzero()[0]
    edge = network.edge.take(rows, axis=0)
    left = edge - mentee_prices.take(rows)[:, None] - mentor_prices
    over = int(left[(left > 0) & (edge > 0)].sum())
    return slots_bound(network.capacities, mentee_prices, mentor_prices) + over


def slots_bound(capacities: Capacities, mentee_prices: Ints, mentor_prices: Ints) -> int:
    """The part of the bound that comes from places and seats."""
    places, seats = capacities.place_slots, capacities.seat_slots
    total = int(np.maximum(mentee_prices[places.owner] + places.bonus, 0).sum())
    return total + int(np.maximum(mentor_prices[seats.owner] + seats.bonus, 0).sum())


def prices(network: Pairs, chosen: Chosen) -> tuple[Ints, Ints]:
    """Prices by the longest gains in the residual network (Bellman-Ford).

    A choice that could be improved has a circle of positive gain there, which shows as gains that never settle or
    as a gain on the way back to the start.

    Raises:
        CertificateError: the choice is not the best.
    """
    walk = Walk(network, chosen, filled(network, chosen))
    for step in range(sum(network.capacities.shape) + 2):
        changed = walk.step()
        if not changed or step % _LOOK_BACK == _LOOK_BACK - 1:
            walk.check_way_back()
        if not changed:
            return walk.prices()
    raise CertificateError("the plan can be improved: gains in its residual network never settle")


def _filled_bonus(slots: Slots, people: Ints) -> int:
    """Bonus of the first slots of every owner, as many as their name is there."""
    if not slots.bonus.any():
        return 0
    used = np.bincount(people, minlength=int(slots.owner[-1]) + 1)
    first = np.searchsorted(slots.owner, slots.owner)
    rank = np.arange(slots.owner.size) - first
    return int(slots.bonus[rank < used[slots.owner]].sum())
