"""The pages of an open call in a browser: without a finding of axe, nothing blocked, nothing sideways."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from participants.services import open_log_in
from programmes.models import Cohort, Enrolment, OpenCall
from programmes.services import answer_candidate, describe_self, nominate, publish_call, sign_up
from tests.e2e.look.conftest import OpenPage, faults_seen
from tests.programmes.world import World, make_person, make_world

pytestmark = pytest.mark.django_db(transaction=True)


@dataclass
class Scene:
    """An open call, and the sessions of a colleague and of a coordinator."""

    world: World
    call: OpenCall
    colleague: dict[str, str]
    desk: dict[str, str]
    candidate: dict[str, str]
    first: int


def session_of(user: object) -> dict[str, str]:
    client = Client()
    client.force_login(user)  # type: ignore[arg-type]
    return {"session": client.cookies["session"].value}


@pytest.fixture
def scene() -> Scene:
    world = make_world()
    today = timezone.localdate()
    Cohort.objects.filter(pk=world.cohort.pk).update(
        stage="open", starts_on=today + dt.timedelta(days=60), ends_on=today + dt.timedelta(days=333)
    )
    world.cohort.refresh_from_db()
    values = {
        "closes_on": today + dt.timedelta(days=14),
        "mentor_seats": 12,
        "mentee_seats": 14,
        "lets_in": True,
    }
    call = publish_call(cohort=world.cohort, values=values, by=world.coordinator)
    for number, city in enumerate(["Utrecht", "Hamburg", "Dublin"]):
        make_person(
            f"x{number}", city=city, department=["Tax", "Deals", "Risk & Regulatory"][number], grade=7
        )
    junior = make_person("noor", "Noor", last_name="El Amrani", grade=2, department="Deals", city="Utrecht")
    candidates = _candidates(call)
    nominate(
        call=call, address=candidates[0].person.email, role="mentor", by=junior, now=timezone.now(),
        words="Showed the whole floor how she automates a reconciliation.", ratings={"digital": "met"},
    )  # fmt: skip
    return Scene(
        world,
        call,
        session_of(open_log_in(person=junior)),
        session_of(world.user),
        session_of(open_log_in(person=candidates[0].person)),
        candidates[0].pk,
    )


def _candidates(call: OpenCall) -> list[Enrolment]:
    """Twelve who came forward: undecided, in, waiting and not this time."""
    found, now = [], timezone.now()
    for number in range(12):
        role = "mentor" if number % 3 else "mentee"
        who = make_person(
            f"c{number}", ["Mila", "Tomasz", "Sabine"][number % 3], last_name=f"Novak-{number}",
            grade=2 if role == "mentor" else 6, department=["Tax", "Deals"][number % 2], city="Hamburg",
            job_title="Consultant",
        )  # fmt: skip
        found.append(sign_up(call=call, person=who, role=role, now=now))
    found.sort(key=lambda one: one.role == "mentee")
    for one, to in zip(
        found[1:], ["accepted", "waitlisted", "waitlisted", "declined", "accepted"], strict=False
    ):
        answer_candidate(enrolment=one, to=to, seen="applied", by=None, now=now)
    describe_self(
        enrolment=found[0], ratings={"digital": "met", "communication": "partly"}, by=found[0].person
    )
    return found


@pytest.mark.parametrize(
    "name",
    [
        "call",
        "over",
        "home",
        "list",
        "form",
        "announce",
        "door",
        "applied",
        "nominate",
        "selection",
        "candidate",
    ],
)
def test_the_pages_of_a_call_have_no_fault(open_page: OpenPage, scene: Scene, name: str) -> None:
    if name == "over":
        OpenCall.objects.update(closes_on=timezone.localdate() - dt.timedelta(days=3))
    pages = {
        "call": (reverse("portal:call", args=[scene.call.pk]), scene.colleague),
        "over": (reverse("portal:call", args=[scene.call.pk]), scene.colleague),
        "applied": (reverse("portal:call", args=[scene.call.pk]), scene.candidate),
        "nominate": (reverse("portal:call-nominate", args=[scene.call.pk]), scene.colleague),
        "selection": (reverse("admin:programmes_selection", args=[scene.call.cohort_id]), scene.desk),
        "candidate": (
            reverse("admin:programmes_selection_candidate", args=[scene.call.cohort_id, scene.first]),
            scene.desk,
        ),
        "door": (reverse("portal:call-door", args=[scene.call.pk]), {}),
        "home": ("/", scene.colleague),
        "list": (reverse("admin:programmes_opencall_changelist"), scene.desk),
        "form": (reverse("admin:programmes_opencall_change", args=[scene.call.pk]), scene.desk),
        "announce": (reverse("admin:programmes_opencall_announce", args=[scene.call.pk]), scene.desk),
    }
    address, cookies = pages[name]
    with open_page(address, cookies=cookies) as page:
        assert page.locator("h1").count() == 1
        assert faults_seen(page, f"call-{name}") == []
