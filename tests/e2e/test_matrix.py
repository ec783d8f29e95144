"""Every template that the journey left behind, in every language, scheme and width (ux 8, numbers 1 to 5 and 9).

Runs after the journey, on its data. Pages that stand for a moment only are judged where the journey passes them,
those that need none of its data in ``look``.
"""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Page

from tests.e2e.browser import VIEWS, Watch, faults, press, violations
from tests.e2e.conftest import Enter, Story
from tests.e2e.site import Site

LANGUAGES = ("Nederlands", "Deutsch", "English")  # English last: later tests read it
PORTAL = (
    "/",
    "{pair}",
    "{pair}plan/",
    "{pair}held/",
    "{pair}end/",
    "{meeting}move/",
    "{meeting}cancel/",
    "/proposals/{proposal}/",
    "/profile/",
    "/kept/",
    "/talk/",
    "/help/",
    "/accessibility/",
    "/evaluations/1/results/",
)
#: A template of its own each.
DESK = (
    "/desk/",
    "/desk/programmes/cohort/",
    "/desk/programmes/programme/1/change/",
    "/desk/programmes/programme/1/overview/",
    "/desk/programmes/programme/1/council/",
    "/desk/programmes/cohort/1/stage/",
    "/desk/participants/importfile/add/",
    "/desk/matching/matchingrun/1/workbench/",
)
#: All of one template, which the cohorts' list stands for: each is sampled.
LISTS = (
    "/desk/programmes/programme/",
    "/desk/programmes/enrolment/",
    "/desk/participants/person/",
    "/desk/matching/matchingrun/",
    "/desk/matching/proposal/",
    "/desk/pairings/pairing/",
    "/desk/meetings/meeting/",
    "/desk/evaluations/round/",
    "/desk/outbox/message/",
    "/desk/operations/job/",
    "/desk/programmes/contactrequest/",
)


def faults_at(page: Page, addresses: tuple[str, ...], language: str, *, is_sample: bool = False) -> list[str]:
    """What is wrong with these pages in a language: in all four views, or in one each, another in each language."""
    page.goto("/help/")
    press(page, language)
    found = []
    for number, address in enumerate(addresses, start=LANGUAGES.index(language)):
        answer = page.goto(address)
        assert answer is not None
        assert answer.status == 200, f"{address} {answer.status}"
        views = [VIEWS[number % len(VIEWS)]] if is_sample else VIEWS
        found += [f"{language} {one}" for one in faults(page, views)]
    return found


def addresses_of(page: Page, story: Story) -> tuple[str, ...]:
    page.goto("/")
    pair = page.get_by_role("link", name=story.mentee_name).first.get_attribute("href") or ""
    move = page.locator("a[href^='/meetings/'][href$='/move/']").first.get_attribute("href") or ""
    places = {"pair": pair, "meeting": move.removesuffix("move/"), "proposal": story.proposal}
    return tuple(address.format(**places) for address in PORTAL)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_of_the_portal_is_readable_by_everybody(
    mentor: Page, mentee: Page, story: Story, language: str
) -> None:
    found = faults_at(mentor, addresses_of(mentor, story), language)
    assert found + faults_at(mentee, ("/",), language) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_of_the_desk_is_readable_by_everybody(coordinator: Page, language: str) -> None:
    found = faults_at(coordinator, DESK, language)
    assert found + faults_at(coordinator, LISTS, language, is_sample=True) == []


KILO = 1024
#: What a page may bring along when nothing is in the browser's cache: all of it, scripts, styles, its own text.
PORTAL_WEIGHT = {"all": 60 * KILO, "Script": 25 * KILO, "Stylesheet": 10 * KILO, "text": 60 * KILO}
DESK_WEIGHT = {"all": 80 * KILO, "text": 60 * KILO}
LIST_WEIGHT = {"all": 250 * KILO, "text": 60 * KILO}


def weigh(page: Page, address: str) -> dict[str, int]:
    """Bytes on the wire of a page opened with an empty cache, in all and per kind; "text" is its HTML unpacked."""
    kinds: dict[str, str] = {}
    weight = {"all": 0}
    wire = page.context.new_cdp_session(page)
    wire.send("Network.enable")
    wire.send("Network.setCacheDisabled", {"cacheDisabled": True})
    wire.on("Network.responseReceived", lambda event: kinds.update({event["requestId"]: event["type"]}))

    def arrived(event: dict[str, float]) -> None:
        kind = kinds.get(str(event["requestId"]), "")
        weight["all"] += int(event["encodedDataLength"])
        weight[kind] = weight.get(kind, 0) + int(event["encodedDataLength"])

    wire.on("Network.loadingFinished", arrived)
    answer = page.goto(address)
    assert answer is not None
    page.wait_for_load_state("networkidle")
    wire.detach()
    return weight | {"text": len(answer.body())}


def test_a_cold_page_weighs_little(mentor: Page, coordinator: Page, story: Story) -> None:
    limits = [
        *((mentor, address, PORTAL_WEIGHT) for address in addresses_of(mentor, story)),
        (coordinator, "/desk/", DESK_WEIGHT),
        *((coordinator, address, LIST_WEIGHT) for address in LISTS),
    ]
    heavy = []
    for page, address, most in limits:
        weight = weigh(page, address)
        assert weight["all"] > weight.get("Document", 0) > 0, f"{address} was not weighed: {weight}"
        heavy += [f"{address}: {kind} {weight[kind]}" for kind in most if weight.get(kind, 0) > most[kind]]
    assert heavy == []


QUERIES = """
import json
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from participants.models import User
counts = {{}}
for email, addresses in json.loads({asked!r}).items():
    client = Client(HTTP_HOST="127.0.0.1")
    client.force_login(User.objects.get(email=email))
    for address in addresses:
        client.get(address)  # what is kept for all requests is fetched once
        with CaptureQueriesContext(connection) as captured:
            answer = client.get(address)
        counts[address] = [answer.status_code, len(captured)]
print(json.dumps(counts))
"""


def test_a_page_asks_the_database_few_questions(site: Site, mentor: Page, story: Story) -> None:
    """At most 8 for a page of the portal, 10 for the desk's first page, 12 for a list (ux 8, number 5)."""
    portal = addresses_of(mentor, story)
    asked = json.dumps({story.mentor: portal, "sjacobs@example.com": ["/desk/", *LISTS]})
    counts = json.loads(site.shell(QUERIES.format(asked=asked)).strip().splitlines()[-1])
    most = dict.fromkeys(portal, 8) | {"/desk/": 10} | dict.fromkeys(LISTS, 12)
    assert [f"{a}: status {s}" for a, (s, _) in counts.items() if s != 200] == []
    assert [f"{a}: {n}, not {most[a]}" for a, (_, n) in counts.items() if n > most[a]] == []


def test_text_twice_as_large_still_fits(enter: Enter, mentor: Page, story: Story) -> None:
    """WCAG 1.4.4 and 1.4.10: at 200 % of the text on a screen of 1280 nothing scrolls sideways."""
    addresses = addresses_of(mentor, story)
    with enter(1280) as page:
        page.context.add_cookies(mentor.context.cookies())  # type: ignore[arg-type]
        found = []
        for address in addresses:
            page.goto(address)
            page.evaluate("document.documentElement.style.fontSize = '200%'")
            found += [address] * (page.evaluate("document.documentElement.scrollWidth > innerWidth"))
    assert found == []


@pytest.mark.covers("C-25")
@pytest.mark.covers_part("C-32", "B-13")
def test_nothing_of_the_journey_broke_the_pages_rules(coordinator: Page, mentor: Page, watch: Watch) -> None:
    assert violations(coordinator) == violations(mentor) == []
    watch.assert_clean()
