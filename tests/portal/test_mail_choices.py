"""Each person chooses which optional mail they get, and may stop a kind by the button of their mail program."""

from __future__ import annotations

import re

import pytest
import time_machine
from django.test import Client

from meetings.services import remind
from outbox.choices import OPTIONAL
from outbox.models import MailRefusal, Message
from outbox.services import choose_mail, drain, forget_recipient
from participants.services import open_log_in
from tests.meetings.world import local, meet, pair, person

pytestmark = pytest.mark.django_db
NOW = local("2027-01-06 09:01")
HEADER = "List-Unsubscribe"


def only_reminders(now=NOW) -> None:
    Message.objects.exclude(kind__in=OPTIONAL).delete()
    remind(now=now)
    Message.objects.exclude(kind__in=OPTIONAL).delete()


def test_optional_mail_carries_a_way_out_that_mail_programs_understand(smtp_server):
    made = pair(mentor=person(grade=1), mentee=person(grade=6))
    meet(made, local("2027-01-20 12:00"))
    drain(now=NOW)
    for mail in smtp_server.mails:
        assert HEADER not in mail.message, "introductions and dates one has to know"
    smtp_server.mails.clear()
    remind(now=local("2027-01-18 09:01"))
    drain(now=local("2027-01-18 09:01"))
    mail = smtp_server.to(made.mentee.person.email)[-1]
    assert re.fullmatch(r"<https?://\S+/u/[\w-]{43}/>", mail.message[HEADER])
    assert mail.message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert b"\r\nList-Unsubscribe: <http" in mail.content, "on one line"


def test_one_click_stops_that_kind_and_no_other(smtp_server):
    made = pair(mentor=person(grade=1), mentee=person("Willem", grade=6))
    who = made.mentee.person
    only_reminders()
    drain(now=NOW)
    path = re.search(r"/u/[\w-]+/", smtp_server.to(who.email)[-1].message[HEADER]).group()
    client = Client(enforce_csrf_checks=True)
    with time_machine.travel(NOW, tick=False):
        for ask in (client.get, client.head):
            assert ask(path).status_code == 200
        assert not MailRefusal.objects.exists(), "looking changes nothing"
        for _click in range(2):
            answer = client.post(path, {"List-Unsubscribe": "One-Click"})
            assert (answer.status_code, answer["Referrer-Policy"]) == (200, "no-referrer")
        assert client.get("/u/nothing/").status_code == client.post("/u/nothing/").status_code == 410
    assert [(row.person_id, row.choice) for row in MailRefusal.objects.all()] == [(who.pk, "plan")]
    Message.objects.all().delete()
    remind(now=local("2027-01-18 09:01"))
    assert set(Message.objects.values_list("recipient_id", flat=True)) == {made.mentor.person_id}
    meet(made, local("2027-01-25 12:00"), now=NOW)
    remind(now=local("2027-01-21 09:01"))
    assert Message.objects.filter(kind="meeting_upcoming", recipient_id=who.pk).exists()


def test_choices_on_ones_own_page_hold_at_once_and_can_be_taken_back():
    who = pair().mentee.person
    only_reminders()
    client = Client()
    client.force_login(open_log_in(person=who), backend="django.contrib.auth.backends.ModelBackend")
    page = client.get("/profile/mail/").content.decode()
    assert (page.count('type="checkbox"'), page.count("checked")) == (8, 7), (
        "the week of a coordinator is not theirs"
    )
    assert client.post("/profile/mail/", {"wanted": ["upcoming", "log"]}).status_code == 302
    assert Message.objects.get(recipient_id=who.pk).reason == "unwanted"
    assert set(MailRefusal.objects.values_list("choice", flat=True)) == {
        "plan",
        "intake",
        "news",
        "calls",
        "later",
    }
    client.post("/profile/mail/", {"wanted": ["upcoming", "log", "plan", "intake", "news", "calls", "later"]})
    assert not MailRefusal.objects.exists()
    assert client.post("/profile/mail/", {"wanted": ["everything"]}).status_code == 422


def test_a_kind_that_is_not_wanted_takes_no_day_from_another():
    """Without the refusal the question after a date would have left out the reminder to plan."""
    made = pair()
    who = made.mentor.person
    meet(made, local("2027-01-29 12:00"))
    choose_mail(person_id=who.pk, wanted=(), offered=("log",), now=NOW)
    Message.objects.all().delete()
    remind(now=local("2027-02-03 09:01"))
    assert set(Message.objects.filter(recipient_id=who.pk).values_list("kind", flat=True)) == {
        "monthly_meeting"
    }


def test_choices_go_with_the_person():
    who = pair().mentor.person
    choose_mail(person_id=who.pk, wanted=(), offered=("plan",), now=NOW)
    forget_recipient(person_id=who.pk, now=NOW)
    assert not MailRefusal.objects.exists()
