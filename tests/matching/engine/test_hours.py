"""Weekly blocks in everybody's own zone, laid over each other."""

from dataclasses import replace
from datetime import date

import pytest

from matching.engine import EngineError, Person, Problem, Rules
from matching.engine.hours import BLOCK_CODES, Calendar, Slot, overlap, shared, span
from participants.choices import Block
from tests.matching.engine.cohorts import WEEK


def person(zone: str | None, *blocks: str) -> Person:
    return Person("p", availability=blocks, time_zone=zone)


def calendar(*people: Person, week: date | None = WEEK, **rules: object) -> Calendar:
    problem = Problem(mentors=(), mentees=people, week=week)
    return Calendar(replace(problem, policy=replace(problem.policy, rules=Rules(**rules))))


def test_every_block_of_the_intake_is_known() -> None:
    assert set(Block.values) <= set(BLOCK_CODES)


@pytest.mark.parametrize(
    ("zone", "block", "week", "hours"),
    [
        ("Europe/Amsterdam", "mon_am", date(2026, 11, 2), (8, 11)),
        ("Europe/Amsterdam", "mon_am", date(2026, 7, 6), (7, 10)),
        ("America/Los_Angeles", "mon_pm", date(2026, 11, 4), (21, 25)),
        ("America/Los_Angeles", "mon_pm", date(2026, 10, 28), (20, 24)),
        ("Pacific/Auckland", "mon_am", date(2026, 11, 8), (-4, -1)),
        ("Europe/London", "fri_lunch", date(2026, 11, 6), (4 * 24 + 12, 4 * 24 + 13)),
    ],
)
def test_a_block_lies_where_its_zone_puts_it_in_that_week(zone, block, week, hours) -> None:
    assert span(Slot(zone, block), week) == tuple(hour * 60 for hour in hours)


def test_half_hour_zones_are_exact() -> None:
    kolkata = span(Slot("Asia/Kolkata", "tue_am"), WEEK)
    assert kolkata.start == (24 + 3) * 60 + 30


def test_the_week_repeats() -> None:
    sunday_in_utc = span(Slot("Pacific/Auckland", "mon_am"), WEEK)
    assert overlap(sunday_in_utc, span(Slot("America/Los_Angeles", "sun_pm"), WEEK)) == 120
    assert overlap(sunday_in_utc, span(Slot("America/New_York", "sun_pm"), WEEK)) == 120


def test_in_one_zone_two_people_share_the_blocks_that_both_named() -> None:
    one = person("Europe/Berlin", "mon_am", "mon_lunch", "tue_pm")
    other = person("Europe/Berlin", "mon_lunch", "tue_pm", "fri_am")
    windows = calendar(one, other).windows(one, other)
    assert [(w.mentee_block, w.mentor_block, w.minutes) for w in windows] == [
        ("mon_lunch", "mon_lunch", 60),
        ("tue_pm", "tue_pm", 240),
    ]
    assert shared(windows) == 2


def test_one_morning_that_touches_two_blocks_of_the_other_is_one_window() -> None:
    london, berlin = person("Europe/London", "mon_am"), person("Europe/Berlin", "mon_am", "mon_lunch")
    windows = calendar(london, berlin).windows(london, berlin)
    assert [(w.mentor_block, w.minutes) for w in windows] == [("mon_am", 120), ("mon_lunch", 60)]
    assert shared(windows) == 1


def test_a_window_shorter_than_the_meeting_does_not_count() -> None:
    here, there = person("Europe/Berlin", "mon_am"), person("Asia/Kolkata", "mon_pm")
    assert shared(calendar(here, there).windows(here, there)) == 1
    assert shared(calendar(here, there, min_shared_minutes=240).windows(here, there)) == 0


def test_somebody_without_a_zone_has_unknown_hours_unless_one_is_assumed() -> None:
    known, unknown = person("Europe/Berlin", "mon_am"), person(None, "mon_am")
    assert calendar(known, unknown).slots(unknown) == ()
    assumed = calendar(known, unknown, assumed_time_zone="Europe/Berlin")
    assert shared(assumed.windows(known, unknown)) == 1


def test_where_nobody_has_a_zone_blocks_are_compared_as_they_stand() -> None:
    one, other = person(None, "mon_am"), person("", "mon_am", "tue_am")
    assert shared(calendar(one, other, week=None).windows(one, other)) == 1


def test_different_zones_need_a_week() -> None:
    with pytest.raises(EngineError) as caught:
        calendar(person("Europe/Berlin", "mon_am"), person("Europe/London", "mon_am"), week=None)
    assert caught.value.code == "week_missing"


@pytest.mark.parametrize(
    ("somebody", "code"),
    [
        (person("Europe/Berlin", "mon_night"), "block"),
        (person("Mars/Olympus", "mon_am"), "time_zone"),
        (person("../etc", "mon_am"), "time_zone"),
    ],
)
def test_unknown_blocks_and_zones_are_named(somebody: Person, code: str) -> None:
    with pytest.raises(EngineError) as caught:
        calendar(somebody)
    assert (caught.value.code, caught.value.keys) == (code, ("p",))
