"""Which groups may be shown: the threshold, the complement, and an audit of everything that is shown (A-01 to A-05).

An *atom* is a set of respondents that no shown group tells apart; here everybody of one role in one department.
A *cut* is a group that a page may show; it is known by name and holds whole atoms. Only sizes matter: what
somebody answered never decides whether a group is shown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

Atom = tuple[str, str]
Cut = str
Sizes = Mapping[Atom, int]
Cells = Mapping[Cut, frozenset[Atom]]

ALL: Final = "all"
ROLE: Final = "role:"
DEPARTMENT: Final = "department:"


def role_cut(role: str) -> Cut:
    return f"{ROLE}{role}"


def department_cut(department: str) -> Cut:
    return f"{DEPARTMENT}{department}"


def cuts(sizes: Sizes) -> dict[Cut, frozenset[Atom]]:
    """Every group that could be shown: all, each role, each department; never a combination (A-04)."""
    cells = {ALL: frozenset(sizes)}
    for role in {role for role, _ in sizes if role}:
        cells[role_cut(role)] = frozenset(atom for atom in sizes if atom[0] == role)
    for department in {name for _, name in sizes if name}:
        cells[department_cut(department)] = frozenset(atom for atom in sizes if atom[1] == department)
    return cells


def shown(sizes: Sizes, k: int, *, insider: bool = False) -> frozenset[Cut]:
    """The cuts of one question that may be shown.

    Args:
        sizes: respondents per atom, atoms of nobody included: they stand for groups that were invited.
        k: nothing below this many people may be shown or worked out.
        insider: the reader may have answered too, and knows one of the answers (A-08).

    Returns:
        Names of cuts. Below ``2k`` respondents it is the total or nothing.
    """
    need = k + 1 if insider else k
    cells = cuts(sizes)
    total = sum(sizes.values())
    if total < need:
        return frozenset()
    chosen = {ALL}
    if total >= 2 * need:
        chosen |= _whole_dimension(cells, sizes, ROLE, need)
        chosen |= _whole_dimension(cells, sizes, DEPARTMENT, need)
    return _audited({cut: cells[cut] for cut in chosen}, sizes, k, insider)


def _whole_dimension(cells: Cells, sizes: Sizes, kind: str, need: int) -> set[Cut]:
    """All cuts of one kind, or none when one of them does not survive (A-04)."""
    numbers = {cut: size_of(atoms, sizes) for cut, atoms in cells.items() if cut.startswith(kind)}
    kept = without_complement(numbers, need)
    return kept if len(kept) == len(numbers) else set()


def size_of(atoms: frozenset[Atom], sizes: Sizes) -> int:
    return sum(sizes[atom] for atom in atoms)


def without_complement(numbers: Mapping[Cut, int], need: int) -> set[Cut]:
    """Cuts of one dimension that survive when their total is shown (A-03).

    What is hidden must together be ``need`` or more, or it could be worked out by subtraction. A group of
    nobody is hidden like a group of four, and hides its neighbour too, so that the page says nothing about
    which it is (A-10).
    """
    hidden = {cut for cut, number in numbers.items() if number < need}
    while hidden and sum(numbers[cut] for cut in hidden) < need:
        rest = sorted(numbers.keys() - hidden, key=lambda cut: (numbers[cut], cut))
        if not rest:
            break
        hidden.add(rest[0])
    return set(numbers) - hidden


def _audited(cells: dict[Cut, frozenset[Atom]], sizes: Sizes, k: int, insider: bool) -> frozenset[Cut]:
    """Show less until nothing below ``k`` can be worked out: first no departments, then no roles (A-05)."""
    for kind in (DEPARTMENT, ROLE, ALL):
        if not any(0 < narrowest(cells, known) < k for known in _knowledge(sizes, insider)):
            break
        cells = {cut: atoms for cut, atoms in cells.items() if not cut.startswith(kind)}
    return frozenset(cells)


def _knowledge(sizes: Sizes, insider: bool) -> Iterator[Sizes]:
    """The sizes as a stranger sees them, and for each kind of respondent with that one person taken out."""
    yield sizes
    if insider:
        for atom, number in sizes.items():
            if number:
                yield {**sizes, atom: number - 1}


def narrowest(cells: Cells, sizes: Sizes) -> int:
    """The fewest people that sums and differences of shown groups, in any multiples, can say something about.

    Of the roles and of the departments all are shown or none, as `shown` chooses them.
    A combination of the shown groups gives every atom (role r, department d) the factor ``a[r] + b[d]``, and says
    something about the atoms whose factor is not zero. Where the roles have one factor, those are whole
    departments. Where they differ, a department's factor can cancel one of its two roles and not both, so the
    smaller one of each department is left: mentors without department B, when B has hardly any mentee.

    Returns:
        A number of people; 0 where nothing is said about anybody.
    """
    by_role = any(cut.startswith(ROLE) for cut in cells)
    by_department = any(cut.startswith(DEPARTMENT) for cut in cells)
    if not cells:
        return 0
    if not by_department:
        return _least(_totals(sizes, 0) if by_role else [sum(sizes.values())])
    left = sum(_smaller_roles(sizes)) if by_role else 0
    return _least([*_totals(sizes, 1), left])


def _least(numbers: Iterable[int]) -> int:
    return min((number for number in numbers if number), default=0)


def _totals(sizes: Sizes, place: int) -> list[int]:
    """Respondents per role (place 0) or per department (place 1)."""
    totals: Counter[str] = Counter()
    for atom, number in sizes.items():
        totals[atom[place]] += number
    return list(totals.values())


def _smaller_roles(sizes: Sizes) -> list[int]:
    """Of each department the respondents of its smaller role; 0 where it has one role only."""
    roles = sorted({role for role, _ in sizes})
    departments = {name for _, name in sizes}
    return [
        min(sizes.get((role, name), 0) for role in roles) if len(roles) > 1 else 0 for name in departments
    ]
