"""What people read in mails about pairs and dates: whole, in words, and free of what mails must not carry."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.urls import resolve

from meetings.services import cancel_meeting, plan_cycles, record_meeting, remind
from outbox.engine.mime import Letter
from outbox.models import Message
from outbox.services.rendering import compose
from pairings.models import Pairing
from pairings.services import end_pairing, pause_pairing, resume_pairing, send_due_notices
from participants.models import Person
from programmes.choices import Role
from programmes.models import Programme, Topic, TopicOffer, TopicWish
from tests.meetings.test_dates import move
from tests.meetings.world import NOW, cohort, enrolment, local, meet, pair, person, utc

pytestmark = pytest.mark.django_db

NOON = local("2027-01-20 12:00")
CANARY = "LGBTQ+ inclusion"


def letters(kind: str, **filters: Any) -> list[Letter]:
    rows = Message.objects.filter(kind=kind, **filters).order_by("recipient_id", "pk")
    return [compose(row, now=NOW) for row in rows]


def letter(kind: str, to: Person, **filters: Any) -> Letter:
    (found,) = letters(kind, recipient_id=to.pk, **filters)
    return found


def links(text: str) -> list[str]:
    return [word.strip("()<>,.") for word in text.split() if word.startswith("http")]


def test_the_introduction_names_the_partner_and_whose_the_first_step_is() -> None:
    made = pair(
        mentor=person("Noor", grade=1), mentee=person("Willem", grade=6, job_title="Partner", city="Utrecht")
    )
    mentor, mentee = (
        letter("match_confirmed", made.mentor.person),
        letter("match_confirmed", made.mentee.person),
    )
    assert mentor.subject == mentee.subject == "Meet your mentoring partner"
    assert "Willem" in mentor.text
    assert "Partner, Utrecht" in mentor.text
    assert "The first step is yours" in mentor.text
    assert "The first step is with Noor" in mentee.text
    assert made.mentee.person.email in mentor.html


def test_an_invitation_says_when_where_and_with_whom_in_both_zones() -> None:
    made = pair(
        mentor=person("Noor", grade=1),
        mentee=person("Willem", grade=6, time_zone="America/New_York", country="US"),
    )
    meet(made, local("2027-01-20 16:00"), format="lunch", place="Café “De Zaak” & co")
    mentor, mentee = (
        letter("meeting_changed", made.mentor.person),
        letter("meeting_changed", made.mentee.person),
    )
    assert mentor.subject == "Planned: your conversation"
    assert "Wednesday 20 January, 16:00–17:00 CET" in mentor.text
    assert "over lunch\nCafé “De Zaak” & co" in mentor.text
    assert "Café “De Zaak” &amp; co" in mentor.html
    assert "For Willem it is Wednesday 10:00 EST." in mentor.text
    assert "Wednesday 20 January, 10:00–11:00 EST" in mentee.text
    assert mentor.calendar is not None
    assert mentor.calendar[0] == "REQUEST"


def test_a_move_and_a_cancellation_say_so_and_offer_the_next_step() -> None:
    made = pair()
    meeting = meet(made, NOON)
    moved = move(meeting, place="Room 2")
    assert letters("meeting_changed", valid_while__sequence=1)[0].subject == "Changed: your conversation"
    cancel_meeting(meeting=moved, by=None, sequence=1, now=NOW)
    off = letters("meeting_changed", valid_while__sequence=2)[0]
    assert off.subject == "Called off: your conversation"
    assert f"/pairs/{made.pk}/plan/" in off.text
    assert off.calendar is not None
    assert off.calendar[0] == "CANCEL"


def test_a_pause_and_an_end_ask_for_no_new_date() -> None:
    made = pair()
    meet(made, NOON)
    pause_pairing(pairing=made, by=None, now=NOW, resume_on=NOW.date() + timedelta(days=60))
    off = letters("meeting_changed", valid_while__sequence=1)[0]
    assert "/plan/" not in off.text
    assert "no longer stands" in off.text
    assert letters("pause")[0].subject == "Your mentoring is paused until 5 March"
    resume_pairing(pairing=made, by=None, now=NOW)
    end_pairing(pairing=made, by=made.mentee.person, now=NOW)
    send_due_notices(now=utc("2027-01-05 08:00"))
    thanks = letters("exit")
    assert {one.subject for one in thanks} == {"Thank you – and what next"}
    assert "needs no reason" in thanks[0].text


@pytest.mark.covers("S1.15")
def test_the_monthly_reminder_offers_three_real_moments_as_links() -> None:
    made = pair(mentee=person("Willem", grade=6, availability=["tue_lunch", "thu_pm"]))
    remind(now=utc("2027-01-06 09:00"))
    one = letter("monthly_meeting", made.mentor.person)
    assert one.subject == "Time for this month’s conversation"
    assert "no date yet for January with Willem" in one.text
    offered = [link for link in links(one.text) if "starts_at" in link]
    starts = [parse_qs(urlsplit(link).query)["starts_at"][0] for link in offered]
    assert starts == ["2027-01-07T13:00:00+01:00", "2027-01-12T12:00:00+01:00", "2027-01-14T13:00:00+01:00"]
    assert one.html.count("starts_at=2027-01-") == 3
    assert "Thursday 7 January" in one.html


def test_a_mentor_of_two_gets_one_mail_that_names_both() -> None:
    mentor = person("Noor", grade=1)
    pair(mentor=mentor, mentee=person("Willem", grade=6))
    pair(mentor=mentor, mentee=person("Sabine", grade=6))
    remind(now=utc("2027-01-06 09:00"))
    one = letter("monthly_meeting", mentor)
    assert "with Willem" in one.text
    assert "The same is true for you and Sabine" in one.text
    assert "The same is true for you and Sabine" in one.html


def test_the_other_reminders_read_well() -> None:
    made = pair(mentor=person("Noor", grade=1), mentee=person("Willem", grade=6))
    Message.objects.all().delete()
    remind(now=utc("2027-01-18 09:00"))
    late = letter("first_meeting_late", made.mentor.person)
    assert late.subject == "Plan your first meeting"
    assert "a pair for two weeks" in late.text
    meet(made, local("2027-01-25 12:00"), now=utc("2027-01-18 10:00"), place="Room 4")
    remind(now=utc("2027-01-21 09:00"))
    soon = letter("meeting_upcoming", made.mentee.person)
    assert soon.subject == "On Monday 25 January: your conversation"
    assert "12:00–13:00 CET" in soon.text
    assert "/m/move/" in soon.text
    remind(now=utc("2027-01-26 09:00"))
    log = letter("meeting_log", made.mentor.person)
    assert log.subject == "Did your conversation take place?"
    assert "Monday 25 January" in log.html


def _every_mail(made: Pairing) -> None:
    """Bring about one mail of each kind of this room."""
    remind(now=utc("2027-01-06 09:00"))
    remind(now=utc("2027-01-18 09:00"))
    meeting = meet(made, local("2027-01-25 12:00"), now=utc("2027-01-18 10:00"), place="Room 4")
    remind(now=utc("2027-01-21 09:00"))
    remind(now=utc("2027-01-26 09:00"))
    record_meeting(meeting=meeting, by=None, held=True, now=utc("2027-01-27 09:00"))
    meet(made, local("2027-02-25 12:00"), now=utc("2027-01-27 10:00"))
    pause_pairing(pairing=made, by=None, now=utc("2027-01-28 09:00"))
    resume_pairing(pairing=made, by=None, now=utc("2027-01-29 09:00"))
    end_pairing(pairing=made, by=None, now=utc("2027-01-29 09:00"))
    send_due_notices(now=utc("2027-02-01 08:00"))


KINDS = {
    "match_confirmed",
    "monthly_meeting",
    "first_meeting_late",
    "meeting_upcoming",
    "meeting_changed",
    "meeting_log",
    "pause",
    "exit",
}


@pytest.mark.covers("A-28")
def test_no_mail_and_no_calendar_carries_a_topic_a_perspective_or_a_wish() -> None:
    within = cohort()
    topic = Topic.objects.create(code="canary", name_en=CANARY, name_nl=CANARY, name_de=CANARY)
    sides = []
    for role in (Role.MENTOR, Role.MENTEE):
        side = enrolment(within, role, perspectives_offered=["diversity"], perspective_wanted="diversity")
        TopicOffer.objects.create(enrolment=side, topic=topic, level=5)
        TopicWish.objects.create(enrolment=side, topic=topic, priority=3)
        sides.append(side)
    _every_mail(pair(within, mentor=sides[0], mentee=sides[1]))
    assert set(Message.objects.values_list("kind", flat=True)) == KINDS
    for row in Message.objects.all():
        one = compose(row, now=NOW)
        everything = " ".join([one.subject, one.text, one.html, str(one.calendar), str(row.context)]).lower()
        assert CANARY.lower() not in everything
        assert "diversity" not in everything


def test_every_link_of_every_mail_leads_to_a_page() -> None:
    _every_mail(pair())
    for row in Message.objects.all():
        one = compose(row, now=NOW)
        found = links(one.text)
        assert found, row.kind
        for link in found:
            assert resolve(urlsplit(link).path).url_name, link
            assert urlsplit(link).path in one.html


@pytest.mark.covers("C-19")
def test_names_are_escaped_in_html_and_left_alone_in_text() -> None:
    made = pair(mentor=person("D’Arcy & <Sons>", grade=1))
    meet(made, NOON)
    one = letter("meeting_changed", made.mentee.person)
    assert "D’Arcy & <Sons>" in one.text
    assert "<Sons>" not in one.html


def test_mail_comes_in_the_programmes_name() -> None:
    programme = Programme.objects.create(name="Second Light", sender_name="Lotte of Second Light")
    made = pair(cohort(programme))
    one = letter("match_confirmed", made.mentor.person)
    assert one.sender_name == "Lotte of Second Light"
    assert "Second Light" in one.text


@pytest.mark.parametrize("cadence", ["weekly", "fortnightly", "two_monthly"])
def test_other_rhythms_speak_of_no_month(cadence: str) -> None:
    made = pair(cohort(cadence=cadence))
    plan_cycles(now=NOW)
    assert remind(now=utc("2027-01-06 09:00")) == 2
    one = letter("monthly_meeting", made.mentor.person)
    assert one.subject == "Time for your next conversation"
    assert " before " in one.text
