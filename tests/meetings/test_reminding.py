"""Reminders: each once for ever, on the right day for the reader, the strongest of a day, however the clock runs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from meetings.models import Meeting, Reminder
from meetings.services import (
    cancel_meeting,
    outdated_dates,
    plan_cycles,
    record_held,
    record_meeting,
    remind,
)
from outbox.models import Message
from outbox.services import Claim
from pairings.models import Pairing
from pairings.services import end_pairing, pause_pairing
from participants.models import Person
from programmes.models import Cohort, Enrolment
from tests.meetings.test_dates import move
from tests.meetings.world import NOW, cohort, keys, local, meet, pair, person, utc

pytestmark = pytest.mark.django_db

REMINDERS = ("monthly_meeting", "first_meeting_late", "meeting_upcoming", "meeting_log")
DAY = timedelta(days=1)


def reminded() -> set[str]:
    return set(Message.objects.filter(kind__in=(*REMINDERS, "agreement_open")).values_list("key", flat=True))


def sent_on(kind: str) -> dict[str, str]:
    """Local day and hour of each mail of a kind, by key."""
    return {row.key: f"{row.not_before:%Y-%m-%d %H:%M}" for row in Message.objects.filter(kind=kind)}


def every(step: timedelta, first: datetime, last: datetime) -> Iterator[datetime]:
    moment = first
    while moment <= last:
        yield moment
        moment += step


def close(within: Cohort) -> None:
    for stage in ("closing", "closed"):
        Cohort.objects.filter(pk=within.pk).update(stage=stage)


# --- the exact set of a month ---------------------------------------------------------------------------


class Month:
    """A small cohort in January 2027 with one pair in each situation."""

    def __init__(self) -> None:
        self.within = cohort()
        self.busy_mentor = person("Busy", grade=1)
        self.idle = pair(self.within)
        self.planned = pair(self.within)
        self.met = pair(self.within)
        self.two = [pair(self.within, mentor=self.busy_mentor), pair(cohort(), mentor=self.busy_mentor)]
        self.abroad = pair(self.within, mentee=person(grade=6, country="US", time_zone="America/New_York"))
        self.meeting = meet(self.planned, local("2027-01-20 12:00"))
        record_held(
            pairing=self.met, by=None, starts_at=local("2027-01-04 08:00"), format="video",
            ends_at=local("2027-01-04 09:00"), now=NOW,
        )  # fmt: skip

    def expected(self) -> set[str]:
        idle, two, abroad, meeting = self.idle, self.two, self.abroad, self.meeting
        nudged = [
            f"monthly_meeting:{number}:{one.pk}:1:{side.person_id}"
            for one in (idle, abroad)
            for number in (1, 2)
            for side in (one.mentor, one.mentee)
        ]
        mentees_of_two = [
            f"monthly_meeting:{number}:{one.pk}:1:{one.mentee.person_id}" for one in two for number in (1, 2)
        ]
        mentor_of_two = [f"monthly_meeting:{number}:{two[0].pk}:1:{self.busy_mentor.pk}" for number in (1, 2)]
        # The mentors' second nudge falls on the 18th, the day of the stronger "plan your first meeting".
        late = [f"first_meeting_late:{one.pk}:{one.mentor.person_id}" for one in (idle, two[0], abroad)]
        planned = [
            *(f"meeting_upcoming:{meeting.pk}:0:{pk}" for pk in self._sides(self.planned)),
            *(f"meeting_log:{meeting.pk}:0:{pk}" for pk in self._sides(self.planned)),
        ]
        # A week after the one meeting that took place, of which no agreement has come yet.
        unsigned = [f"agreement_open:{self.met.pk}:{pk}" for pk in self._sides(self.met)]
        everything = {*nudged, *mentees_of_two, *mentor_of_two, *late, *planned, *unsigned}
        return everything - self.overridden()

    def overridden(self) -> set[str]:
        return {
            f"monthly_meeting:2:{one.pk}:1:{one.mentor.person_id}"
            for one in (self.idle, self.two[0], self.abroad)
        }

    def _sides(self, one: Pairing) -> tuple[int, int]:
        return one.mentor.person_id, one.mentee.person_id


@pytest.mark.covers("S1.15", "D-01")
@pytest.mark.parametrize("run", ["daily", "twice a day", "with a gap", "every five minutes on one day"])
def test_however_the_clock_runs_a_month_ends_in_the_same_set(run: str) -> None:
    month = Month()
    for now in _moments(run):
        plan_cycles(now=now)
        remind(now=now)
    assert reminded() == month.expected()
    assert set(Reminder.objects.filter(state="queued").values_list("key", flat=True)) == reminded()
    people = Counter(Reminder.objects.filter(state="queued").values_list("person_id", "due_on"))
    assert set(people.values()) == {1}


def _moments(run: str) -> list[datetime]:
    first, last = utc("2027-01-04 06:00"), utc("2027-01-31 23:00")
    if run == "twice a day":
        return list(every(DAY / 2, first, last))
    daily = list(every(DAY, first + timedelta(hours=12), last))
    if run == "with a gap":
        # No beat from the 8th to the 13th, nor from the 21st to the 26th: nothing that expires falls into it.
        return [now for now in daily if now.day not in range(8, 14) and now.day not in range(21, 27)]
    if run == "every five minutes on one day":
        extra = every(timedelta(minutes=5), utc("2027-01-06 07:30"), utc("2027-01-06 08:30"))
        return sorted([*daily, *extra])
    return daily


def test_the_month_in_this_test_is_the_one_it_says() -> None:
    """The period begins on the 4th: its third working day is the 6th, its fifteenth day the 18th."""
    month = Month()
    for now in _moments("daily"):
        remind(now=now)
    days = {row.key: row.due_on for row in Reminder.objects.all()}
    idle = month.idle
    assert days[f"monthly_meeting:1:{idle.pk}:1:{idle.mentor.person_id}"] == date(2027, 1, 6)
    assert days[f"monthly_meeting:2:{idle.pk}:1:{idle.mentor.person_id}"] == date(2027, 1, 18)
    assert days[f"first_meeting_late:{idle.pk}:{idle.mentor.person_id}"] == date(2027, 1, 18)
    meeting, planned = month.meeting, month.planned
    assert days[f"meeting_upcoming:{meeting.pk}:0:{planned.mentor.person_id}"] == date(2027, 1, 18)
    assert days[f"meeting_log:{meeting.pk}:0:{planned.mentor.person_id}"] == date(2027, 1, 21)
    assert days[f"meeting_log:{meeting.pk}:0:{planned.mentee.person_id}"] == date(2027, 1, 25)


# --- when ---------------------------------------------------------------------------------------------


def test_nine_oclock_is_the_readers_own() -> None:
    made = pair(
        mentor=person(grade=1, time_zone="Asia/Tokyo", country="JP"),
        mentee=person(grade=6, time_zone="America/New_York", country="US"),
    )
    assert remind(now=utc("2027-01-05 23:59")) == 0
    assert remind(now=utc("2027-01-06 00:00")) == 1
    assert remind(now=utc("2027-01-06 13:59")) == 0
    assert remind(now=utc("2027-01-06 14:00")) == 1
    hours = sent_on("monthly_meeting")
    assert hours[f"monthly_meeting:1:{made.pk}:1:{made.mentor.person_id}"] == "2027-01-06 00:00"
    assert hours[f"monthly_meeting:1:{made.pk}:1:{made.mentee.person_id}"] == "2027-01-06 14:00"


@pytest.mark.covers("D-09")
def test_nine_stays_nine_after_the_clocks_change() -> None:
    pair(cohort(starts_on=date(2027, 3, 1)), now=utc("2027-03-01 07:00"))
    plan_cycles(now=utc("2027-03-01 08:00"))
    assert remind(now=utc("2027-03-03 07:59")) == 0
    assert remind(now=utc("2027-03-03 08:00")) == 2
    assert remind(now=utc("2027-04-05 06:59")) == 0
    assert remind(now=utc("2027-04-05 07:00")) == 2, "the third working day of April, an hour earlier in UTC"


def test_after_a_holiday_the_third_working_day_is_the_readers() -> None:
    made = pair(
        cohort(starts_on=date(2027, 5, 1)),
        mentor=person(grade=1, country="NL"),
        mentee=person(grade=6, country="JP"),  # 3, 4 and 5 May are holidays in Japan
        now=utc("2027-05-01 07:00"),
    )
    for now in every(DAY, utc("2027-05-01 12:00"), utc("2027-05-14 12:00")):
        remind(now=now)
    hours = sent_on("monthly_meeting")
    assert hours[f"monthly_meeting:1:{made.pk}:1:{made.mentor.person_id}"][:10] == "2027-05-05"
    assert hours[f"monthly_meeting:1:{made.pk}:1:{made.mentee.person_id}"][:10] == "2027-05-10"


def test_a_clock_that_stood_still_catches_up_a_week_and_no_more() -> None:
    pair()
    due = utc("2027-01-06 08:00")
    with transaction.atomic():
        assert remind(now=due + timedelta(days=6, hours=23)) == 2
        transaction.set_rollback(True)
    assert remind(now=due + timedelta(days=7)) == 0


def test_a_reminder_for_last_month_dies_with_it() -> None:
    pair()
    remind(now=utc("2027-01-18 12:00"))
    assert {row.expires_at for row in Message.objects.filter(kind="monthly_meeting")} == {
        utc("2027-01-31 23:00")
    }
    short = pair(cohort(cadence="weekly"))
    plan_cycles(now=NOW)
    Reminder.objects.all().delete()
    Message.objects.all().delete()
    assert remind(now=utc("2027-01-12 12:00")) >= 0
    assert not any(f":{short.pk}:1:" in key for key in keys("monthly_meeting")), "its first week is over"


# --- what makes them needless ----------------------------------------------------------------------------


@pytest.mark.parametrize("when", ["planned", "held", "planned and past"])
def test_a_period_with_a_date_is_left_in_peace(when: str) -> None:
    made = pair()
    meeting = meet(made, local("2027-01-05 12:00"))
    if when == "held":
        record_meeting(meeting=meeting, by=None, held=True, now=local("2027-01-05 13:00"))
    for now in every(DAY, NOW, utc("2027-01-31 12:00")):
        remind(now=now)
    assert keys("monthly_meeting") == []
    assert keys("first_meeting_late") == []


def test_a_date_that_fell_through_leaves_the_period_without_one() -> None:
    made = pair()
    meeting = meet(made, local("2027-01-12 12:00"))
    remind(now=utc("2027-01-06 12:00"))
    assert keys("monthly_meeting") == []
    cancel_meeting(meeting=meeting, by=None, sequence=0, now=utc("2027-01-08 12:00"))
    for now in every(DAY, utc("2027-01-09 12:00"), utc("2027-01-31 12:00")):
        remind(now=now)
    assert len(keys("monthly_meeting")) == 3, (
        "two caught up or second ones, and the mentor's day of the 18th is taken"
    )


def test_a_date_in_the_next_period_does_not_stand_for_this_one() -> None:
    made = pair()
    meet(made, local("2027-02-02 12:00"))
    assert remind(now=utc("2027-01-06 12:00")) == 2
    assert keys("first_meeting_late") == []


@pytest.mark.covers("S3.19")
def test_paused_and_ended_pairs_and_cohorts_not_under_way_get_none() -> None:
    paused, ended, closed, away, under_way = (pair() for _ in range(5))
    pause_pairing(pairing=paused, by=None, now=NOW)
    end_pairing(pairing=ended, by=None, now=NOW)
    close(closed.cohort)
    Enrolment.objects.filter(pk=away.mentee_id).update(state="paused")
    for now in every(DAY, NOW, utc("2027-01-31 12:00")):
        remind(now=now)
    assert set(Reminder.objects.values_list("pairing_id", flat=True)) == {under_way.pk}


def test_people_without_address_or_gone_are_passed_over() -> None:
    made, other = pair(), pair()
    Person.objects.filter(pk=made.mentor.person_id).update(email=None)
    Person.objects.filter(pk=made.mentee.person_id).update(state="left")
    assert remind(now=utc("2027-01-06 12:00")) == 2
    assert set(Reminder.objects.values_list("pairing_id", flat=True)) == {other.pk}


# --- around a meeting --------------------------------------------------------------------------------------


def test_a_moved_meeting_is_announced_again_and_a_late_entry_not_at_all() -> None:
    made = pair()
    meeting = meet(made, local("2027-01-20 12:00"))
    assert remind(now=utc("2027-01-18 12:00")) == 2
    moved = move(
        meeting,
        starts_at=local("2027-01-28 12:00"),
        ends_at=local("2027-01-28 13:00"),
        now=utc("2027-01-18 13:00"),
    )
    assert remind(now=utc("2027-01-19 12:00")) == 0
    assert remind(now=utc("2027-01-26 12:00")) == 2
    assert keys("meeting_upcoming")[-1].startswith(f"meeting_upcoming:{moved.pk}:1:")
    move(
        moved,
        starts_at=local("2027-01-29 12:00"),
        ends_at=local("2027-01-29 13:00"),
        now=utc("2027-01-27 13:00"),
    )
    assert remind(now=utc("2027-01-27 14:00")) == 0, "the new invitation has just said it"


def test_did_it_take_place_is_asked_of_the_mentor_then_of_the_mentee_until_somebody_says() -> None:
    first, second = pair(), pair()
    meetings = [meet(one, local("2027-01-19 12:00")) for one in (first, second)]
    for now in every(DAY, utc("2027-01-19 18:00"), utc("2027-01-21 18:00")):
        remind(now=now)
    assert keys("meeting_log") == sorted(
        f"meeting_log:{row.pk}:0:{one.mentor.person_id}"
        for row, one in zip(meetings, (first, second), strict=True)
    )
    record_meeting(meeting=meetings[0], by=None, held=False, now=utc("2027-01-21 19:00"))
    remind(now=utc("2027-01-22 18:00"))
    assert f"meeting_log:{meetings[0].pk}:0:{first.mentee.person_id}" not in keys("meeting_log")
    assert f"meeting_log:{meetings[1].pk}:0:{second.mentee.person_id}" in keys("meeting_log")


def test_unsent_reminders_about_a_meeting_go_with_it() -> None:
    made = pair()
    meeting = meet(made, local("2027-01-20 12:00"))
    remind(now=utc("2027-01-18 12:00"))
    cancel_meeting(meeting=meeting, by=None, sequence=0, now=utc("2027-01-18 12:01"))
    assert set(Message.objects.filter(kind="meeting_upcoming").values_list("state", flat=True)) == {
        "cancelled"
    }


# --- one a day -----------------------------------------------------------------------------------------


def test_of_two_on_one_day_the_stronger_goes_and_the_other_is_recorded_as_left_out() -> None:
    mentor = person(grade=1)
    meeting_soon, no_date = pair(mentor=mentor), pair(mentor=mentor)
    meeting = meet(meeting_soon, local("2027-01-20 12:00"))
    remind(now=utc("2027-01-18 12:00"))
    mine = dict(Reminder.objects.filter(person=mentor).values_list("key", "state"))
    assert mine == {
        f"meeting_upcoming:{meeting.pk}:0:{mentor.pk}": "queued",
        f"first_meeting_late:{no_date.pk}:{mentor.pk}": "skipped",
        f"monthly_meeting:2:{no_date.pk}:1:{mentor.pk}": "skipped",
    }


def test_a_day_on_which_one_went_takes_no_second_even_when_the_facts_change() -> None:
    mentor = person(grade=1)
    first, second = pair(mentor=mentor), pair(mentor=mentor)
    meeting = meet(second, local("2027-01-25 12:00"))
    remind(now=utc("2027-01-06 12:00"))
    cancel_meeting(meeting=meeting, by=None, sequence=0, now=utc("2027-01-06 13:00"))
    remind(now=utc("2027-01-06 14:00"))
    mine = dict(Reminder.objects.filter(person=mentor).values_list("key", "state"))
    assert mine == {
        f"monthly_meeting:1:{first.pk}:1:{mentor.pk}": "queued",
        f"monthly_meeting:1:{second.pk}:1:{mentor.pk}": "skipped",
    }
    queued = Reminder.objects.get(state="queued", person=mentor)
    with pytest.raises(IntegrityError), transaction.atomic():
        Reminder.objects.filter(person=mentor).exclude(pk=queued.pk).update(state="queued")


@pytest.mark.covers("D-01")
@pytest.mark.django_db(transaction=True)
def test_planners_who_race_queue_each_mail_once() -> None:
    for _ in range(5):
        pair()

    def run(_number: int) -> int:
        try:
            return remind(now=utc("2027-01-06 12:00"))
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        counts = list(threads.map(run, range(4)))
    assert len(keys("monthly_meeting")) == 10
    assert Reminder.objects.filter(state="queued").count() == 10
    assert max(counts) == 10


# --- re-checked when the mail leaves -----------------------------------------------------------------------


def still(kind: str, facts: dict) -> bool:
    return not outdated_dates(claims=[Claim(1, kind, None, facts)])


def holds(message: Message) -> bool:
    return still(message.kind, message.valid_while)


def test_a_reminder_to_plan_dies_when_a_date_was_made_meanwhile() -> None:
    made = pair()
    remind(now=utc("2027-01-06 12:00"))
    remind(now=utc("2027-01-18 12:00"))
    nudge, late = (
        Message.objects.filter(kind=kind).first() for kind in ("monthly_meeting", "first_meeting_late")
    )
    assert holds(nudge)
    assert holds(late)
    meeting = meet(made, local("2027-02-01 00:30"), now=utc("2027-01-18 12:01"))
    assert holds(nudge), "half past midnight on the first of February is not in January"
    assert not holds(late)
    move(meeting, starts_at=local("2027-01-31 23:30"), ends_at=local("2027-02-01 00:30"))
    assert not holds(nudge)


def test_a_reminder_dies_with_its_pair_its_cohort_or_its_revision() -> None:
    made = pair()
    remind(now=utc("2027-01-06 12:00"))
    nudge = Message.objects.filter(kind="monthly_meeting").first()
    meeting = meet(made, local("2027-02-20 12:00"))
    facts = {"meeting": meeting.pk, "sequence": 0}
    assert all(still(kind, facts) for kind in REMINDERS[2:])
    Pairing.objects.filter(pk=made.pk).update(state="paused")
    assert not holds(nudge)
    assert not any(still(kind, facts) for kind in REMINDERS[2:])
    Pairing.objects.filter(pk=made.pk).update(state="active")
    assert holds(nudge)
    close(made.cohort)
    assert not holds(nudge)
    Meeting.objects.update(sequence=1)
    assert not any(still(kind, facts) for kind in REMINDERS[2:])


def test_mails_of_others_are_none_of_its_business() -> None:
    assert still("login_code", {})


# --- cost ---------------------------------------------------------------------------------------------------


@pytest.mark.covers("D-15")
def test_queries_do_not_grow_with_pairs() -> None:
    within = cohort()
    pair(within)
    with CaptureQueriesContext(connection) as few:
        assert remind(now=utc("2027-01-06 12:00")) == 2
    for _ in range(11):
        pair(within)
    with CaptureQueriesContext(connection) as many:
        assert remind(now=utc("2027-01-06 13:00")) == 22
    assert len(many) <= len(few)
    with CaptureQueriesContext(connection) as idle:
        assert remind(now=utc("2027-01-06 14:00")) == 0
    assert len(idle) <= 9
