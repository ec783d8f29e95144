"""Two ways of finding out what shown groups give away, written otherwise than the engine's and much slower.

`leaks` works on people one by one and on floating-point numbers; `narrowest_by_search` tries every set of groups
with exact fractions. Neither knows anything of roles and departments.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from fractions import Fraction

import numpy as np

from evaluations.engine.disclosure import Cells, Sizes, cuts

Row = list[Fraction]


def numbered(sizes: Sizes) -> dict[tuple[str, str], frozenset[int]]:
    """Give every respondent a number."""
    numbers = itertools.count()
    return {atom: frozenset(next(numbers) for _ in range(size)) for atom, size in sizes.items()}


def shown_people(sizes: Sizes, chosen: frozenset[str]) -> list[frozenset[int]]:
    people = numbered(sizes)
    return [frozenset().union(*(people[atom] for atom in cuts(sizes)[cut])) for cut in chosen]


def leaks(cells: list[frozenset[int]], k: int) -> list[frozenset[int]]:
    """Groups of fewer than k single people that some linear combination of published sums gives away."""
    people = sorted(set().union(*cells)) if cells else []
    if not people:
        return []
    rows = np.array([[float(person in cell) for person in people] for cell in cells])
    _, sizes, right = np.linalg.svd(rows, full_matrices=False)
    space = right[sizes > 1e-9]
    columns: dict[tuple[float, ...], list[int]] = {}
    for index in range(len(people)):
        columns.setdefault(tuple(rows[:, index]), []).append(index)
    found = []
    for count in range(1, k):
        for chosen in itertools.combinations(columns.values(), count):
            group = [index for part in chosen for index in part]
            if len(group) < k:
                wanted = np.zeros(len(people))
                wanted[group] = 1
                if np.linalg.norm(wanted - space.T @ (space @ wanted)) < 1e-6:
                    found.append(frozenset(people[index] for index in group))
    return found


def narrowest_by_search(cells: Cells, sizes: Sizes) -> int:
    """The least weight of atoms outside which some combination of the rows, not zero itself, is zero."""
    classes = _inseparable(cells, sizes)
    rows = _reduced([[Fraction(cut in inside) for _, inside in classes] for cut in cells])
    weights = [number for number, _ in classes]
    for weight, inside in sorted(_sets(weights), key=lambda pair: pair[0]):
        outside = [[value for index, value in enumerate(row) if index not in inside] for row in rows]
        if len(_reduced(outside)) < len(rows):
            return weight
    return 0


def _sets(weights: list[int]) -> Iterator[tuple[int, frozenset[int]]]:
    for count in range(1, len(weights) + 1):
        for chosen in itertools.combinations(range(len(weights)), count):
            yield sum(weights[index] for index in chosen), frozenset(chosen)


def _inseparable(cells: Cells, sizes: Sizes) -> list[tuple[int, frozenset[str]]]:
    """Atoms that lie in the same shown groups, added up: their number of people and those groups."""
    numbers: dict[frozenset[str], int] = {}
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
