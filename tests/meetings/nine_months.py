"""Nine months of a cohort: dates known from the start, and what everybody must be sent, worked out by hand here.

The calculation shares nothing with the product but the database rows of people and pairs: its own list of public
holidays of 2027, its own working days, its own order of strength. The months hold both changes of the clocks (28 March,
31 October), Easter, Ascension, Whit Monday, King's Day and seven other holidays, and a February day before them.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from meetings.models import Meeting
from outbox.models import Message
from pairings.models import Pairing
from programmes.choices import Role
from programmes.models import Cohort
from tests.meetings import world

FIRST, LAST = date(2027, 3, 1), date(2027, 11, 30)
SET_UP = datetime(2027, 3, 1, 4, 0, tzinfo=UTC)
#: Public holidays on weekdays between the first and the last day, written down from calendars. Dutch law puts Good
#: Friday beside them (Algemene termijnenwet, article 3).
OFF = {
    "NL": {
        date(2027, 3, 26), date(2027, 3, 29), date(2027, 4, 27), date(2027, 5, 6), date(2027, 5, 17),
    },
    "DE": {date(2027, 3, 26), date(2027, 3, 29), date(2027, 5, 6), date(2027, 5, 17)},
    "US": {
        date(2027, 5, 31), date(2027, 6, 18), date(2027, 7, 5), date(2027, 9, 6), date(2027, 10, 11),
        date(2027, 11, 11), date(2027, 11, 25),
    },
}  # fmt: skip
PLACES = (
    ("NL", "Europe/Amsterdam"),
    ("DE", "Europe/Berlin"),
    ("NL", "Europe/Amsterdam"),
    ("US", "America/New_York"),
)
#: The stronger first.
ORDER = ("meeting_upcoming", "closing", "first_meeting_late", "meeting_log", "monthly_meeting")
Sent = tuple[int, str, date]


@dataclass(frozen=True)
class Reader:
    """Somebody who is reminded."""

    id: int
    country: str
    zone: ZoneInfo


# --- the cohort -----------------------------------------------------------------------------------------


def set_up(mentors: int, mentees: int) -> Cohort:
    """People in three countries, some mentors with two pairs, and dates in two months out of three."""
    within = world.cohort(starts_on=FIRST, ends_on=LAST)
    leading = [_enrolled(within, Role.MENTOR, number) for number in range(mentors)]
    for number in range(mentees):
        mentee = _enrolled(within, Role.MENTEE, number + 1)
        made = world.pair(within, mentor=leading[number % mentors], mentee=mentee, now=SET_UP)
        for at in dates_of(number):
            world.meet(made, at, now=SET_UP)
    return within


def _enrolled(within: Cohort, role: Role, number: int) -> object:
    country, zone = PLACES[number % len(PLACES)]
    grade = 2 if role == Role.MENTOR else 6
    return world.enrolment(
        within, role, world.person(country=country, time_zone=zone, grade=grade), capacity=3
    )


def dates_of(number: int) -> Iterator[datetime]:
    """When pair `number` meets. Every tenth never does."""
    if number % 10 == 9:
        return
    for month in range(3, 12):
        if (number * 7 + month * 3) % 4:
            day = date(2027, month, 1 + (number * 5 + month * 11) % 28)
            yield datetime.combine(day, time(8 + number % 9), world.AMSTERDAM)


# --- what must be sent ----------------------------------------------------------------------------------


def expected(within: Cohort, instants: Iterable[datetime]) -> set[Sent]:
    """Person, kind and local day of every reminder, at most one a day for each person.

    What said nothing true any more when the clock next ran, or was a week old, is not among them.
    """
    clock = sorted(instants)
    by_day: dict[tuple[int, date], set[str]] = defaultdict(set)
    for pairing in Pairing.objects.filter(cohort=within).with_people():
        meetings = list(Meeting.objects.filter(pairing=pairing).order_by("starts_at"))
        for is_mentor, person in ((True, pairing.mentor.person), (False, pairing.mentee.person)):
            reader = Reader(person.pk, person.country, ZoneInfo(person.time_zone))
            for kind, day, until in _wanted(reader, is_mentor, meetings):
                due = _nine(day, reader.zone)
                place = bisect_left(clock, due)
                asked_at = clock[place] if place < len(clock) else until
                if due >= SET_UP and asked_at < min(until, due + timedelta(days=7)):
                    by_day[reader.id, day].add(kind)
    return {(pk, min(kinds, key=ORDER.index), day) for (pk, day), kinds in by_day.items()}


def _wanted(reader: Reader, is_mentor: bool, meetings: list[Meeting]) -> Iterator[tuple[str, date, datetime]]:
    """Kind, day, and until when it is true."""
    if is_mentor and not meetings:
        day = _work_from(FIRST + timedelta(days=14), reader)
        yield "first_meeting_late", day, _nine(day, reader.zone) + timedelta(days=14)
    over = datetime.combine(LAST + timedelta(days=1), time(), reader.zone)
    yield "closing", _work_from(LAST - timedelta(days=30), reader), over
    taken = {meeting.starts_at.astimezone(world.AMSTERDAM).month for meeting in meetings}
    for month in set(range(3, 12)) - taken:
        over = datetime.combine(date(2027, month + 1, 1), time(), reader.zone)
        yield "monthly_meeting", _third(month, reader), over
        yield "monthly_meeting", _work_from(date(2027, month, 15), reader), over
    for meeting in meetings:
        starts, ends = (at.astimezone(reader.zone).date() for at in (meeting.starts_at, meeting.ends_at))
        yield "meeting_upcoming", _work_before(starts, 2, reader), meeting.starts_at
        day = _work_from(ends + timedelta(days=1 if is_mentor else 3), reader)
        yield "meeting_log", day, meeting.ends_at + timedelta(days=14)


def _works(day: date, reader: Reader) -> bool:
    return day.weekday() < 5 and day not in OFF[reader.country]


def _work_from(day: date, reader: Reader) -> date:
    while not _works(day, reader):
        day += timedelta(days=1)
    return day


def _work_before(day: date, number: int, reader: Reader) -> date:
    while number:
        day -= timedelta(days=1)
        number -= _works(day, reader)
    return day


def _third(month: int, reader: Reader) -> date:
    days = (date(2027, month, number) for number in range(1, 15))
    return [day for day in days if _works(day, reader)][2]


def _nine(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(9), zone)


# --- what was sent --------------------------------------------------------------------------------------


def sent() -> set[Sent]:
    """The same of the mails that are there; each is due at nine where its reader is, and there is one of each."""
    rows = list(Message.objects.filter(kind__in=ORDER))
    local = [row.not_before.astimezone(ZoneInfo(row.time_zone)) for row in rows]
    assert {(at.hour, at.minute) for at in local} <= {(9, 0)}
    found = {(row.recipient_id, row.kind, at.date()) for row, at in zip(rows, local, strict=True)}
    assert len(found) == len(rows)
    return found


def days(step: int = 1, hour: str = "15:30") -> Iterator[datetime]:
    """One instant in every `step` days, after nine o'clock in all three countries, to a week beyond the end."""
    day = FIRST
    while day <= LAST + timedelta(days=step):
        yield datetime.combine(day, time.fromisoformat(hour), UTC)
        day += timedelta(days=step)


def hours_of(chosen: Iterable[date]) -> Iterator[datetime]:
    """Every hour in which it is nine somewhere, of some days and of the days after them."""
    for day in sorted({one + timedelta(days=more) for one in chosen for more in (0, 1)}):
        for hour in range(6, 16):
            yield datetime.combine(day, time(hour), UTC)
