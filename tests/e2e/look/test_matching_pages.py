"""The workbench in a browser: without a finding of axe, nothing blocked, nothing sideways; by keyboard alone."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import expect

from matching.models import MatchingRun, PairDecision
from matching.services import release, set_decision
from programmes.choices import Role
from programmes.models import Cohort
from tests.e2e.look.conftest import OpenPage, faults_of, faults_seen, picture
from tests.matching.world import (
    NOW,
    cohort,
    coordinator,
    enrolment,
    matched,
    mentee,
    mentor,
    oracle_cohort,
    person,
)

pytestmark = pytest.mark.django_db(transaction=True)

PEOPLE = [
    ("Tomasz", "Lindqvist", "Analyst", "Treasury", "Dublin", Role.MENTOR, 2),
    ("Noor", "El Amrani", "Associate", "Deals", "Utrecht", Role.MENTOR, 2),
    ("Mila", "Novak", "Associate", "Tax", "Hamburg", Role.MENTOR, 2),
    ("Jonas", "Weber", "Consultant", "IT audit", "Hamburg", Role.MENTOR, 3),
    ("Sabine", "Krüger", "Director", "Risk", "Hamburg", Role.MENTEE, 5),
    ("Willem", "Hartman", "Partner", "Assurance", "Rotterdam", Role.MENTEE, 6),
    ("Conor", "Walsh", "Partner", "Advisory", "Dublin", Role.MENTEE, 6),
    ("Ruth", "Falkner", "Director", "People", "Utrecht", Role.MENTEE, 5),
]
TOPICS = ["gen_ai", "craft", "leadership", "market_trends"]


@pytest.fixture
def within(client: Client) -> Cohort:
    """Four pairs, one of them pinned, a mentee without a shared language, and two runs."""
    made = cohort(name="Autumn 2026")
    boss = person()
    for place, (first, last, title, department, city, role, grade) in enumerate(PEOPLE):
        who = person(
            first,
            last_name=last,
            job_title=title,
            department=department,
            city=city,
            grade=grade,
            manager=boss,
        )
        topic = {TOPICS[place % 4]: 5 if role == Role.MENTOR else 3}
        enrolment(made, role, who, **({"offers": topic} if role == Role.MENTOR else {"wants": topic}))
    mentee(made, "Ulrich", last_name="Brandt", languages=["de"], grade=5)
    mentor(made, "Spare", last_name="Visser")
    matched(made)
    noor, conor = (made.enrolments.get(person__first_name=name) for name in ("Noor", "Conor"))
    set_decision(cohort=made, mentor=noor, mentee=conor, kind="pin", by=None)
    matched(made)
    client.force_login(coordinator(made.programme, first_name="Lotte", last_name="Brandsma"))
    return made


@pytest.fixture
def session(client: Client, within: Cohort) -> dict[str, str]:
    return {"session": client.cookies["session"].value}


def newest() -> MatchingRun:
    return MatchingRun.objects.order_by("-number").first()


def address(name: str) -> str:
    run = newest()
    if name == "list":
        return reverse("admin:matching_matchingrun_changelist")
    if name == "swap":
        return reverse(
            "admin:matching_swap",
            args=[
                run.pk,
                *min(
                    link for link in run.links() if not PairDecision.objects.filter(mentor=link[0]).exists()
                ),
            ],
        )
    if name == "place":
        alone = newest().cohort.enrolments.get(person__first_name="Spare")
        return reverse("admin:matching_place", args=[run.pk, alone.pk])
    if name == "release":
        return reverse("admin:matching_release", args=[run.pk])
    query = "?show=without" if name == "without" else ""
    return reverse("admin:matching_workbench", args=[run.pk]) + query


@pytest.mark.parametrize("name", ["list", "workbench", "without", "swap", "place", "release", "released"])
def test_the_pages_of_matching_have_no_fault(open_page: OpenPage, session: dict[str, str], name: str) -> None:
    if name == "released":
        release(run=newest(), by=None, now=NOW)
    with open_page(address(name), cookies=session) as page:
        assert page.locator("h1").count() == 1
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        assert faults_seen(page, f"matching-{name}") == []


def test_the_bench_is_worked_by_keyboard_and_keeps_its_place(
    open_page: OpenPage, session: dict[str, str]
) -> None:
    run = newest()
    pair = next(link for link in run.links() if not PairDecision.objects.filter(mentor=link[0]).exists())
    ident = f"#pin-{pair[0]}-{pair[1]}"
    with open_page(address("workbench"), cookies=session) as page:
        page.locator(ident).focus()
        page.keyboard.press("Enter")
        expect(page.locator(ident)).to_have_attribute("aria-pressed", "true")
        expect(page.locator(ident)).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.locator(ident)).to_have_attribute("aria-pressed", "false")
    assert PairDecision.objects.count() == 1


def test_the_bench_works_without_a_script(open_page: OpenPage, session: dict[str, str]) -> None:
    run = newest()
    pair = next(link for link in run.links() if not PairDecision.objects.filter(mentor=link[0]).exists())
    with open_page(address("workbench"), cookies=session, java_script_enabled=False) as page:
        page.locator(f"#reject-{pair[0]}-{pair[1]}").click()
        page.wait_for_load_state("networkidle")
        assert page.locator(f"#reject-{pair[0]}-{pair[1]}").get_attribute("aria-pressed") == "true"
    assert PairDecision.objects.get(mentor=pair[0], mentee=pair[1]).kind == "reject"


def test_the_real_file_on_the_bench(open_page: OpenPage, client: Client) -> None:
    made = oracle_cohort()
    run = matched(made)
    client.force_login(coordinator(made.programme))
    cookies = {"session": client.cookies["session"].value}
    with open_page(reverse("admin:matching_workbench", args=[run.pk]), cookies=cookies) as page:
        expect(page.locator("main")).to_contain_text("are in one reporting line with Steven King.")
        picture(page, "matching-oracle-1280-light")
        assert faults_of(page) == []
