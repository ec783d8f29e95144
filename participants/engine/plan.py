"""What an import would do, step by step, before it does anything: the preview and the work are one plan."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from participants.engine import structure
from participants.engine.lines import closure
from participants.engine.problems import Problem
from participants.engine.rows import Checked, PersonRow

#: Problems of the reporting lines count whoever bears them; others only where the person is kept by name.
STRUCTURAL: Final = frozenset(
    {"no_key", "duplicate_key", "own_manager", "circle", "unknown_manager", "too_many_cells"}
)


class Action(StrEnum):
    NEW = "new"
    OPENED = "opened"  # an opaque link of a chain becomes a person
    CHANGED = "changed"
    MOVED = "moved"  # another manager
    SAME = "same"
    LINK = "link"  # an opaque link, new
    RELINKED = "relinked"  # another manager, and nothing else is taken over
    REDUCED = "reduced"  # a person becomes an opaque link
    DROPPED = "dropped"  # nobody's chain leads here any more


@dataclass(frozen=True)
class Known:
    """A person as stored."""

    id: int
    hr_key: str
    manager: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    is_active: bool = True
    is_link: bool = False
    is_needed: bool = False
    has_log_in: bool = False

    @property
    def name(self) -> str:
        return f"{self.values.get('first_name', '')} {self.values.get('last_name', '')}".strip()


@dataclass(frozen=True)
class Step:
    """One person and what happens to them. ``changes``: field → (stored, new); "manager" holds keys."""

    action: Action
    hr_key: str
    name: str = ""
    row: int = 0
    person_id: int | None = None
    changes: Mapping[str, tuple[Any, Any]] = field(default_factory=dict)


@dataclass
class Plan:
    """Everything an import would do and everything that stands in its way.

    Args:
        problems: named before anything is written; their rows are not taken over.
        others: wrong cells of people who are not kept by name: told, and harmless.
        notes: what is deliberately left as it is.
        missing: people known by name and absent from the file; they left only if somebody says so.
    """

    steps: list[Step] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    others: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)
    missing: list[Known] = field(default_factory=list)

    def of(self, *actions: Action) -> list[Step]:
        return [step for step in self.steps if step.action in actions]

    def counts(self) -> dict[str, int]:
        """Steps per action, plus what is wrong and who is missing."""
        found = {action.value: len(self.of(action)) for action in Action}
        wrong = {problem.row for problem in self.problems}
        return {**found, "wrong": len(wrong), "problems": len(self.problems), "missing": len(self.missing)}

    @property
    def writes(self) -> int:
        """How many people would be written; an unchanged file writes none."""
        return sum(1 for step in self.steps if step.action is not Action.SAME)


@dataclass(frozen=True)
class Wish:
    """What the coordinator asks of an import.

    Args:
        keeps_all: everybody in the file by name; otherwise only ``wanted`` and people with a part already.
        wanted: HR keys of an intake file given along.
        moves_addresses: whether the address of somebody with a log-in may follow the file: operators only,
            or whoever uploads a file could log in as somebody else.
        columns: field → header as it stands in the file.
    """

    keeps_all: bool
    wanted: Set[str]
    moves_addresses: bool
    columns: Mapping[str, str]


def make_plan(checked: Checked, known: Mapping[str, Known], wish: Wish) -> Plan:
    """Compare a file with what is stored.

    Args:
        checked: the rows, each checked by itself.
        known: HR key → person, everybody stored, links included.
        wish: scope and limits.
    """
    return _Planner(checked, known, wish).plan()


class _Planner:
    def __init__(self, checked: Checked, known: Mapping[str, Known], wish: Wish) -> None:
        self.checked, self.known, self.wish = checked, known, wish
        self.lines = structure.build(
            checked,
            {key: one.manager for key, one in known.items()},
            {str(one.values.get("email")): key for key, one in known.items() if one.values.get("email")},
            wish.columns.get("manager", ""),
        )
        self.result = Plan()
        self.problems = [*checked.problems, *self.lines.problems]
        self.wrong = {problem.row for problem in self.problems}

    def plan(self) -> Plan:
        kept = self._kept()
        reduced = self._reducible(kept)
        staying = {key for key, one in self.known.items() if not one.is_link and one.is_active} - reduced
        above = closure(kept | staying, self.lines.managers)
        self.result.steps = [
            *self._people(kept),
            *self._links(above, kept | staying, reduced),
            *self._moves_of_skipped(kept, reduced),
        ]
        self.result.missing = [
            one
            for key, one in self.known.items()
            if not one.is_link and one.is_active and key not in self.checked.rows
        ]
        self._sort_problems()
        return self.result

    # --- who is kept --------------------------------------------------------------------------------

    def _is_wanted(self, key: str) -> bool:
        stored = self.known.get(key)
        return key in self.wish.wanted or (stored is not None and stored.is_needed)

    def _usable(self, key: str, row: PersonRow) -> bool:
        return row.number not in self.wrong and key not in self.lines.broken

    def _kept(self) -> set[str]:
        """Keys whose row is right and whose person is kept by name, once no two claim one address."""
        kept = {
            key
            for key, row in self.checked.rows.items()
            if self._usable(key, row) and (self.wish.keeps_all or self._is_wanted(key))
        }
        while taken := list(self._taken_addresses(kept)):
            for problem, key in taken:
                self.problems.append(problem)
                self.wrong.add(problem.row)
                kept.discard(key)
        return kept

    def _taken_addresses(self, kept: Set[str]) -> Iterator[tuple[Problem, str]]:
        """Rows that claim the address of somebody stored who keeps it."""
        owners = {str(one.values["email"]): one for one in self.known.values() if one.values.get("email")}
        for key in kept:
            row = self.checked.rows[key]
            owner = owners.get(str(row.values.get("email")))
            if owner is None or owner.hr_key == key or self._gives_up(owner, kept):
                continue
            column = self.wish.columns.get("email", "")
            yield Problem(row.number, column, "email_taken", {"value": owner.hr_key}), key

    def _gives_up(self, owner: Known, kept: Set[str]) -> bool:
        if owner.hr_key not in kept or (owner.has_log_in and not self.wish.moves_addresses):
            return False
        return self.checked.rows[owner.hr_key].values.get("email") != owner.values.get("email")

    def _reducible(self, kept: Set[str]) -> set[str]:
        """People by name whom this import no longer has a reason to keep: never anybody with a part."""
        if self.wish.keeps_all:
            return set()
        return {
            key
            for key, one in self.known.items()
            if not one.is_link
            and not one.is_needed
            and key in self.checked.rows
            and key not in kept
            and key not in self.wish.wanted
            and key not in self.lines.broken
        }

    # --- steps --------------------------------------------------------------------------------------

    def _people(self, kept: Set[str]) -> Iterator[Step]:
        for key in self.checked.rows:
            if key not in kept:
                continue
            row, stored = self.checked.rows[key], self.known.get(key)
            if stored is None:
                changes: dict[str, tuple[Any, Any]] = {n: (None, value) for n, value in row.values.items()}
                changes["manager"] = ("", self.lines.managers[key])
                yield Step(Action.NEW, key, row.name, row.number, None, changes)
                continue
            changes = self._differences(row, stored)
            yield Step(_action(stored, changes), key, row.name, row.number, stored.id, changes)

    def _differences(self, row: PersonRow, stored: Known) -> dict[str, tuple[Any, Any]]:
        changes = {
            name: (stored.values.get(name), value)
            for name, value in row.values.items()
            if value is not None and stored.values.get(name) != value and not self._is_own(name, stored)
        }
        if "email" in changes and stored.has_log_in and not self.wish.moves_addresses:
            del changes["email"]
            column = self.wish.columns.get("email", "")
            self.result.notes.append(Problem(row.number, column, "email_kept", {"value": row.name}))
        manager = self.lines.managers[row.hr_key]
        if manager != stored.manager:
            changes["manager"] = (stored.manager, manager)
        if not stored.is_active:
            changes["state"] = ("left", "active")
        return changes

    def _is_own(self, name: str, stored: Known) -> bool:
        """Languages are the person's own word from their first log-in on."""
        return name == "languages" and stored.has_log_in and bool(stored.values.get("languages"))

    def _links(self, above: Set[str], named: Set[str], reduced: Set[str]) -> Iterator[Step]:
        for key in sorted(above - named):
            stored = self.known.get(key)
            manager = self.lines.managers.get(key, "")
            if stored is None:
                row = self.checked.rows[key].number if key in self.checked.rows else 0
                yield Step(Action.LINK, key, row=row, changes={"manager": ("", manager)})
            elif key in reduced:
                yield Step(Action.REDUCED, key, stored.name, person_id=stored.id,
                           changes={"manager": (stored.manager, manager)})  # fmt: skip
            elif stored.manager != manager:
                yield Step(Action.RELINKED, key, person_id=stored.id,
                           changes={"manager": (stored.manager, manager)})  # fmt: skip
        for key, stored in self.known.items():
            if key not in above and key not in named and (stored.is_link or key in reduced):
                yield Step(Action.DROPPED, key, stored.name, person_id=stored.id)

    def _moves_of_skipped(self, kept: Set[str], reduced: Set[str]) -> Iterator[Step]:
        """A wrong cell elsewhere in the row does not make its manager less true: the line follows the file."""
        for key, row in self.checked.rows.items():
            stored = self.known.get(key)
            if stored is None or stored.is_link or key in kept or key in reduced:
                continue
            manager = self.lines.managers[key]
            if key not in self.lines.broken and manager != stored.manager:
                changes = {"manager": (stored.manager, manager)}
                yield Step(Action.RELINKED, key, stored.name, row.number, stored.id, changes)

    # --- problems -----------------------------------------------------------------------------------

    def _sort_problems(self) -> None:
        keys = {row.number: key for key, row in self.checked.rows.items()}
        for problem in sorted(self.problems, key=lambda p: (p.row, p.column, p.code)):
            key = keys.get(problem.row)
            counts = (
                self.wish.keeps_all
                or problem.code in STRUCTURAL
                or (key is not None and self._is_wanted(key))
            )
            (self.result.problems if counts else self.result.others).append(problem)
        if not self.wish.keeps_all and not any(self._is_wanted(key) for key in [*keys.values(), *self.known]):
            self.result.problems.insert(0, Problem(0, "", "nobody_wanted"))


def _action(stored: Known, changes: Mapping[str, Any]) -> Action:
    if stored.is_link:
        return Action.OPENED
    if "manager" in changes:
        return Action.MOVED
    return Action.CHANGED if changes else Action.SAME
