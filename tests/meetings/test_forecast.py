"""What the mail desk says of the next 30 days, and Monday's word to coordinators: numbers, never people."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from time_machine import travel

from meetings.services import remind, send_digests
from outbox.models import Message
from outbox.selectors import agendas, suspects
from outbox.services import choose_mail, drain
from participants.models import User
from participants.services import open_log_in
from programmes.models import Coordinator
from tests.meetings.world import NOW, cohort, local, meet, pair, person

pytestmark = pytest.mark.django_db
KINDS = ("monthly_meeting", "first_meeting_late", "meeting_upcoming", "meeting_log")


def operator() -> User:
    return User.objects.create_superuser(email="operator@example.com")


def coordinator_of(programme, **fields) -> Coordinator:
    return Coordinator.objects.create(programme=programme, person=person("Lotte", **fields))


def test_the_calendar_promises_what_the_clock_then_sends() -> None:
    within = cohort()
    for day in (None, None, "2027-01-20 12:00", "2027-01-29 12:00"):
        made = pair(within)
        if day:
            meet(made, local(day))
    choose_mail(person_id=made.mentor.person_id, wanted=(), offered=("log",), now=NOW)
    (agenda,) = agendas(operator(), now=NOW)
    Message.objects.all().delete()
    for hours in range(0, 24 * 30 + 4, 4):
        remind(now=NOW + timedelta(hours=hours))
    sent: dict[tuple[date, str], int] = {}
    for row in Message.objects.filter(kind__in=KINDS, not_before__lte=NOW + timedelta(days=30)):
        key = row.not_before.date(), row.kind
        sent[key] = sent.get(key, 0) + 1
    promised = {
        (day, kind): number
        for day, numbers, _total in agenda.days
        for kind, number in zip(agenda.kinds, numbers, strict=True)
        if number
    }
    assert promised == sent
    assert agenda.total == sum(sent.values()) > 8


def test_the_calendar_costs_the_same_for_ten_pairs_and_for_forty() -> None:
    within, who = cohort(), operator()
    for _pair in range(10):
        pair(within)
    with CaptureQueriesContext(connection) as few:
        agendas(who, now=NOW)
    for _pair in range(30):
        pair(within)
    with CaptureQueriesContext(connection) as many:
        agendas(who, now=NOW)
    assert len(many) == len(few) <= 8


@pytest.mark.covers("C-02")
def test_a_coordinator_sees_the_calendar_of_their_programmes_only() -> None:
    mine, other = cohort(), cohort()
    pair(mine)
    pair(other)
    who = open_log_in(person=coordinator_of(mine.programme).person)
    assert [one.group for one in agendas(who, now=NOW)] == [str(mine)]
    client = Client()
    with travel(NOW, tick=False):
        client.force_login(who, backend="django.contrib.auth.backends.ModelBackend")
        page = client.get(reverse("admin:outbox_message_planned"))
    assert page.status_code == 200
    assert str(mine) in page.content.decode()
    assert str(other) not in page.content.decode()


def test_an_address_that_refuses_twice_is_suspect_until_it_takes_a_mail(smtp_server) -> None:
    made = pair()
    address = made.mentor.person.email
    smtp_server.answer("550 5.1.1 Unknown", at="RCPT", recipient=address)
    drain(now=NOW)
    assert suspects(Message.objects.all(), now=NOW) == []
    meet(made, local("2027-01-20 12:00"))
    drain(now=NOW)
    assert suspects(Message.objects.all(), now=NOW) == [(address, 2, "5.1.1 Unknown")]
    smtp_server.behave()
    remind(now=local("2027-01-18 09:00"))
    drain(now=local("2027-01-18 09:00"))
    assert suspects(Message.objects.all(), now=local("2027-01-18 09:00")) == []


# --- Monday -------------------------------------------------------------------------------------------


def test_coordinators_hear_of_their_week_on_monday_at_eight_where_they_are() -> None:
    within = cohort()
    made = pair(within)
    meet(made, local("2027-01-20 12:00"))
    coordinator_of(within.programme)
    coordinator_of(within.programme, country="US", time_zone="America/New_York")
    monday = local("2027-01-18 08:00")
    assert send_digests(now=monday - timedelta(minutes=1)) == 0
    assert send_digests(now=monday) == 1
    assert send_digests(now=monday + timedelta(hours=1)) == 0
    digest = Message.objects.get(kind="coord_digest")
    assert (digest.not_before, digest.policy) == (monday, "hold")
    assert digest.context["dates"] == 1
    holiday = local("2027-01-18 12:00", "America/New_York")
    assert send_digests(now=holiday) == 0, "Martin Luther King Day"
    assert send_digests(now=holiday + timedelta(days=1)) == 1
    assert send_digests(now=monday + timedelta(days=7)) == 1


@pytest.mark.covers("A-28")
def test_the_digest_names_nobody_and_says_nothing_of_what_is_counted_only(smtp_server) -> None:
    within = cohort()
    made = pair(within)
    meet(made, local("2027-01-20 12:00"))
    who = coordinator_of(within.programme, language="en").person
    Message.objects.all().delete()
    send_digests(now=local("2027-01-18 08:00"))
    drain(now=local("2027-01-18 08:00"))
    text = smtp_server.to(who.email)[0].message.get_body(("plain",)).get_content()
    assert "1 meeting in the next seven days" in text
    assert "Nothing waits for you this week." in text
    for name in (made.mentor.person.last_name, made.mentee.person.first_name):
        assert name not in text
    assert "List-Unsubscribe" in smtp_server.to(who.email)[0].message


def test_no_digest_for_a_programme_that_has_not_begun_or_is_over() -> None:
    within = cohort(stage="draft")
    coordinator_of(within.programme)
    assert send_digests(now=local("2027-01-18 08:00")) == 0
