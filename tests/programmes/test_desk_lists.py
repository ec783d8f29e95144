"""The desk's lists and forms: constant in queries, safe for two at once, silent about what stays unspoken."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from operations.models import Job
from outbox.models import Message
from participants.models import Person, TitleGrade, User
from participants.services import open_log_in
from programmes.models import (
    Announcement,
    Cohort,
    ContactRequest,
    Coordinator,
    Enrolment,
    Goal,
    NamedContact,
    OpenCall,
    Programme,
    ProgrammeText,
    Topic,
    TopicCall,
    TopicSuggestion,
)
from tests.programmes.world import NOW, World, make_person, make_world, ready_to_open, take_part

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(client: Client) -> World:
    made = make_world()
    client.force_login(made.user)
    return made


def text(response: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def form_of(response: Any) -> dict[str, Any]:
    """What a change form would send back unchanged."""
    form = response.context["adminform"].form
    return {name: value for name in form.fields if (value := form[name].value()) is not None}


def fill_enrolments(world: World, start: int, count: int) -> None:
    people = Person.objects.bulk_create(
        Person(hr_key=f"q{n}", first_name=f"F{n}", last_name=f"L{n}", grade=n % 9 + 1, email=f"q{n}@example.com",
               department=f"D{n % 5}", country="NL")
        for n in range(start, start + count)
    )  # fmt: skip
    Enrolment.objects.bulk_create(
        Enrolment(cohort=world.cohort, person=person, role="mentor" if n % 2 else "mentee", state="accepted")
        for n, person in enumerate(people)
    )


def fill_requests(world: World, start: int, count: int) -> None:
    fill_enrolments(world, start, count)
    ContactRequest.objects.bulk_create(
        ContactRequest(programme=world.programme, person=person, target="coordinator", asked_on=NOW.date())
        for person in Person.objects.filter(hr_key__in=[f"q{n}" for n in range(start, start + count)])
    )


def fill_staff(world: World, start: int, count: int) -> None:
    fill_enrolments(world, start, count)
    Coordinator.objects.bulk_create(
        Coordinator(programme=world.programme, person=person)
        for person in Person.objects.filter(hr_key__in=[f"q{n}" for n in range(start, start + count)])
    )


def fill_cohorts(world: World, start: int, count: int) -> None:
    Cohort.objects.bulk_create(
        Cohort(programme=world.programme, name=f"c{n}", starts_on="2027-01-01", ends_on="2027-09-01")
        for n in range(start, start + count)
    )


def fill_jobs(world: World, start: int, count: int) -> None:
    Job.objects.bulk_create(
        Job(kind="test", programme_id=world.programme.pk) for _n in range(start, start + count)
    )


def fill_topics(world: World, start: int, count: int) -> None:
    Topic.objects.bulk_create(
        Topic(code=f"t{n}", programme=world.programme, name_en="x", name_nl="x", name_de="x")
        for n in range(start, start + count)
    )


def fill_suggestions(world: World, start: int, count: int) -> None:
    fill_enrolments(world, start, count)
    TopicSuggestion.objects.bulk_create(
        TopicSuggestion(programme=world.programme, person=person, name=f"s{person.pk}")
        for person in Person.objects.filter(hr_key__in=[f"q{n}" for n in range(start, start + count)])
    )


def fill_goals(world: World, start: int, count: int) -> None:
    Goal.objects.bulk_create(
        Goal(programme=world.programme, kind="free", text=f"g{n}", outcome="talent")
        for n in range(start, start + count)
    )


def _more_programmes(world: World, start: int, count: int) -> list[Programme]:
    made = Programme.objects.bulk_create(Programme(name=f"p{n}") for n in range(start, start + count))
    Coordinator.objects.bulk_create(Coordinator(programme=one, person=world.coordinator) for one in made)
    return made


def fill_texts(world: World, start: int, count: int) -> None:
    ProgrammeText.objects.bulk_create(
        ProgrammeText(programme=one, key="privacy_note", body_en="x")
        for one in _more_programmes(world, start, count)
    )


def fill_topic_calls(world: World, start: int, count: int) -> None:
    TopicCall.objects.bulk_create(
        TopicCall(programme=one, closes_on="2027-02-01") for one in _more_programmes(world, start, count)
    )


def fill_open_calls(world: World, start: int, count: int) -> None:
    fill_cohorts(world, start, count)
    rows = Cohort.objects.filter(name__in=[f"c{n}" for n in range(start, start + count)])
    OpenCall.objects.bulk_create(OpenCall(cohort=one, closes_on="2027-02-01") for one in rows)


def fill_announcements(world: World, start: int, count: int) -> None:
    Announcement.objects.bulk_create(
        Announcement(
            cohort=world.cohort, stage="open", offset_days=n, sends_on="2027-02-01", audience="mentors",
            subject_en="x", body_en="x",
        )
        for n in range(start, start + count)
    )  # fmt: skip


def fill_titles(world: World, start: int, count: int) -> None:
    TitleGrade.objects.bulk_create(TitleGrade(title=f"t{n}", grade=3) for n in range(start, start + count))


@pytest.mark.covers("D-15")
@pytest.mark.parametrize(
    ("name", "fill"),
    [
        ("programmes_enrolment", fill_enrolments),
        ("participants_person", fill_enrolments),
        ("programmes_contactrequest", fill_requests),
        ("programmes_coordinator", fill_staff),
        ("programmes_cohort", fill_cohorts),
        ("programmes_topic", fill_topics),
        ("programmes_topicsuggestion", fill_suggestions),
        ("programmes_topiccall", fill_topic_calls),
        ("programmes_opencall", fill_open_calls),
        ("programmes_goal", fill_goals),
        ("programmes_programmetext", fill_texts),
        ("programmes_announcement", fill_announcements),
        ("participants_titlegrade", fill_titles),
        ("operations_job", fill_jobs),
    ],
)
def test_a_list_asks_the_same_few_questions_at_10_and_200_rows(
    client: Client, world: World, name: str, fill: Callable[[World, int, int], None]
) -> None:
    address = reverse(f"admin:{name}_changelist")
    fill(world, 0, 10)
    client.get(address)
    counts = []
    for start, count in ((0, 0), (10, 190)):
        if count:
            fill(world, start, count)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 12, "\n".join(query["sql"][-260:] for query in captured.captured_queries)


@pytest.mark.covers("B-05")
def test_perspectives_and_free_times_stand_on_no_page_of_the_desk(client: Client, world: World) -> None:
    one = take_part(world, "1", "mentor", perspectives_offered=["diversity"], perspective_wanted="consumer")
    Person.objects.filter(pk=one.person_id).update(availability=["mon_lunch"])
    for address in (
        reverse("admin:programmes_enrolment_changelist"),
        reverse("admin:programmes_enrolment_change", args=[one.pk]),
        reverse("admin:participants_person_changelist"),
        reverse("admin:participants_person_change", args=[one.person_id]),
    ):
        shown = client.get(address).content.decode().lower()
        for word in ("diversity", "consumer", "mon_lunch", "monday lunch", "perspective", "availability"):
            assert word not in shown, (address, word)


# --- two at once (D-06) -------------------------------------------------------------------------------------


@pytest.mark.covers("D-06")
@pytest.mark.parametrize("kind", ["programme", "cohort", "person"])
def test_the_second_to_save_is_shown_both_versions_and_loses_nothing(
    client: Client, world: World, kind: str
) -> None:
    member = take_part(world, "1", "mentor").person
    row, field, mine, theirs = {
        "programme": (world.programme, "purpose", "My purpose", "Their purpose"),
        "cohort": (world.cohort, "name", "My name", "Their name"),
        "person": (member, "department", "My unit", "Their unit"),
    }[kind]  # fmt: skip
    label = row._meta.label_lower.replace(".", "_")
    address = reverse(f"admin:{label}_change", args=[row.pk])
    opened = form_of(client.get(address))
    first = client.post(address, {**opened, field: theirs})
    assert first.status_code == 302, text(first)
    second = client.post(address, {**opened, field: mine})
    assert second.status_code == 200
    shown = text(second)
    assert "Somebody else saved this" in shown
    assert theirs in shown
    assert mine in second.content.decode()
    row.refresh_from_db()
    assert getattr(row, field) == theirs
    again = client.post(address, form_of(second))
    assert again.status_code == 302, text(again)
    row.refresh_from_db()
    assert (getattr(row, field), row.version) == (mine, 3)


def test_a_form_without_its_version_is_not_saved(client: Client, world: World) -> None:
    address = reverse("admin:programmes_programme_change", args=[world.programme.pk])
    data = form_of(client.get(address))
    del data["seen_version"]
    assert client.post(address, {**data, "purpose": "x"}).status_code == 200
    world.programme.refresh_from_db()
    assert world.programme.purpose != "x"


@pytest.mark.covers("C-03")
def test_states_and_other_programmes_cannot_be_posted(client: Client, world: World) -> None:
    other = make_world("Other")
    address = reverse("admin:programmes_cohort_change", args=[world.cohort.pk])
    data = form_of(client.get(address))
    client.post(address, {**data, "stage": "active", "programme": other.programme.pk, "version": 99})
    world.cohort.refresh_from_db()
    assert (world.cohort.stage, world.cohort.programme, world.cohort.version) == ("draft", world.programme, 2)


# --- programmes and cohorts ---------------------------------------------------------------------------------


def test_a_coordinator_makes_a_programme_and_a_cohort(client: Client, world: World) -> None:
    data = {"name": "Third Light", "purpose": "Why", "language": "nl", "sender_name": ""}
    assert client.post(reverse("admin:programmes_programme_add"), data).status_code == 302
    made = Programme.objects.get(name="Third Light")
    assert made.coordinators.get().person == world.coordinator
    address = reverse("admin:programmes_cohort_add")
    data = form_of(client.get(address)) | {
        "programme": made.pk, "name": "First", "starts_on": "2027-02-01", "ends_on": "2027-11-01",
        "weight_knowledge": 50, "weight_style": 0,
    }  # fmt: skip
    assert client.post(address, data).status_code == 302
    cohort = Cohort.objects.get(name="First")
    assert (cohort.weights["knowledge"], cohort.weights["style"], cohort.programme) == (50, 0, made)
    wrong = client.post(address, data | {"name": "Second", "weight_knowledge": 90})
    assert "add up to 140" in text(wrong)
    change = reverse("admin:programmes_cohort_change", args=[cohort.pk])
    opened = form_of(client.get(change))
    client.post(change, opened | {"weight_knowledge": 40, "weight_style": 10, "meeting_minutes": 45})
    cohort.refresh_from_db()
    assert (cohort.weights["knowledge"], cohort.weights["style"], cohort.meeting_minutes) == (40, 10, 45)


def test_the_stage_page_says_what_is_missing_and_moves_on(client: Client, world: World) -> None:
    address = reverse("admin:programmes_cohort_stage", args=[world.cohort.pk])
    assert (
        "Somebody outside every reporting line is named as contact. missing Owed by the coordinator"
        in text(client.get(address))
    )
    ready_to_open(world)
    assert "Move on to “topic call”" in text(client.get(address))
    client.post(address, {"to": "open"})
    page = client.get(address)
    assert "At least one junior has come forward as mentor. missing" in text(page)
    refused = client.post(address, {"to": "selecting"}, follow=True)
    assert "Before that: At least one junior" in text(refused)
    assert "not possible any more" in text(client.post(address, {"to": "closed"}, follow=True))
    assert "not possible any more" in text(client.post(address, {"to": "nonsense"}, follow=True))
    world.cohort.refresh_from_db()
    assert world.cohort.stage == "open"


# --- people -------------------------------------------------------------------------------------------------


def act(client: Client, name: str, action: str, *rows: Any) -> str:
    data = {"action": action, ACTION_CHECKBOX_NAME: [row.pk for row in rows], "index": "0"}
    return text(client.post(reverse(f"admin:{name}_changelist"), data, follow=True))


def test_actions_say_how_many_and_why_not(client: Client, world: World) -> None:
    one, two = take_part(world, "1", "mentor"), take_part(world, "2", "mentee", state="applied")
    shown = act(client, "programmes_enrolment", "invite", one, two)
    assert "1 person is invited. 1× P2 Tester is not accepted." in shown
    assert Message.objects.filter(kind="selected").count() == 1
    assert "1 person: accepted" in act(client, "programmes_enrolment", "accept", two)
    for action, state in (("waitlist", "waitlisted"), ("decline", "declined"), ("accept", "accepted"),
                          ("pause", "paused"), ("withdraw", "withdrawn")):  # fmt: skip
        act(client, "programmes_enrolment", action, two)
        two.refresh_from_db()
        assert two.state == state
    assert "not possible any more" in act(client, "programmes_enrolment", "pause", two)
    act(client, "participants_person", "leave", one.person)
    one.person.refresh_from_db()
    assert one.person.state == "left"


def test_somebody_is_enrolled_by_key_or_address(client: Client, world: World) -> None:
    make_person("77", "Noor")
    address = reverse("admin:programmes_enrolment_add")
    data = {"cohort": world.cohort.pk, "role": "mentor", "capacity": ""}
    assert "Nobody is known by this key" in text(client.post(address, data | {"who": "78"}))
    assert client.post(address, data | {"who": " NOOR.77@example.com "}).status_code == 302
    one = Enrolment.objects.get(person__hr_key="77")
    assert (one.capacity, one.state) == (2, "accepted")
    assert "is in this cohort already" in text(client.post(address, data | {"who": "77"}))
    change = reverse("admin:programmes_enrolment_change", args=[one.pk])
    client.post(change, form_of(client.get(change)) | {"capacity": 3, "state": "withdrawn"})
    one.refresh_from_db()
    assert (one.capacity, one.state, one.version) == (3, "accepted", 2)


def test_coordinators_and_contacts_are_named_at_the_desk(client: Client, world: World) -> None:
    make_person("77", "Noor")
    data = {"programme": world.programme.pk, "who": "77"}
    assert client.post(reverse("admin:programmes_coordinator_add"), data).status_code == 302
    assert Message.objects.filter(kind="coordinator_named").count() == 1
    assert "not its named contact" in text(client.post(reverse("admin:programmes_namedcontact_add"), data))
    make_person("78", "Nils")
    assert client.post(reverse("admin:programmes_namedcontact_add"), data | {"who": "78"}).status_code == 302
    contact = NamedContact.objects.get()
    assert "1 invitation is on its way" in act(client, "programmes_namedcontact", "invite_once_more", contact)
    assert "1 named contact removed" in act(client, "programmes_namedcontact", "dismiss", contact)
    noor = Coordinator.objects.get(person__hr_key="77")
    assert "1 coordinator dismissed" in act(client, "programmes_coordinator", "dismiss", noor)
    last = Coordinator.objects.get()
    assert "Name somebody else first" in act(client, "programmes_coordinator", "dismiss", last)
    page = client.get(reverse("admin:programmes_coordinator_change", args=[last.pk]))
    assert page.status_code == 200
    assert "Save" not in text(page)


def test_a_coordinator_closes_requests_and_cannot_add_people_by_hand(client: Client, world: World) -> None:
    one = take_part(world, "1", "mentor")
    request = ContactRequest.objects.create(
        programme=world.programme, person=one.person, target="coordinator", asked_on=NOW.date()
    )
    assert "1 request is done" in act(client, "programmes_contactrequest", "done", request)
    assert client.get(reverse("admin:participants_person_add")).status_code == 403


def test_an_address_of_a_log_in_is_not_for_coordinators_to_change(client: Client, world: World) -> None:
    one = take_part(world, "1", "mentor")
    open_log_in(person=one.person)
    address = reverse("admin:participants_person_change", args=[one.person_id])
    data = form_of(client.get(address))
    assert "email" not in data
    client.post(address, data | {"email": "evil@example.com", "department": "New"})
    one.person.refresh_from_db()
    assert (one.person.email, one.person.department) == ("p1.1@example.com", "New")


def test_an_operator_puts_in_the_first_coordinator(client: Client) -> None:
    client.force_login(User.objects.create_superuser(email="op@example.com", password="x" * 20))
    address = reverse("admin:participants_person_add")
    data = form_of(client.get(address)) | {
        "hr_key": "1", "first_name": "Lotte", "last_name": "Brandsma", "email": "Lotte@example.com",
    }  # fmt: skip
    assert client.post(address, data).status_code == 302
    lotte = Person.objects.get()
    assert lotte.email == "lotte@example.com"
    client.post(reverse("admin:programmes_programme_add"), {"name": "First", "language": "en"})
    programme = Programme.objects.get()
    assert not programme.coordinators.exists()
    client.post(reverse("admin:programmes_coordinator_add"), {"programme": programme.pk, "who": "1"})
    assert Coordinator.objects.get().person == lotte
    assert Message.objects.get().kind == "coordinator_named"
    foreign = client.post(address, data | {"hr_key": "2", "email": "www.example.com"})
    assert foreign.status_code == 200
    topic = Topic.objects.filter(programme=None).first()
    assert topic is not None
    assert client.get(reverse("admin:programmes_topic_change", args=[topic.pk])).status_code == 200


def test_the_shipped_topics_are_read_and_ones_own_are_written(client: Client, world: World) -> None:
    names = {"code": "nets", "direction": "up", "name_en": "Nets", "name_nl": "Netten", "name_de": "Netze"}
    address = reverse("admin:programmes_topic_add")
    assert client.post(address, names).status_code == 200  # a topic for everybody is not theirs to add
    assert client.post(address, names | {"programme": world.programme.pk}).status_code == 302
    shared = Topic.objects.filter(programme=None).first()
    assert shared is not None
    change = reverse("admin:programmes_topic_change", args=[shared.pk])
    assert client.post(change, names | {"programme": world.programme.pk}).status_code == 403
    shared.refresh_from_db()
    assert shared.programme is None
