"""The works council's pages in a browser: without a finding of axe, nothing blocked, nothing sideways."""

from __future__ import annotations

import os
import re
from datetime import date
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from participants.services import open_log_in
from programmes.models import Coordinator, CouncilMember, NamedContact, Sponsor, SponsorTask
from programmes.services import change_cohort, change_programme
from tests.e2e.look.conftest import OpenPage, faults_seen
from tests.programmes.council import agree, turn
from tests.programmes.world import World, make_person, make_world, ready_to_open

pytestmark = pytest.mark.django_db(transaction=True)
DAY = date(2026, 9, 1)


@pytest.fixture
def world() -> World:
    """A programme that has agreed, and then wanted more; with as many words on its sheet as there may be."""
    made = make_world()
    longest = {
        "name": "A programme with a name as long as they are in large firms",
        "purpose": "why it is so " * 12,
    }
    change_programme(programme=made.programme, values=longest, by=None)
    for number in range(3):
        person = make_person(f"more-{number}", "Maximiliane-Charlotte", last_name="van der Wijngaarden")
        Coordinator.objects.create(programme=made.programme, person=person)
        NamedContact.objects.create(
            programme=made.programme, person=make_person(f"ear-{number}", "Friederike")
        )
    change_cohort(cohort=made.cohort, values={"min_group_size": 7}, by=None)
    ready_to_open(made)
    agree(made.programme, "attention")
    turn(made.programme, pulses=True, attention=False)
    change_cohort(cohort=made.cohort, values={"min_group_size": 5}, by=None)
    return made


@pytest.fixture
def session(client: Client, world: World) -> dict[str, str]:
    client.force_login(world.user)
    return {name: cookie.value for name, cookie in client.cookies.items()}


def test_the_desks_page_has_no_fault(open_page: OpenPage, session: dict[str, str], world: World) -> None:
    address = reverse("admin:programmes_programme_council", args=[world.programme.pk])
    with open_page(address, cookies=session) as page:
        assert faults_seen(page, "council") == []


@pytest.mark.parametrize("language", ["nl", "de", "en"])
def test_the_sheet_is_two_printed_pages_and_nothing_is_cut(
    open_page: OpenPage, session: dict[str, str], world: World, language: str
) -> None:
    """Whatever the reader's own language; everything on the page is on paper."""
    address = reverse("portal:council-sheet", args=[world.programme.pk])
    with open_page(f"{address}?lang={language}", cookies=session) as page:
        assert page.locator("html").get_attribute("lang") == language
        assert page.get_by_text("BetrVG").count() == 1
        printed = page.pdf(prefer_css_page_size=True)
        keep_pdf(printed, f"sheet-{language}")
        assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 2
        page.emulate_media(media="print")
        assert page.evaluate(CUT) == []


#: Boxes that hide a part of what is in them.
CUT = """
() => [...document.querySelectorAll('main *')].filter(e => !e.classList.contains('vh')).filter(e => {
  const style = getComputedStyle(e);
  const clips = style.overflowX !== 'visible' || style.overflowY !== 'visible';
  return style.display === 'none' || (clips && (e.scrollWidth > e.clientWidth || e.scrollHeight > e.clientHeight));
}).map(e => e.outerHTML.slice(0, 80))
"""


def keep_pdf(printed: bytes, name: str) -> None:
    if folder := os.environ.get("LOOK_PICTURES"):
        Path(folder, f"{name}.pdf").write_bytes(printed)


def test_the_sheet_on_the_screen_has_no_fault(
    open_page: OpenPage, session: dict[str, str], world: World
) -> None:
    address = reverse("portal:council-sheet", args=[world.programme.pk])
    with open_page(address, cookies=session) as page:
        assert faults_seen(page, "sheet") == []


@pytest.mark.parametrize("part", ["sponsor", "council", "home"])
def test_the_pages_of_those_who_watch_have_no_fault(
    open_page: OpenPage, client: Client, world: World, part: str
) -> None:
    person = make_person("w", "Margriet", last_name="Kuiper")
    model, name = (Sponsor, "sponsor") if part == "sponsor" else (CouncilMember, "works-council")
    model.objects.create(programme=world.programme, person=person)
    for text, done in (("Open the kick-off and stay for questions", DAY), ("Say what is adopted", None)):
        SponsorTask.objects.create(programme=world.programme, text=text, due_on=DAY, done_on=done)
    client.force_login(open_log_in(person=person))
    cookies = {key: cookie.value for key, cookie in client.cookies.items()}
    address = "/" if part == "home" else reverse(f"portal:{name}", args=[world.programme.pk])
    with open_page(address, cookies=cookies) as page:
        assert faults_seen(page, f"staff-{part}") == []
