"""From an intake table to rows; every word that nobody knows is named, none is guessed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from participants.engine import cells, places
from participants.engine.headers import normalise
from participants.engine.problems import Problem
from participants.engine.tables import Row, Table
from programmes.engine import words

MAX_CAPACITY: Final = 3
#: Partners at a time where nobody says how many: fewer juniors stand beside more seniors (S1.17).
USUAL_CAPACITY: Final[Mapping[str, int]] = {"mentor": 2, "mentee": 1}
MAX_LEVEL: Final = 5
MAX_PRIORITY: Final = 3


@dataclass(frozen=True)
class Vocabulary:
    """What a cohort knows: normal form of a word → code."""

    topics: Mapping[str, str]
    styles: Mapping[str, str] = field(default_factory=dict)
    perspectives: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class IntakeRow:
    """What one person filled in; ``values`` holds only fields that the file has a column for."""

    number: int
    person: str
    role: str
    values: Mapping[str, Any]


@dataclass
class Intake:
    """Rows by number, and what is wrong with which."""

    rows: list[IntakeRow] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


class _Reader:
    def __init__(self, table: Table, mapping: Mapping[str, int], vocabulary: Vocabulary) -> None:
        self.table, self.mapping, self.vocabulary = table, mapping, vocabulary
        self.problems: list[Problem] = []
        self.row: Row = table.rows[0]

    def text(self, name: str) -> str:
        if name not in self.mapping:
            return ""
        raw = self.row.cells[self.mapping[name]]
        if cells.is_formula_like(raw):
            self.complain(name, "formula", value=raw.strip()[:40])
            return ""
        return raw.replace("\u00a0", " ").strip() if not cells.is_dash(raw.strip()) else ""

    def complain(self, name: str, code: str, **params: Any) -> None:
        header = self.table.headers[self.mapping[name]] if name in self.mapping else ""
        self.problems.append(Problem(self.row.number, header, code, params))


def read_intake(table: Table, mapping: Mapping[str, int], vocabulary: Vocabulary) -> Intake:
    """Read every row; rows with anything wrong are left out of ``rows`` and named.

    Args:
        mapping: field → column index, "hr_key" (or "email") and "role" among them.
    """
    reader = _Reader(table, mapping, vocabulary)
    found: list[IntakeRow] = []
    for row in table.rows:
        reader.row = row
        found.append(_read(reader))
    _find_twice(reader, found)
    wrong = {problem.row for problem in reader.problems}
    return Intake([row for row in found if row.number not in wrong], reader.problems)


def who_column(mapping: Mapping[str, int]) -> str:
    """The column that says who a row is about: the HR key, else the address."""
    return "hr_key" if "hr_key" in mapping else "email"


def people_named(table: Table, mapping: Mapping[str, int]) -> set[str]:
    """The keys (or small addresses) of everybody in the file, right or wrong: whom a roster should keep."""
    column = who_column(mapping)
    if column not in mapping:
        return set()
    named = {cells.tidy(row.cells[mapping[column]]) for row in table.rows}
    return {word.lower() if "@" in word else word for word in named if word}


def _read(reader: _Reader) -> IntakeRow:
    column = who_column(reader.mapping)
    person = cells.tidy(reader.text(column))
    if not person:
        reader.complain(column, "no_person")
    if reader.row.overflow:
        reader.complain("", "too_many_cells")
    values = {name: read(reader) for name, read in _FIELDS.items() if name in reader.mapping}
    return IntakeRow(reader.row.number, person.lower() if "@" in person else person, _role(reader), values)


def _role(reader: _Reader) -> str:
    word = reader.text("role")
    role = words.ROLES.get(normalise(word), "")
    if not role:
        reader.complain("role", "unknown_role", value=word[:40])
    return role


def _capacity(reader: _Reader) -> int:
    word = reader.text("capacity")
    usual = USUAL_CAPACITY.get(words.ROLES.get(normalise(reader.text("role")), ""), 1)
    number = cells.whole_number(word) if word else usual
    if number is None or not 1 <= number <= MAX_CAPACITY:
        reader.complain("capacity", "bad_capacity", value=word[:40], limit=MAX_CAPACITY)
        return 1
    return number


def _languages(reader: _Reader) -> list[str]:
    known, unknown = places.language_codes(reader.text("languages"))
    if unknown:
        reader.complain("languages", "unknown_language", value=" ".join(unknown)[:60])
    return known


def _topics(name: str, low: int, high: int) -> Callable[[_Reader], dict[str, int]]:
    def read(reader: _Reader) -> dict[str, int]:
        found: dict[str, int] = {}
        for entry in words.entries(reader.text(name)):
            word, number = words.rated(entry)
            code = reader.vocabulary.topics.get(normalise(word))
            if code is None:
                reader.complain(name, "unknown_topic", value=word[:60])
            elif number is None or not low <= number <= high:
                reader.complain(name, "bad_rating", value=entry[:60], low=low, high=high)
            elif code in found:
                reader.complain(name, "topic_twice", value=word[:60])
            else:
                found[code] = number
        return found

    return read


def _availability(reader: _Reader) -> list[str]:
    found: list[str] = []
    for entry in words.block_entries(reader.text("availability")):
        code = words.block(entry)
        if code is None:
            reader.complain("availability", "unknown_block", value=entry[:40])
        else:
            found.append(code)
    return [code for code in words.BLOCKS if code in found]


def _cross_border(reader: _Reader) -> bool:
    word = normalise(reader.text("cross_border"))
    if word not in words.YES | words.NO:
        reader.complain("cross_border", "not_yes_or_no", value=reader.text("cross_border")[:40])
    return word in words.YES


def _style(reader: _Reader) -> str:
    word = reader.text("style")
    code = reader.vocabulary.styles.get(normalise(word)) if word else ""
    if code is None:
        reader.complain("style", "unknown_style", value=word[:40])
    return code or ""


def _perspectives(reader: _Reader) -> list[str]:
    found: list[str] = []
    for entry in words.entries(reader.text("perspectives_offered")):
        code = reader.vocabulary.perspectives.get(normalise(entry))
        if code is None:
            reader.complain("perspectives_offered", "unknown_perspective", value=entry[:40])
        elif code not in found:
            found.append(code)
    return found


def _perspective(reader: _Reader) -> str:
    word = reader.text("perspective_wanted")
    code = reader.vocabulary.perspectives.get(normalise(word)) if word else ""
    if code is None:
        reader.complain("perspective_wanted", "unknown_perspective", value=word[:40])
    return code or ""


_FIELDS: Final[Mapping[str, Callable[[_Reader], Any]]] = {
    "capacity": _capacity,
    "languages": _languages,
    "offers": _topics("offers", 0, MAX_LEVEL),
    "wants": _topics("wants", 1, MAX_PRIORITY),
    "availability": _availability,
    "cross_border": _cross_border,
    "style": _style,
    "perspectives_offered": _perspectives,
    "perspective_wanted": _perspective,
}


def _find_twice(reader: _Reader, rows: Sequence[IntakeRow]) -> None:
    groups: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        groups[row.person].append(row.number)
    column = who_column(reader.mapping)
    header = reader.table.headers[reader.mapping[column]] if column in reader.mapping else ""
    for person, numbers in groups.items():
        if person and len(numbers) > 1:
            for number in numbers:
                others = [other for other in numbers if other != number]
                params = {"value": person, "rows": others}
                reader.problems.append(Problem(number, header, "person_twice", params))
