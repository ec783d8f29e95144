"""Nine months day by day, beside a calculation by hand, and the same however the clock is wound.

All 122 by 200 with every job of the clock: `make bench`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction

from meetings.services import plan_cycles, remind
from outbox.models import Message
from tests.meetings.nine_months import LAST, ORDER, days, expected, hours_of, sent, set_up

pytestmark = pytest.mark.django_db
#: The last working days before the clocks change and the first after, a month end, King's Day.
CRITICAL = [date(2027, 3, 29), date(2027, 3, 31), date(2027, 4, 27), date(2027, 10, 29), date(2027, 11, 1)]


def step(instants: Iterable[datetime]) -> set[tuple[int, str, date]]:
    """What the clock's two jobs produce; undone afterwards, so that the next way of winding it starts afresh."""
    with transaction.atomic():
        for now in instants:
            plan_cycles(now=now)
            remind(now=now)
        found = sent()
        transaction.set_rollback(True)
    return found


@pytest.mark.covers("S1.15", "D-09", "D-10")
def test_nine_months_hold_exactly_the_mails_that_a_calculation_by_hand_expects() -> None:
    within = set_up(mentors=2, mentees=3)
    wanted = expected(within, days())
    assert set(Counter(kind for _, kind, _ in wanted)) == set(ORDER) - {"first_meeting_late"}
    assert step(days()) == wanted


def test_a_clock_that_stands_still_or_runs_twice_ends_in_the_same_set() -> None:
    within = set_up(mentors=2, mentees=3)
    with_gaps = [at for at in days(3) if at.month < 6]
    daily = {one for one in expected(within, days()) if one[2] < date(2027, 5, 25)}
    late = {one for one in expected(within, with_gaps) if one[2] < date(2027, 5, 25)}
    assert {kind for _, kind, _ in daily - late} <= {"meeting_upcoming"}, "the meeting was over by then"
    assert {one for one in step(with_gaps) if one[2] < date(2027, 5, 25)} == late
    april = [at for at in days() if at.month == 4]
    twice = sorted([*april, *(at - timedelta(hours=9) for at in april)])
    assert step(twice) == expected(within, twice)


@pytest.mark.covers("D-09")
@pytest.mark.covers_part("S3.10")
def test_hour_by_hour_each_leaves_in_the_hour_that_begins_at_nine_where_its_reader_is() -> None:
    within = set_up(mentors=1, mentees=2)
    wanted = {one for one in expected(within, hours_of(CRITICAL)) if one[2] in CRITICAL}
    assert wanted
    for now in hours_of(CRITICAL):
        plan_cycles(now=now)
        remind(now=now)
    on_time = Message.objects.filter(kind__in=ORDER)
    seen = set()
    for row in on_time:
        local = row.created_at.astimezone(ZoneInfo(row.time_zone))
        due = row.not_before.astimezone(ZoneInfo(row.time_zone))
        if due.date() in CRITICAL:
            assert (local.date(), local.hour) == (due.date(), 9)
            seen.add((row.recipient_id, row.kind, due.date()))
    assert seen == wanted


def test_a_pair_that_never_meets_is_asked_for_its_first_date_once() -> None:
    within = set_up(mentors=10, mentees=10)
    wanted = expected(within, days())
    late = [one for one in wanted if one[1] == "first_meeting_late"]
    assert len(late) == 1
    march = [at for at in days() if at < datetime(2027, 3, 18, tzinfo=UTC)]
    until = march[-1].date()
    assert {one for one in step(march) if one[2] <= until} == {one for one in wanted if one[2] <= until}
    assert max(one[2] for one in wanted) <= LAST + timedelta(days=3), "nothing but the last dates' question"
