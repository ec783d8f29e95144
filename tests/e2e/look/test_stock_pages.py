"""Django's own pages at the desk: in our dress, without a finding of axe, under the strict policy."""

from __future__ import annotations

from datetime import date

import pytest
from django.contrib.admin.models import ADDITION, LogEntry
from django.test import Client

from participants.models import Person, User
from programmes.models import Cohort, Enrolment, Programme
from tests.e2e.look.conftest import SAMPLE, OpenPage, faults_seen

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.urls("tests.e2e.look.stock_site")]


@pytest.fixture
def pages(client: Client) -> dict[str, str]:
    """Addresses by name, over thirty people, a cohort with two of them, and an operator's log-in."""
    people = [
        Person(
            hr_key=f"K{number}",
            first_name="Ayşe" if number % 2 else "Jan",
            last_name=f"Nummer{number}",
            email=f"p{number}@example.com",
            department="Assurance" if number % 3 else "Tax",
            city="Utrecht",
            grade=4,
        )
        for number in range(30)
    ]
    Person.objects.bulk_create(people)
    programme = Programme.objects.create(name="Second Light", purpose="See the work as it is done")
    cohort = Cohort.objects.create(
        programme=programme, name="Autumn 2026", starts_on=date(2026, 7, 1), ends_on=date(2027, 3, 31)
    )
    for person, role in zip(people, ("mentor", "mentee"), strict=False):
        Enrolment.objects.create(cohort=cohort, person=person, role=role)
    operator = User.objects.create_superuser("operator@example.com")
    LogEntry.objects.log_actions(operator.pk, [cohort], ADDITION, single_object=True)
    client.force_login(operator)
    return {
        "index": "/trial/",
        "list": "/trial/participants/person/",
        "filtered": "/trial/participants/person/?department=Tax&q=a",
        "nothing": "/trial/participants/person/?q=zzz",
        "dates": "/trial/programmes/cohort/",
        "form": f"/trial/participants/person/{people[1].pk}/change/",
        "rows": f"/trial/programmes/cohort/{cohort.pk}/change/",
        "add": "/trial/programmes/programme/add/",
        "history": f"/trial/programmes/cohort/{cohort.pk}/history/",
        "delete": f"/trial/programmes/cohort/{cohort.pk}/delete/",
    }


@pytest.fixture
def session(client: Client, pages: dict[str, str]) -> dict[str, str]:
    return {"session": client.cookies["session"].value}


def test_no_finding_of_axe_and_nothing_blocked(
    open_page: OpenPage, pages: dict[str, str], session: dict[str, str]
) -> None:
    found = []
    for name, address in pages.items():
        with open_page(address, cookies=session) as page:
            found += faults_seen(page, f"stock-{name}", SAMPLE)
    assert found == []


def test_an_open_chip_closes_on_escape_and_when_focus_leaves(
    open_page: OpenPage, pages: dict[str, str], session: dict[str, str]
) -> None:
    with open_page(pages["list"], cookies=session) as page:
        chip = page.locator("details.chip").first
        chip.locator("summary").focus()
        page.keyboard.press("Enter")
        assert chip.evaluate("chip => chip.open")
        page.keyboard.press("Escape")
        assert not chip.evaluate("chip => chip.open")
        assert page.evaluate("document.activeElement.tagName") == "SUMMARY"
        page.keyboard.press("Enter")
        page.locator("#searchbar").focus()
        assert not chip.evaluate("chip => chip.open")


def test_filters_stand_before_the_list_in_the_page_itself(client: Client, pages: dict[str, str]) -> None:
    html = client.get(pages["list"]).content.decode()
    assert (
        html.index('id="changelist-filter"') < html.index('id="searchbar"') < html.index('id="result_list"')
    )
    assert "<style" not in html


def test_a_failed_save_says_error_first_in_the_title(client: Client, pages: dict[str, str]) -> None:
    html = client.post(pages["add"], {"name": ""}).content.decode()
    assert "<title>Error: " in html
    assert "errornote" in html
