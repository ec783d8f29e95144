"""A programme with people in it, made through the services alone."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from participants.choices import FileKind, RosterScope
from participants.engine.grades import read_grades
from participants.engine.tables import read_table
from participants.models import Person, User
from participants.selectors import Roster, remembered_mapping
from participants.services import open_log_in
from programmes.engine.words import INTAKE_FIELDS
from programmes.models import Cohort, Enrolment, NamedContact, Programme
from programmes.selectors import IntakeTable, Sources, shipped_values
from programmes.services import (
    add_goal,
    change_programme,
    create_cohort,
    create_programme,
    enrol,
    settle_text,
)
from tests.participants.files import oracle
from tests.programmes.council import agree

NOW = dt.datetime(2027, 1, 11, 9, tzinfo=dt.UTC)


GOAL = {
    "kind": "technology",
    "text": "Each pair tries one new tool.",
    "measure": "try-outs",
    "outcome": "digital",
}


@dataclass
class World:
    programme: Programme
    cohort: Cohort
    coordinator: Person
    user: User


def make_person(key: str, first: str = "", *, grade: int = 3, **values: Any) -> Person:
    name = first or f"P{key}"
    return Person.objects.create(
        hr_key=key, first_name=name, last_name=values.pop("last_name", "Tester"), grade=grade,
        email=values.pop("email", f"{name}.{key}@example.com".lower()), languages=["en"], **values,
    )  # fmt: skip


def make_world(name: str = "Second Light") -> World:
    coordinator = make_person(
        f"c-{name}", "Lotte", grade=7, email=f"lotte.{name.replace(' ', '')}@example.com".lower()
    )
    programme = create_programme(name=name, purpose="Leaders learn from juniors.", by=coordinator)
    cohort = create_cohort(
        programme=programme, name="2027", starts_on=dt.date(2027, 2, 1), ends_on=dt.date(2027, 10, 31),
        by=coordinator,
    )  # fmt: skip
    return World(programme, cohort, coordinator, open_log_in(person=coordinator))


def ready_to_open(world: World) -> None:
    """Fill what the first gate asks for beside what ``make_world`` has."""
    contact = make_person(f"nc-{world.programme.pk}", "Conny")
    NamedContact.objects.get_or_create(programme=world.programme, person=contact)
    chartered(world)
    agree(world.programme)


def chartered(world: World) -> None:
    """The charter, goals and texts that the first gate asks for."""
    change_programme(programme=world.programme, values={"ambition": "Nobody hears the young."}, by=None)
    add_goal(programme=world.programme, values=GOAL, by=None)
    for key in ("mentor_brief", "mentee_brief", "privacy_note"):
        if not world.programme.texts.filter(key=key).exists():
            settle_text(
                programme=world.programme, key=key, values=shipped_values(world.programme, key), by=None
            )


def take_part(world: World, key: str, role: str, **values: Any) -> Enrolment:
    grade = values.pop("grade", 3 if role == "mentor" else 8)
    return enrol(cohort=world.cohort, person=make_person(key, grade=grade), role=role, by=None, **values)


def oracle_sources(cohort: Cohort | None, scope: RosterScope = RosterScope.PARTICIPANTS) -> Sources:
    """The real roster with its grades and, for a cohort, its intake."""
    roster = read_table(oracle("employees.csv"), "employees.csv")
    grades = read_grades(read_table(oracle("grades.csv"), "grades.csv")).titles
    intake = None
    if cohort is not None:
        table = read_table(oracle("intake.csv"), "intake.csv")
        intake = IntakeTable(table, remembered_mapping(table, FileKind.INTAKE, INTAKE_FIELDS))
    return Sources(
        Roster(roster, remembered_mapping(roster, FileKind.ROSTER), grades), intake, cohort, scope, True
    )
