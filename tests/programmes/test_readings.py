"""Who opened a record: noted where it was agreed, read by the person, never rewritten (B-11)."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from mentoring.retention import carry_out_terms
from participants.services import open_log_in
from programmes.models import Enrolment, RecordReading
from programmes.services import name_council_member, note_reading
from tests.programmes.council import agree, turn
from tests.programmes.test_desk_lists import text
from tests.programmes.world import NOW, World, make_person, make_world, take_part

pytestmark = [pytest.mark.django_db, pytest.mark.covers("B-11")]


@pytest.fixture
def world() -> World:
    made = make_world()
    agree(made.programme)
    return made


@pytest.fixture
def noor(world: World) -> Enrolment:
    return take_part(world, "noor", "mentor")


def note(world: World, noor: Enrolment, *, at: dt.datetime = NOW, page: str = "part") -> int:
    return note_reading(person_ids=[noor.person_id], user=world.user, page=page, now=at)


def test_what_a_coordinator_opens_is_what_the_person_reads(
    client: Client, world: World, noor: Enrolment
) -> None:
    client.force_login(world.user)
    client.get(reverse("admin:programmes_enrolment_changelist"))
    client.get(reverse("admin:programmes_enrolment_change", args=[noor.pk]))
    client.get(reverse("admin:participants_person_change", args=[noor.person_id]))
    client.get(reverse("admin:participants_person_chart", args=[noor.person_id]))
    client.get(reverse("admin:programmes_enrolment_history", args=[noor.pk]))
    noted = RecordReading.objects.order_by("pk").values_list("person_id", "reader_id", "page")
    assert list(noted) == [
        (noor.person_id, world.coordinator.pk, page) for page in ("part", "person", "chart", "history")
    ]
    client.force_login(open_log_in(person=noor.person))
    shown = text(client.get(reverse("portal:kept")))
    assert "Who opened your record" in shown
    assert f"{world.coordinator} part in a cohort" in shown


def test_back_and_forth_is_one_opening_and_ones_own_record_is_none(world: World, noor: Enrolment) -> None:
    assert note(world, noor) == 1
    assert note(world, noor, at=NOW + dt.timedelta(minutes=9)) == 0
    assert note(world, noor, page="chart") == 1
    assert note(world, noor, at=NOW + dt.timedelta(hours=1)) == 1
    own = open_log_in(person=noor.person)
    assert note_reading(person_ids=[noor.person_id], user=own, page="part", now=NOW) == 0


def test_nothing_is_noted_until_it_was_agreed_and_elsewhere_never(noor: Enrolment) -> None:
    other = make_world("Other")
    else_where = take_part(other, "emil", "mentor")
    assert note(other, else_where) == 0  # wanted, as every programme begins, and agreed by nobody
    turn(other.programme, read_log=False)
    agree(other.programme)
    assert note(other, else_where) == 0
    assert note(other, noor) == 0  # not a programme of theirs


def test_a_person_is_told_whether_it_is_noted(client: Client, world: World, noor: Enrolment) -> None:
    client.force_login(open_log_in(person=noor.person))
    assert "Nobody so far." in text(client.get(reverse("portal:kept")))
    stranger = make_person("s")
    client.force_login(open_log_in(person=stranger))
    assert "This is not noted in a programme of yours" in text(client.get(reverse("portal:kept")))


def test_the_works_council_reads_numbers_and_no_name(client: Client, world: World, noor: Enrolment) -> None:
    note(world, noor)
    note(world, noor, page="person")
    note(world, take_part(world, "emil", "mentee"))
    member = make_person("m", "Greta")
    name_council_member(programme=world.programme, person=member, by=None, now=NOW)
    client.force_login(open_log_in(person=member))
    shown = text(client.get(reverse("portal:works-council", args=[world.programme.pk])))
    assert "January 2027 3 2 1" in shown
    assert str(noor.person) not in shown
    assert str(world.coordinator) not in shown


def test_the_log_is_neither_changed_nor_deleted_by_sql(world: World, noor: Enrolment) -> None:
    note(world, noor)
    for statement in (
        "DELETE FROM programmes_recordreading",
        "UPDATE programmes_recordreading SET page = 'chart'",
        "UPDATE programmes_recordreading SET read_at = now()",
    ):
        refused = pytest.raises(IntegrityError, match="neither changed nor deleted")
        with refused, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert RecordReading.objects.get().page == "part"


@pytest.mark.covers("B-10")
def test_it_goes_after_twelve_months(world: World, noor: Enrolment) -> None:
    note(world, noor)
    carry_out_terms(now=NOW + dt.timedelta(days=364))
    assert RecordReading.objects.count() == 1
    carry_out_terms(now=NOW + dt.timedelta(days=366))
    assert not RecordReading.objects.exists()
