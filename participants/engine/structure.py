"""The reporting lines that will hold after an import, and the rows whose line nobody can know.

"Never along a reporting line, at any depth" is only as good as the lines, so a row is taken over only when the
line above it is whole: a circle, or a key that stands twice with two managers, also stops everybody below it.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass, field

from participants.engine.lines import circles, led_through
from participants.engine.problems import Problem
from participants.engine.rows import Checked, PersonRow


@dataclass
class Structure:
    """Who reports to whom once the import is done.

    Args:
        managers: key → manager's key, for everybody in the file and everybody stored.
        broken: keys whose row cannot be used because the line above is not known.
        problems: what was found on the way.
    """

    managers: dict[str, str]
    broken: set[str] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)


def build(checked: Checked, stored: Mapping[str, str], emails: Mapping[str, str], column: str) -> Structure:
    """Settle everybody's manager.

    Args:
        checked: the rows of the file.
        stored: key → manager's key, as the database has it.
        emails: stored address → key; files may name a manager by address.
        column: the header of the manager's column.
    """
    problems: list[Problem] = []
    resolved = _resolve(checked, stored, emails, column, problems)
    structure = Structure({}, set(checked.torn), problems)
    cut: set[str] = set()
    while True:
        structure.managers = _managers(resolved, stored, structure.broken, cut)
        newly = _break_circles(checked, structure, column, cut) or _break_below(checked, structure, column)
        if not newly:
            return structure


def _resolve(
    checked: Checked,
    stored: Mapping[str, str],
    emails: Mapping[str, str],
    column: str,
    problems: list[Problem],
) -> dict[str, str]:
    by_email = {**emails, **{str(row.values.get("email")): row.hr_key for row in checked.rows.values()}}
    answer: dict[str, str] = {}
    for key, row in checked.rows.items():
        manager = row.manager
        if "@" in manager:
            manager = by_email.get(manager.lower(), manager)
        if manager and manager not in checked.rows and manager not in stored:
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
