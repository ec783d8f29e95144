"""Real free moments of two people: weekly blocks in each one's own zone, minus holidays and what is booked."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from common.workdays import is_working_day

#: Local hours of the blocks that intake asks for (decision 31); the same that matching compares.
BLOCK_HOURS: Final = {"am": (9, 12), "lunch": (12, 13), "pm": (13, 17)}
DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
#: Nobody is asked to come sooner than this.
NOTICE: Final = timedelta(hours=24)
#: How far ahead free moments are looked for.
HORIZON: Final = timedelta(days=42)
#: Most people find their moments in here, so most never pay for the rest.
_NEAR: Final = timedelta(days=14)
_GRID_MINUTES: Final = 30


@dataclass(frozen=True, order=True)
class Span:
    """From ``starts_at`` up to, not including, ``ends_at``; both in UTC."""

    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class Hours:
    """When a person can meet.

    Args:
        zone: IANA name.
        country: ISO 3166 alpha-2, for public holidays.
        blocks: codes like "mon_am"; none at all means every block of the working week.
        busy: what is booked already.
    """

    zone: str
    country: str
    blocks: Collection[str] = ()
    busy: Sequence[Span] = ()


def free_slots(people: Sequence[Hours], *, now: datetime, minutes: int, count: int = 3) -> list[Span]:
    """The first moments at which all of ``people`` are free, one a day, with a day between them where possible.

    Args:
        minutes: length of the meeting.

    Returns:
        At most ``count`` spans in order of time.
    """
    found: list[Span] = []
    spread: list[Span] = []
    for horizon in (_NEAR, HORIZON):
        found = list(_one_a_day(_common(people, now, horizon), timedelta(minutes=minutes), people[0].zone))
        spread = _spread(found)
        if len(spread) >= count:
            return spread[:count]
    rest = [span for span in found if span not in spread]
    return sorted([*spread, *rest][:count])


def _common(people: Sequence[Hours], now: datetime, horizon: timedelta) -> list[Span]:
    spans = _free(people[0], now, horizon)
    for person in people[1:]:
        spans = list(_overlaps(spans, _free(person, now, horizon)))
    return spans


def _free(person: Hours, now: datetime, horizon: timedelta) -> list[Span]:
    spans = _merged(_open_hours(person, now, horizon))
    for busy in sorted(person.busy):
        spans = [rest for span in spans for rest in _without(span, busy)]
    return spans


def _open_hours(person: Hours, now: datetime, horizon: timedelta) -> Iterator[Span]:
    zone = ZoneInfo(person.zone)
    earliest = now + NOTICE
    day = earliest.astimezone(zone).date()
    last = (now + horizon).astimezone(zone).date()
    while day <= last:
        if is_working_day(day, person.country):
            for part, hours in BLOCK_HOURS.items():
                if not person.blocks or f"{DAYS[day.weekday()]}_{part}" in person.blocks:
                    start, end = (_instant(day, hour, zone) for hour in hours)
                    if end > earliest:
                        yield Span(max(start, earliest), end)
        day += timedelta(days=1)


def _instant(day: date, hour: int, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(hour), zone).astimezone(UTC)


def _merged(spans: Iterable[Span]) -> list[Span]:
    joined: list[Span] = []
    for span in sorted(spans):
        if joined and span.starts_at <= joined[-1].ends_at:
            joined[-1] = Span(joined[-1].starts_at, max(joined[-1].ends_at, span.ends_at))
        else:
            joined.append(span)
    return joined


def _without(span: Span, busy: Span) -> Iterator[Span]:
    if busy.ends_at <= span.starts_at or busy.starts_at >= span.ends_at:
        yield span
        return
    if span.starts_at < busy.starts_at:
        yield Span(span.starts_at, busy.starts_at)
    if busy.ends_at < span.ends_at:
        yield Span(busy.ends_at, span.ends_at)


def _overlaps(ours: Sequence[Span], theirs: Sequence[Span]) -> Iterator[Span]:
    """What two sorted, disjoint lists share."""
    left, right = 0, 0
    while left < len(ours) and right < len(theirs):
        start = max(ours[left].starts_at, theirs[right].starts_at)
        end = min(ours[left].ends_at, theirs[right].ends_at)
        if start < end:
            yield Span(start, end)
        if ours[left].ends_at <= theirs[right].ends_at:
            left += 1
        else:
            right += 1


def _one_a_day(spans: Iterable[Span], length: timedelta, zone: str) -> Iterator[Span]:
    seen: set[date] = set()
    for span in spans:
        start = _on_the_grid(span.starts_at)
        day = start.astimezone(ZoneInfo(zone)).date()
        if day not in seen and start + length <= span.ends_at:
            seen.add(day)
            yield Span(start, start + length)


def _on_the_grid(moment: datetime) -> datetime:
    """The next full or half hour."""
    past = timedelta(
        minutes=moment.minute % _GRID_MINUTES, seconds=moment.second, microseconds=moment.microsecond
    )
    return moment if not past else moment - past + timedelta(minutes=_GRID_MINUTES)


def _spread(found: Sequence[Span]) -> list[Span]:
    """Moments that do not follow each other day by day; the first ones are the same however far one looks."""
    chosen: list[Span] = []
    for span in found:
        if not chosen or span.starts_at - chosen[-1].starts_at > timedelta(hours=36):
            chosen.append(span)
    return chosen
