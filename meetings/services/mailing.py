"""Whether a mail about a date still holds when it is about to leave."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from meetings.choices import LIVE_STAGES, MeetingState
from meetings.engine.reminders import FIRST_MEETING_LATE, MEETING_LOG, MEETING_UPCOMING, MONTHLY_MEETING
from meetings.models import Meeting
from pairings.models import Pairing
from participants.models import Delegation

Facts = Mapping[str, Any]


def is_still_valid(*, kind: str, about: tuple[str, int] | None, valid_while: Facts) -> bool:
    """Fills ``outbox.still_valid``: nobody is asked to plan what has been planned since (reminders, section 12)."""
    ask = _ASK.get(kind)
    return ask is None or ask(valid_while)


def _is_newest(facts: Facts) -> bool:
    return Meeting.objects.filter(pk=facts["meeting"], sequence=facts["sequence"]).exists()


def _is_newest_and_theirs(facts: Facts) -> bool:
    """Whoever no longer plans for the leader hears of no date any more (C-04)."""
    return _is_newest(facts) and Delegation.objects.filter(pk=facts["delegation"]).exists()


def _is_planned(facts: Facts) -> bool:
    return Meeting.objects.filter(
        pk=facts["meeting"],
        sequence=facts["sequence"],
        state=MeetingState.PLANNED,
        pairing__in=Pairing.objects.under_way(),
    ).exists()


def _has_no_date(facts: Facts) -> bool:
    """The pair runs, and has no date: in the named period, or at all when none is named."""
    pairing = (
        Pairing.objects.under_way()
        .filter(pk=facts["pairing"], cohort__stage__in=LIVE_STAGES)
        .select_related("cohort")
        .first()
    )
    if pairing is None:
        return False
    dated = Meeting.objects.dated().filter(pairing=pairing)
    if "from_on" in facts:
        zone = ZoneInfo(pairing.cohort.time_zone)
        dated = dated.filter(
            starts_at__gte=_midnight(facts["from_on"], zone),
            starts_at__lt=_midnight(facts["to_on"], zone) + timedelta(days=1),
        )
    return not dated.exists()


def _midnight(day: str | date, zone: ZoneInfo) -> datetime:
    return datetime.combine(date.fromisoformat(str(day)), time(), zone)


_ASK: Final[Mapping[str, Callable[[Facts], bool]]] = {
    "meeting_changed": _is_newest,
    "delegate_dates": _is_newest_and_theirs,
    MEETING_UPCOMING: _is_planned,
    MEETING_LOG: _is_planned,
    MONTHLY_MEETING: _has_no_date,
    FIRST_MEETING_LATE: _has_no_date,
}
