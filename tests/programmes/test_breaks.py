"""Pause, object, go on, leave: by the person, at once, on mail, matching and figures (S3.19, B-09)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from evaluations.emails import _to
from evaluations.models import Round
from matching.models import MatchingRun, Proposal
from matching.selectors.problem import cohort_input, default_settings
from meetings.models import Booking, Meeting
from meetings.selectors import rhythm_of_cohort
from meetings.services import remind
from outbox.models import Message
from outbox.services import Recipient, queue
from pairings.choices import PairingState
from pairings.models import Pairing
from pairings.services import pause_pairing, resume_due_pairings, send_due_notices
from participants.models import Person
from participants.services import open_log_in
from programmes.choices import EnrolmentState, Role
from programmes.models import Break, Enrolment
from programmes.services import answer_candidate, end_break, leave, resume_due_breaks, take_break
from tests.meetings.world import NOW, enrolment, loaded, meet, pair, utc
from tests.refusals import refused

pytestmark = pytest.mark.django_db
NINE = utc("2027-01-05 08:00")  # Amsterdam's nine o'clock on the next working day
MONTH = date(2027, 2, 8)


@pytest.fixture(autouse=True)
def monday() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def two() -> Pairing:
    return pair()


def state_of(one: Enrolment) -> str:
    return Enrolment.objects.get(pk=one.pk).state


def pause(one: Enrolment, **values: Any) -> Break:
    return take_break(enrolment=one, by=one.person, now=NOW, **values)


def logged_in(who: Person) -> Client:
    client = Client()
    client.force_login(open_log_in(person=who), backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.mark.covers("S3.19", "B-09")
def test_a_pause_stops_mail_dates_and_the_clock_at_once(two: Pairing) -> None:
    meeting = meet(two, NOW + timedelta(days=3))
    reminder = queue(
        kind="monthly_meeting", key="monthly_meeting:1", context={}, now=NOW,
        programme_id=two.cohort.programme_id,
        to=Recipient(two.mentor.person_id, "x@example.com", "X", "en", "Europe/Amsterdam"),
    )  # fmt: skip
    pause(two.mentor, resume_on=MONTH)
    assert state_of(two.mentor) == EnrolmentState.PAUSED
    assert loaded(two).state == PairingState.PAUSED
    meeting.refresh_from_db()
    assert meeting.state == "cancelled"
    assert not Booking.objects.exists()
    assert reminder is not None
    reminder.refresh_from_db()
    assert reminder.state == "cancelled"
    before = Message.objects.count()
    remind(now=NOW + timedelta(days=16))
    assert Message.objects.count() == before


@pytest.mark.covers("S3.19")
def test_the_partner_hears_neutral_words_at_the_fixed_hour_and_the_person_none(two: Pairing) -> None:
    pause(two.mentee, resume_on=MONTH)
    mail = Message.objects.get(kind="pause")
    assert mail.recipient_id == two.mentor.person_id
    assert mail.not_before == NINE
    assert sorted(mail.context) == ["is_ending", "pairing_id", "partner_name", "resume_on"]


def test_a_pause_frees_from_matching_and_closes_open_proposals(two: Pairing) -> None:
    junior = enrolment(two.cohort, Role.MENTOR)
    senior = enrolment(two.cohort, Role.MENTEE)
    run = MatchingRun.objects.create(cohort=two.cohort, number=1, state="done")
    proposal = Proposal.objects.create(
        run=run,
        cohort=two.cohort, mentor=junior, mentee=senior, proposed_at=NOW,
        answer_by=NOW + timedelta(days=7),
    )  # fmt: skip
    pause(junior)
    proposal.refresh_from_db()
    assert proposal.state == "withdrawn"
    found = cohort_input(two.cohort, settings=default_settings(two.cohort), tie_seed=1)
    assert len(found.problem.mentors) == Enrolment.objects.mentors().taking_part().count()


def test_everything_goes_on_when_they_say_so(two: Pairing) -> None:
    pause(two.mentor)
    end_break(enrolment=two.mentor, by=two.mentor.person, now=NOW + timedelta(days=3))
    end_break(enrolment=two.mentor, by=two.mentor.person, now=NOW + timedelta(days=4))
    assert (state_of(two.mentor), loaded(two).state) == (two.mentor.state, PairingState.CONFIRMED)
    assert Break.objects.get().ended_at == NOW + timedelta(days=3)


def test_everything_goes_on_by_itself_on_its_day(two: Pairing) -> None:
    pause(two.mentor, resume_on=MONTH)
    assert resume_due_breaks(now=utc("2027-02-07 12:00")) == 0
    morning = utc("2027-02-08 06:00")
    resume_due_pairings(now=morning)
    assert resume_due_breaks(now=morning) == 1
    assert resume_due_breaks(now=morning) == 0
    assert loaded(two).state == PairingState.CONFIRMED
    assert state_of(two.mentor) == EnrolmentState.MATCHED


def test_where_both_pause_the_pair_waits_for_both(two: Pairing) -> None:
    pause(two.mentor)
    pause(two.mentee)
    end_break(enrolment=two.mentor, by=None, now=NOW + timedelta(days=1))
    assert loaded(two).state == PairingState.PAUSED
    end_break(enrolment=two.mentee, by=None, now=NOW + timedelta(days=2))
    assert loaded(two).state == PairingState.CONFIRMED


def test_a_pair_that_a_coordinator_paused_stays_paused(two: Pairing) -> None:
    pause_pairing(pairing=two, by=None, now=NOW - timedelta(days=1))
    pause(two.mentor)
    end_break(enrolment=two.mentor, by=None, now=NOW + timedelta(days=1))
    assert loaded(two).state == PairingState.PAUSED


@pytest.mark.covers("B-09")
def test_paused_weeks_do_not_count_and_an_objection_counts_nowhere(two: Pairing) -> None:
    other = pair(two.cohort)
    later = NOW + timedelta(days=100)
    whole = rhythm_of_cohort(two.cohort, now=later)
    pause(two.mentor)
    assert rhythm_of_cohort(two.cohort, now=later).expected < whole.expected
    pause(two.mentor, is_objection=True)
    left = rhythm_of_cohort(two.cohort, now=later)
    assert sum(left.pairs.values()) == 1
    assert Break.objects.get(enrolment=two.mentor).is_objection
    end_break(enrolment=two.mentor, by=None, now=NOW + timedelta(days=1))
    assert sum(rhythm_of_cohort(two.cohort, now=later).pairs.values()) == 2
    assert loaded(other).state == PairingState.CONFIRMED


@pytest.mark.covers("S2.25")
def test_leaving_frees_at_once_and_partners_hear_later(two: Pairing) -> None:
    leave(enrolment=two.mentee, by=two.mentee.person, now=NOW)
    leave(enrolment=two.mentee, by=two.mentee.person, now=NOW)
    assert state_of(two.mentee) == EnrolmentState.WITHDRAWN
    assert loaded(two).state == PairingState.ENDED
    assert not Message.objects.filter(kind="exit").exists()
    send_due_notices(now=NINE)
    assert Message.objects.filter(kind="exit", recipient_id=two.mentor.person_id).count() == 1
    assert state_of(two.mentee) == EnrolmentState.WITHDRAWN
    assert state_of(two.mentor) == EnrolmentState.ACCEPTED


def test_what_is_not_possible_is_refused(two: Pairing) -> None:
    applied = enrolment(two.cohort, Role.MENTOR, state=EnrolmentState.APPLIED)
    with refused("illegal_transition"):
        pause(applied)
    with refused("resume_on"):
        pause(two.mentor, resume_on=NOW.date())
    assert not Break.objects.exists()
    leave(enrolment=applied, by=applied.person, now=NOW)
    with refused("illegal_transition"):
        pause(applied)
    assert not Break.objects.exists()


def test_the_database_keeps_one_open_break(two: Pairing) -> None:
    pause(two.mentor)
    with pytest.raises(IntegrityError), transaction.atomic():
        Break.objects.create(enrolment=two.mentor, started_at=NOW, resumes_as="active")
    with pytest.raises(IntegrityError), transaction.atomic():
        Break.objects.update(is_objection=True, resume_on=MONTH)


@pytest.mark.covers("S3.19")
def test_two_clicks_from_the_profile(two: Pairing) -> None:
    client = logged_in(two.mentor.person)
    page = reverse("portal:part", args=[two.mentor_id])
    assert page in client.get(reverse("portal:profile")).content.decode()
    assert client.post(page, {"action": "pause", "resume_on": "2027-02-08"}).status_code == 302
    assert "You pause until 8 February" in client.get(page).content.decode()
    assert "You pause until 8 February" in client.get("/").content.decode()
    client.post(page, {"action": "object"})
    assert "You are left out of everything" in client.get(page).content.decode()
    client.post(page, {"action": "resume"})
    assert state_of(two.mentor) == two.mentor.state
    client.post(page, {"action": "leave"})
    assert state_of(two.mentor) == EnrolmentState.WITHDRAWN
    assert "Your part has ended" in client.get(page).content.decode()


@pytest.mark.covers("C-01", "C-14")
def test_only_ones_own_part_and_never_by_looking(two: Pairing) -> None:
    page = reverse("portal:part", args=[two.mentor_id])
    assert logged_in(two.mentee.person).get(page).status_code == 404
    assert logged_in(two.mentee.person).post(page, {"action": "leave"}).status_code == 404
    logged_in(two.mentor.person).get(page, {"action": "leave"})
    assert state_of(two.mentor) == two.mentor.state
    bad = logged_in(two.mentor.person).post(page, {"action": "pause", "resume_on": "2026-12-01"})
    assert bad.status_code == 422
    assert "2026-12-01" in bad.content.decode()


def test_whoever_comes_back_to_no_pair_waits_for_one(two: Pairing) -> None:
    pause(two.mentor)
    leave(enrolment=two.mentee, by=two.mentee.person, now=NOW)
    send_due_notices(now=NINE)
    end_break(enrolment=two.mentor, by=None, now=NINE)
    assert state_of(two.mentor) == EnrolmentState.ACCEPTED


def test_no_questionnaire_reaches_somebody_who_pauses(two: Pairing, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("evaluations.emails._context", lambda *rest: {})
    round = Round.objects.create(cohort=two.cohort, kind="pulse", number=1, closes_at=NOW + timedelta(days=9))
    round.audience = [{"person": one.person_id, "role": one.role} for one in (two.mentor, two.mentee)]
    pause(two.mentor)
    people = [two.mentor.person_id, two.mentee.person_id]
    drafts = list(_to("eval_reminder", round, people))
    assert [draft.to.person_id for draft in drafts] == [two.mentee.person_id]


def test_meetings_after_the_pause_stand(two: Pairing) -> None:
    later = meet(two, utc("2027-02-10 10:00"))
    pause(two.mentor, resume_on=MONTH)
    assert Meeting.objects.get(pk=later.pk).state == "planned"


@pytest.mark.covers("S3.19")
def test_dates_in_a_pause_leave_the_partners_calendar_at_the_fixed_hour(two: Pairing) -> None:
    soon = meet(two, NOW + timedelta(hours=5))
    later = meet(two, NOW + timedelta(days=3))
    pause(two.mentee, resume_on=MONTH)
    told = {
        (mail.about_id, mail.recipient_id): mail.not_before
        for mail in Message.objects.filter(kind="meeting_changed", context__what="cleared")
    }
    assert told == {
        (soon.pk, two.mentee.person_id): NOW,
        (soon.pk, two.mentor.person_id): NOW,  # nobody is to sit there alone
        (later.pk, two.mentee.person_id): NOW,
        (later.pk, two.mentor.person_id): NINE,
    }


@pytest.mark.covers("S3.19")
def test_whoever_has_left_is_taken_back_in_by_a_coordinator_with_a_mail(two: Pairing) -> None:
    leave(enrolment=two.mentor, by=two.mentor.person, now=NOW)
    send_due_notices(now=NINE)
    page = logged_in(two.mentor.person).get(reverse("portal:part", args=[two.mentor_id]))
    assert "Ask a coordinator" in page.content.decode()
    fresh = Enrolment.objects.get(pk=two.mentor_id)
    answer_candidate(enrolment=fresh, to="accepted", seen="withdrawn", by=None, now=NINE)
    assert state_of(two.mentor) == EnrolmentState.ACCEPTED
    assert Message.objects.filter(kind="selected", recipient_id=two.mentor.person_id).exists()
    found = cohort_input(two.cohort, settings=default_settings(two.cohort), tie_seed=1)
    assert len(found.problem.mentors) == 1


@pytest.mark.covers("B-09")
def test_whoever_left_with_an_objection_says_first_that_they_may_be_taken_back(two: Pairing) -> None:
    pause(two.mentor, is_objection=True)
    leave(enrolment=two.mentor, by=two.mentor.person, now=NOW)
    fresh = Enrolment.objects.get(pk=two.mentor_id)
    with refused("own_will"):
        answer_candidate(enrolment=fresh, to="accepted", seen="withdrawn", by=None, now=NOW)
    page, client = reverse("portal:part", args=[two.mentor_id]), logged_in(two.mentor.person)
    assert 'value="return"' in client.get(page).content.decode()
    client.post(page, {"action": "resume"})
    assert state_of(two.mentor) == EnrolmentState.WITHDRAWN
    client.post(page, {"action": "return"})
    assert 'value="return"' not in client.get(page).content.decode()
    answer_candidate(enrolment=fresh, to="accepted", seen="withdrawn", by=None, now=NOW)
    assert state_of(two.mentor) == EnrolmentState.ACCEPTED
