"""The pages around mail: behind a reminder's link, one's choices, the lines around mails; and mails."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from meetings.services import plan_cycles, remind, send_digests
from outbox.choices import Choosable
from outbox.models import Message
from outbox.services import rendering
from outbox.services.links import mint
from participants.models import Person
from participants.services import open_log_in
from programmes.models import Coordinator
from programmes.services import LINE_FIELDS, settle_mail_lines
from tests.e2e.look.conftest import DESK, PHONE, OpenPage, faults_seen, picture
from tests.meetings.world import cohort, local, meet, pair, person

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
NOW = local("2027-01-06 09:01")
SIZES = {"desk": DESK, "phone": PHONE}
Cookies = dict[str, str]


def logged_in(who: Person) -> Cookies:
    client = Client()
    client.force_login(open_log_in(person=who), backend="django.contrib.auth.backends.ModelBackend")
    return {name: cookie.value for name, cookie in client.cookies.items()}


def link_of(message: Message, name: str) -> str:
    """The path of a link in a mail that has not left; its row is stored as the mark would."""
    addresses, rows = mint(message, now=timezone.now())
    for row in rows:
        row.save()
    return "/" + addresses[name].split("/", 3)[3]


def looked_at(
    open_page: OpenPage, name: str, address: str, cookies: Cookies, then: Callable[[Any], object]
) -> None:
    with open_page(address, cookies=cookies) as page:
        assert then(page)
        assert faults_seen(page, name) == []


def test_pages_around_mail(open_page: OpenPage) -> None:
    within = cohort()
    programme = within.programme
    lines = {
        "opening_en": "A word from Second Light.",
        "closing_en": "Ask Lotte, room 4.12.",
        "closing_nl": "Vraag Lotte.",
    }
    settle_mail_lines(
        programme=programme, values={**dict.fromkeys(LINE_FIELDS, ""), **lines}, version=0, by=None
    )
    made = pair(within, mentor=person("Noor", grade=1, language="nl"), mentee=person("Willem", grade=6))
    coordinator = Coordinator.objects.create(programme=programme, person=person("Lotte")).person
    for _pair in range(3):
        meet(pair(within), local("2027-01-20 12:00"))
    plan_cycles(now=NOW)
    remind(now=NOW)
    plan = Message.objects.get(kind="monthly_meeting", recipient_id=made.mentor.person_id)
    for purpose in ("plan", "help"):
        path = link_of(plan, purpose)
        looked_at(
            open_page,
            f"errand-{purpose}",
            path,
            {},
            lambda page: page.locator("form button").first.is_visible(),
        )
    looked_at(
        open_page, "mail-stop", link_of(plan, "unsubscribe"), {}, lambda page: page.locator("h1").is_visible()
    )
    looked_at(
        open_page, "mail-choices", "/profile/mail/", logged_in(made.mentee.person),
        lambda page: page.locator("input[type=checkbox]").count() == len(Choosable) - 1,  # no digest
    )  # fmt: skip
    desk = logged_in(coordinator)
    looked_at(
        open_page, "mail-lines", reverse("admin:programmes_programme_mail", args=[programme.pk]), desk,
        lambda page: page.get_by_text("A word from Second Light.").first.is_visible(),
    )  # fmt: skip


def test_mails_as_they_are_read(open_page: OpenPage, tmp_path: Any) -> None:
    within = cohort()
    Coordinator.objects.create(programme=within.programme, person=person("Lotte", language="de"))
    made = pair(within, mentor=person("Noor", grade=1, language="nl"), mentee=person("Willem", grade=6))
    now = NOW
    plan_cycles(now=now)
    remind(now=now)
    meet(made, local("2027-01-20 12:00"))
    remind(now=local("2027-01-18 09:01"))
    remind(now=local("2027-01-25 09:01"))
    send_digests(now=local("2027-01-18 09:00"))
    for row in Message.objects.filter(
        kind__in=("monthly_meeting", "meeting_upcoming", "meeting_log", "coord_digest")
    ):
        html = rendering.compose(row, now=now).html
        with open_page("/healthz") as page:
            page.set_content(html)
            for width, size in SIZES.items():
                page.set_viewport_size(size)  # type: ignore[arg-type]
                assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
                picture(page, f"mail-{row.kind}-{row.language}-{width}")
