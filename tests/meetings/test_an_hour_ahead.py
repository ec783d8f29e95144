"""A reminder one hour ahead, for who has asked for it (decision 22)."""

from __future__ import annotations

from datetime import datetime

import pytest

from meetings.engine.reminders import soon_at
from meetings.services import cancel_meeting, outdated_dates, remind
from outbox.models import MailWish, Message
from outbox.services import Claim, choose_mail
from outbox.services.rendering import compose
from participants.models import Person
from tests.meetings.world import NOW, keys, local, meet, pair, person, utc

pytestmark = pytest.mark.django_db


def wish(who: Person, *wanted: str) -> None:
    choose_mail(person_id=who.pk, wanted=wanted, offered=("soon", "plan"), now=NOW)


@pytest.mark.covers_part("S1.15")
def test_who_asked_is_reminded_an_hour_ahead_and_the_other_is_not() -> None:
    made = pair(mentor=person("Noor", grade=1), mentee=person("Willem", grade=6))
    wish(made.mentor.person, "soon", "plan")
    meeting = meet(made, local("2027-01-20 14:00"))
    assert remind(now=local("2027-01-20 12:55")) == 2, "both have been reminded two working days ahead"
    assert keys("meeting_soon") == []
    assert remind(now=local("2027-01-20 13:00")) == 1
    assert remind(now=local("2027-01-20 13:05")) == 0
    mail = Message.objects.get(kind="meeting_soon")
    assert mail.key == f"meeting_soon:{meeting.pk}:0:{made.mentor.person_id}"
    assert mail.policy == "hold"
    assert mail.expires_at == meeting.starts_at
    letter = compose(mail, now=NOW)
    assert letter.subject == "At 14:00: your conversation"
    assert "14:00–15:00 CET" in letter.text
    assert letter.unsubscribe
    claim = Claim(1, mail.kind, None, mail.valid_while)
    assert not outdated_dates(claims=[claim])
    cancel_meeting(meeting=meeting, by=None, sequence=0, now=local("2027-01-20 13:10"))
    assert outdated_dates(claims=[claim])


def test_it_takes_no_other_reminders_place_and_is_taken_back() -> None:
    mentor = person("Noor", grade=1)
    made = pair(mentor=mentor)
    wish(mentor, "soon", "plan")
    meet(made, local("2027-01-20 14:00"))
    meet(pair(mentor=mentor), local("2027-01-22 14:00"))
    assert remind(now=local("2027-01-20 13:00")) >= 2
    on_the_day = Message.objects.filter(recipient_id=mentor.pk, not_before__date="2027-01-20")
    assert set(on_the_day.values_list("kind", flat=True)) == {"meeting_soon", "meeting_upcoming"}
    wish(mentor, "plan")
    assert not MailWish.objects.exists()
    assert Message.objects.get(kind="meeting_soon").state == "cancelled"


@pytest.mark.parametrize(
    ("starts", "due"),
    [
        ("2027-01-20 14:00", "2027-01-20 13:00"),
        ("2027-01-20 08:00", "2027-01-20 07:30"),
        ("2027-01-20 21:00", "2027-01-20 19:00"),
        ("2027-01-20 07:15", None),
        ("2027-03-29 09:00", "2027-03-29 08:00"),
    ],
)
def test_never_in_the_quiet_hours(starts: str, due: str | None) -> None:
    wanted: datetime | None = local(due) if due else None
    assert soon_at(local(starts), "Europe/Amsterdam") == wanted


def test_an_hour_is_an_hour_where_the_reader_is() -> None:
    assert soon_at(utc("2027-01-20 15:00"), "America/New_York") == utc("2027-01-20 14:00")
