"""The pages of an open call in a browser: without a finding of axe, nothing blocked, nothing sideways."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from participants.services import open_log_in
from programmes.models import Cohort, OpenCall
from programmes.services import publish_call
from tests.e2e.look.conftest import DESK, PHONE, OpenPage, faults_of, picture
from tests.programmes.world import World, make_person, make_world

pytestmark = pytest.mark.django_db(transaction=True)


@dataclass
class Scene:
    """An open call, and the sessions of a colleague and of a coordinator."""

    world: World
    call: OpenCall
    colleague: dict[str, str]
    desk: dict[str, str]


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
    return Scene(world, call, session_of(open_log_in(person=junior)), session_of(world.user))


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("name", ["call", "over", "home", "list", "form", "announce", "door"])
def test_the_pages_of_a_call_have_no_fault(
    open_page: OpenPage, scene: Scene, name: str, size: dict[str, int]
) -> None:
    if name == "over":
        OpenCall.objects.update(closes_on=timezone.localdate() - dt.timedelta(days=3))
    pages = {
        "call": (reverse("portal:call", args=[scene.call.pk]), scene.colleague),
        "over": (reverse("portal:call", args=[scene.call.pk]), scene.colleague),
        "door": (reverse("portal:call-door", args=[scene.call.pk]), {}),
        "home": ("/", scene.colleague),
        "list": (reverse("admin:programmes_opencall_changelist"), scene.desk),
        "form": (reverse("admin:programmes_opencall_change", args=[scene.call.pk]), scene.desk),
        "announce": (reverse("admin:programmes_opencall_announce", args=[scene.call.pk]), scene.desk),
    }
    address, cookies = pages[name]
    for scheme in ("light", "dark"):
        with open_page(address, scheme=scheme, size=size, cookies=cookies) as page:
            assert page.locator("h1").count() == 1
            picture(page, f"call-{name}-{size['width']}-{scheme}")
            assert faults_of(page) == []
