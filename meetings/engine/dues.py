"""Which reminders a pair's facts call for. Pure: the same facts give the same reminders, whenever one asks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from common.workdays import fixed_hour, local_day
from meetings.engine.cadence import Period
from meetings.engine.reminders import (
    AGREEMENT_OPEN,
    CLOSING,
    FIRST_MEETING_LATE,
    MEETING_LOG,
    MEETING_SOON,
    MEETING_UPCOMING,
    MENTEE_LOG_DAYS,
    MENTOR_LOG_DAYS,
    MONTHLY_MEETING,
    Due,
    agreement_day,
    closing_day,
    late_start_day,
    log_day,
    nudge_days,
    soon_at,
    upcoming_day,
)

_REST_OF_DAY: Final = timedelta(hours=15)
_LOG_EXPIRES: Final = timedelta(days=14)
_LATE_START_EXPIRES: Final = timedelta(days=14)
_AGREEMENT_EXPIRES: Final = timedelta(days=14)


@dataclass(frozen=True)
class Side:
    """One of the two, as far as reminders care.

    Args:
        wants_hour: has asked to be reminded an hour ahead.
        owes_yes: the pair has no agreement that holds, and this side has accepted none yet.
    """

    person_id: int
    is_mentor: bool
    zone: str
    country: str
    owes_yes: bool = False
    wants_hour: bool = False


@dataclass(frozen=True)
class Date:
    """A planned or held meeting."""

    id: int
    sequence: int
    is_planned: bool
    starts_at: datetime
    ends_at: datetime
    revised_at: datetime


@dataclass(frozen=True)
class Round:
    """A numbered period of the pair."""

    ordinal: int
    period: Period


@dataclass(frozen=True)
class Pair:
    """A running pair.

    Args:
        zone: the cohort's zone, in which its periods are counted.
        rounds: those that may call for a reminder now.
        dates: all planned and held meetings.
        ends_on: the last day of the cohort.
        first_talk_at: when the first meeting that took place was over.
    """

    id: int
    cadence: str
    zone: str
    confirmed_at: datetime
    sides: Sequence[Side]
    rounds: Sequence[Round]
    dates: Sequence[Date]
    ends_on: date
    first_talk_at: datetime | None = None


def dues_of(pair: Pair) -> Iterator[Due]:
    """Every reminder that the pair's facts call for, past and to come; ``Due.is_due`` tells which to send."""
    for side in pair.sides:
        yield from _nudges(pair, side)
        yield from _late_start(pair, side)
        yield from _agreement(pair, side)
        yield from _closing(pair, side)
        for meeting in pair.dates:
            if meeting.is_planned:
                yield from _upcoming(pair, side, meeting)
                yield from _soon(pair, side, meeting)
                yield _log(pair, side, meeting)


def _nudges(pair: Pair, side: Side) -> Iterator[Due]:
    taken = [local_day(meeting.starts_at, pair.zone) for meeting in pair.dates]
    for entry in pair.rounds:
        if any(day in entry.period for day in taken):
            continue
        for number, day in enumerate(nudge_days(entry.period, pair.cadence, side.country), start=1):
            yield _due(
                MONTHLY_MEETING,
                f"{number}:{pair.id}:{entry.ordinal}",
                pair,
                side,
                day,
                expires_at=fixed_hour(entry.period.ends_on, side.zone) + _REST_OF_DAY,
                number=number,
                facts={"from_on": entry.period.starts_on, "to_on": entry.period.ends_on},
            )


def _late_start(pair: Pair, side: Side) -> Iterator[Due]:
    if not side.is_mentor or pair.dates:
        return
    day = late_start_day(local_day(pair.confirmed_at, side.zone), side.country)
    expires_at = fixed_hour(day, side.zone) + _LATE_START_EXPIRES
    yield _due(FIRST_MEETING_LATE, f"{pair.id}", pair, side, day, expires_at=expires_at)


def _agreement(pair: Pair, side: Side) -> Iterator[Due]:
    """A week after the first meeting, to whoever has not accepted the agreement."""
    if pair.first_talk_at is None or not side.owes_yes:
        return
    day = agreement_day(local_day(pair.first_talk_at, side.zone), side.country)
    expires_at = fixed_hour(day, side.zone) + _AGREEMENT_EXPIRES
    yield _due(AGREEMENT_OPEN, f"{pair.id}", pair, side, day, expires_at=expires_at)


def _closing(pair: Pair, side: Side) -> Iterator[Due]:
    """A month before the cohort ends, unless the two have only just met."""
    day = closing_day(pair.ends_on, side.country)
    expires_at = fixed_hour(pair.ends_on, side.zone) + _REST_OF_DAY
    if pair.confirmed_at < fixed_hour(day, side.zone):
        yield _due(
            CLOSING, f"{pair.id}", pair, side, day, expires_at=expires_at, facts={"ends_on": pair.ends_on}
        )


def _upcoming(pair: Pair, side: Side, meeting: Date) -> Iterator[Due]:
    """Not for a date entered or moved so late that its invitation is the reminder."""
    day = upcoming_day(local_day(meeting.starts_at, side.zone), side.country)
    if meeting.revised_at < fixed_hour(day, side.zone):
        yield _due(
            MEETING_UPCOMING,
            f"{meeting.id}:{meeting.sequence}",
            pair,
            side,
            day,
            expires_at=meeting.starts_at,
            facts={"meeting_id": meeting.id},
        )


def _soon(pair: Pair, side: Side, meeting: Date) -> Iterator[Due]:
    """An hour ahead, for who asked for it."""
    at = soon_at(meeting.starts_at, side.zone) if side.wants_hour else None
    if at is not None and meeting.revised_at < at:
        yield _due(
            MEETING_SOON,
            f"{meeting.id}:{meeting.sequence}",
            pair,
            side,
            local_day(at, side.zone),
            at=at,
            expires_at=meeting.starts_at,
            facts={"meeting_id": meeting.id},
        )


def _log(pair: Pair, side: Side, meeting: Date) -> Due:
    days = MENTOR_LOG_DAYS if side.is_mentor else MENTEE_LOG_DAYS
    return _due(
        MEETING_LOG,
        f"{meeting.id}:{meeting.sequence}",
        pair,
        side,
        log_day(local_day(meeting.ends_at, side.zone), days, side.country),
        expires_at=meeting.ends_at + _LOG_EXPIRES,
        facts={"meeting_id": meeting.id},
    )


def _due(
    kind: str,
    object_key: str,
    pair: Pair,
    side: Side,
    day: date,
    *,
    expires_at: datetime,
    at: datetime | None = None,
    number: int = 1,
    facts: dict[str, object] | None = None,
) -> Due:
    return Due(
        kind=kind,
        key=f"{kind}:{object_key}:{side.person_id}",
        person_id=side.person_id,
        pairing_id=pair.id,
        day=day,
        due_at=at or fixed_hour(day, side.zone),
        expires_at=expires_at,
        number=number,
        facts=facts or {},
    )
