"""Whom people turn to takes no part in the programme, whichever of the two came first (decision 3)."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from time import sleep

import pytest
import time_machine
from django.db import IntegrityError, connection, connections, transaction
from django.test import Client
from django.urls import reverse

from common.errors import DomainError
from participants.models import Person
from participants.services import open_log_in
from programmes.engine.enrolling import make_intake_plan
from programmes.engine.intake import Intake, IntakeRow
from programmes.models import Cohort, Enrolment, NamedContact, Programme
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


# --- the database itself ----------------------------------------------------------------------------------

NAME = (
    "INSERT INTO programmes_namedcontact (created_at, updated_at, programme_id, person_id)"
    " VALUES (now(), now(), %(programme)s, %(person)s)"
)
TAKE_IN = (
    "INSERT INTO programmes_enrolment (created_at, updated_at, version, cohort_id, person_id, role, state, capacity,"
    " is_cross_border, style, perspectives_offered, perspective_wanted)"
    " VALUES (now(), now(), 1, %(cohort)s, %(person)s, 'mentor', %(state)s, 1, false, '', '{}', '')"
)
APART = "programmes_(namedcontact|enrolment)_apart|named contact"


def by_sql(statement: str, world: World, person: Person, **more: object) -> None:
    values = {"programme": world.programme.pk, "cohort": world.cohort.pk, "person": person.pk}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, {"state": "accepted", **values, **more})


@pytest.mark.covers("D-08")
@pytest.mark.parametrize("state", ["applied", "waitlisted", "accepted", "matched", "active", "paused"])
def test_plain_sql_names_nobody_who_takes_part(world: World, state: str) -> None:
    person = make_person("noor", "Noor")
    by_sql(TAKE_IN, world, person, state=state)
    with pytest.raises(IntegrityError, match=APART):
        by_sql(NAME, world, person)
    other = Programme.objects.create(name="Elsewhere")
    by_sql(NAME, world, person, programme=other.pk)
    with pytest.raises(IntegrityError, match=APART):
        NamedContact.objects.filter(person=person).update(programme=world.programme)


@pytest.mark.parametrize("state", ["declined", "withdrawn", "completed"])
def test_plain_sql_names_whoever_has_no_part_any_more_and_does_not_take_them_back(
    world: World, state: str
) -> None:
    person = make_person("noor", "Noor")
    by_sql(TAKE_IN, world, person, state=state)
    by_sql(NAME, world, person)
    mine = Enrolment.objects.filter(person=person)
    mine.update(state=state, capacity=2)
    if state != "completed":
        with pytest.raises(IntegrityError, match=APART), transaction.atomic():
            mine.update(state="accepted")


def test_plain_sql_gives_a_contact_no_part(world: World, contact: Person) -> None:
    with pytest.raises(IntegrityError, match=APART):
        by_sql(TAKE_IN, world, contact)
    by_sql(TAKE_IN, world, contact, state="declined")
    noor = take_part(world, "noor", "mentor")
    Enrolment.objects.filter(person=contact).delete()
    with pytest.raises(IntegrityError, match=APART), transaction.atomic():
        Enrolment.objects.filter(pk=noor.pk).update(person=contact)
    elsewhere = Cohort.objects.create(
        programme=Programme.objects.create(name="Elsewhere"), name="Other",
        starts_on=world.cohort.starts_on, ends_on=world.cohort.ends_on,
    )  # fmt: skip
    by_sql(TAKE_IN, world, contact, cohort=elsewhere.pk)
    with pytest.raises(IntegrityError, match="stays in its programme"), transaction.atomic():
        Cohort.objects.filter(pk=elsewhere.pk).update(programme=world.programme)


@pytest.mark.django_db(transaction=True)
@pytest.mark.covers("D-07", "D-08")
@pytest.mark.parametrize("first", [NAME, TAKE_IN], ids=["named first", "enrolled first"])
def test_of_two_transactions_that_cannot_see_each_other_one_is_refused(first: str) -> None:
    made = make_world()
    person = make_person("both", grade=2)
    second = TAKE_IN if first == NAME else NAME
    written, begun = Event(), Event()

    def begin() -> str:
        with transaction.atomic():
            by_sql(first, made, person)
            written.set()
            assert begun.wait(5)
            sleep(0.2)  # the other one waits for us by now
        connections.close_all()
        return "done"

    def follow() -> str:
        assert written.wait(5)
        begun.set()
        try:
            by_sql(second, made, person)
        except IntegrityError as error:
            return "refused" if "named contact" in str(error) else str(error)
        finally:
            connections.close_all()
        return "done"

    with ThreadPoolExecutor(2) as pool:
        tries = [pool.submit(begin), pool.submit(follow)]
        assert [one.result() for one in tries] == ["done", "refused"]
