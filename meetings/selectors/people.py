"""What one person sees of their dates, across all their pairs and cohorts."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from meetings.choices import MeetingState
from meetings.engine.standing import OPEN
from meetings.models import Meeting
from meetings.selectors.courses import Dossier, Lamp, dossiers, lamps_in
from pairings.models import Pairing

#: Something has passed and waits for one click.
RECORD: Final = "record"
#: The period that runs has no date.
PLAN: Final = "plan"
#: How long each takes, in minutes: leaders have ten (look, "Do").
MINUTES: Final[Mapping[str, int]] = {RECORD: 1, PLAN: 2}


@dataclass(frozen=True)
class Todo:
    """One thing to do about dates.

    Args:
        kind: ``RECORD`` or ``PLAN``.
        meeting: the past meeting to record; None for planning.
        minutes: what it takes.
    """

    kind: str
    pairing: Pairing
    meeting: Meeting | None
    minutes: int


@dataclass(frozen=True)
class PairToday:
    """One pair as it stands now, from one reading of its facts.

    Args:
        lamps: its year, period by period.
        next_meeting: the date that stands, if one does.
        to_record: dates that have passed and of which nobody has said whether they took place, oldest first.
        is_paused: its clock stands still.
    """

    pairing: Pairing
    lamps: Sequence[Lamp]
    next_meeting: Meeting | None
    to_record: Sequence[Meeting]
    is_paused: bool

    @property
    def wants_a_date(self) -> bool:
        """Nothing stands or waits in the period that runs."""
        return not self.is_paused and not self.to_record and any(lamp.state == OPEN for lamp in self.lamps)


def pairs_today(pairings: Collection[Pairing], *, now: datetime) -> list[PairToday]:
    """What stands for these pairs, in their order. Two queries, however many.

    Args:
        pairings: with their people loaded (``with_people``).
    """
    return [_today(one, now) for one in dossiers(pairings, now=now)]


def things_to_do(pairs: Sequence[PairToday]) -> list[Todo]:
    """Meetings to record, the oldest first, then pairs without a date in the running period."""
    past = sorted((one for pair in pairs for one in pair.to_record), key=lambda one: (one.starts_at, one.pk))
    record = [Todo(RECORD, one.pairing, one, MINUTES[RECORD]) for one in past]
    return record + [Todo(PLAN, one.pairing, None, MINUTES[PLAN]) for one in pairs if one.wants_a_date]


def next_meeting(pairs: Sequence[PairToday]) -> Meeting | None:
    """The next date across these pairs."""
    dates = (pair.next_meeting for pair in pairs if pair.next_meeting)
    return min(dates, key=lambda one: (one.starts_at, one.pk), default=None)


def _today(dossier: Dossier, now: datetime) -> PairToday:
    planned = [one for one in dossier.meetings.values() if one.state == MeetingState.PLANNED]
    for meeting in planned:
        meeting.pairing = dossier.pairing
    return PairToday(
        pairing=dossier.pairing,
        lamps=lamps_in(dossier),
        next_meeting=next((one for one in planned if one.ends_at > now), None),
        to_record=[one for one in planned if one.ends_at <= now],
        is_paused=dossier.is_paused,
    )
