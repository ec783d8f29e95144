"""Who offers what, what is asked and not offered, offered and not asked; in few questions whatever the size (S4.11)."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from participants.models import Person
from programmes.models import ColleagueTopic, Enrolment, Topic, TopicOffer, TopicWish
from programmes.services import take_break
from tests.programmes.world import NOW, World, make_person, make_world, take_part

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def desk(client: Client, world: World) -> Client:
    client.force_login(world.user)
    return client


def topic(code: str) -> Topic:
    return Topic.objects.get(programme=None, code=code)


def lines(desk: Client, world: World, **chosen: str) -> dict[str, tuple[int, int, int]]:
    page = desk.get(reverse("admin:programmes_topic_supply", args=[world.programme.pk]), chosen)
    assert page.status_code == 200
    found = page.context["page"].object_list
    return {one.topic.code: (one.offered, one.named, one.wanted) for one in found}


def found(desk: Client, world: World, **chosen: str) -> list[tuple[str, str]]:
    page = desk.get(reverse("admin:programmes_topic_offers", args=[world.programme.pk]), chosen)
    assert page.status_code == 200
    return [(one.topic.code, one.name.split()[0]) for one in page.context["page"].object_list]


def settle(world: World) -> None:
    """Two offer, two want, one of them what nobody offers; a colleague and an offerer name something."""
    one = take_part(
        world, "a", "mentor", offers={"gen_ai": 5, "finance_analytics": 4}, wants={"leadership": 3}
    )
    two = take_part(world, "b", "mentor", offers={"gen_ai": 3}, state="applied")
    take_part(world, "c", "mentee", wants={"gen_ai": 3, "craft": 2})
    Person.objects.filter(pk=one.person_id).update(department="Finance")
    Person.objects.filter(pk=two.person_id).update(department="Deals")
    Person.objects.filter(hr_key="c").update(department="Partners")
    TopicOffer.objects.filter(enrolment=one, topic__code="finance_analytics").update(
        example="Shows what ROI hides"
    )
    colleague = make_person("d", "Sarah", department="Finance")
    for person in (colleague, one.person):
        ColleagueTopic.objects.create(
            programme=world.programme,
            person=person,
            topic=topic("finance_analytics"),
            sentence="New tools for ROI",
        )


@pytest.mark.covers("S4.11")
def test_what_is_asked_and_not_offered_and_offered_and_not_asked(desk: Client, world: World) -> None:
    settle(world)
    everything = lines(desk, world)
    assert everything["gen_ai"] == (2, 0, 1)
    assert everything["finance_analytics"] == (1, 1, 0)
    assert len(everything) == 21
    assert lines(desk, world, shown="missing") == {"leadership": (0, 0, 1), "craft": (0, 0, 1)}
    assert lines(desk, world, shown="idle") == {"finance_analytics": (1, 1, 0)}
    assert lines(desk, world, department="Deals")["gen_ai"] == (1, 0, 1)
    assert lines(desk, world, department="Deals", shown="missing").keys() == {"leadership", "craft"}
    assert lines(desk, world, shown="nonsense", department="nowhere").keys() == everything.keys()


@pytest.mark.covers("S4.11")
def test_offers_are_found_by_topic_department_and_words_each_once(desk: Client, world: World) -> None:
    settle(world)
    assert found(desk, world, topic="finance_analytics") == [
        ("finance_analytics", "Pa"),
        ("finance_analytics", "Sarah"),
    ]
    assert set(found(desk, world, department="Finance")) == {
        ("gen_ai", "Pa"),
        ("finance_analytics", "Pa"),
        ("finance_analytics", "Sarah"),
    }
    assert found(desk, world, words="roi hides") == [("finance_analytics", "Pa")]
    assert found(desk, world, words="sarah") == [("finance_analytics", "Sarah")]
    assert found(desk, world, words="generatieve") == found(desk, world, topic="gen_ai")
    assert len(found(desk, world)) == 4


@pytest.mark.covers("B-09")
def test_whoever_objected_left_or_belongs_to_a_past_cohort_counts_nowhere(desk: Client, world: World) -> None:
    settle(world)
    objecting = Enrolment.objects.get(person__hr_key="a")
    take_break(enrolment=objecting, by=None, now=NOW, is_objection=True)
    assert lines(desk, world)["gen_ai"] == (1, 0, 1)
    assert lines(desk, world)["finance_analytics"] == (0, 1, 0)
    assert "Pa" not in {name for _code, name in found(desk, world)}
    Enrolment.objects.filter(person__hr_key="b").update(state="withdrawn")
    assert lines(desk, world)["gen_ai"] == (0, 0, 1)


@pytest.mark.covers("C-05")
def test_another_programme_has_nothing_of_it(world: World) -> None:
    settle(world)
    other = make_world("Elsewhere")
    client = Client()
    client.force_login(other.user)
    for name in ("supply", "offers"):
        assert (
            client.get(reverse(f"admin:programmes_topic_{name}", args=[world.programme.pk])).status_code
            == 404
        )
    assert found(client, other) == []


@pytest.mark.covers("D-15")
@pytest.mark.parametrize("name", ["supply", "offers"])
def test_both_pages_ask_the_same_few_questions_at_10_and_200_rows(
    desk: Client, world: World, name: str
) -> None:
    address, counts, shared = (
        reverse(f"admin:programmes_topic_{name}", args=[world.programme.pk]),
        [],
        topic("craft"),
    )
    for start, end in ((0, 10), (10, 200)):
        people = Person.objects.bulk_create(
            Person(hr_key=f"z{n}", first_name="Z", last_name=f"{n:03}", department=f"D{n % 9}", grade=3)
            for n in range(start, end)
        )
        rows = Enrolment.objects.bulk_create(
            Enrolment(cohort=world.cohort, person=one, role="mentor", state="accepted") for one in people
        )
        own = Topic.objects.bulk_create(
            Topic(programme=world.programme, code=f"o{n}", name_en="o", name_nl="o", name_de="o")
            for n in range(start, end)
        )
        made: list[Any] = [TopicOffer(enrolment=row, topic=shared, level=4) for row in rows]
        TopicOffer.objects.bulk_create(made)
        TopicWish.objects.bulk_create(
            TopicWish(enrolment=row, topic=one, priority=3) for row, one in zip(rows, own, strict=True)
        )
        desk.get(address)
        with CaptureQueriesContext(connection) as seen:
            page = desk.get(address)
        assert len(page.context["page"].object_list) <= 25
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 12, [one["sql"][:160] for one in seen.captured_queries]
    assert desk.get(address, {"page": "4"}).status_code == 200
