"""Who has not answered a proposal and is due a reminder: after four days, and on the last day (dossier 5.5)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from common.workdays import fixed_hour, is_working_day, local_day, working_day_from
from matching.choices import Answer
from matching.models import Proposal
from participants.models import Person
from programmes.choices import TAKING_PART
from programmes.models import Enrolment

#: Days of silence before the first reminder.
FIRST_AFTER: Final = timedelta(days=4)


@dataclass(frozen=True)
class Reminder:
    """One mail to one person on one day, about every proposal of theirs that is due then.

    Args:
        day: the local day it belongs to; late clocks catch up.
        proposals: those that wait, the most urgent first.
    """

    to: Enrolment
    day: date
    proposals: Sequence[Proposal]


def due_reminders(*, now: datetime) -> list[Reminder]:
    """Reminders that are due at ``now``, those already sent included: the outbox knows them by their key.

    Nobody hears of the other's silence or answer. One query, whatever the number of proposals.
    """
    found: dict[tuple[int, date], list[tuple[Proposal, Enrolment]]] = defaultdict(list)
    for proposal in (
        Proposal.objects.open().filter(answer_by__gte=now).with_people().order_by("answer_by", "pk")
    ):
        for enrolment in _silent(proposal):
            day = _day_due(proposal, enrolment.person, now)
            if day is not None:
                found[enrolment.person_id, day].append((proposal, enrolment))
    return [
        Reminder(rows[0][1], day, [proposal for proposal, _enrolment in rows])
        for (_person, day), rows in sorted(found.items())
    ]


def _silent(proposal: Proposal) -> Iterator[Enrolment]:
    sides = ((proposal.mentor, proposal.mentor_answer), (proposal.mentee, proposal.mentee_answer))
    for enrolment, answer in sides:
        if answer == Answer.NONE and enrolment.state in TAKING_PART:
            yield enrolment


def _day_due(proposal: Proposal, person: Person, now: datetime) -> date | None:
    """The latest of the person's two days whose nine o'clock has come, None before the first."""
    come = [day for day in _days(proposal, person) if fixed_hour(day, person.time_zone) <= now]
    return max(come, default=None)


def _days(proposal: Proposal, person: Person) -> Iterator[date]:
    proposed = local_day(proposal.proposed_at, person.time_zone)
    last = local_day(proposal.answer_by, person.time_zone)
    if fixed_hour(last, person.time_zone) >= proposal.answer_by:
        last -= timedelta(days=1)
    while last > proposed and not is_working_day(last, person.country):
        last -= timedelta(days=1)
    first = working_day_from(proposed + FIRST_AFTER, person.country)
    yield from (day for day in (first, last) if proposed < day <= last)
