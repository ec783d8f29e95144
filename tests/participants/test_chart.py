"""The organisation chart at the desk: names within one's programmes, opaque places elsewhere."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from participants.models import DottedLine, Person
from programmes.models import Enrolment
from tests.programmes.test_wizard import text
from tests.programmes.world import World, make_person, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(client: Client) -> World:
    made = make_world()
    client.force_login(made.user)
    return made


def chart(person: Person) -> str:
    return reverse("admin:participants_person_chart", args=[person.pk])


def taking_part(world: World, *people: Person) -> None:
    for one in people:
        Enrolment.objects.create(cohort=world.cohort, person=one, role="mentee", state="accepted")


@pytest.mark.covers("S0.2")
def test_the_line_up_to_the_top_the_dotted_ones_and_the_reports(client: Client, world: World) -> None:
    top = Person.objects.create(hr_key="top", is_chain_only=True)
    boss = make_person("b", "Marijke", manager=top)
    secret = make_person("s", "Canary", manager=top)
    who = make_person("w", "Bram", manager=boss, appraiser=secret)
    DottedLine.objects.create(person=who, manager=boss)
    junior, outside = make_person("j", "Fleur", manager=who), make_person("o", "Canary", appraiser=who)
    taking_part(world, boss, who, junior)
    response = client.get(chart(who))
    found = response.context["chart"]
    assert [place.person for place in found.line] == [None, boss]
    assert {(place.person, *map(str, place.how)) for place in found.beside} == {
        (None, "appraiser"),
        (boss, "dotted line"),
    }
    assert (list(found.reports), found.unnamed, found.above) == ([junior], 1, 3)
    page = text(response)
    assert "3 people stand above" in page
    assert "1 more person, outside your programmes" in page
    assert "Canary" not in page
    assert outside.pk != secret.pk


@pytest.mark.covers("C-05")
def test_people_of_other_programmes_have_no_chart_here(client: Client, world: World) -> None:
    other = make_world("Third Light")
    stranger = make_person("x", "Canary")
    taking_part(other, stranger)
    assert client.get(chart(stranger)).status_code == 404
    assert client.get(chart(Person(pk=999_999))).status_code == 404
    link = Person.objects.create(hr_key="link", is_chain_only=True)
    assert client.get(chart(link)).status_code == 404
    assert Client().get(chart(stranger)).status_code == 302


def test_a_circle_ends_and_the_reports_are_paged_in_a_constant_number_of_queries(
    client: Client, world: World
) -> None:
    def queries(person: Person) -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(chart(person))
        return len(captured)

    one, two = make_person("1"), make_person("2")
    Person.objects.filter(pk=one.pk).update(manager=two)
    Person.objects.filter(pk=two.pk).update(manager=one)
    taking_part(world, one, two)
    few = queries(one)
    reports = [make_person(f"r{number}", manager=one) for number in range(60)]
    taking_part(world, *reports)
    assert queries(one) == few <= 12
    first = client.get(chart(one)).context["chart"].reports
    last = client.get(chart(one), {"page": "3"}).context["chart"].reports
    assert (len(first), first.paginator.num_pages, len(last)) == (25, 3, 11)
    assert client.get(chart(one), {"page": "x"}).status_code == 200
