"""Why seats are short: who competes for which (Hall's theorem, by alternating ways from the one left out)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from matching.engine.encode import Bools, Ints
from matching.engine.result import Witness


@dataclass(frozen=True)
class Contest:
    """One side, its people as rows, looking for partners on the other.

    Args:
        people, others: keys of the two sides.
        allowed: who may be with whom, apart from pinned pairs. movable: pairs of the plan that are not pinned.
        seats: partners that each of the others takes beside the pinned ones.
        has_somebody: which people have a partner, pinned or not.
    """

    people: tuple[str, ...]
    others: tuple[str, ...]
    allowed: Bools
    movable: tuple[Ints, Ints]
    seats: Ints
    has_somebody: Bools

    def witness(self, person: int) -> Witness | None:
        """The people and seats that leave somebody without, and who else has nobody for the same reason.

        ``None`` where a seat within reach is free: then nobody had to be left out.
        """
        people, others = self._reach(person)
        filled = np.bincount(self.movable[1], minlength=others.size)
        if (filled < self.seats)[others].any():
            return None
        rows = np.nonzero(people)[0].tolist()
        return Witness(
            people=tuple(self.people[row] for row in rows),
            others=tuple(self.others[column] for column in np.nonzero(others)[0].tolist()),
            seats=int(self.seats[others].sum()),
            left_out=tuple(self.people[row] for row in rows if not self.has_somebody[row]),
        )

    def _reach(self, person: int) -> tuple[Bools, Bools]:
        rows, columns = self.movable
        people = np.zeros(self.allowed.shape[0], bool)
        people[person] = True
        others = np.zeros(self.allowed.shape[1], bool)
        fresh = people.copy()
        while fresh.any():
            others |= self._candidates(np.nonzero(fresh)[0])
            fresh = np.zeros_like(people)
            fresh[rows[others[columns]]] = True
            fresh &= ~people
            people |= fresh
        return people | self._stuck(others), others

    def _stuck(self, others: Bools) -> Bools:
        """Who has nobody and could be with nobody but these."""
        idle, theirs = self._idle
        stuck = np.zeros_like(self.has_somebody)
        stuck[idle[(theirs & others).any(axis=1) & ~(theirs & ~others).any(axis=1)]] = True
        return stuck

    def _candidates(self, fresh: Ints) -> Bools:
        """Whom somebody of these could be with beside the partners they have."""
        found = self.allowed[fresh]
        rows, columns = self.movable
        theirs = np.isin(rows, fresh)
        found[np.searchsorted(fresh, rows[theirs]), columns[theirs]] = False
        return np.asarray(found.any(axis=0))

    @cached_property
    def _idle(self) -> tuple[Ints, Bools]:
        """Who has nobody, and whom they could be with."""
        idle = np.nonzero(~self.has_somebody)[0]
        return idle, self.allowed[idle]
