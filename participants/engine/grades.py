"""Files that say which grade a job title has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from participants.engine import cells
from participants.engine.headers import GRADE_FIELDS, guess
from participants.engine.problems import Problem
from participants.engine.rows import MAX_GRADE, MIN_GRADE
from participants.engine.tables import Table


@dataclass
class Grades:
    """Title → grade as written, and what is wrong with the file."""

    titles: dict[str, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def read_grades(table: Table) -> Grades:
    """Take the columns of title and grade by their headers, else the first two."""
    mapping = guess(table.headers, GRADE_FIELDS)
    columns = mapping if len(mapping) == 2 else {"job_title": 0, "grade": 1}
    found = Grades()
    for row in table.rows:
        title, grade = (row.cells[columns[name]] for name in ("job_title", "grade"))
        _take(found, row.number, cells.tidy(title), grade, table.headers[columns["grade"]])
    return found


def _take(found: Grades, number: int, title: str, written: str, column: str) -> None:
    grade = cells.whole_number(written)
    if grade is None or not MIN_GRADE <= grade <= MAX_GRADE:
        found.problems.append(Problem(number, column, "bad_grade", {"value": written.strip()[:40]}))
    elif title and not cells.is_formula_like(title):
        found.titles[title] = grade


def by_title(titles: Mapping[str, int]) -> dict[str, int]:
    """For looking up a title whatever its capitals."""
    return {title.casefold(): grade for title, grade in titles.items()}
