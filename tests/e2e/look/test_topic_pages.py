"""The pages about topics in a browser: the question, its answers, and what is offered beside what is asked for."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

import pytest
from django.urls import reverse
from django.utils import timezone

from operations.services import run
from outbox.services import drain
from participants.services import open_log_in
from programmes.models import Topic, TopicCall, TopicOffer, TopicWish
from programmes.services import name_topic, open_topic_call, prepare_topic_call
from tests.e2e.browser import VIEWS, faults
from tests.e2e.look.conftest import PHONE, OpenPage, picture
from tests.e2e.look.test_call_pages import session_of
from tests.programmes.world import make_person, make_world, take_part
from tests.smtp import SmtpServer

pytestmark = pytest.mark.django_db(transaction=True)


@dataclass
class Scene:
    """A call that some have answered, the link of somebody who has not, and three sessions."""

    call: TopicCall
    link: str
    desk: dict[str, str]
    silent: dict[str, str]
    named: dict[str, str]


@pytest.fixture
def scene(smtp_server: SmtpServer) -> Scene:
    world, now = make_world(), timezone.now()
    for code in ("craft", "gen_ai", "leadership"):
        names = {f"name_{language}": code.title() for language in ("en", "nl", "de")}
        Topic.objects.get_or_create(programme=None, code=code, defaults=names)
    people = [
        make_person(f"p{n}", ["Mila", "Tomasz", "Sabine"][n % 3], last_name=f"Novak-{n}", department="Deals")
        for n in range(7)
    ]
    craft, gen_ai = (Topic.objects.get(programme=None, code=code) for code in ("craft", "gen_ai"))
    TopicOffer.objects.create(
        enrolment=take_part(world, "m", "mentor"), topic=craft, level=5, example="By hand"
    )
    TopicWish.objects.create(enrolment=take_part(world, "e", "mentee"), topic=gen_ai, priority=3)
    values = {"closes_on": timezone.localdate() + dt.timedelta(days=14)}
    call = prepare_topic_call(programme=world.programme, values=values, by=world.coordinator)
    run(job_id=open_topic_call(call=call, by=world.coordinator, now=now).pk)
    call.refresh_from_db()
    for person, code in zip(people, ("craft", "leadership", ""), strict=False):
        words = {
            "sentence": "A sheet that explains itself to whoever opens it.",
            "own_words": "" if code else "Nets",
        }
        name_topic(call=call, person=person, code=code, now=now, **words)
    drain(now=timezone.now())
    mail = next(one for one in smtp_server.mails if one.recipients == [people[6].email])
    link = re.search(r"(/topic-calls/in/\S+/)", mail.message.get_body(("plain",)).get_content())
    assert link
    silent, named = (session_of(open_log_in(person=one)) for one in (people[5], people[0]))
    return Scene(call, link[1], session_of(world.user), silent, named)


@pytest.mark.covers("S4.9", "S4.11")
def test_the_pages_about_topics_have_no_fault(open_page: OpenPage, scene: Scene) -> None:
    programme = scene.call.programme_id
    pages = {
        "link": (scene.link, {"language": "de"}),
        "silent": (reverse("portal:topic-call", args=[scene.call.pk]), scene.silent),
        "named": (reverse("portal:topic-call", args=[scene.call.pk]), scene.named | {"language": "nl"}),
        "home": ("/", scene.silent),
        "answers": (reverse("admin:programmes_topiccall_turnout", args=[scene.call.pk]), scene.desk),
        "supply": (reverse("admin:programmes_topic_supply", args=[programme]), scene.desk),
        "offers": (
            reverse("admin:programmes_topic_offers", args=[programme]),
            scene.desk | {"language": "nl"},
        ),
    }
    for number, (name, (address, cookies)) in enumerate(pages.items()):
        with open_page(address, size=PHONE, cookies=cookies) as page:
            assert page.locator("h1").count() == 1
            picture(page, f"topics-{name}")
            assert faults(page, [VIEWS[number % len(VIEWS)]]) == [], name


@pytest.mark.covers("S4.9", "C-14")
def test_a_topic_is_named_from_the_mail_with_the_keyboard_alone(open_page: OpenPage, scene: Scene) -> None:
    with open_page(scene.link, size=PHONE, locale="en", cookies={"language": "en"}) as page:
        page.locator("select[name=topic]").focus()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        page.keyboard.type("What I learned from closing a ledger by hand.")
        page.keyboard.press("Tab")
        with page.expect_navigation():
            page.keyboard.press("Enter")
        assert "You have named 1 topic." in page.locator("main").inner_text()
        assert "ledger" not in page.content()
