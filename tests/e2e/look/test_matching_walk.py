"""A coordinator's whole way over the bench, and the answers of those who are asked, in a browser and by keyboard."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from matching.models import MatchingRun, PairDecision, Proposal
from matching.services import expire_proposals
from meetings.choices import MeetingState
from meetings.models import Meeting
from operations.services import run as run_job
from pairings.models import Pairing
from participants.models import Person
from participants.services import open_log_in
from programmes.choices import Role
from programmes.models import Cohort
from tests.e2e.look.conftest import SAMPLE, OpenPage, faults_of, faults_seen, picture
from tests.matching.world import cohort, coordinator, enrolment, matched, mentee, person, proposed
from tests.meetings.world import meet

pytestmark = pytest.mark.django_db(transaction=True)

PEOPLE = [
    ("Tomasz", "Lindqvist", "Treasury", Role.MENTOR, 2), ("Noor", "El Amrani", "Deals", Role.MENTOR, 2),
    ("Mila", "Novak", "Tax", Role.MENTOR, 2), ("Jonas", "Weber", "IT audit", Role.MENTOR, 3),
    ("Sabine", "Krüger", "Risk", Role.MENTEE, 5), ("Willem", "Hartman", "Assurance", Role.MENTEE, 6),
    ("Conor", "Walsh", "Advisory", Role.MENTEE, 6), ("Ruth", "Falkner", "People", Role.MENTEE, 5),
]  # fmt: skip
TOPICS = ["gen_ai", "craft", "leadership", "market_trends"]


@pytest.fixture
def within() -> Cohort:
    made = cohort(name="Autumn 2026")
    boss = person()
    for place, (first, last, department, role, grade) in enumerate(PEOPLE):
        who = person(first, last_name=last, department=department, grade=grade, manager=boss)
        topic = {TOPICS[place % 4]: 5 if role == Role.MENTOR else 3}
        enrolment(made, role, who, **({"offers": topic} if role == Role.MENTOR else {"wants": topic}))
    mentee(made, "Ulrich", last_name="Brandt", languages=["de"], grade=5)
    return made


def cookies(client: Client, user: object) -> dict[str, str]:
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")  # type: ignore[arg-type]
    return {"session": client.cookies["session"].value}


def of(client: Client, who: Person) -> dict[str, str]:
    return cookies(client, open_log_in(person=who))


def newest() -> MatchingRun:
    return MatchingRun.objects.order_by("-number").first()


def worked_out(page: Page) -> MatchingRun:
    """What the worker does while the page of the long work stands open; then the way on."""
    page.locator("#job").wait_for()
    run_job(job_id=newest().job_id)
    page.goto(reverse("admin:matching_workbench", args=[newest().pk]))
    return newest()


def press(page: Page, place: str) -> None:
    """By keyboard alone."""
    page.locator(place).focus()
    page.keyboard.press("Enter")


@pytest.mark.covers("S0.28", "S3.37")
def test_a_coordinator_runs_reads_decides_swaps_compares_and_releases(
    open_page: OpenPage, client: Client, within: Cohort
) -> None:
    desk = cookies(client, coordinator(within.programme, first_name="Lotte", last_name="Brandsma"))
    with open_page(reverse("admin:matching_matchingrun_changelist"), cookies=desk) as page:
        press(page, f"form:has(input[name=cohort][value='{within.pk}']) button >> nth=0")
        run = worked_out(page)
        expect(page.locator("main")).to_contain_text("Run 1: 4 pairs, 1 person still without")
        expect(page.locator("main")).to_contain_text("shares a language at B2 with Ulrich Brandt")
        first, second, third, _fourth = sorted(run.links())
        press(page, f"#reject-{first[0]}-{first[1]}")
        press(page, f"#pin-{second[0]}-{second[1]}")  # a quick hand does not wait for the answer
        expect(page.locator(f"#reject-{first[0]}-{first[1]}")).to_have_attribute("aria-pressed", "true")
        expect(page.locator(f"#pin-{second[0]}-{second[1]}")).to_have_attribute("aria-pressed", "true")
        expect(page.locator("#bench-todo")).to_contain_text("You rejected 1 pair that stands in this run.")
        page.goto(reverse("admin:matching_swap", args=[run.pk, *third]))
        expect(page.locator("main")).to_contain_text("What a swap would make of it")
        press(page, "form button:has-text('Swap and run again') >> nth=0")
        again = worked_out(page)
        assert again.number == 2
        assert first not in again.links()
        assert second in again.links()
        assert third not in again.links()
        expect(page.locator("#beside")).to_have_text("Run 2 beside run 1")
        picture(page, "walk-bench-1280-light")
        assert faults_of(page) == []
        press(page, "#bench-actions a:has-text('Release')")
        expect(page.locator("main")).to_contain_text("people get a mail")
        press(page, "main button:has-text('Release')")
        expect(page.locator("#messages")).to_contain_text(f"{again.matched} proposals are on their way")
    assert Proposal.objects.filter(run=again).count() == again.matched >= 3
    assert PairDecision.objects.filter(kind="reject").count() == 1


@pytest.mark.covers("S0.28", "S3.37")
def test_the_two_answer_yes_no_and_taster_and_a_refused_pair_never_comes_back(
    open_page: OpenPage, client: Client, within: Cohort
) -> None:
    willing, refused, tasting, _silent = proposed(within, timezone.now())
    _answer(open_page, client, willing, "yes", "yes")
    _answer(open_page, client, refused, "no", "yes")
    _answer(open_page, client, tasting, "taster", "yes")
    assert Pairing.objects.count() == 2
    after = refused.answer_by + timedelta(minutes=1)
    expire_proposals(now=after)
    link = refused.mentor_id, refused.mentee_id
    again = matched(within)
    assert link not in again.links()
    assert {refused.mentor_id, refused.mentee_id} <= {pk for pair in again.links() for pk in pair}
    _decide(open_page, client, Pairing.objects.get(is_taster=True))


def _answer(open_page: OpenPage, client: Client, proposal: Proposal, *answers: str) -> None:
    for who, answer in zip((proposal.mentor.person, proposal.mentee.person), answers, strict=True):
        address = reverse("portal:proposal", args=[proposal.pk])
        with open_page(address, cookies=of(client, who)) as page:
            page.locator(f"input[name=answer][value={answer}]").focus()
            page.keyboard.press("Space")
            with page.expect_navigation():
                press(page, "button:has-text('Send my answer')")
            assert address not in page.url


def _decide(open_page: OpenPage, client: Client, pairing: Pairing) -> None:
    """After the one conversation both are asked, and both go on."""
    made = meet(pairing, timezone.now() + timedelta(days=1), now=timezone.now())
    Meeting.objects.filter(pk=made.pk).update(state=MeetingState.HELD)
    for who in (pairing.mentor.person, pairing.mentee.person):
        address = reverse("portal:taster", args=[pairing.pk])
        with open_page(address, cookies=of(client, who)) as page:
            assert faults_seen(page, "taster", SAMPLE) == []
        with open_page("/", cookies=of(client, who)) as page:
            picture(page, "taster-home-1280-light")
            page.get_by_role("link", name="Decide").click()
            with page.expect_navigation():
                press(page, "button[value=go_on]")
    pairing.refresh_from_db()
    assert not pairing.is_taster
