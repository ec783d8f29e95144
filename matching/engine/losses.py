"""What every pair that was not made would cost, exactly, from the shortest ways through the residual network.

To force a pair is to send one unit round the cheapest circle through it. Mentees are passed through on the way from
one mentor to another, so the graph has only the mentors and the hub (everything that is free) as nodes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final

import numpy as np

from matching.engine.certificate import filled
from matching.engine.encode import Bools, Cohort, Ints
from matching.engine.network import Chosen, Network
from matching.engine.result import WhyNot

#: Costs from here on mean: there is no way.
NO_WAY: Final = 1 << 58


class Losses:
    """Losses against a best choice, in the scale of the network.

    Args:
        network, chosen: a network and a choice that is best for it; for any other the numbers mean nothing.
    """

    def __init__(self, network: Network, chosen: Chosen) -> None:
        self._network, self._chosen = network, chosen
        self._made = chosen.grid(network.edge.shape)
        mentees = np.arange(network.capacities.places.size, dtype=np.int64)
        self._used_places, self._used_seats = filled(network, chosen)
        self._spare = self._used_places < network.capacities.places
        self._next_gain = network.capacities.place_gain(mentees, self._used_places)
        self._last_gain = network.capacities.place_gain(mentees, self._used_places - 1)
        self._steps = self._direct_steps()

    def all(self) -> Ints:
        """Loss of every pair, shape (mentees, mentors): 0 where it is made, -1 where it is not to be had.

        Takes the cube of the number of mentors; for one person ask ``of_mentee`` or ``of_mentor``.
        """
        ways = self._steps.copy()
        for middle in range(ways.shape[0]):
            np.minimum(ways, ways[:, middle, None] + ways[None, middle, :], out=ways)
        found = np.empty(self._network.edge.shape, np.int64)
        for mentee in range(len(found)):
            ends, costs = self._ends(mentee)
            found[mentee] = (ways[:-1, ends] + costs).min(axis=1, initial=NO_WAY)
        return self._finish(found - self._network.edge, slice(None), slice(None))

    def of_mentee(self, mentee: int) -> Ints:
        """Loss of every pair of one mentee; see ``all``."""
        ends, costs = self._ends(mentee)
        start = np.full(self._steps.shape[0], NO_WAY, np.int64)
        np.minimum.at(start, ends, costs)
        ways = _settle(start, self._steps.T)[:-1]
        return self._finish(ways - self._network.edge[mentee], mentee, slice(None))

    def of_mentor(self, mentor: int) -> Ints:
        """Loss of every pair of one mentor; see ``all``."""
        start = np.full(self._steps.shape[0], NO_WAY, np.int64)
        start[mentor] = 0
        ways = _settle(start, self._steps)
        found = np.where(self._spare, ways[-1] - self._next_gain, NO_WAY)
        rows, columns = self._chosen.rows, self._chosen.columns
        np.minimum.at(found, rows, ways[columns] + self._network.edge[rows, columns])
        return self._finish(found - self._network.edge[:, mentor], slice(None), mentor)

    def _ends(self, mentee: int) -> tuple[Ints, Ints]:
        """Where a circle through a mentee may close, and what that costs: at a partner given up, or a free place."""
        partners = np.nonzero(self._made[mentee])[0]
        costs = self._network.edge[mentee, partners]
        if self._spare[mentee]:
            partners = np.append(partners, self._steps.shape[0] - 1)
            costs = np.append(costs, -self._next_gain[mentee])
        return partners, costs

    def _finish(self, found: Ints, rows: int | slice, columns: int | slice) -> Ints:
        made, edge = self._made[rows, columns], self._network.edge[rows, columns]
        return np.where(made, 0, np.where((edge > 0) & (found < NO_WAY // 2), found, -1))

    def _direct_steps(self) -> Ints:
        """Cost of going from one mentor to another by moving one mentee, and of reaching or leaving the hub."""
        network = self._network
        mentors = network.edge.shape[1]
        everyone = np.arange(mentors, dtype=np.int64)
        steps = np.full((mentors + 1, mentors + 1), NO_WAY, np.int64)
        gains = np.where((network.edge > 0) & ~self._made, network.edge, -NO_WAY)
        for row, column in zip(self._chosen.rows.tolist(), self._chosen.columns.tolist(), strict=True):
            own = network.edge[row, column]
            np.minimum(steps[column, :-1], own - gains[row], out=steps[column, :-1])
            steps[column, -1] = min(steps[column, -1], own + self._last_gain[row])
        free = self._used_seats < network.capacities.seats
        to_seat = np.where(free, network.capacities.seat_cost(everyone, self._used_seats), NO_WAY)
        steps[:-1, -1] = np.minimum(steps[:-1, -1], to_seat)
        loaded = self._used_seats > 0
        steps[-1, :-1] = np.where(
            loaded, -network.capacities.seat_cost(everyone, self._used_seats - 1), NO_WAY
        )
        if self._spare.any():
            entering = (-self._next_gain[:, None] - gains)[self._spare].min(axis=0)
            steps[-1, :-1] = np.minimum(steps[-1, :-1], entering)
        np.fill_diagonal(steps, 0)
        return np.minimum(steps, NO_WAY)


def _settle(ways: Ints, steps: Ints) -> Ints:
    """Shortest ways from given starting costs (Bellman-Ford; a best choice has no circle that gains)."""
    moved = np.nonzero(ways < NO_WAY)[0]
    while moved.size:
        reached = np.minimum(ways, (ways[moved][:, None] + steps[moved]).min(axis=0))
        moved = np.nonzero(reached < ways)[0]
        ways = reached
    return ways


class Every(Mapping[tuple[str, str], WhyNot]):
    """All allowed pairs; words are made for those that are asked for."""

    def __init__(
        self, cohort: Cohort, allowed: Bools, found: Ints, tell: Callable[[int, int, int], WhyNot]
    ) -> None:
        self._cohort, self._allowed, self._found, self._tell = cohort, allowed, found, tell

    def __getitem__(self, link: tuple[str, str]) -> WhyNot:
        row, column = self._cohort.mentees.place[link[0]], self._cohort.mentors.place[link[1]]
        if not self._allowed[row, column]:
            raise KeyError(link)
        return self._tell(row, column, int(self._found[row, column]))

    def __iter__(self) -> Iterator[tuple[str, str]]:
        rows, columns = np.nonzero(self._allowed)
        for row, column in zip(rows.tolist(), columns.tolist(), strict=True):
            yield self._cohort.mentees.keys[row], self._cohort.mentors.keys[column]

    def __len__(self) -> int:
        return int(self._allowed.sum())
