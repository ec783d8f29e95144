"""Which groups may be shown: the threshold, the complement, and an audit of everything that is shown (A-01 to A-05).

An *atom* is a set of respondents that no shown group tells apart; here everybody of one role in one department.
A *cut* is a group that a page may show; it is known by name and holds whole atoms. Only sizes matter: what
somebody answered never decides whether a group is shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Final

Atom = tuple[str, str]
Cut = str
Sizes = Mapping[Atom, int]
Cells = Mapping[Cut, frozenset[Atom]]
Row = list[Fraction]

ALL: Final = "all"
ROLE: Final = "role:"
DEPARTMENT: Final = "department:"
#: Beyond so many combinations we do not prove a page harmless, we show less of it.
MOST_COMBINATIONS: Final = 20_000


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
        chosen |= _whole_dimension(cells, sizes, ROLE, need, partly=True)
        chosen |= _whole_dimension(cells, sizes, DEPARTMENT, need, partly=False)
    return _audited({cut: cells[cut] for cut in chosen}, sizes, k, insider)


def _whole_dimension(cells: Cells, sizes: Sizes, prefix: str, need: int, *, partly: bool) -> set[Cut]:
    """The survivors among the cuts of one kind; departments show all their values or none (A-04)."""
    numbers = {cut: size_of(atoms, sizes) for cut, atoms in cells.items() if cut.startswith(prefix)}
    kept = without_complement(numbers, need)
    return kept if partly or len(kept) == len(numbers) else set()


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
    """Show less until nothing below ``k`` can be worked out: the departments together, then the smallest (A-05)."""
    while cells and any(exposes(cells, known, k) for known in _knowledge(sizes, insider)):
        departments = [cut for cut in cells if cut.startswith(DEPARTMENT)]
        for cut in departments or [min(cells, key=lambda cut: (size_of(cells[cut], sizes), cut))]:
            del cells[cut]
    return frozenset(cells)


def _knowledge(sizes: Sizes, insider: bool) -> Iterator[Sizes]:
    """The sizes as a stranger sees them, and for each kind of respondent with that one person taken out."""
    yield sizes
    if insider:
        for atom, number in sizes.items():
            if number:
                yield {**sizes, atom: number - 1}


def exposes(cells: Cells, sizes: Sizes, k: int) -> bool:
    """Whether sums and differences of shown groups, in any multiples, come down to fewer than ``k`` people.

    Each shown group is a row of ones over the atoms. A combination of rows that is zero everywhere except on
    atoms of fewer than ``k`` people is a figure about those people alone. Only combinations that vanish on
    every large atom matter, so the rows are reduced with the large atoms first and the rest is searched whole.
    """
    classes = _inseparable(cells, sizes)
    large = [number >= k for number, _ in classes]
    order = sorted(range(len(classes)), key=lambda index: not large[index])
    matrix = [[Fraction(cut in classes[index][1]) for index in order] for cut in cells]
    small_from = sum(large)
    basis = [row[small_from:] for row in _reduced(matrix) if not any(row[:small_from])]
    weights = [classes[index][0] for index in order[small_from:]]
    return bool(basis) and _has_narrow_combination(basis, weights, k)


def _inseparable(cells: Cells, sizes: Sizes) -> list[tuple[int, frozenset[Cut]]]:
    """Atoms that lie in the same shown groups, added up: their number of people and those groups."""
    numbers: dict[frozenset[Cut], int] = {}
    for atom, number in sizes.items():
        inside = frozenset(cut for cut, atoms in cells.items() if atom in atoms)
        if number and inside:
            numbers[inside] = numbers.get(inside, 0) + number
    return [(number, inside) for inside, number in sorted(numbers.items(), key=lambda item: sorted(item[0]))]


def _reduced(matrix: list[Row]) -> list[Row]:
    """Reduced row echelon form without zero rows, in exact fractions."""
    rows = [row[:] for row in matrix]
    done = 0
    for column in range(len(rows[0]) if rows else 0):
        pivot = next((index for index in range(done, len(rows)) if rows[index][column]), None)
        if pivot is None:
            continue
        rows[done], rows[pivot] = rows[pivot], rows[done]
        rows[done] = [value / rows[done][column] for value in rows[done]]
        for index, row in enumerate(rows):
            if index != done and row[column]:
                rows[index] = _minus(row, rows[done], row[column])
        done += 1
    return rows[:done]


def _minus(row: Row, other: Row, times: Fraction) -> Row:
    return [mine - times * theirs for mine, theirs in zip(row, other, strict=True)]


def _has_narrow_combination(basis: list[Row], weights: Sequence[int], k: int) -> bool:
    """Whether some combination of the basis is zero outside columns that weigh less than ``k`` together.

    It is, exactly if leaving those columns out makes the basis dependent.
    """
    for count, inside in enumerate(_narrow_sets(weights, k)):
        if count > MOST_COMBINATIONS:
            return True
        outside = [[value for index, value in enumerate(row) if index not in inside] for row in basis]
        if len(_reduced(outside)) < len(basis):
            return True
    return False


def _narrow_sets(
    weights: Sequence[int], k: int, start: int = 0, room: int | None = None
) -> Iterator[frozenset[int]]:
    """Every non-empty set of columns whose weights add up to less than ``k``."""
    left = k - 1 if room is None else room
    for index in range(start, len(weights)):
        if weights[index] <= left:
            yield frozenset({index})
            for more in _narrow_sets(weights, k, index + 1, left - weights[index]):
                yield more | {index}
