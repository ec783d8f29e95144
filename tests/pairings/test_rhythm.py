"""A pair's own rhythm: within the cohort's range, agreed by both, and followed by everything that plans (S3.8)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from common.errors import NotAllowed, Stale
from meetings.models import Cycle
from meetings.selectors import free_slots
from meetings.services import plan_cycles, remind
from outbox.models import Message
from outbox.services.rendering import compose
from pairings.models import Pairing, RhythmProposal
from pairings.selectors import pact_of
from pairings.services import agree_to_rhythm, drop_rhythm, suggest_rhythm
from participants.models import Person
from participants.services import open_log_in
from programmes.models import Cohort
from tests.meetings.world import NOW, cohort, loaded, pair, person, utc
from tests.refusals import refused

pytestmark = pytest.mark.django_db
WEEKS = {"cadence": "fortnightly", "minutes": 45}


@pytest.fixture
def two() -> Pairing:
    return pair(mentor=person("Noor", grade=1), mentee=person("Willem", grade=6))


def suggest(pairing: Pairing, by: Person, **more: Any) -> RhythmProposal | None:
    return suggest_rhythm(**{"pairing": pairing, "by": by, "now": NOW, **WEEKS, **more})


def agree(pairing: Pairing, by: Person, **more: Any) -> Pairing:
    return agree_to_rhythm(**{"pairing": pairing, "by": by, "now": NOW, **WEEKS, **more})


def starts(pairing: Pairing) -> list[str]:
    return [f"{cycle.starts_on:%m-%d}" for cycle in Cycle.objects.filter(pairing=pairing).order_by("ordinal")]


@pytest.mark.covers_part("S3.8")
def test_what_one_suggests_holds_once_the_other_agrees_and_planning_follows(two: Pairing) -> None:
    mentor, mentee = two.mentor.person, two.mentee.person
    assert starts(two) == ["01-04", "02-01", "03-01", "04-01"]
    suggest(two, mentor)
    assert loaded(two).cadence == "monthly", "not yet"
    with pytest.raises(Stale):
        agree(two, mentor)
    agree(two, mentee)
    agree(two, mentee)  # a double click
    held = loaded(two)
    assert (held.cadence, held.meeting_minutes) == ("fortnightly", 45)
    assert not RhythmProposal.objects.exists()
    # The month that runs stays; what comes after it is laid out in fortnights of the pair's own grid.
    assert starts(two) == ["01-04", "02-01", "02-15", "03-01"]
    assert all((slot.ends_at - slot.starts_at).seconds == 45 * 60 for slot in free_slots(held, now=NOW))
    words = pact_of(Pairing.objects.with_people().with_key().get(pk=two.pk)).wording["en"]
    assert "every two weeks for 45 minutes" in dict(tuple(pair) for pair in words)["Rhythm"]


def test_reminders_speak_of_the_pairs_own_period(two: Pairing) -> None:
    suggest(two, two.mentor.person)
    agree(two, two.mentee.person)
    plan_cycles(now=utc("2027-02-17 09:00"))
    Message.objects.all().delete()
    remind(now=utc("2027-02-17 09:00"))
    mails = list(Message.objects.filter(kind="monthly_meeting"))
    assert {mail.key.split(":")[3] for mail in mails} == {"3"}, (
        "the fortnight of 15 February is their third period"
    )
    assert "February" not in compose(mails[0], now=NOW).subject


def test_the_cohorts_range_is_kept_and_a_narrower_one_rules_at_once(two: Pairing) -> None:
    Cohort.objects.filter(pk=two.cohort_id).update(most_often="fortnightly")
    with refused("range"):
        suggest(two, two.mentor.person, cadence="weekly")
    with refused("length"):
        suggest(two, two.mentor.person, minutes=5)
    with refused("same"):
        suggest(two, two.mentor.person, cadence="monthly", minutes=60)
    suggest(two, two.mentor.person)
    agree(two, two.mentee.person)
    Cohort.objects.filter(pk=two.cohort_id).update(most_often="monthly")
    assert loaded(two).cadence == "monthly"


def test_the_newest_suggestion_counts_and_the_same_from_both_is_a_yes(two: Pairing) -> None:
    mentor, mentee = two.mentor.person, two.mentee.person
    suggest(two, mentor)
    suggest(two, mentee, cadence="weekly", minutes=30)
    with pytest.raises(Stale):
        agree(two, mentor)
    assert suggest(two, mentor, cadence="weekly", minutes=30) is None
    assert loaded(two).cadence == "weekly"


def test_dropping_leaves_everything_as_it_was(two: Pairing) -> None:
    suggest(two, two.mentor.person)
    drop_rhythm(pairing=two, by=two.mentee.person)
    drop_rhythm(pairing=two, by=two.mentor.person)
    with pytest.raises(Stale):
        agree(two, two.mentee.person)
    assert loaded(two).cadence == "monthly"
    with pytest.raises(NotAllowed):
        suggest(two, person("Stranger"))


def test_the_database_keeps_range_and_words() -> None:
    made = pair()
    for values in ({"own_cadence": "daily"}, {"own_minutes": 5}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Pairing.objects.filter(pk=made.pk).update(**values)
    for values in ({"most_often": "two_monthly"}, {"least_often": "weekly"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Cohort.objects.filter(pk=made.cohort_id).update(**values)
    assert [one.value for one in cohort(most_often="fortnightly", least_often="monthly").cadences] == [
        "fortnightly",
        "monthly",
    ]


@pytest.mark.django_db(transaction=True)
def test_both_suggest_at_once_and_one_suggestion_waits() -> None:
    made = pair()
    sides = [made.mentor.person, made.mentee.person]

    def work(number: int) -> None:
        try:
            suggest(made, sides[number], minutes=(30, 45)[number])
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as threads:
        list(threads.map(work, (0, 1)))
    assert RhythmProposal.objects.filter(pairing=made).count() == 1


# --- the page ---------------------------------------------------------------------------------------------


def logged_in(who: Person) -> Client:
    client = Client()
    client.force_login(open_log_in(person=who))
    return client


def test_the_page_suggests_and_the_partners_page_agrees(two: Pairing) -> None:
    address, page = reverse("portal:pair-rhythm", args=[two.pk]), reverse("portal:pair", args=[two.pk])
    mentor, mentee = logged_in(two.mentor.person), logged_in(two.mentee.person)
    assert b"How often" in mentor.get(address).content
    answer = mentor.post(address, {"act": "suggest", **WEEKS}, follow=True)
    assert "Willem sees it" in answer.content.decode()
    assert "It holds once Willem has agreed" in mentor.get(address).content.decode()
    assert "Another rhythm is suggested" in mentee.get(page).content.decode()
    assert "Noor suggests" in mentee.get(address).content.decode()
    mentee.post(address, {"act": "agree", **WEEKS})
    assert "Every two weeks, 45 minutes" in mentee.get(page).content.decode()


def test_a_bad_choice_is_said_on_the_form_and_a_stranger_finds_nothing(two: Pairing) -> None:
    address = reverse("portal:pair-rhythm", args=[two.pk])
    answer = logged_in(two.mentor.person).post(
        address, {"act": "suggest", "cadence": "daily", "minutes": "45"}
    )
    assert answer.status_code == 422
    same = logged_in(two.mentor.person).post(
        address, {"act": "suggest", "cadence": "monthly", "minutes": "60"}
    )
    assert same.status_code == 422
    assert "how you meet already" in same.content.decode()
    other = pair().mentor.person
    assert logged_in(other).get(address).status_code == 404
