"""Never with: the author's own page, a search that lists nobody, and silence everywhere else (decision 31)."""

from __future__ import annotations

import re
from typing import Any

import pytest
import time_machine
from auditlog.models import LogEntry
from django.apps import apps
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from common.privacy import lines_of
from participants.models import NeverWith, Person
from participants.services import open_log_in
from programmes.models import Cohort, Enrolment
from programmes.services import set_enrolment_state
from tests.matching.world import NOW, cohort, coordinator, mentee, mentor

pytestmark = pytest.mark.django_db
PAGE = "/never-with/"


@pytest.fixture(autouse=True)
def monday() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def within() -> Cohort:
    return cohort()


def logged_in(who: Person) -> Client:
    client = Client()
    client.force_login(open_log_in(person=who), backend="django.contrib.auth.backends.ModelBackend")
    return client


def found(client: Client, word: str) -> list[str]:
    response = client.post(PAGE, {"word": word})
    assert response.status_code == 200
    return [str(one) for one in response.context["page"].found]


def test_two_clicks_put_somebody_on_the_list_and_one_takes_them_off(within: Cohort) -> None:
    ann, cas = mentor(within, "Ann", last_name="Bell"), mentee(within, "Cas", last_name="de Wit")
    client = logged_in(ann.person)
    page = client.post(PAGE, {"word": "  cas  DE wit "})
    [one] = page.context["page"].found
    client.post(PAGE, {"word": "cas de wit", "add": one.pk})
    client.post(PAGE, {"word": "cas de wit", "add": one.pk})  # a double click
    row = NeverWith.objects.get()
    assert (row.person_id, row.other_id) == (ann.person_id, cas.person_id)
    assert "Cas de Wit" in client.get(PAGE).content.decode()
    client.post(reverse("portal:never-with-take-back", args=[row.pk]))
    assert not NeverWith.objects.exists()


def test_only_a_whole_name_or_address_of_ones_own_cohort_finds_somebody(within: Cohort) -> None:
    ann, cas = mentor(within, "Ann"), mentee(within, "Cas", last_name="de Wit", email="cas@example.com")
    mentee(cohort(), "Eve", last_name="Elsewhere")
    mentee(within, "Dee", last_name="Declined", state="declined")
    mentee(within, "Wim", last_name="Waiting", state="waitlisted")
    client = logged_in(ann.person)
    for word in (
        "Cas",
        "de Wit",
        "C",
        "%",
        "Cas de Wi",
        "Eve Elsewhere",
        "Dee Declined",
        "Wim Waiting",
        "@",
        "cas@",
    ):
        assert found(client, word) == [], word
    assert found(client, "Cas de Wit") == found(client, "CAS@example.com") == [str(cas.person)]
    assert found(client, str(ann.person)) == []


def test_a_number_alone_adds_nobody(within: Cohort) -> None:
    ann, cas = mentor(within, "Ann"), mentee(within, "Cas")
    client = logged_in(ann.person)
    assert client.post(PAGE, {"add": cas.person_id}).status_code == 422
    client.post(PAGE, {"word": "Somebody Else", "add": cas.person_id})
    assert not NeverWith.objects.exists()


@pytest.mark.covers("C-30")
def test_searching_through_the_company_soon_ends(within: Cohort) -> None:
    ann = mentor(within, "Ann")
    mentee(within, "Cas", last_name="de Wit")
    client = logged_in(ann.person)
    answers = [client.post(PAGE, {"word": f"Guess {number}"}).status_code for number in range(31)]
    assert answers == [200] * 30 + [422]
    assert client.post(PAGE, {"word": "Cas de Wit"}).context["page"].found is None


def test_nobody_else_has_a_page_for_it(within: Cohort) -> None:
    ann, cas = mentor(within, "Xanthe", last_name="Bell"), mentee(within, "Cas", last_name="de Wit")
    row = NeverWith.objects.create(person=ann.person, other=cas.person)
    boss = coordinator(within.programme)
    take_back = reverse("portal:never-with-take-back", args=[row.pk])
    other = logged_in(cas.person)
    assert other.post(take_back).status_code == 404
    assert "Xanthe" not in other.get(PAGE).content.decode()
    desk = Client()
    desk.force_login(boss)
    assert desk.get(PAGE).status_code == desk.post(take_back).status_code == 404
    assert NeverWith not in admin.site._registry
    assert NeverWith.objects.exists()


@pytest.mark.covers("A-27")
def test_every_page_of_everybody_else_is_the_same_with_and_without_it(within: Cohort) -> None:
    """Byte for byte: the partner named, another participant, the coordinator at the desk."""
    ann, cas, eve = mentor(within, "Ann"), mentee(within, "Cas"), mentee(within, "Eve")
    boss = coordinator(within.programme)
    desk = Client()
    desk.force_login(boss)
    readers = [(logged_in(one.person), _portal()) for one in (cas, eve)] + [(desk, _desk(within))]
    before = [_read(client, page) for client, pages in readers for page in pages]
    entries = LogEntry.objects.count()
    NeverWith.objects.create(person=ann.person, other=cas.person)
    assert [_read(client, page) for client, pages in readers for page in pages] == before
    assert LogEntry.objects.count() == entries


def _portal() -> list[str]:
    return [reverse(f"portal:{name}") for name in ("home", "profile", "kept", "never-with", "talk")]


def _desk(within: Cohort) -> list[str]:
    lists = [
        reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        for model in admin.site._registry
    ]
    people = Enrolment.objects.filter(cohort=within).values_list("person_id", flat=True)
    rows = [
        reverse(f"admin:participants_person_{page}", args=[pk])
        for pk in people
        for page in ("change", "history")
    ]
    return [reverse("admin:index"), *lists, *rows]


def _read(client: Client, page: str) -> str:
    text = client.get(page).content.decode()
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"|"X-CSRFToken": ?"[^"]+"', "", text)


def test_the_register_says_that_only_the_author_sees_it() -> None:
    personal = [line for name, line in lines_of("participants.NeverWith").items() if name != "id"]
    assert {line.visible for line in personal} == {("self",)}
    assert {line.erase for line in personal} == {"delete_row"}
    assert {field.name for field in apps.get_model("participants.NeverWith")._meta.fields} == {
        "id",
        "person",
        "other",
    }


def test_leaving_the_programme_erases_ones_own_list_and_a_second_cohort_keeps_it(within: Cohort) -> None:
    ann, cas = mentor(within, "Ann"), mentee(within, "Cas")
    second = Enrolment.objects.create(cohort=cohort(), person=ann.person, role="mentor", state="accepted")
    NeverWith.objects.create(person=ann.person, other=cas.person)
    set_enrolment_state(enrolment=ann, to="withdrawn", by=None, now=NOW)
    assert NeverWith.objects.exists()
    set_enrolment_state(enrolment=second, to="withdrawn", by=None, now=NOW)
    assert not NeverWith.objects.exists()
