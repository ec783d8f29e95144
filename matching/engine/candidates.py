"""Who could be with whom, one person at a time: quick in a large cohort, where not all pairs are held."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Literal

import numpy as np

from matching.engine.encode import Bools, Cohort, Ints, Masks, Side
from matching.engine.pairs import Pairs
from matching.engine.result import Witness
from matching.engine.rules import removed_by
from matching.engine.table import Table, is_large
from matching.engine.witness import Contest

Role = Literal["mentor", "mentee"]

#: People whose candidates are looked at together in a large cohort.
_AT_ONCE = 128


class Candidates:
    """The candidates of single people, and who competes for whom.

    Args:
        links: pairs of the plan, as rows and columns.
        table: gives all pairs at once; asked for in a small cohort alone.
    """

    def __init__(self, cohort: Cohort, links: tuple[Ints, Ints], table: Callable[[], Table]) -> None:
        self._cohort, self._problem, self._links, self._table = cohort, cohort.problem, links, table
        self._contests: dict[Role, Contest] = {}
        self._found_masks: dict[tuple[Role, int], Masks] = {}
        self._witnesses: dict[tuple[Role, str], Witness] = {}

    @property
    def _mentees(self) -> Side:
        return self._cohort.mentees

    @property
    def _mentors(self) -> Side:
        return self._cohort.mentors

    @cached_property
    def allowed(self) -> Bools:
        if not is_large(self._problem):
            return self._table().allowed
        found = np.empty(self._cohort.shape, bool)
        for first, tile in Pairs(self._cohort).tiles():
            found[first : first + len(tile)] = tile >= 0
        return found

    def masks(self, role: Role, place: int) -> Masks:
        """What removes each candidate of one person."""
        if not is_large(self._problem):
            return self._table().mask[place] if role == "mentee" else self._table().mask[:, place]
        if (role, place) not in self._found_masks:
            self._find_masks(role, place)
        return self._found_masks[role, place]

    def _find_masks(self, role: Role, place: int) -> None:
        """Of this person and of others without a partner, who are likely to be asked about next."""
        idle = np.nonzero(~self.has_somebody(role))[0]
        from_here = idle[np.searchsorted(idle, place) :][:_AT_ONCE]
        places = np.unique(np.append(from_here, place))
        self._found_masks.clear()
        if role == "mentee":
            masks = removed_by(self._cohort.among(mentees=places))
        else:
            masks = removed_by(self._cohort.among(mentors=places)).T
        self._found_masks.update({(role, one): row for one, row in zip(places.tolist(), masks, strict=True)})

    def has_somebody(self, role: Role) -> Bools:
        side = self._mentees if role == "mentee" else self._mentors
        return np.bincount(self._links[0 if role == "mentee" else 1], minlength=len(side)) > 0

    def witness(self, role: Role, place: int) -> Witness | None:
        """In a large cohort whoever is left out for the same reason as somebody before gets the same answer."""
        key = (self._mentees if role == "mentee" else self._mentors).keys[place]
        if is_large(self._problem) and (role, key) in self._witnesses:
            return self._witnesses[role, key]
        found = self._contest(role).witness(place)
        if found is not None:
            self._witnesses.update({(role, one): found for one in found.left_out})
        return found

    def _contest(self, role: Role) -> Contest:
        if role not in self._contests:
            self._contests[role] = self._new_contest(role)
        return self._contests[role]

    def _new_contest(self, role: Role) -> Contest:
        people, others, allowed = self._mentees, self._mentors, self.allowed.copy()
        pinned = self._cohort.links(self._problem.pins)
        allowed[pinned] = False
        width = max(1, len(others))
        free = ~np.isin(self._links[0] * width + self._links[1], pinned[0] * width + pinned[1])
        movable = self._links[0][free], self._links[1][free]
        taken = np.bincount(pinned[1], minlength=len(others))
        if role == "mentor":
            people, others, movable = others, people, movable[::-1]
            allowed = np.ascontiguousarray(allowed.T)
            taken = np.bincount(pinned[0], minlength=len(others))
        return Contest(
            people=people.keys,
            others=others.keys,
            allowed=allowed,
            movable=movable,
            seats=others.capacity - taken,
            has_somebody=self.has_somebody(role),
        )
