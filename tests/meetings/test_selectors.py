"""What people and coordinators read about dates: theirs, in words and counts, in a fixed number of queries."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from meetings.engine.standing import AMBER, FALLING_THROUGH, NO_START, RED, STRANDED
from meetings.models import Booking
from meetings.selectors import (
    PairToday,
    attention_list,
    cohort_figures,
    free_slots,
    free_slots_of,
    lamps,
    meetings_by_month,
    next_meeting,
    pairs_today,
    rhythm_of,
    rhythm_of_cohort,
    things_to_do,
)
from meetings.services import cancel_meeting, plan_cycles, record_held, record_meeting
from pairings.models import Pairing
from pairings.services import end_pairing, pause_pairing, resume_pairing
from participants.models import Person
from programmes.models import Cohort
from tests.meetings.test_dates import move
from tests.meetings.world import NOW, cohort, loaded, local, meet, pair, person, utc
from tests.programmes.council import agree

pytestmark = pytest.mark.django_db


def met(made: Pairing, day: str) -> None:
    start = local(f"{day} 12:00")
    record_held(
        pairing=made, by=None, starts_at=start, ends_at=start + timedelta(hours=1), format="lunch",
        now=start + timedelta(hours=2),
    )  # fmt: skip


def today(who: Person, now: datetime) -> list[PairToday]:
    return pairs_today(Pairing.objects.shown_to(who.pk).with_people().order_by("pk"), now=now)


# --- a person's dates ------------------------------------------------------------------------------------


def test_the_next_date_is_the_earliest_across_pairs_and_cohorts() -> None:
    mentor = person(grade=1)
    here, there = pair(mentor=mentor), pair(mentor=mentor)
    later = meet(here, local("2027-01-20 12:00"))
    sooner = meet(there, local("2027-01-12 12:00"))
    assert [one.next_meeting for one in today(mentor, NOW)] == [later, sooner]
    assert next_meeting(today(mentor, NOW)).pairing.partner_of(mentor) == there.mentee.person
    assert next_meeting(today(here.mentee.person, NOW)).pk == later.pk
    assert next_meeting(today(person(), NOW)) is None


def test_what_there_is_to_do_is_recording_then_planning() -> None:
    mentor = person(grade=1)
    asked, undated, paused, dated = (pair(mentor=one) for one in (mentor, mentor, mentor, person(grade=1)))
    past = meet(asked, local("2027-01-12 12:00"))
    meet(dated, local("2027-01-20 12:00"))
    pause_pairing(pairing=paused, by=None, now=NOW)
    now = local("2027-01-13 09:00")
    todo = things_to_do(today(mentor, now))
    assert [(one.kind, one.pairing.pk) for one in todo] == [("record", asked.pk), ("plan", undated.pk)]
    assert (todo[0].meeting.pk, todo[0].minutes) == (past.pk, 1)
    assert things_to_do(today(dated.mentor.person, now)) == []


def test_lamps_tell_the_year_of_a_pair() -> None:
    made = pair()
    met(made, "2027-01-12")
    meet(made, local("2027-04-08 12:00"), now=utc("2027-03-25 09:00"))
    pause_pairing(pairing=made, by=None, now=utc("2027-05-01 08:00"))
    plan_cycles(now=utc("2027-06-10 08:00"))
    states = [lamp.state for lamp in lamps(loaded(made), now=utc("2027-06-10 08:00"))]
    assert states == ["held", "none", "none", "ask", *["paused"] * 5]
    resume_pairing(pairing=made, by=None, now=utc("2027-06-10 08:00"))
    after = [lamp.state for lamp in lamps(loaded(made), now=utc("2027-06-10 08:00"))]
    assert after[4:] == ["paused", "open", "later", "later", "later"]


def test_suggested_moments_leave_out_what_either_has_booked_anywhere() -> None:
    mentor = person(grade=1, availability=["tue_am"])
    here, there = pair(mentor=mentor), pair(mentor=mentor)
    (first, second, third) = free_slots(here, now=NOW)
    assert (first.starts_at, second.starts_at) == (local("2027-01-05 10:00"), local("2027-01-12 09:00"))
    meet(there, local("2027-01-12 09:00"), minutes=180)
    again = free_slots(here, now=NOW)
    assert [one.starts_at for one in again] == [first.starts_at, third.starts_at, local("2027-01-26 09:00")]


# --- the desk --------------------------------------------------------------------------------------------


@pytest.mark.covers("S1.18")
def test_months_count_what_was_held_fell_through_and_was_to_be_expected() -> None:
    within = cohort()
    first, second, third = (pair(within) for _ in range(3))
    met(first, "2027-01-12")
    met(first, "2027-01-26")
    moved = meet(second, local("2027-01-14 12:00"))
    moved = move(moved, starts_at=local("2027-02-04 12:00"), ends_at=local("2027-02-04 13:00"))
    record_meeting(meeting=moved, by=None, held=False, now=local("2027-02-05 09:00"))
    off = meet(third, local("2027-02-09 12:00"))
    cancel_meeting(meeting=off, by=None, sequence=0, now=NOW)
    now = utc("2027-02-20 09:00")
    plan_cycles(now=now)
    found = [
        (str(row.month), row.held, row.fallen, row.expected) for row in meetings_by_month(within, now=now)
    ]
    assert found == [("2027-01-01", 2, 0, 3), ("2027-02-01", 0, 3, 3)]


def test_the_rhythm_of_pairs_and_of_their_cohort() -> None:
    within = cohort()
    first, second, ended = (pair(within) for _ in range(3))
    met(first, "2027-01-12")
    meet(first, local("2027-03-03 12:00"), now=utc("2027-02-20 09:00"))
    end_pairing(pairing=ended, by=None, now=utc("2027-01-20 09:00"))
    Pairing.objects.filter(pk=ended.pk).update(notice_due_at=None)
    now = utc("2027-03-01 09:00")
    plan_cycles(now=now)
    rows = rhythm_of([loaded(one) for one in (first, second, ended)], now=now)
    assert (rows[first.pk].held, rows[first.pk].expected) == (1, 2)
    assert (rows[first.pk].last_held_on, rows[first.pk].next_on) == (date(2027, 1, 12), date(2027, 3, 3))
    assert (rows[second.pk].held, rows[second.pk].expected) == (0, 2)
    assert (rows[ended.pk].held, rows[ended.pk].expected) == (0, 0)
    whole = rhythm_of_cohort(within, now=now)
    assert (whole.held, whole.expected, whole.meetings, whole.with_date, whole.running) == (1, 4, 1, 1, 2)
    assert (whole.pairs["active"], whole.pairs["confirmed"], whole.pairs["ended"]) == (1, 1, 1)
    assert whole.days_to_first == 8


@pytest.mark.covers("S1.14", "A-12")
@pytest.mark.covers_part("S4.36")
def test_the_attention_list_names_pairs_by_process_the_gravest_first() -> None:
    within = cohort()
    agree(within.programme, "attention")
    stranded, late, falling, fine, paused, ended = (pair(within) for _ in range(6))
    met(stranded, "2027-01-06")
    met(fine, "2027-02-20")
    for day in ("2027-01-12", "2027-01-19"):
        one = meet(falling, local(f"{day} 12:00"), now=utc("2027-01-05 09:00"))
        record_meeting(meeting=one, by=None, held=False, now=local(f"{day} 18:00"))
    pause_pairing(pairing=paused, by=None, now=NOW)
    end_pairing(pairing=ended, by=None, now=NOW)
    now = utc("2027-02-22 09:00")
    found = attention_list([within], now=now)
    assert {row.pairing.pk: [flag.rule for flag in row.flags] for row in found} == {
        stranded.pk: [STRANDED],
        late.pk: [NO_START],
        falling.pk: [NO_START, FALLING_THROUGH],
    }
    assert {row.pairing.pk: row.level for row in found} == {stranded.pk: RED, late.pk: RED, falling.pk: RED}
    early = attention_list([within], now=utc("2027-01-27 09:00"))
    assert [(row.pairing.pk, row.level) for row in early] == [(late.pk, AMBER), (falling.pk, AMBER)]
    assert attention_list([cohort()], now=now) == []


# --- cost -------------------------------------------------------------------------------------------------


def _count(act: object) -> int:
    with CaptureQueriesContext(connection) as captured:
        act()  # type: ignore[operator]
    return len(captured)


@pytest.mark.covers("D-15")
def test_no_reading_asks_more_for_more_pairs() -> None:
    within, mentor = cohort(), person(grade=1)
    agree(within.programme, "attention")
    other = person(grade=1)

    def grow() -> None:
        for who in (mentor, other):
            one = pair(cohort(), mentor=who)
            meet(one, utc("2027-01-11 11:00") + timedelta(hours=2 * Booking.objects.count()))
        pair(cohort(), mentor=mentor)
        met(pair(within), "2027-01-12")

    def costs(now: datetime) -> list[int]:
        pairs = list(Pairing.objects.with_people())
        cohort_now = Cohort.objects.get(pk=within.pk)
        return [
            _count(lambda: things_to_do(today(mentor, now))),
            _count(lambda: free_slots_of(pairs, now=now)),
            _count(lambda: rhythm_of(pairs, now=now)),
            _count(lambda: rhythm_of_cohort(cohort_now, now=now)),
            _count(lambda: meetings_by_month(cohort_now, now=now)),
            _count(lambda: attention_list([cohort_now], now=now)),
            _count(lambda: cohort_figures(cohort_now, now=now)),
        ]

    grow()
    now = utc("2027-02-20 09:00")
    few = costs(now)
    for _ in range(5):
        grow()
    assert costs(now) == few
    assert few == [3, 1, 2, 3, 3, 4, 4]
