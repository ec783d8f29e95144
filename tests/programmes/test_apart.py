"""Whom people turn to takes no part in the programme, whichever of the two came first (decision 3)."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
import time_machine
from django.db import connections
from django.test import Client
from django.urls import reverse

from common.errors import DomainError
from participants.models import Person
from participants.services import open_log_in
from programmes.engine.enrolling import make_intake_plan
from programmes.engine.intake import Intake, IntakeRow
from programmes.models import Cohort, Enrolment, NamedContact
from programmes.selectors.intake import candidates
from programmes.selectors.wording import sentence
from programmes.services import enrol, name_contact, set_enrolment_state, sign_up
from tests.programmes.test_calls import open_call
from tests.programmes.test_desk_lists import text
from tests.programmes.world import NOW, World, make_person, make_world, take_part
from tests.refusals import refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    made = make_world()
    Cohort.objects.filter(pk=made.cohort.pk).update(stage="open")
    made.cohort.refresh_from_db()
    return made


@pytest.fixture
def contact(world: World) -> Person:
    person = make_person("k", "Kim", grade=2)
    name_contact(programme=world.programme, person=person, by=None, now=NOW)
    return person


@pytest.mark.parametrize("state", ["applied", "waitlisted", "accepted", "paused"])
def test_whoever_takes_part_or_has_come_forward_is_named_no_contact(world: World, state: str) -> None:
    person = make_person("noor", "Noor")
    Enrolment.objects.create(cohort=world.cohort, person=person, role="mentor", state=state)
    with refused("takes_part"):
        name_contact(programme=world.programme, person=person, by=None, now=NOW)
    assert not NamedContact.objects.filter(person=person).exists()


def test_a_contact_is_enrolled_in_no_cohort_of_the_programme(world: World, contact: Person) -> None:
    for role in ("mentor", "mentee"):
        with refused("listens"):
            enrol(cohort=world.cohort, person=contact, role=role, by=None)
    assert not Enrolment.objects.filter(person=contact).exists()


def test_somebody_named_contact_after_they_left_is_not_taken_back_in(world: World) -> None:
    noor = take_part(world, "noor", "mentor")
    set_enrolment_state(enrolment=noor, to="withdrawn", by=None, now=NOW)
    name_contact(programme=world.programme, person=noor.person, by=None, now=NOW)
    with refused("listens"):
        set_enrolment_state(enrolment=noor, to="accepted", by=None, now=NOW)
    noor.refresh_from_db()
    assert noor.state == "withdrawn"


def test_an_intake_file_names_the_row_of_a_contact(world: World, contact: Person) -> None:
    found = candidates({contact.hr_key}, None, listeners=frozenset({contact.pk}))
    intake = Intake(rows=[IntakeRow(2, contact.hr_key, "mentor", {})], problems=[])
    plan = make_intake_plan(intake, found, {}, "key")
    assert [(problem.row, problem.code) for problem in plan.problems] == [(2, "listens")]
    assert "named contact" in sentence(plan.problems[0])


@time_machine.travel(NOW, tick=False)
def test_a_contact_reads_why_they_are_not_asked(client: Client, world: World, contact: Person) -> None:
    call = open_call(world)
    client.force_login(open_log_in(person=contact), backend="django.contrib.auth.backends.ModelBackend")
    page = text(client.get(reverse("portal:call", args=[call.pk])))
    assert page.count("You are the named contact of this programme") == 1
    assert "Sign me up" not in page
    with refused("listens"):
        sign_up(call=call, person=contact, role="mentor", now=NOW)
    assert reverse("portal:call", args=[call.pk]) not in client.get("/").content.decode()


@pytest.mark.django_db(transaction=True)
@pytest.mark.covers("D-07")
def test_named_and_enrolled_at_once_one_of_the_two_holds() -> None:
    made = make_world()
    Cohort.objects.filter(pk=made.cohort.pk).update(stage="open")
    made.cohort.refresh_from_db()
    people = [make_person(f"both-{number}", grade=2) for number in range(4)]

    def name(person: Person) -> None:
        name_contact(programme=made.programme, person=person, by=None, now=NOW)

    def take_in(person: Person) -> None:
        enrol(cohort=made.cohort, person=person, role="mentor", by=None)

    def attempt(step: Callable[[Person], None], person: Person) -> str:
        try:
            step(person)
        except DomainError as refusal:
            return str(refusal.code)
        finally:
            connections.close_all()
        return "done"

    with ThreadPoolExecutor(4) as pool:
        tries = [pool.submit(attempt, step, person) for person in people for step in (name, take_in)]
        found = sorted(one.result() for one in tries)
    assert found.count("done") == 4, found
    assert set(found) <= {"done", "takes_part", "listens"}
    assert not Enrolment.objects.filter(person__contact_for__isnull=False).exists()
