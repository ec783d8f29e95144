"""The clock's question about dates: who is due which reminder, decided once, however often it is asked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Final

from django.db import transaction

from meetings import emails
from meetings.choices import ReminderState
from meetings.engine.reminders import (
    AGREEMENT_OPEN,
    BESIDE,
    CLOSING,
    FIRST_MEETING_LATE,
    MEETING_LOG,
    MEETING_SOON,
    MEETING_UPCOMING,
    MONTHLY_MEETING,
    Due,
    strongest_first,
)
from meetings.engine.slots import Span
from meetings.models import Reminder
from meetings.selectors.reminding import Facts, days_taken, facts_for_reminding
from meetings.selectors.slots import free_slots_of
from outbox.services import Draft, queue_many
from pairings.models import Pairing

Decision = tuple[Due, list[Due]]
#: Reminders about a meeting, and who writes them.
_TELL: Final = {
    MEETING_SOON: emails.meeting_soon,
    MEETING_UPCOMING: emails.meeting_upcoming,
    MEETING_LOG: emails.meeting_log,
}
#: Reminders that offer moments when both are free.
_TO_PLAN: Final = (MONTHLY_MEETING, FIRST_MEETING_LATE, CLOSING)


@transaction.atomic
def remind(*, now: datetime) -> int:
    """Queue the reminders about dates that are due, each once for ever (S1.15, decision 22).

    Of several on one day for one person the strongest goes; those of its kind are named in it, and all others
    are recorded as left out. A clock that stood still for up to a week catches up, and ends with the same set.
    The number of queries does not grow with the pairs.

    Returns:
        How many mails were queued.
    """
    facts = facts_for_reminding(now=now)
    if not facts.dues:
        return 0
    chosen = _recorded(facts.dues, now)
    return queue_many(_drafts(facts, chosen, now), now=now)


def _recorded(dues: Collection[Due], now: datetime) -> list[Decision]:
    """Decide, write the decisions down, and return those that are ours: another planner may have been first."""
    decisions = list(_decide(dues, days_taken(dues)))
    queued = [strongest for strongest, _rest in decisions if strongest is not None]
    going = {due.key for due in queued}
    Reminder.objects.bulk_create(
        [
            _row(due, ReminderState.QUEUED if due.key in going else ReminderState.SKIPPED, now)
            for due in sorted(dues, key=lambda due: due.key)
        ],
        ignore_conflicts=True,
    )
    ours = Reminder.objects.filter(key__in=going, state=ReminderState.QUEUED)
    kept = set(ours.values_list("key", flat=True))
    return [(first, rest) for first, rest in decisions if first is not None and first.key in kept]


def _decide(
    dues: Collection[Due], taken: Collection[tuple[int, date]]
) -> Iterator[tuple[Due | None, list[Due]]]:
    """For each person and day: the one that goes, if the day is not taken, and those that do not."""
    by_day: dict[tuple[int, date], list[Due]] = defaultdict(list)
    for due in dues:
        if due.kind in BESIDE:
            yield due, []
        else:
            by_day[due.person_id, due.day].append(due)
    for key, rivals in by_day.items():
        ranked = strongest_first(rivals)
        yield (None, ranked) if key in taken else (ranked[0], ranked[1:])


def _row(due: Due, state: ReminderState, now: datetime) -> Reminder:
    return Reminder(
        key=due.key,
        kind=due.kind,
        pairing_id=due.pairing_id,
        person_id=due.person_id,
        due_on=due.day,
        state=state,
        created_at=now,
    )


def _drafts(facts: Facts, chosen: Sequence[Decision], now: datetime) -> Iterator[Draft]:
    to_plan = {due.pairing_id for due, _rest in chosen if due.kind in _TO_PLAN}
    slots = free_slots_of([facts.pairings[pk] for pk in sorted(to_plan)], now=now)
    for due, rest in chosen:
        alike = [other for other in rest if other.kind == due.kind]
        draft = _draft(facts, due, alike, slots)
        if draft is not None:
            yield draft


def _draft(facts: Facts, due: Due, alike: Sequence[Due], slots: Mapping[int, list[Span]]) -> Draft | None:
    to = facts.people[due.person_id]
    if due.kind in _TELL:
        meeting = facts.meetings[due.facts["meeting_id"]]
        meetings = [facts.meetings[other.facts["meeting_id"]] for other in alike]
        return _TELL[due.kind](due=due, meeting=meeting, to=to, others=meetings)
    pairing = facts.pairings[due.pairing_id]
    pairs: list[Pairing] = [facts.pairings[other.pairing_id] for other in alike]
    if due.kind == AGREEMENT_OPEN:
        return emails.agreement_open(due=due, pairing=pairing, to=to, others=pairs)
    ask = {
        MONTHLY_MEETING: emails.monthly_meeting,
        FIRST_MEETING_LATE: emails.first_meeting_late,
        CLOSING: emails.closing,
    }[due.kind]
    return ask(due=due, pairing=pairing, to=to, slots=slots[due.pairing_id], others=pairs)
