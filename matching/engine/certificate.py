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

Pairs = Network | Selection

_UNREACHED = -(1 << 60)
#: Steps after which a walk asks whether a circle has shown already; it always asks at its end.
_LOOK_BACK = 16


@dataclass(frozen=True, slots=True)
class Proof:
    """Prices and what they prove, in the scale of the network."""

    primal: int
    bound: int
    mentee_prices: Ints
    mentor_prices: Ints


def prove(network: Pairs, chosen: Chosen) -> Proof:
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
    used_places, used_seats = filled(network, chosen)
    total = int(network.at(chosen.rows, chosen.columns).sum())
    total += _filled_bonus(network.capacities.place_slots, used_places)
    return total + _filled_bonus(network.capacities.seat_slots, used_seats)


def bound_of(network: Pairs, mentee_prices: Ints, mentor_prices: Ints) -> int:
    """What no choice among the network's pairs can be worth more than, for any prices."""
    edges = network.edges
    left = edges.worth - mentee_prices[edges.rows] - mentor_prices[edges.columns]
    return slots_bound(network.capacities, mentee_prices, mentor_prices) + int(left[left > 0].sum())


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
    walk = _Walk(network, chosen)
    for step in range(sum(network.capacities.shape) + 2):
        changed = walk.step()
        if not changed or step % _LOOK_BACK == 0:
            walk.check_way_back()
        if not changed:
            return walk.prices()
    raise CertificateError("the plan can be improved: gains in its residual network never settle")


def _filled_bonus(slots: Slots, used: Ints) -> int:
    """Bonus of the first ``used`` slots of every owner."""
    if not slots.bonus.any():
        return 0
    first = np.searchsorted(slots.owner, slots.owner)
    rank = np.arange(slots.owner.size) - first
    return int(slots.bonus[rank < used[slots.owner]].sum())


class _Walk:
    """Gains from the hub (the free places and seats taken together) to every mentee and mentor."""

    def __init__(self, network: Pairs, chosen: Chosen) -> None:
        self._chosen = chosen
        self._own = network.at(chosen.rows, chosen.columns)
        self._lay_out(network)
        capacities = network.capacities
        mentees, mentors = (np.arange(size, dtype=np.int64) for size in capacities.shape)
        used_places, used_seats = filled(network, chosen)
        self._is_single = bool((used_places <= 1).all())
        spare, loaded = used_places < capacities.places, used_seats > 0
        self._enter_mentee = np.where(spare, capacities.place_gain(mentees, used_places), _UNREACHED)
        self._enter_mentor = np.where(loaded, capacities.seat_cost(mentors, used_seats - 1), _UNREACHED)
        self._leave_mentee = np.where(
            used_places > 0, capacities.place_gain(mentees, used_places - 1), -_UNREACHED
        )
        full = used_seats >= capacities.seats
        self._leave_mentor = np.where(full, -_UNREACHED, capacities.seat_cost(mentors, used_seats))
        self._mentee, self._mentor = self._enter_mentee.copy(), self._enter_mentor

    def _lay_out(self, network: Pairs) -> None:
        """Pairs that are not made, sorted by mentor, and where each mentor's begin."""
        edges = network.edges
        self._rows, self._worth = edges.rows, edges.worth.copy()
        self._worth[edges.places(self._chosen.rows, self._chosen.columns)] = _UNREACHED
        first = np.searchsorted(edges.columns, np.arange(network.capacities.shape[1] + 1))
        self._with_edges = np.flatnonzero(first[1:] > first[:-1])
        self._starts = first[self._with_edges]

    def step(self) -> bool:
        """One round of improvements; whether any mentee's gain changed, on which all others follow.

        What cannot be reached stays far below ``_UNREACHED // 2``, whatever the pairs on its way are worth.
        """
        if self._rows.size:
            gains = np.maximum.reduceat(self._mentee[self._rows] + self._worth, self._starts)
            if self._with_edges.size == self._mentor.size:
                self._mentor = np.maximum(self._mentor, gains)
            else:
                self._mentor = self._mentor.copy()
                self._mentor[self._with_edges] = np.maximum(self._mentor[self._with_edges], gains)
        before, back = self._mentee[self._chosen.rows], self._mentor[self._chosen.columns] - self._own
        if not (back > before).any():
            return False
        if self._is_single:
            self._mentee[self._chosen.rows] = np.maximum(before, back)
        else:
            np.maximum.at(self._mentee, self._chosen.rows, back)
        return True

    def prices(self) -> tuple[Ints, Ints]:
        """Whoever cannot be reached has no pair to be had, and no price."""
        mentee = np.where(self._mentee > _UNREACHED // 2, -self._mentee, 0)
        return mentee, np.where(self._mentor > _UNREACHED // 2, self._mentor, 0)

    def check_way_back(self) -> None:
        """Refuse a choice that a circle back to the free places and seats would improve."""
        if (self._mentee > self._leave_mentee).any() or (self._mentor > self._leave_mentor).any():
            raise CertificateError("the plan can be improved: a circle of changes gains")
