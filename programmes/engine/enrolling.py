"""An intake beside the enrolments that stand: who is new, what changes, and what a file may not do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from participants.engine.problems import Problem
from programmes.engine.intake import Intake, IntakeRow

#: Whoever left of their own accord, or has completed, does not come back through a file.
OVER: Final = frozenset({"withdrawn", "completed"})
#: With a pair standing the role is settled.
PAIRED: Final = frozenset({"matched", "active"})
#: States that a file turns into "accepted".
TO_ACCEPT: Final = frozenset({"applied", "waitlisted", "declined"})
#: Which of the values belong to the person rather than to the enrolment.
OF_THE_PERSON: Final = ("languages", "availability")


class Action(StrEnum):
    NEW = "new"
    CHANGED = "changed"
    SAME = "same"


@dataclass(frozen=True)
class Candidate:
    """Somebody whom an intake may name: stored, or about to be by the roster given along.

    Args:
        listens: they are the programme's named contact, and so take no part in it.
    """

    hr_key: str
    name: str
    person_id: int | None = None
    is_active: bool = True
    values: Mapping[str, Any] = field(default_factory=dict)
    listens: bool = False


@dataclass(frozen=True)
class Standing:
    """An enrolment as stored, with topics as code → number."""

    id: int
    role: str
    state: str
    values: Mapping[str, Any]


@dataclass(frozen=True)
class Step:
    """One enrolment and what happens to it. ``changes``: field → (stored, new)."""

    action: Action
    row: int
    candidate: Candidate
    role: str
    enrolment_id: int | None
    changes: Mapping[str, tuple[Any, Any]] = field(default_factory=dict)
    person_changes: Mapping[str, tuple[Any, Any]] = field(default_factory=dict)


@dataclass
class IntakePlan:
    """What an intake would do, and what stands in its way."""

    steps: list[Step] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def of(self, action: Action) -> list[Step]:
        return [step for step in self.steps if step.action is action]

    @property
    def writes(self) -> int:
        return sum(1 for step in self.steps if step.action is not Action.SAME)

    def counts(self) -> dict[str, int]:
        found = {action.value: len(self.of(action)) for action in Action}
        roles = [step.role for step in self.steps]
        return {
            **found,
            "mentors": roles.count("mentor"),
            "mentees": roles.count("mentee"),
            "wrong": len({problem.row for problem in self.problems}),
            "problems": len(self.problems),
        }


def make_intake_plan(
    intake: Intake, people: Mapping[str, Candidate], standing: Mapping[str, Standing], column: str
) -> IntakePlan:
    """Compare an intake with the enrolments of one cohort.

    Args:
        intake: the rows that are right in themselves.
        people: HR key, or small address, → candidate.
        standing: HR key → enrolment in this cohort.
        column: header of the column that names the person.
    """
    plan = IntakePlan(problems=list(intake.problems))
    for row in intake.rows:
        candidate = people.get(row.person)
        fault = _fault(row, candidate, standing)
        if candidate is None or fault:
            plan.problems.append(Problem(row.number, column, fault, {"value": row.person}))
        else:
            plan.steps.append(_step(row, candidate, standing.get(candidate.hr_key)))
    plan.problems.sort(key=lambda problem: (problem.row, problem.column, problem.code))
    return plan


def _fault(row: IntakeRow, candidate: Candidate | None, standing: Mapping[str, Standing]) -> str:
    if candidate is None:
        return "unknown_person"
    if not candidate.is_active:
        return "person_left"
    if candidate.listens:
        return "listens"
    enrolment = standing.get(candidate.hr_key)
    if enrolment is None:
        return ""
    if enrolment.state in OVER:
        return "enrolment_over"
    return "role_settled" if enrolment.role != row.role and enrolment.state in PAIRED else ""


def _step(row: IntakeRow, candidate: Candidate, enrolment: Standing | None) -> Step:
    own = {name: value for name, value in row.values.items() if name not in OF_THE_PERSON}
    person_changes = {
        name: (candidate.values.get(name), row.values[name])
        for name in OF_THE_PERSON
        if row.values.get(name) and candidate.values.get(name) != row.values[name]
    }
    if enrolment is None:
        changes: dict[str, tuple[Any, Any]] = {name: (None, value) for name, value in own.items()}
        return Step(Action.NEW, row.number, candidate, row.role, None, changes, person_changes)
    changes = dict(_changes(row, own, enrolment))
    action = Action.CHANGED if changes or person_changes else Action.SAME
    return Step(action, row.number, candidate, row.role, enrolment.id, changes, person_changes)


def _changes(
    row: IntakeRow, own: Mapping[str, Any], enrolment: Standing
) -> Iterator[tuple[str, tuple[Any, Any]]]:
    for name, value in own.items():
        if enrolment.values.get(name) != value:
            yield name, (enrolment.values.get(name), value)
    if enrolment.role != row.role:
        yield "role", (enrolment.role, row.role)
    if enrolment.state in TO_ACCEPT:
        yield "state", (enrolment.state, "accepted")
