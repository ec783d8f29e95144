"""Longest gains in the residual network of a choice, from which its prices are read (Bellman and Ford)."""

from __future__ import annotations

import numpy as np

from matching.engine.encode import Ints
from matching.engine.errors import CertificateError
from matching.engine.network import Capacities, Chosen, Network, Selection

_UNREACHED = -(1 << 60)


class Walk:
    """Gains from the hub (the free places and seats taken together) to every mentee and mentor.

    What cannot be reached stays far below ``_UNREACHED // 2``, whatever the pairs on its way are worth.

    Args:
        used: how many places and seats the choice fills.
    """

    def __init__(self, network: Network | Selection, chosen: Chosen, used: tuple[Ints, Ints]) -> None:
        self._chosen, self._own = chosen, network.at(chosen.rows, chosen.columns)
        self._ways = (
            _AmongAll(network, chosen) if isinstance(network, Network) else _AmongSome(network, chosen)
        )
        self._is_single = bool(used[0].max(initial=0) <= 1)
        self._seats = network.capacities.seats
        self._begin(network.capacities, *used)
        self._moved = (self._mentee > _UNREACHED).nonzero()[0]

    def _begin(self, capacities: Capacities, places: Ints, seats: Ints) -> None:
        """What it gains to begin with somebody, and from where on a gain would be worth going back with."""
        mentees, mentors = (np.arange(size) for size in capacities.shape)
        spare, taken = places < capacities.places, places > 0
        full, loaded = seats >= capacities.seats, seats > 0
        self._mentee = np.where(spare, capacities.place_gain(mentees, places), _UNREACHED)
        self._mentor = np.where(loaded, capacities.seat_cost(mentors, seats - 1), _UNREACHED)
        self._leave_mentee = np.where(taken, capacities.place_gain(mentees, places - 1), -_UNREACHED)
        self._leave_mentor = np.where(full, -_UNREACHED, capacities.seat_cost(mentors, seats))

    def step(self) -> bool:
        """One round of improvements; whether any mentee's gain changed, on which all others follow."""
        if self._moved.size:
            np.maximum(self._mentor, self._ways.gains(self._mentee, self._moved), out=self._mentor)
        back = self._mentor.take(self._chosen.columns)
        back -= self._own
        raised = (back > self._mentee.take(self._chosen.rows)).nonzero()[0]
        self._moved, back = self._chosen.rows.take(raised), back.take(raised)
        if self._is_single:
            self._mentee[self._moved] = back
        else:
            np.maximum.at(self._mentee, self._moved, back)
        return bool(raised.size)

    def prices(self) -> tuple[Ints, Ints]:
        """Whoever cannot be reached has no pair to be had, and no price."""
        reached = self._mentor > _UNREACHED // 2
        reached &= self._seats > 0
        mentee = np.where(self._mentee > _UNREACHED // 2, -self._mentee, 0)
        return mentee, np.where(reached, self._mentor, 0)

    def check_way_back(self) -> None:
        """Refuse a choice that a circle back to the free places and seats would improve."""
        if (self._mentee > self._leave_mentee).any() or (self._mentor > self._leave_mentor).any():
            raise CertificateError("the plan can be improved: a circle of changes gains")


class _AmongAll:
    """Every pair that is not made: a step looks at the mentees alone whose gain has changed.

    With one place each, which is worth nothing by itself, the network's own table does, and no copy is made: a pair
    that is made leads back to where one came from, and a pair that is not to be had is worth 0, so that to take it
    is to be left without anybody and to keep a seat from others besides. Neither can gain.
    """

    def __init__(self, network: Network, chosen: Chosen) -> None:
        self._worth = network.edge
        if network.scale.person or network.capacities.places.max(initial=0) > 1:
            self._worth = np.where(network.edge > 0, network.edge, _UNREACHED)
            self._worth[chosen.rows, chosen.columns] = _UNREACHED

    def gains(self, mentee: Ints, moved: Ints) -> Ints:
        """The best that these mentees bring to each mentor."""
        worth = self._worth.take(moved, axis=0)
        worth += mentee.take(moved)[:, None]
        found: Ints = worth.max(axis=0)
        return found


class _AmongSome:
    """Few pairs among many people, sorted by mentor: a step looks at all of them."""

    def __init__(self, network: Selection, chosen: Chosen) -> None:
        edges = network.edges
        self._rows, self._worth = edges.rows, edges.worth.copy()
        self._worth[edges.places(chosen.rows, chosen.columns)] = _UNREACHED
        first = np.searchsorted(edges.columns, np.arange(network.capacities.shape[1] + 1))
        self._with_pairs = np.flatnonzero(first[1:] > first[:-1])
        self._starts = first[self._with_pairs]
        self._none = np.full(first.size - 1, _UNREACHED)

    def gains(self, mentee: Ints, _moved: Ints) -> Ints:
        """The best that anybody brings to each mentor."""
        found = self._none.copy()
        if self._starts.size:
            found[self._with_pairs] = np.maximum.reduceat(mentee[self._rows] + self._worth, self._starts)
        return found
