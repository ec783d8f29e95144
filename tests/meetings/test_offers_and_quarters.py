"""Help is offered once when a pair's dates grow rare, and a sponsor hears of the quarter (dossier 5.5)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from meetings.emails import checkin_offer
from meetings.selectors.quarter import quarter_before
from meetings.services import offer_checkins, record_meeting, send_quarters
from outbox.choices import is_discreet
from outbox.models import Message
from outbox.services.asking import holds
from outbox.services.rendering import compose
from pairings.services import pause_pairing
from programmes.models import Sponsor, SponsorTask
from tests.meetings.world import NOW, cohort, keys, local, meet, pair, person, utc
from tests.programmes.council import agree

pytestmark = pytest.mark.django_db
#: A Saturday, more than three weeks after the pairs were made.
LATER = utc("2027-01-30 10:00")


def test_both_of_a_pair_that_a_rule_names_are_asked_alike_and_once() -> None:
    within = cohort()
    agree(within.programme, "attention")
    quiet, busy = pair(within), pair(within)
    meet(busy, local("2027-02-02 12:00"))
    record_meeting(
        meeting=meet(busy, local("2027-01-12 12:00")), by=None, held=True, now=local("2027-01-12 14:00")
    )
    assert offer_checkins(now=LATER) == 2
    assert (
        offer_checkins(now=LATER + timedelta(hours=1))
        == offer_checkins(now=LATER + timedelta(days=40)) - 2
        == 0
    )
    mails = Message.objects.filter(kind="checkin_offer", about_id=quiet.pk)
    assert {one.recipient_id for one in mails} == {quiet.mentor.person_id, quiet.mentee.person_id}
    assert {one.not_before for one in mails} == {local("2027-02-01 09:00")}, "Monday"
    first, second = (compose(one, now=LATER) for one in mails.order_by("pk"))
    assert first.subject == second.subject == "Can we help with anything?"
    assert "/m/help/" in first.text
    assert "score" not in first.text
    pause_pairing(pairing=quiet, by=None, now=LATER)
    assert not any(holds(one) for one in mails)


def test_where_the_attention_rules_are_not_in_force_nobody_is_asked() -> None:
    pair()
    assert offer_checkins(now=LATER) == 0


def test_the_desk_only_counts_offers() -> None:
    made = pair()
    draft = checkin_offer(pairing=made, to=made.mentor.person, due_at=NOW, until=LATER)
    assert draft is not None
    assert is_discreet(draft.kind)


@pytest.mark.covers("S3.42")
def test_a_sponsor_hears_of_each_quarter_once_in_numbers() -> None:
    within = cohort()
    made, _other = pair(within), pair(within)
    for day in ("2027-01-12 12:00", "2027-03-31 12:00"):
        record_meeting(
            meeting=meet(made, local(day)), by=None, held=True, now=local(day) + timedelta(hours=2)
        )
    leader = person("Marijke")
    Sponsor.objects.create(programme=within.programme, person=leader)
    Sponsor.objects.create(programme=cohort(stage="closed").programme, person=leader)
    SponsorTask.objects.create(programme=within.programme, text="Open the kick-off", due_on=NOW.date())
    first = local("2027-04-01 08:00")
    assert send_quarters(now=first - timedelta(minutes=1)) == 0
    assert send_quarters(now=first) == 1
    assert send_quarters(now=first + timedelta(days=3)) == send_quarters(now=first + timedelta(days=8)) == 0
    assert keys("sponsor_report") == [f"sponsor_report:{within.programme_id}:2027-03-31:{leader.pk}"]
    letter = compose(Message.objects.get(kind="sponsor_report"), now=first)
    for words in (
        "1 January 2027 to 31 March 2027",
        "2 pairs are under way",
        "2 conversations took place",
        "1 thing that",
    ):
        assert words in letter.text
    assert made.mentor.person.last_name not in letter.text


def test_quarters_follow_the_calendar() -> None:
    assert [str(day) for day in quarter_before(utc("2027-01-04 00:00").date())] == [
        "2026-10-01",
        "2026-12-31",
    ]
    assert [str(day) for day in quarter_before(utc("2027-06-30 00:00").date())] == [
        "2027-01-01",
        "2027-03-31",
    ]
