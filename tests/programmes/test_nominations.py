"""Naming a colleague: one neutral mail, words for coordinators alone, and silence about what becomes of it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from outbox.models import Message
from outbox.services import drain
from participants.services import open_log_in
from programmes.models import Cohort, Nomination, OpenCall
from programmes.services import nominate, publish_call, sign_up
from programmes.services.nominations import MOST
from tests.programmes.world import NOW, World, make_person, make_world
from tests.refusals import refused
from tests.smtp import SmtpServer

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _at_the_time_of_the_call() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def call(world: World) -> OpenCall:
    Cohort.objects.filter(pk=world.cohort.pk).update(stage="open")
    world.cohort.refresh_from_db()
    return publish_call(cohort=world.cohort, values={"closes_on": dt.date(2027, 1, 20)}, by=None)


def name(call: OpenCall, address: str, by: Any, **more: Any) -> None:
    values = {"role": "mentor", "words": "Shows everybody how it works.", **more}
    nominate(call=call, address=address, by=by, now=NOW, **values)


@pytest.mark.covers("S0.27")
def test_however_many_name_somebody_they_get_one_neutral_mail(
    call: OpenCall, smtp_server: SmtpServer
) -> None:
    noor = make_person("noor", "Noor")
    for number in range(4):
        name(
            call,
            " Noor.NOOR@example.com",
            make_person(f"n{number}", f"Namer{number}"),
            ratings={"digital": "met"},
        )
    assert Nomination.objects.filter(nominee=noor, digital="met", innovative="not_known").count() == 4
    assert drain(now=NOW) == 1
    mail = smtp_server.mails[0]
    text = mail.message.get_body(("plain",)).get_content()
    assert mail.message["Subject"] == "You were nominated as reverse mentor"
    assert not re.search(r"Namer\d|Shows everybody", text)
    assert "/calls/in/" in text
    kept = Message.objects.get(kind="nomination")
    assert (kept.is_discreet, kept.address, kept.context) == (True, "", None)


def test_naming_the_same_colleague_again_changes_ones_words(call: OpenCall) -> None:
    namer = make_person("n")
    make_person("noor", "Noor")
    name(call, "noor.noor@example.com", namer)
    name(call, "noor.noor@example.com", namer, words="Better said.", role="mentee")
    assert list(Nomination.objects.values_list("words", "role")) == [("Better said.", "mentee")]
    assert Message.objects.count() == 1


def test_who_has_a_place_is_left_in_peace_and_beyond_the_company_nobody_is_written_to(call: OpenCall) -> None:
    inside, namer = make_person("i", "Ida", grade=2), make_person("n")
    sign_up(call=call, person=inside, role="mentor", now=NOW)
    gone = make_person("g", "Gus", state="left")
    for address in (inside.email, gone.email, "stranger@example.com", "friend@elsewhere.com"):
        name(call, address, namer)
    assert Nomination.objects.count() == 4
    assert Message.objects.count() == 0
    OpenCall.objects.update(lets_in=True)
    name(call, "stranger@example.com", namer)
    name(call, "friend@elsewhere.com", namer)
    assert list(Message.objects.values_list("address", "recipient_id")) == [("stranger@example.com", None)]
    assert "stranger" not in Message.objects.get().key


def test_what_is_refused(call: OpenCall) -> None:
    namer = make_person("n")
    with refused("oneself"):
        name(call, namer.email.upper(), namer)
    with refused("address"):
        name(call, "noor", namer)
    with refused("words"):
        name(call, "a@example.com", namer, words=" ")
    with refused("choice"):
        name(call, "a@example.com", namer, ratings={"digital": "10"})
    for number in range(MOST):
        name(call, f"a{number}@example.com", namer)
    with refused("most"):
        name(call, "onemore@example.com", namer)
    name(call, "a1@example.com", namer, words="Said anew.")
    Cohort.objects.update(stage="selecting")
    with refused("not_open"):
        name(OpenCall.objects.get(), "b@example.com", namer)
    assert Nomination.objects.count() == MOST
    assert Nomination.objects.get(address="a1@example.com").words == "Said anew."


@pytest.mark.covers("C-07")
def test_the_page_answers_alike_whoever_is_named_and_shows_nothing_afterwards(
    client: Client, call: OpenCall
) -> None:
    make_person("noor", "Noor")
    client.force_login(open_log_in(person=make_person("n")))
    address = reverse("portal:call-nominate", args=[call.pk])
    pages = []
    for whom in ("noor.noor@example.com", "nobody@example.com"):
        given = {"address": whom, "role": "mentor", "words": "Knows how.", "digital": "met"}
        answer = client.post(address, given, follow=True).content.decode()
        pages.append(re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"|X-CSRFToken": "[^"]+"', "", answer))
    assert pages[0] == pages[1]
    assert "noor" not in pages[0].lower()
    wrong = client.post(address, {"address": "x", "role": "mentor", "words": "Kept as typed"})
    assert wrong.status_code == 422
    assert "Kept as typed" in wrong.content.decode()


def test_coordinators_read_the_words_beside_the_application(
    client: Client, world: World, call: OpenCall
) -> None:
    noor = make_person("noor", "Noor", grade=2)
    name(call, noor.email, make_person("n", "Nils"), ratings={"digital": "met"})
    client.force_login(world.user)
    listed = client.get(reverse("admin:programmes_selection", args=[world.cohort.pk])).content.decode()
    assert "Shows everybody how it works." in listed
    enrolment = sign_up(call=call, person=noor, role="mentor", now=NOW)
    address = reverse("admin:programmes_selection_candidate", args=[world.cohort.pk, enrolment.pk])
    assert "Shows everybody how it works." in client.get(address).content.decode()
    assert (
        "Shows everybody"
        not in client.get(reverse("admin:programmes_selection", args=[world.cohort.pk])).content.decode()
    )
