"""What an import is made of: people as stored, the steps that would change them, and the wish behind it."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from participants.engine.problems import Problem

#: Who stands above somebody, and the unit: whoever changes one of these has moved.
LINES: Final = ("manager", "appraiser", "dotted")
UNITS: Final = ("department", "team")


class Action(StrEnum):
    NEW = "new"
    OPENED = "opened"  # an opaque link of a chain becomes a person
    CHANGED = "changed"
    MOVED = "moved"  # another manager, appraiser, dotted line or unit
    SAME = "same"
    LINK = "link"  # an opaque link, new
    RELINKED = "relinked"  # somebody else above them, and nothing else is taken over
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
    appraiser: str = ""
    dotted: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    #: The key that they bore before a roster knew them; "" for everybody else.
    adopted_from: str = ""

    @property
    def name(self) -> str:
        return f"{self.values.get('first_name', '')} {self.values.get('last_name', '')}".strip()


@dataclass(frozen=True)
class Step:
    """One person and what happens to them.

    Args:
        changes: field → (stored, new); "manager" and "appraiser" hold a key, "dotted" holds keys, "groups" names.
    """

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
        above, groups: who will stand one step above whom, and who will belong to which barrier groups, by HR key.
    """

    steps: list[Step] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    others: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)
    missing: list[Known] = field(default_factory=list)
    above: Mapping[str, Set[str]] = field(default_factory=dict)
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

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
