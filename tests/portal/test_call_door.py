"""The door of an open call: a proven work address and nothing else, and nobody learns who is known (decision 29)."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from outbox.models import Message
from participants.models import Person, User
from participants.services import close_log_in, open_log_in
from programmes.models import Cohort, Enrolment, OpenCall
from programmes.services import publish_call
from tests.programmes.world import NOW, World, make_person, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _at_the_time_of_the_call() -> Iterator[None]:
    cache.clear()
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def call(world: World) -> OpenCall:
    Cohort.objects.filter(pk=world.cohort.pk).update(stage="open")
    world.cohort.refresh_from_db()
    values = {"closes_on": dt.date(2027, 1, 20), "lets_in": True}
    return publish_call(cohort=world.cohort, values=values, by=None)


def door(call: OpenCall, step: str = "") -> str:
    return reverse(f"portal:call-door{step}", args=[call.pk])


def ask(client: Client, call: OpenCall, address: str) -> Any:
    return client.post(door(call), {"email": address})


def newest_code() -> str:
    return Message.objects.filter(kind="login_code").latest("pk").context["code"]


def prove(client: Client, call: OpenCall, address: str) -> Any:
    ask(client, call, address)
    return client.post(door(call, "-code"), {"code": newest_code().lower()})


def text(response: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


@pytest.mark.covers("C-07", "S0.48")
def test_a_colleague_whom_no_roster_knows_comes_in_and_signs_up(client: Client, call: OpenCall) -> None:
    people = Person.objects.count()
    assert client.get(reverse("portal:call", args=[call.pk])).url == door(call)
    assert ask(client, call, " Noor.New@Example.com ").url == door(call, "-code")
    assert Person.objects.count() == people, "nobody is stored before an address is proven"
    moved = client.post(door(call, "-code"), {"code": newest_code()})
    assert moved.url == door(call, "-name")
    assert client.post(moved.url, {"first_name": "", "last_name": "X"}).status_code == 422
    assert client.post(moved.url, {"first_name": "www.x.com", "last_name": "X"}).status_code == 422
    entered = client.post(moved.url, {"first_name": "Noor", "last_name": "El Amrani"})
    assert entered.url == reverse("portal:call", args=[call.pk])
    person = Person.objects.get(email="noor.new@example.com")
    assert (str(person), person.grade, person.hr_key[:5]) == ("Noor El Amrani", None, "self-")
    assert not Enrolment.objects.exists()
    client.post(entered.url, {"role": "mentor"})
    assert Enrolment.objects.get().person == person
    assert client.get(reverse("admin:index")).status_code == 302, "in, and nothing else"


def test_somebody_of_the_roster_comes_in_by_the_same_door(client: Client, call: OpenCall) -> None:
    person = make_person("j", "Jo")
    assert prove(client, call, person.email).url == reverse("portal:call", args=[call.pk])
    assert client.session["_auth_user_id"] == str(User.objects.get(person=person).pk)


@pytest.mark.covers("C-08")
def test_the_door_walks_past_nobodys_second_factor(client: Client, call: OpenCall) -> None:
    user = open_log_in(person=make_person("s", "Sy"))
    TOTP.activate(user, generate_totp_secret())
    assert Authenticator.objects.filter(user=user).exists()
    assert prove(client, call, user.email).url.startswith(reverse("mfa_authenticate"))
    assert "_auth_user_id" not in client.session


@pytest.mark.covers("C-04")
def test_a_log_in_that_was_closed_stays_closed(client: Client, call: OpenCall) -> None:
    person = make_person("j", "Jo")
    open_log_in(person=person)
    close_log_in(person=person, now=NOW)
    shut = prove(client, call, person.email)
    assert (shut.status_code, "Ask a coordinator" in text(shut)) == (410, True)
    assert not User.objects.get(person=person).is_active


@pytest.mark.covers("C-07")
def test_nobody_can_tell_whether_an_address_is_known(call: OpenCall) -> None:
    known, with_log_in = make_person("a", "Ann"), make_person("b", "Ben")
    gone = make_person("c", "Cy", state="left")
    open_log_in(person=with_log_in)
    seen = []
    for address in (known.email, with_log_in.email, gone.email, "nobody.x@example.com"):
        client = Client()
        client.get(door(call))
        with CaptureQueriesContext(connection) as queries:
            answer = ask(client, call, address)
        page = client.get(answer.url).content.decode()
        page = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"|X-CSRFToken": "[^"]+"', "", page)
        kinds = [re.sub(r"'[^']*'|\d+", "?", query["sql"])[:60] for query in queries]
        mails = list(
            Message.objects.filter(address=address).values_list("kind", "first_name", "recipient_id")
        )
        seen.append((answer.status_code, answer.url, page.replace(address, "@"), len(kinds), tuple(mails)))
    assert len(set(seen)) == 1
    assert seen[0][4] == (("login_code", "", None),)


@pytest.mark.parametrize(
    "address", ["noor@elsewhere.com", "noor@sub.example.com", "noor+1@example.com", "noor", "a b@example.com"]
)
def test_only_plain_addresses_of_the_company_get_a_code(client: Client, call: OpenCall, address: str) -> None:
    answer = ask(client, call, address)
    assert answer.status_code == 422
    assert f'value="{address}"' in answer.content.decode(), "nothing typed is lost"
    assert Message.objects.count() == 0


@pytest.mark.covers("C-30")
def test_an_address_is_asked_for_at_most_three_times_in_ten_minutes(client: Client, call: OpenCall) -> None:
    answers = [ask(Client(), call, "noor@example.com").status_code for _time in range(5)]
    assert answers == [302, 302, 302, 429, 429]
    assert Message.objects.filter(kind="login_code").count() == 3
    assert ask(client, call, "other@example.com").status_code == 302


def test_a_code_has_three_tries_ten_minutes_and_one_browser(client: Client, call: OpenCall) -> None:
    ask(client, call, "noor@example.com")
    code, wrong = newest_code(), "WRONG-0"
    assert Client().post(door(call, "-code"), {"code": code}).url == door(call)
    assert [client.post(door(call, "-code"), {"code": wrong}).status_code for _try in range(2)] == [422, 422]
    assert "does not work any more" in text(client.post(door(call, "-code"), {"code": wrong}))
    assert client.post(door(call, "-code"), {"code": code}).url == door(call)
    ask(client, call, "noor@example.com")
    with time_machine.travel(NOW + dt.timedelta(minutes=10), tick=False):
        assert client.post(door(call, "-code"), {"code": newest_code()}).url == door(call)
    assert client.get(door(call, "-name")).url == door(call), "no name without a proven address"


@pytest.mark.parametrize(
    "shut", [{"lets_in": False}, {"closes_on": dt.date(2027, 1, 10)}, {"stage": "selecting"}, {"domains": []}]
)
def test_the_door_is_shut_unless_everything_says_open(
    client: Client, call: OpenCall, settings: Any, shut: dict[str, Any]
) -> None:
    ask(client, call, "noor@example.com")
    settings.OPEN_CALL_DOMAINS = shut.pop("domains", settings.OPEN_CALL_DOMAINS)
    Cohort.objects.filter(pk=call.cohort_id).update(stage=shut.pop("stage", "open"))
    OpenCall.objects.filter(pk=call.pk).update(**{"closes_on": call.closes_on, **shut})
    for step in ("", "-code", "-name"):
        assert client.get(door(call, step)).status_code == 410
    assert client.post(door(call, "-code"), {"code": newest_code()}).status_code == 410
    assert client.get(reverse("portal:call", args=[call.pk])).url.startswith("/accounts/login/")
    assert not User.objects.filter(email="noor@example.com").exists()


@pytest.mark.covers("D-07")
def test_two_tabs_with_one_address_make_one_person(call: OpenCall) -> None:
    tabs = [Client(), Client()]
    pages = [prove(tab, call, "noor@example.com").url for tab in tabs]
    answers = [
        tab.post(page, {"first_name": "Noor", "last_name": "New"}).url
        for tab, page in zip(tabs, pages, strict=True)
    ]
    assert answers == [reverse("portal:call", args=[call.pk]), reverse("account_request_login_code")]
    assert Person.objects.filter(email="noor@example.com").count() == 1
