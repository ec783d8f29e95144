"""The coordinator's pages: every step by hand, nobody else's rounds, and no way round the walls."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from evaluations import services
from evaluations.models import Round
from operations.models import Job
from participants.models import Person, User
from programmes.choices import Role
from programmes.models import Coordinator, Programme
from tests.evaluations.world import NOW, World, always, answer, finish, published

pytestmark = pytest.mark.django_db
PAGES = ("page", "launch", "close", "publish", "results")


@pytest.fixture(autouse=True)
def _now() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def world() -> World:
    return World(20, 20)


@pytest.fixture
def desk(world: World, client: Client) -> Client:
    client.force_login(world.coordinator())
    return client


def at(round: Round, page: str) -> str:
    return reverse(f"admin:evaluations_round_{page}", args=[round.pk])


def last_day(days: int) -> str:
    return str((NOW + timedelta(days=days)).date())


@pytest.mark.covers("A-13")
@pytest.mark.covers_part("S0.39")
def test_a_round_by_hand_from_the_form_to_the_results(desk: Client, world: World) -> None:
    made = desk.post(
        reverse("admin:evaluations_round_add"),
        {"cohort": world.cohort.pk, "kind": "quarterly", "closes_on": last_day(14)},
    )
    round = Round.objects.get()
    assert (made.status_code, made["Location"]) == (302, at(round, "page"))
    assert timezone.localtime(round.closes_at, timezone.get_fixed_timezone(60)).time().hour == 23

    launch = desk.get(at(round, "launch")).content.decode()
    assert "Confidential until this round closes; anonymous afterwards" in launch
    assert "We talk at eye level." in launch
    assert desk.post(at(round, "launch")).status_code == 302
    round.refresh_from_db()
    answer(round, world.people, always("4", text="Less mail."))

    page = desk.get(at(round, "page")).content.decode()
    assert "three quarters or more" in page
    assert desk.get(at(round, "close")).status_code == 200
    assert Round.objects.get().state == "open"
    assert desk.post(at(round, "close")).status_code == 302
    assert "being sealed" in desk.get(at(round, "page")).content.decode()
    assert desk.get(at(round, "results")).status_code == 404
    services.seal_round(round=round, now=timezone.now())
    services.freeze_results(round=round)

    assert "for you first" in desk.get(at(round, "page")).content.decode()
    assert "Less mail." in desk.get(at(round, "results")).content.decode()
    assert desk.post(at(round, "publish"), {"changes": " "}).status_code == 422
    shown = desk.post(at(round, "publish"), {"changes": "One mail a week."}, follow=True)
    assert "One mail a week." in shown.content.decode()
    assert Round.objects.get().state == "published"


def test_the_last_day_of_a_draft_may_be_moved_and_nothing_of_a_launched_round(
    desk: Client, world: World
) -> None:
    draft = world.draft()
    change = reverse("admin:evaluations_round_change", args=[draft.pk])
    assert desk.post(change, {"closes_on": last_day(1)}).status_code == 200
    assert desk.post(change, {"closes_on": last_day(20)}).status_code == 302
    draft.refresh_from_db()
    assert str(draft.closes_at.date()) == last_day(20)
    services.launch_round(round=draft, now=NOW)
    assert desk.get(change).status_code == 200
    assert desk.post(change, {"closes_on": last_day(30), "k": 1, "state": "draft"}).status_code == 403
    assert (
        desk.post(reverse("admin:evaluations_round_delete", args=[draft.pk]), {"post": "yes"}).status_code
        == 403
    )


def test_a_draft_may_be_thrown_away(desk: Client, world: World) -> None:
    draft = world.draft()
    assert (
        desk.post(reverse("admin:evaluations_round_delete", args=[draft.pk]), {"post": "yes"}).status_code
        == 302
    )
    assert not Round.objects.exists()


@pytest.mark.covers("A-14")
def test_few_people_need_a_word_more_and_very_few_cannot_be_asked(client: Client) -> None:
    world = World(3, 4)
    client.force_login(world.coordinator())
    draft = world.draft()
    assert "totals only" in client.get(at(draft, "launch")).content.decode()
    assert client.post(at(draft, "launch")).status_code == 422
    assert client.post(at(draft, "launch"), {"totals_only": "on"}).status_code == 302
    Round.objects.filter(pk=draft.pk).exists()
    tiny = World(2, 1, name="Other")
    Coordinator.objects.create(programme=tiny.programme, person=Person.objects.get(hr_key="hr-c"))
    second = tiny.draft()
    assert "nothing could ever be shown" in client.get(at(second, "launch")).content.decode()
    assert client.post(at(second, "launch"), {"totals_only": "on"}).status_code == 422


@pytest.mark.covers("C-01")
@pytest.mark.parametrize("page", PAGES)
def test_pages_of_another_programme_do_not_exist(world: World, client: Client, page: str) -> None:
    stranger = Person.objects.create(hr_key="x", first_name="X", email="x@example.com")
    User.objects.create(email="x@example.com", person=stranger)
    Coordinator.objects.create(programme=Programme.objects.create(name="Other"), person=stranger)
    client.force_login(User.objects.get(person=stranger))
    round = finish(world.open())
    assert client.get(at(round, page)).status_code == 404
    assert client.post(at(round, page)).status_code in (403, 404)
    assert client.get(reverse("admin:evaluations_round_changelist")).content.decode().count(round.title) == 0


@pytest.mark.parametrize("page", PAGES)
def test_participants_have_no_desk(world: World, client: Client, page: str) -> None:
    round = published(world.open())
    client.force_login(User.objects.get(person=world.people[0]))
    sent_away = client.get(at(round, page))
    assert sent_away.status_code == 302
    assert sent_away["Location"].startswith(reverse("admin:login"))


@pytest.mark.covers("A-04", "A-02")
def test_no_parameter_changes_the_results(desk: Client, world: World) -> None:
    round = world.open()
    answer(round, world.people, always("4", text="Less mail."))
    published(round)
    plain = without_token(desk.get(at(round, "results")))
    for query in ("?role=mentor", "?q=Less", "?department=IT", "?k=1&all=1", "?topic=1"):
        assert without_token(desk.get(at(round, "results") + query)) == plain


def without_token(response: Any) -> str:
    return re.sub(
        r'(csrfmiddlewaretoken" value="|X-CSRFToken": "|name="next" value=")[^"]+',
        r"\1",
        response.content.decode(),
    )


@pytest.mark.covers("A-10")
def test_a_page_says_the_same_of_a_group_with_none_one_or_four_answers(client: Client) -> None:
    pages = []
    for n in (0, 1, 4):
        world = World(20, 20, name=f"Programme {n}")
        client.force_login(coordinator_of(world, n))
        round = world.open()
        answer(round, world.people[:20], always("4"))
        answer(round, world.people[20 : 20 + n], always("4"))
        published(round)
        html = without_token(client.get(at(round, "results")))
        html = html.replace(str(world.programme), "").replace(f"/{round.pk}/", "/")
        html = html.replace(f">{20 + n}<", "><").replace(f"{20 + n} of 40 people", "of 40 people")
        pages.append(re.sub(r"(hr-c\d|Lotte\d)", "", html))
    assert pages[0] == pages[1] == pages[2]


def coordinator_of(world: World, number: int) -> User:
    person = Person.objects.create(
        hr_key=f"hr-c{number}", first_name="Lotte", email=f"lotte{number}@example.com"
    )
    User.objects.create(email=person.email, person=person)
    return world.coordinator(person)


@pytest.mark.covers("A-11")
def test_the_list_tells_a_band_and_the_desk_knows_nobody_who_answered(desk: Client, world: World) -> None:
    round = world.open()
    answer(round, world.people[:9])
    listed = desk.get(reverse("admin:evaluations_round_changelist")).content.decode()
    assert "less than a quarter" in listed
    page = desk.get(at(round, "page")).content.decode()
    assert not [person for person in world.people if person.last_name in page or person.last_name in listed]
    assert not re.search(r"\b9\b", re.sub(r"<[^>]+>", " ", page).replace("9 o", ""))


@pytest.mark.covers("A-08")
def test_a_coordinator_who_takes_part_reads_no_comments(client: Client, world: World) -> None:
    both = world.coordinator(world.people[0])
    client.force_login(both)
    round = world.open()
    answer(round, world.people, always("4", text="Less mail."))
    finish(round)
    html = client.get(at(round, "results")).content.decode()
    assert "Less mail." not in html
    assert "do not take part in the programme themselves" in html


@pytest.mark.parametrize("language", ["en", "nl", "de"])
def test_pages_work_in_every_language_without_inline_code(
    world: World, client: Client, language: str
) -> None:
    user = world.coordinator()
    Person.objects.filter(pk=user.person_id).update(language=language)
    client.force_login(user)
    draft = world.draft()
    pages = [client.get(at(draft, "launch")), client.get(reverse("admin:evaluations_round_add"))]
    draft = services.launch_round(round=draft, now=NOW)
    pages += [client.get(at(draft, "page")), client.get(at(draft, "close"))]
    answer(draft, world.people, always("4", text="Minder mail."))
    finish(draft)
    pages += [client.get(at(draft, name)) for name in ("page", "publish", "results")]
    pages.append(client.get(reverse("admin:operations_job_progress", args=[Job.objects.get().pk])))
    for page in pages:
        html = page.content.decode()
        assert page.status_code == 200
        assert f'lang="{language}"' in html
        assert " style=" not in html
        assert not re.search(r"<script(?![^>]*\bsrc=)[^>]*>\s*\S", html)


@pytest.mark.covers("D-15")
def test_the_number_of_queries_does_not_grow_with_people(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    world = World(30, 30)
    client.force_login(world.coordinator())
    round = world.open()
    answer(round, world.people)
    published(round)
    with django_assert_max_num_queries(25):
        client.get(at(round, "results"))
    with django_assert_max_num_queries(25):
        client.get(reverse("admin:evaluations_round_changelist"))
    newcomer = world.add(Role.MENTOR)
    assert newcomer.pk
