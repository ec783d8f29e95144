"""The whole cohort as one table: the score of every pair and the rules that remove it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import NoReturn

import numpy as np

from matching.engine.encode import Bools, Cohort, Ints, Masks
from matching.engine.errors import EngineError
from matching.engine.model import Problem
from matching.engine.pairs import Pairs
from matching.engine.rules import names, removed_by
from matching.engine.score import score

#: Bytes of working memory per pair, and per cell of the seat-by-seat assignment, at the peak.
_BYTES_PER_PAIR = 60
_BYTES_PER_CELL = 24

#: Places times seats from which on pairs are priced instead of held.
LARGE = 1_000_000


@dataclass(frozen=True)
class Table:
    """Every pair of the cohort, shape (mentees, mentors).

    Args:
        judged: score of an allowed pair, 0 to 100000; -1 where a rule removes it.
    """

    cohort: Cohort
    judged: Ints

    @cached_property
    def allowed(self) -> Bools:
        return np.asarray(self.judged >= 0)

    @cached_property
    def score(self) -> Ints:
        """Scores of removed pairs too, for explanations alone."""
        return score(self.cohort)

    @cached_property
    def mask(self) -> Masks:
        """Bits of the rules that remove a pair; 0 is allowed. For explanations alone."""
        return removed_by(self.cohort)

    def opened(self, pairs: Bools) -> Table:
        """The same cohort if these pairs were allowed as well."""
        return Table(self.cohort, np.where(pairs, self.score, self.judged))


def tabulate(cohort: Cohort) -> Table:
    """Score and judge all pairs.

    Raises:
        EngineError: a pin that breaks a rule.
    """
    table = Table(cohort, Pairs(cohort).dense())
    rows, columns = cohort.links(cohort.problem.pins)
    barred = np.nonzero(table.judged[rows, columns] < 0)[0]
    if barred.size:
        refuse_pin(cohort, rows[barred[:1]], columns[barred[:1]])
    return table


def is_large(problem: Problem) -> bool:
    """So large that looking at few pairs at a time is quicker than holding all."""
    places = sum(min(person.capacity, len(problem.mentors)) for person in problem.mentees)
    seats = sum(min(person.capacity, len(problem.mentees)) for person in problem.mentors)
    return places * seats > LARGE


def check_size(problem: Problem) -> None:
    """Refuse before any array is made: this method needs every pair in memory at once."""
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


def refuse_pin(cohort: Cohort, row: Ints, column: Ints) -> NoReturn:
    """Say which rules a pinned pair breaks."""
    broken = names(int(removed_by(cohort.among(mentees=row, mentors=column))[0, 0]))
    keys = cohort.mentees.keys[int(row[0])], cohort.mentors.keys[int(column[0])]
    raise EngineError(
        "pin_breaks_rule",
        f"the pinned pair {keys[0]!r} and {keys[1]!r} breaks: {', '.join(broken)}",
        keys=keys,
        rules=broken,
    )
