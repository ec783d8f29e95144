"""What coordinators see of meetings: counts and dates per cohort, never content, never who (decisions 10, 26)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median

from common.workdays import local_day
from meetings.choices import MeetingState
from meetings.engine.cadence import Period
from meetings.engine.standing import HINT, PAUSED, RED, Flag, coverage, flags, lamp
from meetings.selectors.courses import Dossier, dossiers
from pairings.choices import RUNNING, PairingState
from pairings.models import Pairing
from programmes.choices import Switch
from programmes.models import Cohort
from programmes.selectors import is_on


@dataclass(frozen=True)
class Rhythm:
    """How one pair meets, for a list.

    Args:
        held, expected: periods, not meetings (dossier 4.12).
        last_held_on, next_on: days local to the cohort.
    """

    held: int
    expected: int
    last_held_on: date | None
    next_on: date | None


@dataclass(frozen=True)
class CohortRhythm:
    """How a cohort meets: sums over its pairs.

    Args:
        pairs: number of pairs by state.
        held, expected: periods.
        meetings: meetings held in all.
        with_date: pairs under way that have a date to come.
        running: pairs under way.
        days_to_first: median days from the start of a pair's clock to its first meeting; None without one.
    """

    pairs: Mapping[str, int]
    held: int
    expected: int
    meetings: int
    with_date: int
    running: int
    days_to_first: int | None


@dataclass(frozen=True)
class MonthFigures:
    """One month of a cohort.

    Args:
        month: its first day.
        held: meetings held.
        fallen: dates that were moved, called off or did not take place, by whomever.
        expected: periods that end in this month and in which a meeting was to be expected.
    """

    month: date
    held: int
    fallen: int
    expected: int


@dataclass(frozen=True)
class Attention:
    """A pair that a coordinator should look at, and by which rules."""

    pairing: Pairing
    flags: tuple[Flag, ...]

    @property
    def level(self) -> str:
        return self.flags[0].level


@dataclass(frozen=True)
class CohortFigures:
    """Everything the desk shows of a cohort's meetings, from one reading of its pairs.

    Args:
        attention: None where the programme's attention rules are not in force: then nothing is worked out.
    """

    rhythm: CohortRhythm
    months: list[MonthFigures]
    attention: list[Attention] | None


def rhythm_of(pairings: Collection[Pairing], *, now: datetime) -> Mapping[int, Rhythm]:
    """The rhythm of each of these pairs by its id. Two queries; pairs come with their cohort loaded."""
    return {one.pairing.pk: _rhythm(one) for one in dossiers(pairings, now=now)}


def _rhythm(dossier: Dossier) -> Rhythm:
    held, expected = coverage(_begun(dossier), dossier.course, dossier.today)
    return Rhythm(held, expected, _last_held(dossier), _next_day(dossier))


def _begun(dossier: Dossier) -> list[Period]:
    """Periods that count: those that have begun."""
    return [period for period in dossier.periods if period.starts_on <= dossier.today]


def _last_held(dossier: Dossier) -> date | None:
    days = [one.day for one in dossier.course.encounters if one.state == MeetingState.HELD]
    return max(days, default=None)


def _next_day(dossier: Dossier) -> date | None:
    planned = (one for one in dossier.course.encounters if one.state == MeetingState.PLANNED)
    return min((one.day for one in planned if not one.is_over), default=None)


def cohort_figures(cohort: Cohort, *, now: datetime) -> CohortFigures:
    """Rhythm, months and what needs attention together. Four queries, however many pairs."""
    known = dossiers(list(Pairing.objects.counted().filter(cohort=cohort).with_people()), now=now)
    watched = is_on(cohort.programme_id, Switch.ATTENTION)
    attention = _attention(known) if watched else None
    return CohortFigures(_cohort_rhythm(known), _all_months(cohort, known, now), attention)


def rhythm_of_cohort(cohort: Cohort, *, now: datetime) -> CohortRhythm:
    """The cohort's figures for the desk. Three queries, however many pairs."""
    pairings = list(Pairing.objects.counted().filter(cohort=cohort).select_related("cohort"))
    return _cohort_rhythm(dossiers(pairings, now=now))


def _cohort_rhythm(known: Collection[Dossier]) -> CohortRhythm:
    rows = [_rhythm(one) for one in known]
    pairings = [one.pairing for one in known]
    running = [row for row, pair in zip(rows, pairings, strict=True) if pair.state in RUNNING]
    return CohortRhythm(
        pairs={state: sum(pair.state == state for pair in pairings) for state in PairingState},
        held=sum(row.held for row in rows),
        expected=sum(row.expected for row in rows),
        meetings=sum(
            one.state == MeetingState.HELD for dossier in known for one in dossier.course.encounters
        ),
        with_date=sum(row.next_on is not None for row in running),
        running=len(running),
        days_to_first=_days_to_first(known),
    )


def _days_to_first(known: Iterable[Dossier]) -> int | None:
    waits = [
        (min(days) - local_day(one.pairing.confirmed_at, one.pairing.cohort.time_zone)).days
        for one in known
        if (days := [met.day for met in one.course.encounters if met.state == MeetingState.HELD])
    ]
    return round(median(waits)) if waits else None


def meetings_by_month(cohort: Cohort, *, now: datetime) -> list[MonthFigures]:
    """Month by month from the cohort's first day to today. Three queries, however many pairs."""
    pairings = list(Pairing.objects.counted().filter(cohort=cohort).select_related("cohort"))
    return _all_months(cohort, dossiers(pairings, now=now), now)


def _all_months(cohort: Cohort, known: Collection[Dossier], now: datetime) -> list[MonthFigures]:
    today = local_day(now, cohort.time_zone)
    return [_month(month, known) for month in _months(cohort.starts_on, min(today, cohort.ends_on))]


def _months(first: date, last: date) -> Iterable[date]:
    month = first.replace(day=1)
    while month <= last:
        yield month
        month = (month + timedelta(days=32)).replace(day=1)


def _month(month: date, known: Collection[Dossier]) -> MonthFigures:
    met = [
        (one, dossier.meetings[one.id])
        for dossier in known
        for one in dossier.course.encounters
        if one.day.replace(day=1) == month
    ]
    off = (MeetingState.MISSED, MeetingState.CANCELLED)
    return MonthFigures(
        month=month,
        held=sum(one.state == MeetingState.HELD for one, _row in met),
        fallen=sum(row.times_moved + (one.state in off) for one, row in met),
        expected=sum(_expected_in(month, dossier) for dossier in known),
    )


def _expected_in(month: date, dossier: Dossier) -> int:
    """Periods of a pair that end in the month, or run today and it is this month; excused ones do not count."""
    count = 0
    for period in _begun(dossier):
        counted_on = min(period.ends_on, max(dossier.today, period.starts_on))
        state, _one = lamp(period, dossier.course, dossier.today)
        count += counted_on.replace(day=1) == month and state != PAUSED
    return count


def attention_list(cohorts: Collection[Cohort], *, now: datetime) -> list[Attention]:
    """Pairs under way that a rule names, the gravest first; hints are left to the mail.

    Cohorts of programmes whose attention rules are not in force are left out (decision 27).
    """
    watched = {one for one in {c.programme_id for c in cohorts} if is_on(one, Switch.ATTENTION)}
    chosen = [cohort.pk for cohort in cohorts if cohort.programme_id in watched]
    pairs = Pairing.objects.counted().running().filter(cohort__in=chosen)
    return _attention(dossiers(list(pairs.with_people()), now=now))


def _attention(known: Iterable[Dossier]) -> list[Attention]:
    found = [
        Attention(one.pairing, tuple(named))
        for one in known
        if one.pairing.state in RUNNING
        and (named := [flag for flag in flags(one.course, one.today) if flag.level != HINT])
    ]
    return sorted(found, key=lambda one: (one.level != RED, -one.flags[0].days, one.pairing.pk))
