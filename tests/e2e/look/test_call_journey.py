"""An open call from its announcement to "You are in", in a browser: by the mail’s link, and by a stranger’s door."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from operations.models import Job
from operations.services import run
from outbox.services import drain
from participants.models import Person, User
from programmes.models import Cohort, Enrolment, OpenCall
from programmes.services import publish_call
from tests.e2e.browser import Watch, person_at, press
from tests.e2e.look.conftest import DESK, PHONE, OpenPage, faults_of, picture
from tests.e2e.look.test_call_pages import session_of
from tests.programmes.world import World, make_person, make_world
from tests.smtp import SmtpServer

pytestmark = pytest.mark.django_db(transaction=True)
STRANGER = "robin.vega@example.com"
Enter = Callable[[str], Any]


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def call(world: World) -> OpenCall:
    today = timezone.localdate()
    Cohort.objects.filter(pk=world.cohort.pk).update(
        stage="open", starts_on=today + dt.timedelta(days=60), ends_on=today + dt.timedelta(days=333)
    )
    world.cohort.refresh_from_db()
    values = {
        "closes_on": today + dt.timedelta(days=14),
        "mentor_seats": 3,
        "mentee_seats": 3,
        "lets_in": True,
    }
    return publish_call(cohort=world.cohort, values=values, by=world.coordinator)


@pytest.fixture
def enter(browser: Browser, live_server: Any) -> Enter:
    """``with enter("nl") as page``: somebody's own phone, watched to the end."""

    @contextmanager
    def opened(language: str) -> Iterator[Page]:
        watch = Watch(live_server.url)
        with person_at(browser, live_server.url, watch, viewport=PHONE, reduced_motion="reduce") as page:
            page.context.add_cookies([{"name": "language", "value": language, "url": live_server.url}])
            yield page
            watch.assert_clean()

    return opened


def mail_to(server: SmtpServer, address: str) -> str:
    """Let the outbox send, and give the text of the newest mail to somebody."""
    drain(now=timezone.now())
    texts = [mail.message.get_body(("plain",)) for mail in server.mails if address in mail.recipients]
    assert texts, f"no mail to {address}"
    assert texts[-1] is not None
    return str(texts[-1].get_content())


def looked_at(page: Page, name: str) -> None:
    picture(page, f"journey-{name}")
    assert faults_of(page) == []


def announced(open_page: OpenPage, world: World, call: OpenCall) -> None:
    """At the desk: how many it is, then send it to them."""
    address = reverse("admin:programmes_opencall_announce", args=[call.pk])
    with open_page(address, size=DESK, cookies=session_of(world.user)) as page:
        press(page, "How many is that?")
        expect(page.locator(".note-ok")).to_contain_text("2 people belong to this choice")
        press(page, "Send it to them")
        run(job_id=Job.objects.get().pk)
        page.reload()
        expect(page.locator("#job")).to_contain_text("2 mails are on their way.")


def by_the_link(page: Page, server: SmtpServer, junior: Person) -> None:
    """The mail, the landing page, its one button, and the role of a mentor; in Dutch, for that is theirs."""
    link = re.search(r"(/calls/in/\S+/)", mail_to(server, str(junior.email)))
    assert link
    page.goto(link[1])
    assert page.url.endswith(reverse("portal:call-landing")), "the token leaves the address at once"
    assert page.get_attribute("html", "lang") == "nl"
    assert not User.objects.filter(person=junior).exists()
    looked_at(page, "landing")
    with page.expect_navigation():
        page.locator("main form button").click()
    expect(page.locator("input[name=role][value=mentor]")).to_be_checked()
    looked_at(page, "call")
    with page.expect_navigation():
        page.locator("#sign-up button").click()
    assert page.get_by_role("link", name="Vul je intake in").count() == 1
    looked_at(page, "signed-up")


def by_the_door(page: Page, server: SmtpServer, call: OpenCall) -> None:
    """A work address, the code from the mail, a name; then the role of a mentee."""
    page.goto(reverse("portal:call", args=[call.pk]))
    looked_at(page, "door")
    page.get_by_label("Your work address").fill(STRANGER)
    press(page, "Send me a code")
    code = re.search(r"^\s*([A-Z0-9-]{5,9})\s*$", mail_to(server, STRANGER), re.MULTILINE)
    assert code
    looked_at(page, "code")
    page.get_by_label("Code").fill("WRONG-ONE")
    press(page, "Come in")
    expect(page.locator("#id_code")).to_have_attribute("aria-invalid", "true")
    page.get_by_label("Code").fill(code[1])
    press(page, "Come in")
    looked_at(page, "name")
    page.get_by_label("First name").fill("Robin")
    page.get_by_label("Last name").fill("Vega")
    press(page, "Come in")
    page.get_by_role("radio", name="As a mentee").check()
    press(page, "Sign me up")
    expect(page.locator("#standing")).to_have_text("You, as a mentee")


def answered(open_page: OpenPage, world: World) -> None:
    """The coordinator finds both, looks at one and takes both in."""
    address = reverse("admin:programmes_selection", args=[world.cohort.pk])
    with open_page(address, size=DESK, cookies=session_of(world.user)) as page:
        people = page.locator("form[aria-labelledby=people]")
        expect(people.get_by_role("heading", level=2)).to_have_text("2 people came forward")
        with page.expect_navigation():
            people.get_by_role("link", name="Robin Vega").click()
        expect(page.locator("main")).to_contain_text("Their intake is not sent yet.")
        expect(page.locator("main")).to_contain_text("grade not known")
        looked_at(page, "candidate")
        press(page, "Take in")
        page.goto(address)
        page.get_by_label("Choose Noor El Amrani").check()
        press(page, "Take them in")
        expect(page.locator("#messages")).to_contain_text("1 person is in.")
        looked_at(page, "selection")


@pytest.mark.covers("S0.48", "S4.8", "S0.26")
def test_a_call_from_its_announcement_to_you_are_in(
    open_page: OpenPage, enter: Enter, world: World, call: OpenCall, smtp_server: SmtpServer
) -> None:
    cache.clear()  # how often one address may ask for a code is not the matter here
    junior = make_person("noor", "Noor", last_name="El Amrani", grade=2, language="nl")
    announced(open_page, world, call)
    with enter("nl") as phone, enter("en") as strangers:
        by_the_link(phone, smtp_server, junior)
        by_the_door(strangers, smtp_server, call)
        assert set(Enrolment.objects.values_list("role", "state")) == {
            ("mentor", "applied"),
            ("mentee", "applied"),
        }
        answered(open_page, world)
        assert "Je doet mee" in mail_to(smtp_server, str(junior.email))
        assert "You take part in Second Light as a mentee" in mail_to(smtp_server, STRANGER)
        strangers.goto("/")
        expect(strangers.locator("main")).to_contain_text("Your pair will stand here")
        looked_at(strangers, "in")
    assert set(Enrolment.objects.values_list("state", flat=True)) == {"accepted"}
