"""From a table to rows of people, each cell checked by itself; what is wrong is named, never mended in silence."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from typing import Any, Final

from participants.engine import cells, places
from participants.engine.problems import Problem
from participants.engine.tables import Row, Table

#: The longest text that each field keeps; a test holds it to the model.
LENGTHS: Final[Mapping[str, int]] = {
    "hr_key": 64,
    "first_name": 80,
    "last_name": 80,
    "job_title": 120,
    "department": 120,
    "team": 120,
    "discipline": 120,
    "city": 120,
    "office": 120,
    "group": 60,
}
#: What parts the people in a cell that names several.
_SEVERAL: Final = re.compile(r"[;,|\n]+")
MIN_GRADE: Final = 1
#: After how many rows whoever waits is told how far the reading is.
TELLS_EVERY: Final = 250
Tell = Callable[[int], None]
MAX_GRADE: Final = 99


@dataclass(frozen=True)
class PersonRow:
    """What one row says about a person.

    Args:
        number: the row in the spreadsheet.
        hr_key: never empty.
        manager: the manager's HR key or e-mail address as written; empty at the top of the company.
        values: only the fields that the file has a column for.
        appraiser, dotted: people named like the manager; None where the file has no column for them.
        groups: names of barrier groups; None where the file has no column for them.
    """

    number: int
    hr_key: str
    manager: str
    values: Mapping[str, Any]
    appraiser: str | None = None
    dotted: tuple[str, ...] | None = None
    groups: tuple[str, ...] | None = None

    @property
    def line(self) -> tuple[str, str | None, tuple[str, ...] | None]:
        """Everybody whom the row places above this person."""
        return self.manager, self.appraiser, self.dotted

    @property
    def name(self) -> str:
        return f"{self.values.get('first_name', '')} {self.values.get('last_name', '')}".strip()


@dataclass
class Checked:
    """All rows that have a key of their own, and everything wrong that a look at single rows shows."""

    rows: dict[str, PersonRow] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    #: Keys that stand on several rows which do not agree on who is above: nobody knows that line.
    torn: set[str] = field(default_factory=set)


class _Reader:
    """Reads one row after the other, collecting what is wrong."""

    def __init__(self, table: Table, mapping: Mapping[str, int], grades: Mapping[str, int]) -> None:
        self.table, self.mapping, self.grades = table, mapping, grades
        self.problems: list[Problem] = []
        self.row: Row = table.rows[0]
        self._faulty: set[tuple[int, str]] = set()

    def header(self, name: str) -> str:
        return self.table.headers[self.mapping[name]] if name in self.mapping else ""

    def raw(self, name: str) -> str:
        return self.row.cells[self.mapping[name]] if name in self.mapping else ""

    def complain(self, name: str, code: str, **params: Any) -> None:
        self.problems.append(Problem(self.row.number, self.header(name), code, params))
        self._faulty.add((self.row.number, name))

    def text(self, name: str) -> str:
        """The tidied cell; empty when it is formula-like, which is named."""
        raw = self.raw(name)
        if cells.is_formula_like(raw):
            self.complain(name, "formula", value=raw.strip()[:40])
            return ""
        value = cells.tidy(raw)
        limit = LENGTHS.get(name)
        if limit and len(value) > limit:
            self.complain(name, "too_long", limit=limit)
            return ""
        return value

    def is_clean(self, name: str) -> bool:
        """Whether nothing has been said about this cell yet."""
        return (self.row.number, name) not in self._faulty


def check_rows(
    table: Table, mapping: Mapping[str, int], grades: Mapping[str, int], tell: Tell | None = None
) -> Checked:
    """Read every row.

    Args:
        table: as read.
        mapping: field → column index; ``headers.missing`` has nothing to say about it any more.
        grades: job title in small letters → grade, for rows whose own grade cell is absent or empty.
        tell: is called now and then with how many rows are read; what it raises ends the reading.
    """
    reader = _Reader(table, mapping, grades)
    people: list[PersonRow] = []
    for number, row in enumerate(table.rows):
        if tell is not None and number % TELLS_EVERY == 0:
            tell(number)
        reader.row = row
        person = _person(reader)
        if person is not None:
            people.append(person)
    return _gather(reader, people)


def _person(reader: _Reader) -> PersonRow | None:
    if reader.row.overflow:
        reader.complain("", "too_many_cells")
    key = reader.text("hr_key")
    values = {name: read(reader) for name, read in _READERS.items() if name in reader.mapping}
    values["grade"] = _grade(reader)
    if not key:
        if reader.is_clean("hr_key"):
            reader.complain("hr_key", "no_key")
        return None
    return PersonRow(
        number=reader.row.number,
        hr_key=key,
        manager=reader.text("manager"),
        values=values,
        appraiser=reader.text("appraiser") if "appraiser" in reader.mapping else None,
        dotted=_several(reader, "dotted") if "dotted" in reader.mapping else None,
        groups=_groups(reader) if "groups" in reader.mapping else None,
    )


def _several(reader: _Reader, name: str) -> tuple[str, ...]:
    """Everybody or everything named in one cell, once each, in the order of the alphabet."""
    words = {cells.tidy(word) for word in _SEVERAL.split(reader.text(name))}
    return tuple(sorted(words - {""}))


def _groups(reader: _Reader) -> tuple[str, ...]:
    names = _several(reader, "groups")
    if any(len(name) > LENGTHS["group"] for name in names):
        reader.complain("groups", "too_long", limit=LENGTHS["group"])
        return ()
    return names


def _name(name: str, *, is_needed: bool) -> Callable[[_Reader], str]:
    def read(reader: _Reader) -> str:
        raw = reader.raw(name).strip(" \u00a0")
        fault = cells.name_fault(raw)
        if fault and not cells.is_formula_like(raw):
            reader.complain(name, f"name_{fault}")
            return ""
        value = reader.text(name)
        if is_needed and not value and reader.is_clean(name):
            reader.complain(name, "no_name")
        return value

    return read


def _plain(name: str) -> Callable[[_Reader], str]:
    return lambda reader: reader.text(name)


def _email(reader: _Reader) -> str | None:
    value = reader.text("email")
    if not value:
        if reader.is_clean("email"):
            reader.complain("email", "no_email")
        return None
    if not cells.is_email(value):
        reader.complain("email", "bad_email", value=value[:80])
        return None
    return value.lower()


def _grade(reader: _Reader) -> int | None:
    written = reader.text("grade") if "grade" in reader.mapping else ""
    if written:
        grade = cells.whole_number(written)
        if grade is None or not MIN_GRADE <= grade <= MAX_GRADE:
            reader.complain("grade", "bad_grade", value=written[:40])
            return None
        return grade
    title = cells.tidy(reader.raw("job_title"))
    known = reader.grades.get(title.casefold())
    where = "job_title" if "job_title" in reader.mapping else "grade"
    if known is None and reader.is_clean(where):
        reader.complain(where, "no_grade" if title else "no_title", value=title)
    return known


def _country(reader: _Reader) -> str:
    value = reader.text("country")
    code = places.country_code(value) if value else ""
    if code is None:
        reader.complain("country", "unknown_country", value=value[:60])
    return code or ""


def _zone(reader: _Reader) -> str | None:
    value = reader.text("time_zone")
    zone = places.zone_name(value) if value else None
    if value and zone is None:
        reader.complain("time_zone", "unknown_zone", value=value[:60])
    return zone


def _languages(reader: _Reader) -> list[str]:
    known, unknown = places.language_codes(reader.text("languages"))
    if unknown:
        reader.complain("languages", "unknown_language", value=" ".join(unknown)[:60])
    return known


_READERS: Final[Mapping[str, Callable[[_Reader], Any]]] = {
    "first_name": _name("first_name", is_needed=True),
    "last_name": _name("last_name", is_needed=False),
    "email": _email,
    "job_title": _plain("job_title"),
    "department": _plain("department"),
    "team": _plain("team"),
    "discipline": _plain("discipline"),
    "city": _plain("city"),
    "office": _plain("office"),
    "country": _country,
    "time_zone": _zone,
    "languages": _languages,
}


def _gather(reader: _Reader, people: Sequence[PersonRow]) -> Checked:
    """One row a key; keys and addresses that stand twice are named at each of their rows."""
    checked = Checked(problems=reader.problems)
    for key, rows in _grouped(people, lambda person: person.hr_key).items():
        checked.rows[key] = rows[0]
        if len(rows) > 1:
            checked.problems += _twice(rows, reader.header("hr_key"), "duplicate_key", key)
            if len({row.line for row in rows}) > 1:
                checked.torn.add(key)
    for email, rows in _grouped(people, lambda person: person.values.get("email") or "").items():
        if email and len({row.hr_key for row in rows}) > 1:
            checked.problems += _twice(rows, reader.header("email"), "duplicate_email", email)
    return checked


def _grouped(people: Sequence[PersonRow], key: Callable[[PersonRow], str]) -> Mapping[str, list[PersonRow]]:
    groups: dict[str, list[PersonRow]] = defaultdict(list)
    for person in people:
        groups[key(person)].append(person)
    return groups


def _twice(rows: Sequence[PersonRow], column: str, code: str, value: str) -> Iterator[Problem]:
    for row in rows:
        others = [other.number for other in rows if other is not row]
        yield Problem(row.number, column, code, {"value": value, "rows": others})


def titles(table: Table, mapping: Mapping[str, int], only: Set[str] | None = None) -> dict[str, int]:
    """The job titles that stand in rows without a grade of their own, and how many people bear each.

    Args:
        only: HR keys of the people whose grade matters; everybody's by default.
    """
    if "job_title" not in mapping:
        return {}
    found: dict[str, int] = {}
    spelling: dict[str, str] = {}
    for row in table.rows:
        title = cells.tidy(row.cells[mapping["job_title"]])
        graded = "grade" in mapping and row.cells[mapping["grade"]].strip()
        matters = only is None or cells.tidy(row.cells[mapping["hr_key"]]) in only
        if title and matters and not graded:
            shown = spelling.setdefault(title.casefold(), title)
            found[shown] = found.get(shown, 0) + 1
    return dict(sorted(found.items()))
