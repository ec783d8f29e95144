"""What is known of pairs, brought together once, whatever their number: periods, meetings and pauses."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import takewhile
from typing import TypeVar

from common.workdays import local_day
from meetings.engine.cadence import LEAST_DAYS, MONTHLY, Period, periods
from meetings.engine.standing import Course, Encounter, Stretch, lamp
from meetings.models import Cycle, Meeting
from pairings.models import Pairing, Pause

Row = TypeVar("Row", Cycle, Meeting, Pause)


@dataclass(frozen=True)
class Lamp:
    """One period of a pair as its page shows it.

    Args:
        ordinal: counted from 1.
        state: a state of ``meetings.engine.standing``: held, planned, ask, open, none, paused, later.
        meeting: the meeting that gives the state, if one does.
        is_month: the period is "your November"; otherwise it is known by its first day.
    """

    ordinal: int
    starts_on: date
    ends_on: date
    state: str
    meeting: Meeting | None
    is_month: bool

    @property
    def label_on(self) -> date:
        """A day in the month that names the period; a short first month takes the next one's name."""
        return self.ends_on if self.is_month else self.starts_on


@dataclass(frozen=True)
class Dossier:
    """A pair with everything that its standing needs; nothing of what the two talk about."""

    pairing: Pairing
    cycles: tuple[Cycle, ...]
    meetings: Mapping[int, Meeting]
    course: Course
    today: date


def clock_start(pairing: Pairing) -> date:
    """The pair's anchor: the day it came about, or the cohort's first day when that is later."""
    confirmed_on = local_day(pairing.confirmed_at, pairing.cohort.time_zone)
    return max(confirmed_on, pairing.cohort.starts_on)


def planned_periods(pairing: Pairing, *, after: date | None = None) -> Iterator[Period]:
    """The pair's periods as its cohort's rhythm lays them out, to the cohort's end."""
    cohort = pairing.cohort
    last_start = cohort.ends_on - timedelta(days=LEAST_DAYS[cohort.cadence] - 1)
    endless = periods(clock_start(pairing), cohort.cadence, after=after)
    return takewhile(lambda period: period.starts_on <= last_start, endless)


def dossiers(pairings: Collection[Pairing], *, now: datetime) -> list[Dossier]:
    """All facts about these pairs in three queries. Pairs come with their cohort loaded."""
    ids = [pairing.pk for pairing in pairings]
    cycles = _by_pair(Cycle.objects.filter(pairing_id__in=ids).order_by("ordinal"))
    meetings = _by_pair(Meeting.objects.filter(pairing_id__in=ids).order_by("starts_at", "pk"))
    pauses = _by_pair(Pause.objects.filter(pairing_id__in=ids).order_by("started_at"))
    return [_dossier(one, cycles[one.pk], meetings[one.pk], pauses[one.pk], now) for one in pairings]


def _by_pair(rows: Iterable[Row]) -> Mapping[int, list[Row]]:
    found: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        found[row.pairing_id].append(row)
    return found


def _dossier(
    pairing: Pairing, cycles: list[Cycle], meetings: list[Meeting], pauses: list[Pause], now: datetime
) -> Dossier:
    zone = pairing.cohort.time_zone
    return Dossier(
        pairing=pairing,
        cycles=tuple(cycles),
        meetings={meeting.pk: meeting for meeting in meetings},
        course=Course(
            cadence=pairing.cohort.cadence,
            started_on=clock_start(pairing),
            encounters=[
                Encounter(one.pk, local_day(one.starts_at, zone), one.state, one.ends_at <= now)
                for one in meetings
            ],
            pauses=[_stretch(pause, zone) for pause in pauses],
        ),
        today=_today(pairing, zone, now),
    )


def _today(pairing: Pairing, zone: str, now: datetime) -> date:
    """The day the pair is looked at: today, or its last day once its end has been announced."""
    if pairing.ended_at is None or pairing.notice_due_at is not None:
        return local_day(now, zone)
    return min(local_day(now, zone), local_day(pairing.ended_at, zone))


def _stretch(pause: Pause, zone: str) -> Stretch:
    """The days a pause covers. It may turn out shorter than its announced end, never longer."""
    if pause.ended_at is not None:
        return Stretch(local_day(pause.started_at, zone), local_day(pause.ended_at, zone) - timedelta(days=1))
    last = pause.resume_on - timedelta(days=1) if pause.resume_on else None
    return Stretch(local_day(pause.started_at, zone), last)


def lamps(pairing: Pairing, *, now: datetime) -> list[Lamp]:
    """The year of a pair, period by period to the cohort's end. Three queries."""
    return lamps_of([pairing], now=now)[pairing.pk]


def lamps_of(pairings: Collection[Pairing], *, now: datetime) -> Mapping[int, list[Lamp]]:
    """The same for many pairs, by the pair's id, in the same three queries."""
    return {one.pairing.pk: _lamps(one) for one in dossiers(pairings, now=now)}


def _lamps(dossier: Dossier) -> list[Lamp]:
    laid = [cycle.period for cycle in dossier.cycles]
    to_come = planned_periods(dossier.pairing, after=laid[-1].ends_on if laid else None)
    return [_lamp(number, period, dossier) for number, period in enumerate([*laid, *to_come], start=1)]


def _lamp(ordinal: int, period: Period, dossier: Dossier) -> Lamp:
    state, encounter = lamp(period, dossier.course, dossier.today)
    return Lamp(
        ordinal=ordinal,
        starts_on=period.starts_on,
        ends_on=period.ends_on,
        state=state,
        meeting=dossier.meetings[encounter.id] if encounter else None,
        is_month=dossier.course.cadence == MONTHLY,
    )
