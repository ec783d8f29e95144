"""The reporting lines that will hold after an import, and the rows whose line nobody can know.

"Never along a reporting line, at any depth" is only as good as the lines, so a row is taken over only when the
line above it is whole: a circle, or a key that stands twice with two managers, also stops everybody below it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field

from participants.engine.lines import circles, led_through
from participants.engine.problems import Problem
from participants.engine.rows import Checked, PersonRow


@dataclass
class Structure:
    """Who reports to whom once the import is done.

    Args:
        managers: key → manager's key, for everybody in the file and everybody stored.
        appraisers, dotted: the same for the other two kinds of line.
        broken: keys whose row cannot be used because the line above is not known.
        problems: what was found on the way.
    """

    managers: dict[str, str]
    broken: set[str] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)
    appraisers: dict[str, str] = field(default_factory=dict)
    dotted: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def above(self) -> dict[str, set[str]]:
        """Key → everybody one step above, by all three kinds of line."""
        found: dict[str, set[str]] = {key: {boss} for key, boss in self.managers.items() if boss}
        for key, boss in self.appraisers.items():
            found.setdefault(key, set()).add(boss)
        for key, bosses in self.dotted.items():
            found.setdefault(key, set()).update(bosses)
        return found


@dataclass(frozen=True)
class Stored:
    """Who stands above whom in the database, by HR key.

    Args:
        emails: address → key; files may name people by address.
    """

    managers: Mapping[str, str]
    appraisers: Mapping[str, str]
    dotted: Mapping[str, tuple[str, ...]]
    emails: Mapping[str, str]


def build(checked: Checked, stored: Stored, columns: Mapping[str, str]) -> Structure:
    """Settle who stands above everybody.

    Args:
        checked: the rows of the file.
        columns: field → header as it stands in the file.
    """
    problems: list[Problem] = []
    column = columns.get("manager", "")
    names = _Names(checked, stored)
    resolved = _resolve(checked, stored.managers, names, column, problems)
    structure = Structure({}, set(checked.torn), problems)
    cut: set[str] = set()
    while True:
        structure.managers = _managers(resolved, stored.managers, structure.broken, cut)
        newly = _break_circles(checked, structure, column, cut) or _break_below(checked, structure, column)
        if not newly:
            _settle_other_lines(checked, structure, stored, names, columns)
            return structure


class _Names:
    """Finds whom a cell means: an HR key, or an address in the file or in the database."""

    def __init__(self, checked: Checked, stored: Stored) -> None:
        self.keys = checked.rows.keys() | stored.managers.keys()
        in_file = {str(row.values.get("email")): row.hr_key for row in checked.rows.values()}
        self.by_email = {**stored.emails, **in_file}

    def key_of(self, word: str) -> str | None:
        """The key; None for somebody who is neither in the file nor known."""
        key = self.by_email.get(word.lower(), word) if "@" in word else word
        return key if key in self.keys else None


def _settle_other_lines(
    checked: Checked, structure: Structure, stored: Stored, names: _Names, columns: Mapping[str, str]
) -> None:
    """Appraisers and dotted lines: the file's word where it has a column and the row can be used."""
    structure.appraisers = {key: boss for key, boss in stored.appraisers.items() if boss}
    structure.dotted = {key: bosses for key, bosses in stored.dotted.items() if bosses}
    for key, row in checked.rows.items():
        if key in structure.broken:
            continue
        appraiser = None if row.appraiser is None else (row.appraiser,)
        for name, words in (("appraiser", appraiser), ("dotted", row.dotted)):
            if words is None:
                continue
            bosses, wrong = _superiors(row, words, names)
            structure.problems += [
                Problem(row.number, columns.get(name, ""), code, {"value": word[:80]}) for word, code in wrong
            ]
            if not wrong:
                _put(structure, name, key, bosses)


def _superiors(
    row: PersonRow, words: Iterable[str], names: _Names
) -> tuple[tuple[str, ...], list[tuple[str, str]]]:
    """Keys of the people named, and the words that name nobody or the person themselves."""
    keys: set[str] = set()
    wrong: list[tuple[str, str]] = []
    for word in filter(None, words):
        key = names.key_of(word)
        if key is None or key == row.hr_key:
            wrong.append((word, "own_superior" if key else "unknown_superior"))
        else:
            keys.add(key)
    return tuple(sorted(keys)), wrong


def _put(structure: Structure, name: str, key: str, bosses: tuple[str, ...]) -> None:
    if name == "dotted":
        structure.dotted.pop(key, None)
        if bosses:
            structure.dotted[key] = bosses
        return
    structure.appraisers.pop(key, None)
    if bosses:
        structure.appraisers[key] = bosses[0]


def _resolve(
    checked: Checked, stored: Mapping[str, str], names: _Names, column: str, problems: list[Problem]
) -> dict[str, str]:
    answer: dict[str, str] = {}
    for key, row in checked.rows.items():
        manager = names.key_of(row.manager) if row.manager else ""
        if manager is None:
            problems.append(Problem(row.number, column, "unknown_manager", {"value": row.manager[:80]}))
            manager = stored.get(key, "")
        answer[key] = manager
    return answer


def _managers(
    resolved: Mapping[str, str], stored: Mapping[str, str], broken: Set[str], cut: Set[str]
) -> dict[str, str]:
    """The file's word where it can be used, what is stored everywhere else."""
    usable = {key: manager for key, manager in resolved.items() if key not in broken}
    rest = dict.fromkeys(resolved, "")
    return {**rest, **stored, **usable, **dict.fromkeys(cut, "")}


def _break_circles(checked: Checked, structure: Structure, column: str, cut: set[str]) -> bool:
    found = circles(structure.managers)
    for circle in found:
        rows = [checked.rows[key] for key in circle if key in checked.rows and key not in structure.broken]
        structure.problems += [_circle_problem(row, circle, checked, column) for row in rows]
        structure.broken.update(row.hr_key for row in rows)
        if not rows:  # it stands so in the database: open it there, or nobody could ever be walked up
            cut.add(circle[0])
    return bool(found)


def _circle_problem(row: PersonRow, circle: list[str], checked: Checked, column: str) -> Problem:
    if len(circle) == 1:
        return Problem(row.number, column, "own_manager")
    start = circle.index(row.hr_key)
    along = [*circle[start:], *circle[:start], row.hr_key]
    names = [(checked.rows[key].name or key) if key in checked.rows else key for key in along]
    return Problem(row.number, column, "circle", {"names": names})


def _break_below(checked: Checked, structure: Structure, column: str) -> bool:
    below = led_through(structure.managers, structure.broken)
    newly = {
        key: above for key, above in below.items() if key in checked.rows and key not in structure.broken
    }
    for key, above in newly.items():
        where = checked.rows.get(above)
        params = {"row": where.number if where else 0, "value": (where.name if where else "") or above}
        structure.problems.append(Problem(checked.rows[key].number, column, "line_broken", params))
    structure.broken.update(newly)
    return bool(newly)
