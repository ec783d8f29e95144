"""Lamps, coverage and the rules of attention, from process data only."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import count

import pytest

from meetings.engine.cadence import FORTNIGHTLY, MONTHLY, Period
from meetings.engine.standing import (
    AMBER,
    ASK,
    FALLING_THROUGH,
    GAP,
    HELD,
    HINT,
    LATER,
    NO_NEXT_DATE,
    NO_START,
    NONE,
    OPEN,
    PAUSED,
    PLANNED,
    RED,
    STRANDED,
    Course,
    Encounter,
    Stretch,
    coverage,
    flags,
    lamp,
)

START = date(2027, 1, 4)
MARCH = Period(date(2027, 3, 1), date(2027, 3, 31))
_ids = count(1)


def met(day: date, state: str = "held", *, is_over: bool = True) -> Encounter:
    return Encounter(next(_ids), day, state, is_over)


def course(*encounters: Encounter, pauses: tuple[Stretch, ...] = (), cadence: str = MONTHLY) -> Course:
    return Course(cadence, START, sorted(encounters, key=lambda one: one.day), pauses)


def light(today: date, *encounters: Encounter, pauses: tuple[Stretch, ...] = ()) -> str:
    return lamp(MARCH, course(*encounters, pauses=pauses), today)[0]


def rules(today: date, given: Course) -> list[tuple[str, str]]:
    return [(flag.rule, flag.level) for flag in flags(given, today)]


def test_a_lamp_says_what_its_meetings_say() -> None:
    day, mid = date(2027, 3, 10), date(2027, 3, 15)
    assert light(mid, met(day)) == HELD
    assert light(mid, met(day, "planned", is_over=False)) == PLANNED
    assert light(mid, met(day, "planned")) == ASK
    assert light(mid, met(day, "missed")) == OPEN
    assert light(date(2027, 4, 2), met(day, "cancelled")) == NONE
    assert light(date(2027, 2, 2)) == LATER
    assert light(mid, met(date(2027, 4, 1))) == OPEN


def test_the_strongest_of_several_meetings_gives_the_lamp() -> None:
    mid = date(2027, 3, 20)
    held = met(date(2027, 3, 18))
    both = course(met(date(2027, 3, 2), "missed"), held, met(date(2027, 3, 25), "planned", is_over=False))
    assert lamp(MARCH, both, mid) == (HELD, held)


@pytest.mark.covers("S3.19")
def test_a_period_mostly_paused_expects_nothing() -> None:
    half = (Stretch(date(2027, 3, 1), date(2027, 3, 15)),)
    more = (Stretch(date(2027, 3, 1), date(2027, 3, 16)),)
    after = date(2027, 4, 2)
    assert light(after, pauses=half) == NONE
    assert light(after, pauses=more) == PAUSED
    assert light(after, pauses=(Stretch(date(2027, 2, 1), None),)) == PAUSED
    assert light(after, met(date(2027, 3, 30)), pauses=more) == HELD


@pytest.mark.covers("S1.18")
def test_coverage_counts_periods_once_and_leaves_out_paused_and_running_ones() -> None:
    months = [Period(date(2027, m, 1), date(2027, m + 1, 1) - timedelta(days=1)) for m in range(1, 6)]
    pair = course(
        met(date(2027, 1, 7)),
        met(date(2027, 1, 21)),
        met(date(2027, 2, 9), "missed"),
        pauses=(Stretch(date(2027, 3, 1), date(2027, 3, 31)),),
    )
    # January met, February not, March paused, April not, May running.
    assert coverage(months, pair, date(2027, 5, 3)) == (1, 3)
    in_may = course(*pair.encounters, met(date(2027, 5, 2)), pauses=tuple(pair.pauses))
    assert coverage(months, in_may, date(2027, 5, 3)) == (2, 4)


def test_a_pair_that_has_not_started_is_named_after_three_and_five_weeks() -> None:
    assert rules(START + timedelta(days=21), course()) == []
    assert rules(START + timedelta(days=22), course()) == [(NO_START, AMBER)]
    assert rules(START + timedelta(days=36), course()) == [(NO_START, RED)]


@pytest.mark.covers("S1.14")
def test_a_pair_that_met_once_or_twice_and_then_no_more_is_stranded() -> None:
    pair = course(met(date(2027, 1, 10)), met(date(2027, 2, 10)))
    quiet = date(2027, 2, 10) + timedelta(days=45)
    assert (STRANDED, RED) not in rules(quiet, pair)
    assert rules(quiet + timedelta(days=1), pair)[0] == (STRANDED, RED)
    assert flags(pair, quiet + timedelta(days=1))[0].days == 46


def test_a_gap_after_three_meetings_turns_amber_then_red() -> None:
    pair = course(*(met(date(2027, month, 10)) for month in (1, 2, 3)))
    last = date(2027, 3, 10)
    assert (GAP, AMBER) in rules(last + timedelta(days=46), pair)
    assert (GAP, RED) in rules(last + timedelta(days=76), pair)
    assert not any(rule == GAP for rule, _level in rules(last + timedelta(days=45), pair))


def test_the_gap_scales_with_the_rhythm() -> None:
    pair = course(*(met(date(2027, 1, day)) for day in (5, 12, 19)), cadence=FORTNIGHTLY)
    assert (GAP, AMBER) in rules(date(2027, 1, 19) + timedelta(days=22), pair)
    assert (GAP, AMBER) not in rules(date(2027, 1, 19) + timedelta(days=21), pair)


def test_dates_that_keep_falling_through_are_named_whoever_moved_them() -> None:
    today = date(2027, 4, 1)
    held = met(date(2027, 3, 1))
    one = (held, met(date(2027, 3, 10), "missed"))
    assert FALLING_THROUGH not in dict(rules(today, course(*one)))
    two = (*one, met(date(2027, 3, 20), "cancelled"))
    assert dict(rules(today, course(*two)))[FALLING_THROUGH] == AMBER
    mended = (*two, met(date(2027, 3, 25)))
    assert FALLING_THROUGH not in dict(rules(today, course(*mended)))
    three = (*mended, met(date(2027, 3, 30), "missed"))
    assert dict(rules(today, course(*three)))[FALLING_THROUGH] == RED
    assert FALLING_THROUGH not in dict(rules(today + timedelta(days=120), course(*three)))


@pytest.mark.covers("S3.19")
def test_paused_days_count_for_no_rule() -> None:
    pause = (Stretch(date(2027, 1, 10), date(2027, 2, 8)),)
    assert rules(START + timedelta(days=50), course(pauses=pause)) == []
    assert rules(START + timedelta(days=52), course(pauses=pause)) == [(NO_START, AMBER)]
    called_off = (met(date(2027, 1, 15), "cancelled"), met(date(2027, 1, 29), "cancelled"))
    quiet = course(met(date(2027, 1, 8)), *called_off, pauses=pause)
    assert FALLING_THROUGH not in dict(rules(date(2027, 2, 9), quiet))


def test_two_weeks_without_a_next_date_is_a_hint_only() -> None:
    pair = course(met(date(2027, 1, 10)))
    day = date(2027, 1, 25)
    assert rules(day, pair) == [(NO_NEXT_DATE, HINT)]
    planned = course(*pair.encounters, met(date(2027, 2, 2), "planned", is_over=False))
    assert rules(day, planned) == []
