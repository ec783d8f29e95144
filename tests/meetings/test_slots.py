"""Moments at which two people are really free."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from matching.engine import hours
from meetings.engine import slots
from meetings.engine.slots import Hours, Span, free_slots
from participants.choices import Block
from tests.meetings.world import local, utc

NL = Hours(zone="Europe/Amsterdam", country="NL")
MONDAY = utc("2027-01-04 09:00")


def wall(spans: list[Span], zone: str = "Europe/Amsterdam") -> list[str]:
    return [f"{span.starts_at.astimezone(ZoneInfo(zone)):%a %d %b %H:%M}" for span in spans]


def of(
    *blocks: str, zone: str = "Europe/Amsterdam", country: str = "NL", busy: tuple[Span, ...] = ()
) -> Hours:
    return Hours(zone=zone, country=country, blocks=blocks, busy=busy)


def test_blocks_mean_the_same_hours_as_in_matching_and_every_code_is_known() -> None:
    assert slots.BLOCK_HOURS == hours.BLOCK_HOURS
    assert slots.DAYS == hours.DAYS
    codes = {f"{day}_{part}" for day in slots.DAYS[:5] for part in slots.BLOCK_HOURS}
    assert codes == set(Block.values)


@pytest.mark.covers("S2.5", "S3.18")
def test_both_blocks_are_laid_over_each_other() -> None:
    found = free_slots(
        [of("tue_lunch", "wed_pm", "fri_am"), of("tue_am", "wed_pm", "fri_am")], now=MONDAY, minutes=60
    )
    assert wall(found) == ["Wed 06 Jan 13:00", "Fri 08 Jan 09:00", "Wed 13 Jan 13:00"]
    assert all(span.ends_at - span.starts_at == timedelta(hours=1) for span in found)


def test_adjoining_blocks_make_one_stretch_long_enough() -> None:
    found = free_slots([of("wed_am", "wed_lunch"), NL], now=MONDAY, minutes=240, count=1)
    assert wall(found) == ["Wed 06 Jan 09:00"]
    assert free_slots([of("wed_am"), NL], now=MONDAY, minutes=240) == []


def test_nobody_is_asked_to_come_within_a_day() -> None:
    found = free_slots([NL, NL], now=utc("2027-01-04 13:40"), minutes=60, count=1)
    assert wall(found) == ["Tue 05 Jan 15:00"]


def test_what_is_booked_is_left_out_in_any_of_its_positions() -> None:
    busy = (
        Span(local("2027-01-05 09:00"), local("2027-01-05 10:30")),
        Span(local("2027-01-05 11:15"), local("2027-01-05 17:00")),
        Span(local("2027-01-07 08:00"), local("2027-01-07 18:00")),
    )
    free = [of("tue_am", "tue_pm", "thu_am", busy=busy), NL]
    assert wall(free_slots(free, now=MONDAY, minutes=30, count=2)) == ["Tue 05 Jan 10:30", "Tue 12 Jan 09:00"]
    assert wall(free_slots(free, now=MONDAY, minutes=60, count=1)) == ["Tue 12 Jan 09:00"]


def test_a_holiday_of_either_country_is_nobodys_working_day() -> None:
    before_kings_day = utc("2027-04-24 09:00")  # 27 April is a holiday in the Netherlands only
    german = of("tue_am", country="DE")
    assert wall(free_slots([of("tue_am"), german], now=before_kings_day, minutes=60, count=1)) == [
        "Tue 04 May 09:00"
    ]
    assert wall(free_slots([german, german], now=before_kings_day, minutes=60, count=1)) == [
        "Tue 27 Apr 09:00"
    ]


def test_zones_leave_only_the_hours_both_work() -> None:
    york = Hours(zone="America/New_York", country="US")
    found = free_slots([NL, york], now=MONDAY, minutes=60, count=1)
    assert wall(found) == ["Tue 05 Jan 15:00"]
    assert wall(found, "America/New_York") == ["Tue 05 Jan 09:00"]
    tokyo = Hours(zone="Asia/Tokyo", country="JP")
    assert free_slots([york, tokyo], now=MONDAY, minutes=60) == []


@pytest.mark.covers("D-09")
@pytest.mark.parametrize("sunday", [date(2027, 3, 28), date(2027, 10, 31)])
def test_nine_in_the_morning_stays_nine_over_a_change_of_clocks(sunday: date) -> None:
    before = datetime.combine(sunday - timedelta(days=5), datetime.min.time(), ZoneInfo("UTC"))
    found = free_slots([of("thu_am", "tue_am"), NL], now=before, minutes=60, count=6)
    assert {f"{span.starts_at.astimezone(ZoneInfo('Europe/Amsterdam')):%H:%M}" for span in found} == {"09:00"}
    assert len({span.starts_at.hour for span in found}) == 2


def test_the_hours_between_europe_and_america_follow_both_clocks() -> None:
    # The United States change two weeks before Europe: five hours instead of six.
    york = Hours(zone="America/New_York", country="US", blocks=("tue_am",))
    found = free_slots([NL, york], now=utc("2027-03-13 09:00"), minutes=60, count=3)
    assert wall(found) == ["Tue 16 Mar 14:00", "Tue 23 Mar 14:00", "Tue 30 Mar 15:00"]


def test_zones_off_the_half_hour_start_on_somebodys_grid_and_stay_inside() -> None:
    nepal = Hours(zone="Asia/Kathmandu", country="NP", blocks=("wed_am",))
    (span,) = free_slots([nepal, nepal], now=MONDAY, minutes=60, count=1)
    start = span.starts_at.astimezone(ZoneInfo("Asia/Kathmandu"))
    assert (start.hour, start.minute) == (9, 15)
    assert span.ends_at <= local("2027-01-06 12:00", "Asia/Kathmandu")


def test_without_free_time_nothing_is_offered() -> None:
    never = of("mon_am", busy=(Span(utc("2026-01-01 00:00"), utc("2028-01-01 00:00")),))
    assert free_slots([never, NL], now=MONDAY, minutes=60) == []
    assert free_slots([of("mon_am"), of("tue_am")], now=MONDAY, minutes=60) == []
