"""The whole cohort as one table: the score of every pair and the rules that remove it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matching.engine.check import check_problem
from matching.engine.encode import Bools, Cohort, Ints, Masks, encode
from matching.engine.errors import EngineError
from matching.engine.model import Problem
from matching.engine.rules import names, removed_by
from matching.engine.score import score

#: Bytes of working memory per pair, and per cell of the seat-by-seat assignment, at the peak.
_BYTES_PER_PAIR = 60
_BYTES_PER_CELL = 24


@dataclass(frozen=True, slots=True)
class Table:
    """Every pair of the cohort, shape (mentees, mentors).

    Args:
        score: 0 to 100000, for removed pairs too.
        mask: bits of the rules that remove a pair; 0 is allowed.
    """

    cohort: Cohort
    score: Ints
    mask: Masks

    @property
    def allowed(self) -> Bools:
        return np.asarray(self.mask == 0)


def tabulate(problem: Problem) -> Table:
    """Check, encode, score and judge all pairs.

    Raises:
        EngineError: for a problem that cannot be meant, a pin that breaks a rule, or one too large for the memory
            it may take.
    """
    check_problem(problem)
    check_size(problem)
    cohort = encode(problem)
    table = Table(cohort, score(cohort), removed_by(cohort))
    _check_pins(table)
    return table


def check_size(problem: Problem) -> None:
    """Refuse before any array is made. The dense method needs every pair in memory at once."""
    mentees, mentors = len(problem.mentees), len(problem.mentors)
    cells = most_cells(problem)
    places = sum(min(person.capacity, mentors) for person in problem.mentees)
    seats = sum(min(person.capacity, mentees) for person in problem.mentors)
    if places * seats > cells:
        raise EngineError(
            "too_large",
            f"{mentees} mentees with {places} places and {mentors} mentors with {seats} seats need more than the"
            f" {problem.policy.memory_mb} MB of memory_mb",
        )


def most_cells(problem: Problem) -> int:
    """Cells that the assignment may have within ``Policy.memory_mb``."""
    pairs = len(problem.mentees) * len(problem.mentors)
    return max(0, (problem.policy.memory_mb << 20) - pairs * _BYTES_PER_PAIR) // _BYTES_PER_CELL


def _check_pins(table: Table) -> None:
    rows, columns = table.cohort.links(table.cohort.problem.pins)
    for row, column in zip(rows.tolist(), columns.tolist(), strict=True):
        broken = names(int(table.mask[row, column]))
        if broken:
            keys = table.cohort.mentees.keys[row], table.cohort.mentors.keys[column]
            raise EngineError(
                "pin_breaks_rule",
                f"the pinned pair {keys[0]!r} and {keys[1]!r} breaks: {', '.join(broken)}",
                keys=keys,
                rules=broken,
            )
