"""Which group may be written beside an answer, decided once from who is invited (A-16)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from evaluations.engine.instruments import ROLES

#: Stands in for every department too small to be told apart.
REST: Final = "rest"


@dataclass(frozen=True)
class Invited:
    """Somebody to be asked: an opaque number, their role, and the department the roster names."""

    person: int
    role: str
    department: str


@dataclass(frozen=True)
class Segments:
    """What may stand beside an answer in this round.

    Args:
        by_role: whether a row says mentor or mentee. When one of the two is small, neither does.
        departments: departments that a row may name, ``REST`` among them; empty when none may.
    """

    by_role: bool
    departments: tuple[str, ...]

    def of(self, one: Invited) -> tuple[str, str]:
        """The role and department to store with what this person answers; empty words where none may be."""
        department = one.department if one.department in self.departments else REST
        return one.role if self.by_role else "", department if self.departments else ""


def freeze(people: Iterable[Invited], k: int) -> Segments:
    """Settle the groups of a round.

    A row carries role and department together, so it is their combination that ``k`` people or more must
    share. Departments below that are "rest", and rest itself is never a handful: as long as it is, the next
    smallest department joins it.

    Args:
        people: everybody invited.
        k: the least number of people that share whatever stands beside an answer.
    """
    people = list(people)
    roles = Counter(one.role for one in people)
    by_role = all(roles[role] >= k for role in ROLES)
    split = [role for role in ROLES if roles[role]] if by_role else [""]
    sizes = Counter((one.role if by_role else "", one.department) for one in people)
    named = _large_enough(sizes, split, k)
    rest = any(sizes[cell] for cell in sizes if cell[1] not in named)
    departments = (*sorted(named), *([REST] if rest else []))
    return Segments(by_role, departments if len(departments) > 1 else ())


def _large_enough(sizes: Counter[tuple[str, str]], roles: list[str], k: int) -> set[str]:
    """Departments whose people number ``k`` or none in every role, and whose remainder does too."""
    named = {
        department
        for department in {department for _, department in sizes if department and department != REST}
        if all(sizes[role, department] == 0 or sizes[role, department] >= k for role in roles)
    }
    while named and any(0 < left < k for left in _remainders(sizes, roles, named)):
        named.remove(min(named, key=lambda name: (sum(sizes[role, name] for role in roles), name)))
    return named


def _remainders(sizes: Counter[tuple[str, str]], roles: list[str], named: set[str]) -> list[int]:
    return [
        sum(number for (role, name), number in sizes.items() if role == own and name not in named)
        for own in roles
    ]
