"""Taking part by mail alone: each reminder's link opens a page with a button, and only the button acts (C-14)."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from meetings.models import Meeting
from meetings.services import cancel_meeting, remind
from outbox.models import ActionLink, Message
from outbox.services import drain
from pairings.models import Pairing
from participants.models import Person
from programmes.models import ContactRequest, Coordinator
from tests.meetings.world import local, meet, pair, person
from tests.smtp import SmtpServer

pytestmark = pytest.mark.django_db
THIRD_WORKING_DAY = local("2027-01-06 09:01")


@pytest.fixture
def made(db: None) -> Pairing:
    return pair(mentor=person("Noor", grade=1, language="nl"), mentee=person("Willem", grade=6))


def address(server: SmtpServer, to: Person, purpose: str) -> str:
    """The link of one purpose in the newest mail to somebody, as they have it."""
    text = server.to(to.email)[-1].message.get_body(("plain",)).get_content()
    found = re.search(rf"https?://[^/]+(/m/{purpose}/[\w-]{{43}}/)", text)
    assert found, text
    return found.group(1)


def sent(kind: str, now) -> None:
    Message.objects.exclude(kind=kind).delete()
    remind(now=now)
    Message.objects.exclude(kind=kind).delete()
    drain(now=now)


def asked_to_plan(server: SmtpServer, who: Person, purpose: str = "plan") -> str:
    sent("monthly_meeting", THIRD_WORKING_DAY)
    return address(server, who, purpose)


@pytest.mark.covers("C-14", "C-15", "C-16")
def test_a_date_is_entered_without_logging_in_by_the_button_alone(made, smtp_server):
    path = asked_to_plan(smtp_server, made.mentee.person)
    client = Client()
    with time_machine.travel(THIRD_WORKING_DAY + timedelta(hours=1), tick=False):
        opened = client.get(path)
        assert (opened.status_code, opened["Location"]) == (302, "/errand/")
        assert opened["Referrer-Policy"] == "no-referrer"
        for ask in (client.get, client.head, client.options):
            ask(path)
            page = client.get("/errand/")
        assert page.status_code == 200
        assert page["Cache-Control"] == "no-store"
        assert page["X-Robots-Tag"] == "noindex"
        assert "Noor" not in page.content.decode(), "a forwarded mail shows no name"
        assert not Meeting.objects.exists()
        assert ActionLink.objects.filter(used_at=None).count() == 6, "three in each mail"
        form = {"day": "2027-01-20", "at": "12:00", "minutes": "60", "format": "in_person", "place": "Room 2"}
        done = client.post("/errand/", form, follow=True)
        assert "It is in both calendars" in done.content.decode()
        meeting = Meeting.objects.get()
        assert (meeting.starts_at, meeting.place) == (local("2027-01-20 12:00"), "Room 2")
        again = Client()
        again.get(path)
        assert again.get("/errand/").status_code == 410, "once only"
        assert again.post("/errand/", form).status_code == 410
    assert Meeting.objects.count() == 1


def test_a_suggested_moment_is_filled_in_and_a_refusal_keeps_what_was_typed(made, smtp_server):
    path = asked_to_plan(smtp_server, made.mentee.person)
    client = Client()
    with time_machine.travel(THIRD_WORKING_DAY + timedelta(hours=1), tick=False):
        to = client.get(f"{path}?starts_at=2027-01-20T12:00:00%2B01:00")["Location"]
        assert 'value="2027-01-20"' in client.get(to).content.decode()
        form = {"day": "2027-01-01", "at": "12:00", "minutes": "60", "format": "in_person", "place": "Kept"}
        refused = client.post("/errand/", form)
        assert refused.status_code == 422
        assert 'value="Kept"' in refused.content.decode()
    assert not Meeting.objects.exists()
    assert not ActionLink.objects.exclude(used_at=None).exists()


def test_a_meeting_is_moved_before_it_begins(made, smtp_server):
    meeting = meet(made, local("2027-01-20 12:00"))
    now = local("2027-01-18 09:01")
    sent("meeting_upcoming", now)
    path = address(smtp_server, made.mentee.person, "move")
    client = Client()
    with time_machine.travel(now, tick=False):
        client.get(path)
        form = {
            "day": "2027-01-21",
            "at": "12:00",
            "minutes": "60",
            "format": "in_person",
            "place": "",
            "sequence": "0",
        }
        assert client.post("/errand/", form).status_code == 302
    meeting.refresh_from_db()
    assert (meeting.starts_at, meeting.sequence) == (local("2027-01-21 12:00"), 1)


@pytest.mark.parametrize(
    ("answer", "state", "words"), [("yes", "held", "lamp"), ("no", "missed", "A new date")]
)
def test_whether_it_took_place_is_said_with_one_button(made, smtp_server, answer, state, words):
    meeting = meet(made, local("2027-01-20 12:00"))
    now = local("2027-01-25 09:01")
    sent("meeting_log", now)
    path = address(smtp_server, made.mentee.person, "log")
    client = Client()
    with time_machine.travel(now, tick=False):
        client.get(path)
        assert client.get("/errand/").status_code == 200
        done = client.post("/errand/", {"held": answer}, follow=True).content.decode()
    meeting.refresh_from_db()
    assert meeting.state == state
    assert words in done


@pytest.mark.covers("A-27")
def test_quiet_help_needs_no_log_in_and_no_reason(made, smtp_server):
    Coordinator.objects.create(programme=made.cohort.programme, person=person("Lotte"))
    path = asked_to_plan(smtp_server, made.mentor.person, "help")
    client = Client()
    with time_machine.travel(THIRD_WORKING_DAY, tick=False):
        client.get(path)
        page = client.get("/errand/").content.decode()
        assert '<html lang="nl"' in page, "in the reader's own language"
        assert not ContactRequest.objects.exists()
        client.post("/errand/")
    request = ContactRequest.objects.get()
    assert (request.person, request.target) == (made.mentor.person, "coordinator")


@pytest.mark.covers("C-15")
def test_a_link_dies_with_what_it_was_about(made, smtp_server):
    meeting = meet(made, local("2027-01-20 12:00"))
    now = local("2027-01-18 09:01")
    sent("meeting_upcoming", now)
    path = address(smtp_server, made.mentee.person, "move")
    cancel_meeting(meeting=meeting, by=None, sequence=0, now=now)
    client = Client()
    with time_machine.travel(now, tick=False):
        client.get(path)
        assert client.get("/errand/").status_code == 410
    with time_machine.travel(local("2027-01-20 12:00"), tick=False):
        assert client.get("/errand/").status_code == 410


@pytest.mark.covers("C-15")
def test_a_link_serves_its_purpose_and_its_person_only(made, smtp_server):
    path = asked_to_plan(smtp_server, made.mentee.person)
    client = Client()
    with time_machine.travel(THIRD_WORKING_DAY, tick=False):
        for other in ("move", "log", "help", "nothing"):
            client.get(path.replace("/plan/", f"/{other}/"))
            assert client.get("/errand/").status_code == 410
        Person.objects.filter(pk=made.mentee.person_id).update(state="left")
        client.get(path)
        assert client.get("/errand/").status_code == 410
