"""What an import would do, step by step, before it does anything: the preview and the work are one plan."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from typing import Any, Final

from participants.engine import structure
from participants.engine.lines import closure
from participants.engine.problems import Problem
from participants.engine.rows import Checked, PersonRow
from participants.engine.steps import LINES, UNITS, Action, Known, Plan, Step, Wish

__all__ = ["STRUCTURAL", "Action", "Known", "Plan", "Step", "Wish", "make_plan"]

#: Problems of the reporting lines count whoever bears them; others only where the person is kept by name.
STRUCTURAL: Final = frozenset(
    {
        "no_key",
        "duplicate_key",
        "own_manager",
        "circle",
        "unknown_manager",
        "own_superior",
        "unknown_superior",
        "too_many_cells",
    }
)


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
        stored = structure.Stored(
            managers={key: one.manager for key, one in known.items()},
            appraisers={key: one.appraiser for key, one in known.items()},
            dotted={key: one.dotted for key, one in known.items()},
            emails={
                str(one.values.get("email")): key for key, one in known.items() if one.values.get("email")
            },
        )
        self.lines = structure.build(checked, stored, wish.columns)
        self.result = Plan()
        self.problems = [*checked.problems, *self.lines.problems]
        self.wrong = {problem.row for problem in self.problems}

    def plan(self) -> Plan:
        kept = self._kept()
        reduced = self._reducible(kept)
        staying = {key for key, one in self.known.items() if not one.is_link and one.is_active} - reduced
        self.result.above = self.lines.above()
        above = closure(kept | staying, self.result.above)
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
        self.result.groups = self._groups(kept)
        self._sort_problems()
        return self.result

    def _groups(self, kept: Set[str]) -> dict[str, tuple[str, ...]]:
        """Everybody's barrier groups once this is done."""
        found = {key: one.groups for key, one in self.known.items() if one.groups}
        in_file = {key: self.checked.rows[key].groups for key in kept}
        return {**found, **{key: groups for key, groups in in_file.items() if groups is not None}}

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
                changes |= self._new_lines(key)
                if row.groups:
                    changes["groups"] = ((), row.groups)
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
        if stored.adopted_from:
            changes["hr_key"] = (stored.adopted_from, row.hr_key)
        changes |= self._moved_lines(row.hr_key, stored)
        if row.groups is not None and _small(row.groups) != _small(stored.groups):
            changes["groups"] = (stored.groups, row.groups)
        if not stored.is_active:
            changes["state"] = ("left", "active")
        return changes

    def _is_own(self, name: str, stored: Known) -> bool:
        """Languages are the person's own word from their first log-in on."""
        return name == "languages" and stored.has_log_in and bool(stored.values.get("languages"))

    def _new_lines(self, key: str) -> dict[str, tuple[Any, Any]]:
        """The lines of somebody who is not stored yet; the manager is always named."""
        changes: dict[str, tuple[Any, Any]] = {"manager": ("", self.lines.managers.get(key, ""))}
        if key in self.lines.appraisers:
            changes["appraiser"] = ("", self.lines.appraisers[key])
        if key in self.lines.dotted:
            changes["dotted"] = ((), self.lines.dotted[key])
        return changes

    def _moved_lines(self, key: str, stored: Known) -> dict[str, tuple[Any, Any]]:
        new = {
            "manager": self.lines.managers.get(key, ""),
            "appraiser": self.lines.appraisers.get(key, ""),
            "dotted": self.lines.dotted.get(key, ()),
        }
        return {
            name: (getattr(stored, name), value)
            for name, value in new.items()
            if value != getattr(stored, name)
        }

    def _links(self, above: Set[str], named: Set[str], reduced: Set[str]) -> Iterator[Step]:
        for key in sorted(above - named):
            stored = self.known.get(key)
            if stored is None:
                row = self.checked.rows[key].number if key in self.checked.rows else 0
                yield Step(Action.LINK, key, row=row, changes=self._new_lines(key))
                continue
            changes = self._moved_lines(key, stored)
            if key in reduced:
                same = {"manager": (stored.manager, stored.manager)}
                yield Step(Action.REDUCED, key, stored.name, person_id=stored.id, changes={**same, **changes})
            elif changes:
                yield Step(Action.RELINKED, key, person_id=stored.id, changes=changes)
        for key, stored in self.known.items():
            is_idle = stored.is_link and not stored.is_needed
            if key not in above and key not in named and (is_idle or key in reduced):
                yield Step(Action.DROPPED, key, stored.name, person_id=stored.id)

    def _moves_of_skipped(self, kept: Set[str], reduced: Set[str]) -> Iterator[Step]:
        """A wrong cell elsewhere in the row does not make its manager less true: the line follows the file."""
        for key, row in self.checked.rows.items():
            stored = self.known.get(key)
            if stored is None or stored.is_link or key in kept or key in reduced:
                continue
            changes = self._moved_lines(key, stored)
            if key not in self.lines.broken and changes:
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


def _small(names: tuple[str, ...]) -> set[str]:
    return {name.casefold() for name in names}


def _action(stored: Known, changes: Mapping[str, Any]) -> Action:
    if stored.is_link:
        return Action.OPENED
    if any(name in changes for name in (*LINES, *UNITS)):
        return Action.MOVED
    return Action.CHANGED if changes else Action.SAME
