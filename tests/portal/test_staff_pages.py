"""What sponsors and works-council members may open, and what everybody else may not; nobody's data on either page."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from evaluations.services import publish_round
from participants.models import User
from participants.services import open_log_in
from programmes.models import Cohort, CouncilMember, NamedContact, Sponsor, SponsorTask
from programmes.services import change_cohort
from tests.evaluations.world import World as Asked
from tests.evaluations.world import answer, finish
from tests.programmes.council import agree, turn
from tests.programmes.world import World, make_person, make_world, ready_to_open, take_part

pytestmark = pytest.mark.django_db


@dataclass
class House:
    """One programme with a log-in of every kind, and the addresses that belong to its staff."""

    world: World
    task: SponsorTask
    users: dict[str, User]


def make_house(name: str) -> House:
    world = make_world(name)
    ready_to_open(world)
    people = {
        part: make_person(f"{part}-{name}", f"{part}{name.split()[0]}".title())
        for part in ("sponsor", "council")
    }
    Sponsor.objects.create(programme=world.programme, person=people["sponsor"])
    CouncilMember.objects.create(programme=world.programme, person=people["council"])
    people["contact"] = NamedContact.objects.get(programme=world.programme).person
    people["mentor"] = take_part(world, f"m-{name}", "mentor").person
    people["mentee"] = take_part(world, f"e-{name}", "mentee").person
    task = SponsorTask.objects.create(
        programme=world.programme, text=f"Open the kick-off of {name}", due_on=dt.date(2027, 2, 1)
    )
    users = {part: open_log_in(person=person) for part, person in people.items()}
    users |= {"coordinator": world.user, "stranger": open_log_in(person=make_person(f"s-{name}"))}
    return House(world, task, users)


@pytest.fixture
def mine(db: None) -> House:
    return make_house("Lantern")


@pytest.fixture
def theirs(db: None) -> House:
    return make_house("Canary")


def text(response: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def addresses(house: House) -> Iterator[tuple[str, str, set[str]]]:
    """Every page of staff in a programme, how it is asked for, and who may."""
    number = [house.world.programme.pk]
    yield reverse("portal:sponsor", args=number), "get", {"sponsor"}
    yield reverse("portal:sponsor-task", args=[house.task.pk]), "post", {"sponsor"}
    yield reverse("portal:works-council", args=number), "get", {"council"}
    yield reverse("portal:council-sheet", args=number), "get", {"council", "coordinator"}
    yield reverse("portal:council-sheet", args=number) + "?version=1", "get", {"council", "coordinator"}


@pytest.mark.covers("B-14")
def test_each_page_is_for_its_role_and_404_for_everybody_else(mine: House, theirs: House) -> None:
    for address, how, allowed in addresses(mine):
        assert getattr(Client(), how)(address).status_code == 302, "a stranger logs in first"
        for house in (mine, theirs):
            for part, user in house.users.items():
                client = Client()
                client.force_login(user)
                status = getattr(client, how)(address).status_code
                may = house is mine and part in allowed
                assert (status in (200, 302)) if may else status == 404, f"{part} at {address}: {status}"


def test_a_role_ends_with_the_next_request(client: Client, mine: House) -> None:
    for part, model, name in (("sponsor", Sponsor, "sponsor"), ("council", CouncilMember, "works-council")):
        client.force_login(mine.users[part])
        address = reverse(f"portal:{name}", args=[mine.world.programme.pk])
        assert client.get(address).status_code == 200
        model.objects.all().delete()
        assert client.get(address).status_code == 404


@pytest.mark.covers("S3.42")
def test_a_sponsor_reads_numbers_and_ticks_tasks(client: Client, mine: House) -> None:
    client.force_login(mine.users["sponsor"])
    address = reverse("portal:sponsor", args=[mine.world.programme.pk])
    shown = text(client.get(address))
    assert "1 task is yours to do" in shown
    assert "Leaders learn from juniors." in shown
    assert "2027 mandate and design 1 1 0 0" in shown
    tick = reverse("portal:sponsor-task", args=[mine.task.pk])
    client.post(tick, {"done": "yes"})
    mine.task.refresh_from_db()
    assert mine.task.done_on is not None
    assert "0 tasks are yours to do" in text(client.get(address))
    client.post(tick, {"done": "no"})
    mine.task.refresh_from_db()
    assert mine.task.done_on is None
    for person in ("mentor", "mentee", "contact", "coordinator", "council"):
        assert str(mine.users[person].person) not in shown, person


def test_a_sponsor_reads_published_results_and_no_others(client: Client) -> None:
    asked = Asked()
    sponsor = make_person("sponsor")
    Sponsor.objects.create(programme=asked.programme, person=sponsor)
    client.force_login(open_log_in(person=sponsor))
    round = asked.open()
    answer(round, asked.people)
    page = reverse("portal:sponsor", args=[asked.programme.pk])
    results = reverse("portal:sponsor-results", args=[round.pk])
    assert client.get(results).status_code == 404
    assert results not in client.get(page).content.decode()
    finish(round)
    publish_round(
        round=round, changes="We meet at lunch.", now=round.closes_at + dt.timedelta(days=2), by=None
    )
    assert "We meet at lunch." in text(client.get(results))
    assert results in client.get(page).content.decode()
    other = make_house("Canary")
    client.force_login(other.users["sponsor"])
    assert client.get(results).status_code == 404


@pytest.mark.covers("B-14")
def test_a_works_council_reads_settings_and_changes_and_no_person(client: Client, mine: House) -> None:
    programme = mine.world.programme
    agree(programme, "attention")
    turn(programme, pulses=True)
    change_cohort(
        cohort=mine.world.cohort, values={"min_group_size": 8, "ends_on": dt.date(2027, 12, 1)}, by=None
    )
    client.force_login(mine.users["council"])
    shown = text(client.get(reverse("portal:works-council", args=[programme.pk])))
    assert "Works council: 1 change waits for the agreement" in shown
    assert "Pulses off on" in shown
    log = shown[shown.index("Settings that were changed") :]
    assert "Attention rules off on" in log
    assert "Cohort 2027: least group size for a score 5 8" in log
    assert "2027-12-01" not in log
    for part in ("mentor", "mentee", "contact", "coordinator", "sponsor"):
        assert str(mine.users[part].person) not in shown, part


def test_whoever_has_only_such_a_role_has_a_home_that_leads_there(client: Client, mine: House) -> None:
    number = mine.world.programme.pk
    for part, leads in (
        ("sponsor", reverse("portal:sponsor", args=[number])),
        ("council", reverse("portal:works-council", args=[number])),
        ("contact", reverse("portal:contact-requests")),
    ):
        client.force_login(mine.users[part])
        home = client.get("/").content.decode()
        assert home.count(leads) == 2, f"{part}: a card and a line of the menu"
        assert "Your pair will stand here" not in home


def test_the_invitation_says_what_they_will_see(client: Client, mine: House) -> None:
    for part, words in (("sponsor", "stand behind it"), ("council", "follow it for the works council")):
        assert words in render_offer(mine, part)


def render_offer(house: House, part: str) -> str:
    from django.template.loader import render_to_string

    from programmes.selectors import STAFF
    from programmes.selectors.invitations import invitation_about

    row = STAFF[part].objects.get(programme=house.world.programme)
    return render_to_string("portal/invitation.html", {"offer": invitation_about((part, row.pk))})


def test_every_mentor_reads_who_their_named_contact_is(client: Client, mine: House) -> None:
    client.force_login(mine.users["mentor"])
    name = str(mine.users["contact"].person)
    assert name in text(client.get("/"))
    assert name in text(client.get(reverse("portal:talk")))


@pytest.mark.covers("D-15")
def test_the_pages_ask_no_more_for_more(client: Client, mine: House) -> None:
    programme = mine.world.programme

    def cost(part: str, name: str) -> int:
        client.force_login(mine.users[part])
        address = reverse(f"portal:{name}", args=[programme.pk])
        client.get(address)
        with CaptureQueriesContext(connection) as captured:
            client.get(address)
        return len(captured)

    pages = (("sponsor", "sponsor"), ("council", "works-council"))
    few = [cost(*one) for one in pages]
    for number in range(20):
        Cohort.objects.create(
            programme=programme, name=f"c{number}", starts_on=dt.date(2027, 1, 1), ends_on=dt.date(2028, 1, 1)
        )
        SponsorTask.objects.create(programme=programme, text="More", due_on=dt.date(2027, 1, 1))
        turn(programme, pulses=bool(number % 2))
        agree(programme)
    assert [cost(*one) for one in pages] == few
