"""Periods and reminder days, for many zones, anchors and countries."""

from __future__ import annotations

import random
import zoneinfo
from datetime import date, timedelta
from itertools import islice, pairwise

import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import given, settings
from hypothesis import strategies as st

from common.workdays import (
    fixed_hour,
    is_working_day,
    local_day,
    nth_working_day,
    shift_working_days,
    working_day_from,
)
from meetings.engine.cadence import (
    FORTNIGHTLY,
    LEAST_DAYS,
    MONTHLY,
    TWO_MONTHLY,
    WEEKLY,
    Period,
    period_from,
    periods,
)
from meetings.engine.reminders import late_start_day, log_day, nudge_days, upcoming_day

CADENCES = (WEEKLY, FORTNIGHTLY, MONTHLY, TWO_MONTHLY)
COUNTRIES = ("NL", "DE", "US", "AE", "IL", "JP", "IN", "BR", "ZZ", "")
ANCHORS = (
    date(2026, 1, 31),
    date(2026, 10, 25),
    date(2027, 2, 28),
    date(2028, 2, 29),
    date(2026, 12, 31),
)


def first(count: int, anchor: date, cadence: str) -> list[Period]:
    return list(islice(periods(anchor, cadence), count))


@pytest.mark.covers("S1.15", "D-09")
def test_sixty_periods_of_reminders_hold_in_a_sample_of_all_zones() -> None:
    zones = sorted(zoneinfo.available_timezones() - {"Factory", "localtime"})
    sample = random.Random(7).sample(zones, 40)
    for number, zone in enumerate(sample):
        country = COUNTRIES[number % len(COUNTRIES)]
        for anchor in ANCHORS:
            for cadence in CADENCES:
                _holds(first(60, anchor, cadence), anchor, cadence, zone, country)


def _holds(found: list[Period], anchor: date, cadence: str, zone: str, country: str) -> None:
    assert found[0].starts_on == anchor
    last = None
    for before, after in pairwise(found):
        assert after.starts_on == before.ends_on + timedelta(days=1), "contiguous"
    for period in found:
        days = nudge_days(period, cadence, country)
        assert 1 <= len(days) <= 2
        for day in days:
            instant = fixed_hour(day, zone)
            wall = instant.astimezone(zoneinfo.ZoneInfo(zone))
            assert day in period
            assert is_working_day(day, country)
            assert (wall.date(), wall.hour, wall.minute) == (day, 9, 0)
            assert last is None or instant > last, "monotonic"
            last = instant


@given(
    anchor=st.dates(date(2020, 1, 1), date(2035, 12, 31)),
    cadence=st.sampled_from(CADENCES),
    offset=st.integers(0, 400),
)
@settings(max_examples=300, deadline=None)
def test_a_period_begun_anywhere_is_never_short_and_ends_on_the_grid(
    anchor: date, cadence: str, offset: int
) -> None:
    day = anchor + timedelta(days=offset)
    period = period_from(anchor, cadence, day)
    assert period.starts_on == day
    assert period.days >= min(LEAST_DAYS[cadence], 28)
    after = period_from(anchor, cadence, period.ends_on + timedelta(days=1))
    assert after.starts_on == period.ends_on + timedelta(days=1)
    assert after.days >= {WEEKLY: 7, FORTNIGHTLY: 14, MONTHLY: 28, TWO_MONTHLY: 59}[cadence]


@pytest.mark.covers("D-09")
def test_month_ends_hang_on_the_anchor_and_never_slip() -> None:
    found = first(5, date(2027, 12, 31), TWO_MONTHLY)
    assert [period.starts_on for period in found] == [
        date(2027, 12, 31),
        date(2028, 2, 29),
        date(2028, 4, 30),
        date(2028, 6, 30),
        date(2028, 8, 31),
    ]
    assert [one.starts_on for one in found] == [
        date(2027, 12, 31) + relativedelta(months=2 * number) for number in range(5)
    ]


def test_monthly_periods_are_calendar_months_and_a_short_first_one_joins_the_next() -> None:
    assert first(2, date(2027, 1, 18), MONTHLY) == [
        Period(date(2027, 1, 18), date(2027, 1, 31)),
        Period(date(2027, 2, 1), date(2027, 2, 28)),
    ]
    assert first(2, date(2027, 1, 19), MONTHLY) == [
        Period(date(2027, 1, 19), date(2027, 2, 28)),
        Period(date(2027, 3, 1), date(2027, 3, 31)),
    ]


def test_leap_day_and_weekly_grids() -> None:
    assert first(1, date(2028, 2, 1), MONTHLY)[0].days == 29
    assert [period.days for period in first(4, date(2027, 3, 25), WEEKLY)] == [7] * 4
    assert period_from(date(2027, 3, 25), FORTNIGHTLY, date(2027, 4, 6)).days == 16


def test_the_nudges_of_a_month_are_its_third_working_day_and_the_fifteenth() -> None:
    january = Period(date(2027, 1, 1), date(2027, 1, 31))
    # 1 January is a holiday and a Friday: Monday 4 is the first working day.
    assert nudge_days(january, MONTHLY, "NL") == (date(2027, 1, 6), date(2027, 1, 15))
    august = Period(date(2027, 8, 1), date(2027, 8, 31))
    # The fifteenth is a Sunday; in Germany Monday is the next working day.
    assert nudge_days(august, MONTHLY, "DE") == (date(2027, 8, 4), date(2027, 8, 16))


def test_other_rhythms_scale_the_fifteenth_and_never_nudge_two_days_running() -> None:
    week = Period(date(2027, 3, 1), date(2027, 3, 7))
    assert nudge_days(week, WEEKLY, "NL") == (date(2027, 3, 3),)
    fortnight = Period(date(2027, 3, 1), date(2027, 3, 14))
    assert nudge_days(fortnight, FORTNIGHTLY, "NL") == (date(2027, 3, 3), date(2027, 3, 8))
    two_months = Period(date(2027, 3, 1), date(2027, 4, 30))
    assert nudge_days(two_months, TWO_MONTHLY, "NL") == (date(2027, 3, 3), date(2027, 3, 30))


def test_a_period_without_enough_working_days_nudges_inside_itself_or_not_at_all() -> None:
    # Ascension Thursday to the Sunday after it: Friday is all there is.
    short = Period(date(2027, 5, 6), date(2027, 5, 9))
    assert nudge_days(short, MONTHLY, "NL") == (date(2027, 5, 7),)
    weekend = Period(date(2027, 5, 8), date(2027, 5, 9))
    assert nudge_days(weekend, MONTHLY, "NL") == ()


def test_days_around_a_meeting_skip_weekends_and_holidays_of_the_reader() -> None:
    tuesday_after_easter = date(2027, 3, 30)
    assert upcoming_day(tuesday_after_easter, "US") == date(2027, 3, 26)  # Easter Monday is worked there
    assert upcoming_day(tuesday_after_easter, "DE") == date(2027, 3, 24)
    assert log_day(date(2027, 3, 26), 1, "NL") == date(2027, 3, 30)
    assert late_start_day(date(2027, 1, 4), "NL") == date(2027, 1, 18)


def test_working_days_know_other_weekends_and_unknown_countries() -> None:
    friday, saturday, sunday = date(2027, 6, 4), date(2027, 6, 5), date(2027, 6, 6)
    assert [is_working_day(day, "IL") for day in (friday, saturday, sunday)] == [False, False, True]
    assert [is_working_day(day, "") for day in (friday, saturday, sunday)] == [True, False, False]
    assert working_day_from(saturday, "nl") == date(2027, 6, 7)
    assert shift_working_days(date(2027, 6, 7), -1, "ZZ") == friday
    assert nth_working_day(saturday, 1, "NL") == date(2027, 6, 7)


@pytest.mark.covers("D-09")
def test_nine_oclock_stays_nine_oclock_when_clocks_change() -> None:
    assert fixed_hour(date(2027, 3, 26), "Europe/Amsterdam").hour == 8
    assert fixed_hour(date(2027, 3, 29), "Europe/Amsterdam").hour == 7
    assert fixed_hour(date(2027, 11, 1), "Europe/Amsterdam").hour == 8
    late = fixed_hour(date(2027, 1, 4), "Pacific/Kiritimati")
    assert local_day(late, "Pacific/Kiritimati") == date(2027, 1, 4)
    assert late.date() == date(2027, 1, 3)
