"""Two reminders of a pair's life: its agreement a week after the first meeting, its last month before the end."""

from __future__ import annotations

from datetime import date

import pytest

from meetings.models import Meeting
from meetings.services import outdated_dates, record_held, remind
from outbox.models import Message
from outbox.services import Claim
from outbox.services.rendering import compose
from pairings.models import Pairing
from pairings.selectors import digest_of, pact_of
from pairings.services import accept_agreement
from participants.models import Person
from programmes.models import Cohort
from tests.meetings.world import NOW, cohort, keys, local, pair, person, utc

pytestmark = pytest.mark.django_db

A_WEEK_LATER = utc("2027-01-11 09:00")


def met(pairing: Pairing) -> Meeting:
    """Their first conversation, on the Monday on which the cohort begins."""
    return record_held(
        pairing=pairing, by=None, starts_at=local("2027-01-04 08:00"), ends_at=local("2027-01-04 09:00"),
        format="video", now=NOW,
    )  # fmt: skip


def accept(pairing: Pairing, by: Person) -> None:
    opened = Pairing.objects.with_people().with_key().get(pk=pairing.pk)
    accept_agreement(pairing=pairing, by=by, digest=digest_of(pact_of(opened).wording), now=NOW)


def holds(message: Message) -> bool:
    claim = Claim(1, message.kind, ("pairing", message.about_id or 0), message.valid_while)
    return not outdated_dates(claims=[claim])


# --- the agreement ----------------------------------------------------------------------------------------


@pytest.mark.covers("S0.32")
def test_a_week_after_the_first_meeting_whoever_has_not_accepted_is_asked_once() -> None:
    made = pair(mentor=person("Noor", grade=1), mentee=person("Willem", grade=6))
    met(made)
    accept(made, made.mentor.person)
    assert remind(now=utc("2027-01-11 07:59")) == 0
    assert remind(now=A_WEEK_LATER) == 1
    assert remind(now=utc("2027-01-12 09:00")) == 0
    (mail,) = Message.objects.filter(kind="agreement_open")
    assert mail.recipient_id == made.mentee.person_id
    letter = compose(mail, now=NOW)
    assert letter.subject == "Your agreement is waiting for you"
    assert "You and Noor" in letter.text
    assert f"/pairs/{made.pk}/agreement/" in letter.html
    assert not letter.unsubscribe, "it comes once"


def test_an_agreement_that_was_accepted_meanwhile_is_not_asked_for() -> None:
    made = pair()
    met(made)
    assert remind(now=A_WEEK_LATER) == 2
    first, second = Message.objects.filter(kind="agreement_open").order_by("pk")
    assert holds(first)
    accept(made, made.mentor.person)
    assert not holds(first)
    assert holds(second)
    accept(made, made.mentee.person)
    assert not holds(second)


def test_a_pair_that_has_agreed_or_has_not_met_is_not_asked() -> None:
    agreed, idle = pair(), pair()
    met(agreed)
    for side in (agreed.mentor, agreed.mentee):
        accept(agreed, side.person)
    remind(now=A_WEEK_LATER)
    assert keys("agreement_open") == []
    assert holds_for(idle) == []


def holds_for(pairing: Pairing) -> list[str]:
    return [key for key in keys() if key.startswith(f"agreement_open:{pairing.pk}:")]


def test_later_conversations_do_not_ask_again() -> None:
    made = pair()
    met(made)
    remind(now=A_WEEK_LATER)
    record_held(
        pairing=made, by=None, starts_at=local("2027-02-01 08:00"), ends_at=local("2027-02-01 09:00"),
        format="video", now=local("2027-02-01 10:00"),
    )  # fmt: skip
    remind(now=utc("2027-02-08 09:00"))
    assert len(keys("agreement_open")) == 2


# --- the last month ---------------------------------------------------------------------------------------


def test_thirty_days_before_the_end_both_are_asked_to_plan_the_last_conversation() -> None:
    made = pair(mentor=person("Noor", grade=1), mentee=person("Willem", grade=6))
    last_month = utc("2027-09-01 09:00")  # the cohort ends on 1 October
    remind(now=last_month)
    assert keys("closing") == sorted(
        f"closing:{made.pk}:{side.person_id}" for side in (made.mentor, made.mentee)
    )
    mail = Message.objects.filter(kind="closing", recipient_id=made.mentor.person_id).get()
    letter = compose(mail, now=last_month)
    assert letter.subject == "Last month: harvest and celebrate"
    assert "Friday 1 October" in letter.text
    assert "Willem" in letter.text
    assert "/m/plan/" in letter.text
    assert holds(mail)
    Cohort.objects.filter(pk=made.cohort_id).update(ends_on=date(2027, 11, 30))
    assert not holds(mail)


def test_a_pair_of_the_last_weeks_is_not_told_that_it_is_over() -> None:
    late = utc("2027-09-13 09:00")
    pair(cohort(), now=late)
    remind(now=late)
    assert keys("closing") == []
