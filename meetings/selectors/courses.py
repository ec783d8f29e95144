"""What is known of pairs, brought together once, whatever their number: periods, meetings and pauses."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import takewhile
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject

from common.workdays import local_day
from meetings.engine.cadence import LEAST_DAYS, MONTHLY, Period, periods
from meetings.engine.standing import Course, Encounter, Stretch, lamp
from meetings.models import Cycle, Meeting
from pairings.models import Pairing, Pause


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
    periods: tuple[Period, ...]
    meetings: Mapping[int, Meeting]
    course: Course
    today: date
    is_paused: bool


def clock_start(pairing: Pairing) -> date:
    """The pair's anchor: the day it came about, or the cohort's first day when that is later."""
    confirmed_on = local_day(pairing.confirmed_at, pairing.cohort.time_zone)
    return max(confirmed_on, pairing.cohort.starts_on)


def planned_periods(pairing: Pairing, *, after: date | None = None) -> Iterator[Period]:
    """The pair's periods as its rhythm lays them out, to the cohort's end."""
    cohort = pairing.cohort
    last_start = cohort.ends_on - timedelta(days=LEAST_DAYS[pairing.cadence] - 1)
    endless = periods(clock_start(pairing), pairing.cadence, after=after)
    return takewhile(lambda period: period.starts_on <= last_start, endless)


def dossiers(pairings: Collection[Pairing], *, now: datetime) -> list[Dossier]:
    """All facts about these pairs in two queries. Pairs come with their cohort loaded."""
    times = {one.pk: one for one in _times_of(pairings)}
    meetings: dict[int, list[Meeting]] = defaultdict(list)
    for meeting in Meeting.objects.filter(pairing_id__in=times).order_by("starts_at", "pk"):
        meetings[meeting.pairing_id].append(meeting)
    return [_dossier(one, times[one.pk], meetings[one.pk], now) for one in pairings]


@dataclass(frozen=True)
class _Times:
    """A pair's periods and the stretches in which its clock stood still."""

    pk: int
    periods: tuple[Period, ...]
    pauses: tuple[Mapping[str, Any], ...]


def _times_of(pairings: Collection[Pairing]) -> Iterator[_Times]:
    """Both short lists of every pair in one query."""
    own = OuterRef("pk")
    days = JSONObject(starts_on="starts_on", ends_on="ends_on")
    stretch = JSONObject(started_at="started_at", ended_at="ended_at", resume_on="resume_on")
    rows = Pairing.objects.filter(pk__in=[one.pk for one in pairings]).annotate(
        laid=ArraySubquery(Cycle.objects.filter(pairing=own).order_by("ordinal").values(json=days)),
        stood=ArraySubquery(Pause.objects.filter(pairing=own).order_by("started_at").values(json=stretch)),
    )
    for pk, laid, stood in rows.values_list("pk", "laid", "stood"):
        yield _Times(pk, tuple(_period(one) for one in laid), tuple(stood))


def _period(days: Mapping[str, str]) -> Period:
    return Period(date.fromisoformat(days["starts_on"]), date.fromisoformat(days["ends_on"]))


def _dossier(pairing: Pairing, times: _Times, meetings: Sequence[Meeting], now: datetime) -> Dossier:
    zone = pairing.cohort.time_zone
    return Dossier(
        pairing=pairing,
        periods=times.periods,
        meetings={meeting.pk: meeting for meeting in meetings},
        course=Course(
            cadence=pairing.cadence,
            started_on=clock_start(pairing),
            encounters=[
                Encounter(one.pk, local_day(one.starts_at, zone), one.state, one.ends_at <= now)
                for one in meetings
            ],
            pauses=[_stretch(pause, zone) for pause in times.pauses],
        ),
        today=_today(pairing, zone, now),
        # By the pause itself: a pair that ended while paused looks the same until the other is told.
        is_paused=any(pause["ended_at"] is None for pause in times.pauses),
    )


def _today(pairing: Pairing, zone: str, now: datetime) -> date:
    """The day the pair is looked at: today, or its last day once its end has been announced."""
    if pairing.ended_at is None or pairing.notice_due_at is not None:
        return local_day(now, zone)
    return min(local_day(now, zone), local_day(pairing.ended_at, zone))


def _stretch(pause: Mapping[str, Any], zone: str) -> Stretch:
    """The days a pause covers. It may turn out shorter than its announced end, never longer."""
    ended_at, resume_on = pause["ended_at"], pause["resume_on"]
    first, day = local_day(datetime.fromisoformat(pause["started_at"]), zone), timedelta(days=1)
    if ended_at is not None:
        return Stretch(first, local_day(datetime.fromisoformat(ended_at), zone) - day)
    return Stretch(first, date.fromisoformat(resume_on) - day if resume_on else None)


def lamps(pairing: Pairing, *, now: datetime) -> list[Lamp]:
    """The year of a pair, period by period to the cohort's end. Two queries."""
    return lamps_in(dossiers([pairing], now=now)[0])


def lamps_in(dossier: Dossier) -> list[Lamp]:
    """The same of a pair whose facts are known already."""
    laid = dossier.periods
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
