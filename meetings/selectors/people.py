"""What one person sees of their dates, across all their pairs and cohorts."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import Exists, OuterRef

from meetings.engine.standing import OPEN
from meetings.models import Meeting
from meetings.selectors.courses import lamps_of
from pairings.models import Pairing, Pause
from participants.models import Person

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


def next_meetings(person: Person, *, now: datetime) -> list[Meeting]:
    """Planned dates to come in all pairs that the person has, the next one first. One query."""
    shown = Pairing.objects.shown_to(person.pk).values("pk")
    return list(Meeting.objects.upcoming(now).filter(pairing__in=shown).with_people())


def next_meeting(person: Person, *, now: datetime) -> Meeting | None:
    """The person's next date across their pairs."""
    return next(iter(next_meetings(person, now=now)), None)


def next_meeting_of_pair(pairing: Pairing, *, now: datetime) -> Meeting | None:
    found: Meeting | None = Meeting.objects.upcoming(now).filter(pairing=pairing).with_people().first()
    return found


def things_to_do(person: Person, *, now: datetime) -> list[Todo]:
    """Meetings to record, then pairs without a date in the running period. Five queries, however many pairs."""
    shown = Pairing.objects.shown_to(person.pk)
    waiting = Meeting.objects.unrecorded(now).filter(pairing__in=shown.values("pk")).with_people()
    record = [Todo(RECORD, one.pairing, one, MINUTES[RECORD]) for one in waiting]
    busy = {todo.pairing.pk for todo in record}
    paused = Pause.objects.open().filter(pairing=OuterRef("pk"))
    running = shown.exclude(Exists(paused)).with_people().order_by("confirmed_at", "pk")
    return [*record, *_to_plan([pair for pair in running if pair.pk not in busy], now)]


def _to_plan(pairings: Collection[Pairing], now: datetime) -> list[Todo]:
    lights = lamps_of(pairings, now=now)
    return [
        Todo(PLAN, pairing, None, MINUTES[PLAN])
        for pairing in pairings
        if any(lamp.state == OPEN for lamp in lights[pairing.pk])
    ]
