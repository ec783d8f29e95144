"""Whether mails about dates still hold when they are about to leave."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from common.workdays import local_day
from meetings.choices import LIVE_STAGES, MeetingState
from meetings.engine.reminders import (
    AGREEMENT_OPEN,
    CLOSING,
    FIRST_MEETING_LATE,
    MEETING_LOG,
    MEETING_SOON,
    MEETING_UPCOMING,
    MONTHLY_MEETING,
)
from meetings.models import Meeting
from outbox.services import Claim
from pairings.models import Pairing
from pairings.selectors import yeses_owed
from participants.models import Delegation

Facts = Mapping[str, Any]


def outdated_dates(*, claims: Sequence[Claim]) -> Collection[int]:
    """Fills ``outbox.outdated``: nobody is asked to plan what has been planned since (reminders, section 12).

    A few queries, however many mails.
    """
    mine = [claim for claim in claims if claim.kind in _ASK]
    if not mine:
        return ()
    state = _State.of([claim.valid_while for claim in mine])
    return {claim.id for claim in mine if not _ASK[claim.kind](state, claim.valid_while)}


@dataclass(frozen=True)
class _State:
    """How things are now with the meetings and pairs that some mails speak of.

    Args:
        meetings: sequence and whether it is planned and its pair under way, by id.
        zones: the cohort's zone of each pair that is under way, by id.
        dates: when each of those pairs has or had a date.
        delegations: the ids of those that still stand.
        owed: the roles that have not accepted their agreement, of the pairs that are asked about it.
        last_days: of the cohorts of the pairs that are under way.
    """

    meetings: Mapping[int, tuple[int, bool]]
    zones: Mapping[int, ZoneInfo]
    dates: Mapping[int, Sequence[datetime]]
    delegations: Collection[int]
    owed: Mapping[int, Collection[str]]
    last_days: Mapping[int, date]

    @classmethod
    def of(cls, facts: Sequence[Facts]) -> _State:
        running = _pairs({one["pairing"] for one in facts if "pairing" in one})
        pairs = {pk: ZoneInfo(zone) for pk, (zone, _last) in running.items()}
        asked = {one["pairing"] for one in facts if "yes_of" in one}
        meetings = _meetings({one["meeting"] for one in facts if "meeting" in one})
        named = {one["delegation"] for one in facts if "delegation" in one}
        return cls(
            meetings=meetings,
            zones=pairs,
            dates=_dates(pairs),
            delegations=_delegations(named),
            owed=yeses_owed(pairing_ids=asked) if asked else {},
            last_days={pk: last for pk, (_zone, last) in running.items()},
        )


def _pairs(ids: Collection[int]) -> Mapping[int, tuple[str, date]]:
    """The cohort's zone and last day of those that are under way."""
    if not ids:
        return {}
    running = Pairing.objects.under_way().filter(pk__in=ids, cohort__stage__in=LIVE_STAGES)
    rows = running.values_list("pk", "cohort__time_zone", "cohort__ends_on")
    return {pk: (zone, last) for pk, zone, last in rows}


def _meetings(ids: Collection[int]) -> Mapping[int, tuple[int, bool]]:
    if not ids:
        return {}
    known = Meeting.objects.filter(pk__in=ids)
    awaited = known.filter(state=MeetingState.PLANNED, pairing__in=Pairing.objects.under_way())
    planned = set(awaited.values_list("pk", flat=True))
    return {pk: (sequence, pk in planned) for pk, sequence in known.values_list("pk", "sequence")}


def _dates(pairs: Iterable[int]) -> Mapping[int, Sequence[datetime]]:
    ids = list(pairs)
    if not ids:
        return {}
    found: dict[int, list[datetime]] = defaultdict(list)
    dated = Meeting.objects.dated().filter(pairing__in=ids)
    for pairing_id, starts_at in dated.values_list("pairing_id", "starts_at"):
        found[pairing_id].append(starts_at)
    return found


def _delegations(ids: Collection[int]) -> Collection[int]:
    return set(Delegation.objects.filter(pk__in=ids).values_list("pk", flat=True)) if ids else ()


def _is_newest(state: _State, facts: Facts) -> bool:
    sequence, _planned = state.meetings.get(facts["meeting"], (None, False))
    return sequence == facts["sequence"]


def _is_newest_and_theirs(state: _State, facts: Facts) -> bool:
    """Whoever no longer plans for the leader hears of no date any more (C-04)."""
    return _is_newest(state, facts) and facts["delegation"] in state.delegations


def _is_planned(state: _State, facts: Facts) -> bool:
    return state.meetings.get(facts["meeting"]) == (facts["sequence"], True)


def _has_no_date(state: _State, facts: Facts) -> bool:
    """The pair runs, and has no date: in the named period, or at all when none is named."""
    zone = state.zones.get(facts["pairing"])
    if zone is None:
        return False
    dates = state.dates.get(facts["pairing"], ())
    if "from_on" not in facts:
        return not dates
    first, last = _day(facts["from_on"]), _day(facts["to_on"])
    return not any(first <= local_day(at, zone.key) <= last for at in dates)


def _owes_yes(state: _State, facts: Facts) -> bool:
    """The pair runs, and its reader has not accepted the agreement since."""
    pk = facts["pairing"]
    return pk in state.zones and facts["yes_of"] in state.owed.get(pk, ())


def _ends_then(state: _State, facts: Facts) -> bool:
    """The pair runs, and its cohort still ends on the day that the mail names."""
    return state.last_days.get(facts["pairing"]) == _day(facts["ends_on"])


def _day(day: str | date) -> date:
    return date.fromisoformat(str(day))


_ASK: Final[Mapping[str, Callable[[_State, Facts], bool]]] = {
    "meeting_changed": _is_newest,
    "delegate_dates": _is_newest_and_theirs,
    MEETING_UPCOMING: _is_planned,
    MEETING_SOON: _is_planned,
    MEETING_LOG: _is_planned,
    MONTHLY_MEETING: _has_no_date,
    FIRST_MEETING_LATE: _has_no_date,
    AGREEMENT_OPEN: _owes_yes,
    CLOSING: _ends_then,
}
