"""A pair's own rhythm: within the cohort's range, agreed by both, and followed by everything that plans (S3.8)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from common.errors import NotAllowed, Stale
from common.privacy import lines_of
from meetings.models import Cycle
from meetings.selectors import free_slots, last_way, usual_way
from meetings.services import plan_cycles, remind
from mentoring.retention import carry_out_terms
from outbox.models import Message
from outbox.services.asking import holds
from outbox.services.rendering import compose
from pairings.models import Pairing, Rhythm, RhythmProposal, UsualWay
from pairings.selectors import pact_of
from pairings.services import (
    agree_to_rhythm,
    decline_rhythm,
    end_pairing,
    suggest_rhythm,
    take_back_rhythm,
)
from participants.models import Person, User
from participants.services import name_delegate, open_log_in
from programmes.models import Cohort
from tests.meetings.world import NOW, cohort, loaded, meet, pair, person, utc
from tests.refusals import refused

pytestmark = pytest.mark.django_db
WEEKS = {"cadence": "fortnightly", "minutes": 45}


@pytest.fixture
def two() -> Pairing:
    return pair(mentor=person("Noor", grade=1), mentee=person("Willem", grade=6))


def suggest(pairing: Pairing, by: Person, **more: Any) -> RhythmProposal | None:
    return suggest_rhythm(pairing=pairing, by=by, rhythm=Rhythm(**{**WEEKS, **more}), now=NOW)


def agree(pairing: Pairing, by: Person, **more: Any) -> None:
    agree_to_rhythm(pairing=pairing, by=by, rhythm=Rhythm(**{**WEEKS, **more}), now=NOW)


def decline(pairing: Pairing, by: Person, **more: Any) -> None:
    decline_rhythm(pairing=pairing, by=by, rhythm=Rhythm(**{**WEEKS, **more}), now=NOW)


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


def test_declining_or_taking_back_leaves_everything_as_it_was(two: Pairing) -> None:
    suggest(two, two.mentor.person)
    decline(two, two.mentee.person)
    decline(two, two.mentee.person)  # a double click
    take_back_rhythm(pairing=two, by=two.mentor.person)
    suggest(two, two.mentor.person)
    take_back_rhythm(pairing=two, by=two.mentor.person)
    take_back_rhythm(pairing=two, by=two.mentor.person)
    decline(two, two.mentee.person)  # of what is gone already
    assert not RhythmProposal.objects.exists()
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


# --- the usual way of meeting -----------------------------------------------------------------------------

VIDEO = {"cadence": "monthly", "minutes": 60, "mode": "video", "place": "https://meet.example.com/lantern"}


@pytest.mark.covers("S3.8")
def test_the_agreed_way_is_proposed_with_each_date_and_changes_by_agreement(two: Pairing) -> None:
    mentor, mentee = two.mentor.person, two.mentee.person
    suggest(two, mentor, **VIDEO)
    assert usual_way(two) == ("video", ""), "not agreed yet: they work in no common city"
    agree(two, mentee, **{**VIDEO, "place": "  https://meet.example.com/lantern\n"})
    agree(two, mentee, **VIDEO)  # a double click
    assert usual_way(two) == ("video", VIDEO["place"])
    first = meet(two, NOW + timedelta(days=1))
    assert (first.format, first.place) == ("video", VIDEO["place"])
    # A date of its own kind changes nothing of what is usual; what was left open follows the last date.
    meet(two, NOW + timedelta(days=8), format="lunch", place="Canteen")
    assert usual_way(two) == ("video", VIDEO["place"])
    suggest(two, mentee, cadence="monthly", minutes=60)
    agree(two, mentor, cadence="monthly", minutes=60)
    assert not UsualWay.objects.exists()
    assert usual_way(two) == ("lunch", "Canteen")
    words = pact_of(Pairing.objects.with_people().with_rhythm().with_key().get(pk=two.pk)).wording["en"]
    assert "As a rule" not in dict(tuple(pair) for pair in words)["Rhythm"]


def test_a_way_alone_moves_no_period_and_its_mode_stands_in_the_agreement(two: Pairing) -> None:
    before = list(Cycle.objects.values_list("pk", flat=True))
    suggest(two, two.mentor.person, **VIDEO)
    agree(two, two.mentee.person, **VIDEO)
    assert list(Cycle.objects.values_list("pk", flat=True)) == before
    words = pact_of(Pairing.objects.with_people().with_rhythm().with_key().get(pk=two.pk)).wording["en"]
    rhythm = dict(tuple(pair) for pair in words)["Rhythm"]
    assert rhythm.endswith("As a rule we meet by video.")
    assert "meet.example.com" not in rhythm
    for code, more in (("mode", {"mode": "telepathy"}), ("place", {"place": "x" * 201})):
        with refused(code):
            suggest(two, two.mentor.person, **{**VIDEO, **more})


def test_an_assistant_is_proposed_only_what_a_date_has_shown_already(two: Pairing) -> None:
    suggest(two, two.mentor.person, **VIDEO)
    agree(two, two.mentee.person, **VIDEO)
    assert last_way(two) == ("video", "")
    name_delegate(leader=two.mentee.person, address="desk@example.com", by=None, now=NOW)
    assistant = Client()
    assistant.force_login(User.objects.get(email="desk@example.com"))
    page = assistant.get(reverse("portal:dates-plan", args=[two.pk])).content.decode()
    assert "meet.example.com" not in page
    own = logged_in(two.mentee.person)
    assert "meet.example.com" in own.get(reverse("portal:meeting-plan", args=[two.pk])).content.decode()
    assert "meet.example.com" in own.get(reverse("portal:pair", args=[two.pk])).content.decode()


def test_the_place_is_the_two_s_alone_and_goes_ninety_days_after_the_end(two: Pairing) -> None:
    suggest(two, two.mentor.person, **VIDEO)
    agree(two, two.mentee.person, **VIDEO)
    for field in ("mode", "place"):
        assert lines_of("pairings.UsualWay")[field].visible == ("self", "partner")
    Pairing.objects.filter(pk=two.pk).update(state="ended", ended_at=NOW)
    carry_out_terms(now=NOW + timedelta(days=89))
    assert UsualWay.objects.exists()
    carry_out_terms(now=NOW + timedelta(days=91))
    assert not UsualWay.objects.exists()


def test_the_database_keeps_a_way_that_says_something(two: Pairing) -> None:
    for mode, place in (("telepathy", ""), ("either", "")):
        with pytest.raises(IntegrityError), transaction.atomic():
            UsualWay.objects.create(pairing=two, mode=mode, place=place)


# --- the mails --------------------------------------------------------------------------------------------


def told(kind: str) -> list[int | None]:
    return list(Message.objects.filter(kind=kind).order_by("pk").values_list("recipient_id", flat=True))


@pytest.mark.covers("S3.8")
def test_the_other_of_the_two_hears_of_a_suggestion_and_of_the_yes_once(two: Pairing) -> None:
    mentor, mentee = two.mentor.person, two.mentee.person
    for _click in range(2):
        suggest(two, mentor, place="Behind the harbour")
    assert told("rhythm_suggested") == [mentee.pk]
    mail = Message.objects.get(kind="rhythm_suggested")
    text = compose(mail, now=NOW)
    assert text.subject == "Noor suggests another rhythm"
    assert "Every two weeks, 45 minutes" in text.text
    assert "harbour" not in text.text + text.html, "the place stands behind the link"
    suggest(two, mentor, minutes=30)
    assert told("rhythm_suggested") == [mentee.pk] * 2
    assert not holds(mail), "another suggestion took its place"
    agree(two, mentee, minutes=30)
    assert told("rhythm_agreed") == [mentor.pk]
    assert "Willem agrees" in compose(Message.objects.get(kind="rhythm_agreed"), now=NOW).subject


def test_who_has_ended_the_pair_hears_nothing_of_it_any_more(two: Pairing) -> None:
    end_pairing(pairing=two, by=two.mentor.person, now=NOW)
    assert suggest(two, two.mentee.person) is not None, "to the other it stands until the hour"
    assert told("rhythm_suggested") == []


@pytest.mark.covers("S3.8")
def test_who_suggested_hears_kindly_and_once_that_it_stays_as_it_is(two: Pairing) -> None:
    mentor, mentee = two.mentor.person, two.mentee.person
    suggest(two, mentor, place="Behind the harbour")
    for _click in range(2):
        decline(two, mentee, place="Behind the harbour")
    assert told("rhythm_declined") == [mentor.pk]
    mail = Message.objects.get(kind="rhythm_declined")
    text = compose(mail, now=NOW)
    assert text.subject == "Your rhythm stays as it is"
    assert "Willem has read your suggestion and would like to go on meeting as you do" in text.text
    assert "Monthly, 60 minutes" in text.text, "what stays, not what was turned down"
    for word in ("two weeks", " 45 ", "harbour", "declin", "reject", "sorry"):
        assert word not in text.text + text.html, word
    assert holds(mail)
    suggest(two, mentor)  # the same again is another suggestion
    decline(two, mentee)
    assert told("rhythm_declined") == [mentor.pk] * 2


def test_a_counter_suggestion_tells_whose_place_it_takes_in_its_one_mail(two: Pairing) -> None:
    mentor, mentee = two.mentor.person, two.mentee.person
    suggest(two, mentor)
    suggest(two, mentee, minutes=30)
    assert (told("rhythm_suggested"), told("rhythm_declined")) == ([mentee.pk, mentor.pk], [])
    first, second = (compose(one, now=NOW).text for one in Message.objects.order_by("pk").filter(
        kind="rhythm_suggested"
    ))  # fmt: skip
    assert "takes the place" not in first
    assert "It takes the place of what you had suggested." in second
    suggest(two, mentee, minutes=90)  # their own, changed: not the reader's
    third = compose(Message.objects.filter(kind="rhythm_suggested").latest("pk"), now=NOW).text
    assert "takes the place" not in third


def test_nobody_says_no_to_what_they_have_not_seen(two: Pairing) -> None:
    mentor, mentee = two.mentor.person, two.mentee.person
    suggest(two, mentor)
    suggest(two, mentor, minutes=90)
    with pytest.raises(Stale):
        decline(two, mentee)
    suggest(two, mentee, minutes=30)
    with pytest.raises(Stale):
        take_back_rhythm(pairing=two, by=mentor)
    with pytest.raises(Stale):
        decline(two, mentee, minutes=30)
    assert RhythmProposal.objects.get().minutes == 30
    end_pairing(pairing=two, by=mentee, now=NOW)
    decline(two, mentor, minutes=30)
    assert told("rhythm_declined") == [], "whoever has ended the pair hears nothing any more"


# --- the page ---------------------------------------------------------------------------------------------


def logged_in(who: Person) -> Client:
    client = Client()
    client.force_login(open_log_in(person=who))
    return client


def test_the_page_suggests_and_the_partners_page_agrees(two: Pairing) -> None:
    address, page = reverse("portal:pair-rhythm", args=[two.pk]), reverse("portal:pair", args=[two.pk])
    mentor, mentee = logged_in(two.mentor.person), logged_in(two.mentee.person)
    assert b"How often" in mentor.get(address).content
    assert mentor.post(address, {"act": "suggest", **WEEKS}).status_code == 422, "the way is asked for too"
    chosen = {**WEEKS, "mode": "in_person", "place": "<b>Café</b>"}
    answer = mentor.post(address, {"act": "suggest", **chosen}, follow=True)
    assert "Willem gets a mail" in answer.content.decode()
    assert "It holds once Willem has agreed" in mentor.get(address).content.decode()
    assert "Another rhythm is suggested" in mentee.get(page).content.decode()
    assert "Noor suggests" in mentee.get(address).content.decode()
    mentee.post(address, {"act": "agree", **chosen})
    shown = mentee.get(page).content.decode()
    assert "Every two weeks, 45 minutes" in shown
    assert "As a rule you meet in person: &lt;b&gt;Café&lt;/b&gt;" in shown


def test_the_partners_page_leaves_it_as_it_is_even_what_the_cohort_no_longer_offers(two: Pairing) -> None:
    address = reverse("portal:pair-rhythm", args=[two.pk])
    suggest(two, two.mentor.person)
    Cohort.objects.filter(pk=two.cohort_id).update(most_often="monthly")
    mentee = logged_in(two.mentee.person)
    assert "Leave it as it is" in mentee.get(address).content.decode()
    sent = {"act": "decline", **WEEKS, "mode": "either", "place": ""}
    stale = mentee.post(address, {**sent, "minutes": "90" * 9}, follow=True)
    assert "has changed since you opened this page" in stale.content.decode()
    done = mentee.post(address, sent, follow=True)
    assert "It stays as it is. Noor gets a short mail, without a reason." in done.content.decode()
    assert told("rhythm_declined") == [two.mentor.person_id]
    suggest(two, two.mentor.person, cadence="monthly", minutes=30)
    assert "Take it back" in logged_in(two.mentor.person).get(address).content.decode()
    logged_in(two.mentor.person).post(address, {"act": "take_back"})
    assert not RhythmProposal.objects.exists()


def test_a_bad_choice_is_said_on_the_form_and_a_stranger_finds_nothing(two: Pairing) -> None:
    address = reverse("portal:pair-rhythm", args=[two.pk])
    answer = logged_in(two.mentor.person).post(
        address, {"act": "suggest", "cadence": "daily", "minutes": "45"}
    )
    assert answer.status_code == 422
    same = logged_in(two.mentor.person).post(
        address, {"act": "suggest", "cadence": "monthly", "minutes": "60", "mode": "either"}
    )
    assert same.status_code == 422
    assert "how you meet already" in same.content.decode()
    other = pair().mentor.person
    assert logged_in(other).get(address).status_code == 404
