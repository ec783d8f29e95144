"""The facts that reminders are decided on, for all pairs under way at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from meetings.choices import LIVE_STAGES, MeetingState, ReminderState
from meetings.engine.dues import Date, Pair, Round, Side, dues_of
from meetings.engine.reminders import BESIDE, CATCH_UP, Due
from meetings.models import Cycle, Meeting, Reminder
from meetings.selectors.firsts import first_talks_of
from outbox.choices import OPTIONAL, Choosable
from outbox.selectors import refusals, wishes
from pairings.models import Pairing
from pairings.selectors import yeses_owed
from participants.choices import PersonState
from participants.models import Person
from programmes.choices import Role

#: A two-monthly period with a short one joined to it, and the catch-up time.
_LOOK_BACK: Final = timedelta(days=100)


@dataclass(frozen=True)
class Facts:
    """Pairs, people and meetings by id, and the reminders that their facts call for now."""

    pairings: Mapping[int, Pairing]
    people: Mapping[int, Person]
    meetings: Mapping[int, Meeting]
    dues: tuple[Due, ...]


def facts_for_reminding(*, now: datetime) -> Facts:
    """What is due now or was in the last week and has not been decided yet. A few queries, however many pairs."""
    under_way = Pairing.objects.under_way().filter(cohort__stage__in=LIVE_STAGES)
    pairings = {one.pk: one for one in under_way.with_people()}
    # Periods in which something may have fallen due within the catch-up time, a day spared for time zones.
    day = timedelta(days=1)
    rounds = rounds_between(pairings, now.date() - CATCH_UP - day, now.date() + day)
    meetings = meetings_of(pairings, now)
    beginnings = beginnings_of(pairings)
    people = {one.pk: one for pair in pairings.values() for one in (pair.mentor.person, pair.mentee.person)}
    dues = [
        due
        for pair in pairings.values()
        for due in dues_of(engine_pair(pair, rounds[pair.pk], meetings[pair.pk], beginnings))
        if due.is_due(now)
    ]
    unwanted = refusals({due.person_id for due in dues})
    dues = [due for due in dues if (due.person_id, OPTIONAL.get(due.kind)) not in unwanted]
    decided = set(Reminder.objects.filter(key__in=[due.key for due in dues]).values_list("key", flat=True))
    return Facts(
        pairings=pairings,
        people=people,
        meetings={one.pk: one for rows in meetings.values() for one in rows},
        dues=tuple(due for due in dues if due.key not in decided),
    )


def days_taken(dues: Collection[Due]) -> set[tuple[int, date]]:
    """(person, day) for which a reminder has gone already."""
    rows = Reminder.objects.filter(
        person_id__in={due.person_id for due in dues},
        due_on__in={due.day for due in dues},
        state=ReminderState.QUEUED,
    ).exclude(kind__in=BESIDE)
    return set(rows.values_list("person_id", "due_on"))


def rounds_between(pairings: Mapping[int, Pairing], first: date, last: date) -> Mapping[int, list[Round]]:
    """The periods of these pairs that touch some days."""
    near = Cycle.objects.filter(pairing__in=pairings, starts_on__lte=last, ends_on__gte=first)
    found: dict[int, list[Round]] = defaultdict(list)
    for cycle in near.order_by("pairing", "ordinal"):
        found[cycle.pairing_id].append(Round(cycle.ordinal, cycle.period))
    return found


def meetings_of(pairings: Mapping[int, Pairing], now: datetime) -> Mapping[int, list[Meeting]]:
    """Dates that any reminder may ask about; what is older than the longest period says nothing any more."""
    recent = Meeting.objects.dated().filter(pairing__in=pairings, starts_at__gt=now - _LOOK_BACK)
    found: dict[int, list[Meeting]] = defaultdict(list)
    for meeting in recent.order_by("starts_at", "pk"):
        meeting.pairing = pairings[meeting.pairing_id]
        found[meeting.pairing_id].append(meeting)
    return found


@dataclass(frozen=True)
class Beginnings:
    """When the first conversation of each pair was over, who still owes a yes to the agreement, and who asked to be
    reminded an hour ahead.
    """

    talks: Mapping[int, datetime]
    owed: Mapping[int, Collection[str]]
    by_the_hour: Collection[int]


def beginnings_of(pairings: Mapping[int, Pairing]) -> Beginnings:
    """Three queries, however many pairs."""
    talks = first_talks_of(pairing_ids=list(pairings))
    people = {pk for pair in pairings.values() for pk in (pair.mentor.person_id, pair.mentee.person_id)}
    asked = {pk for pk, choice in wishes(people) if choice == Choosable.SOON}
    return Beginnings(talks, yeses_owed(pairing_ids=list(talks)), asked)


def engine_pair(
    pairing: Pairing, rounds: list[Round], meetings: list[Meeting], beginnings: Beginnings
) -> Pair:
    """A pair as the engine of reminders takes it."""
    owed = beginnings.owed.get(pairing.pk, ())
    sides = [
        Side(
            person_id=person.pk,
            is_mentor=role == Role.MENTOR,
            zone=person.time_zone,
            country=person.country,
            owes_yes=role in owed,
            wants_hour=person.pk in beginnings.by_the_hour,
        )
        for person, role in ((pairing.mentor.person, Role.MENTOR), (pairing.mentee.person, Role.MENTEE))
        if person.email and person.state == PersonState.ACTIVE
    ]
    return Pair(
        id=pairing.pk,
        cadence=pairing.cadence,
        zone=pairing.cohort.time_zone,
        confirmed_at=pairing.confirmed_at,
        sides=sides,
        rounds=rounds,
        ends_on=pairing.cohort.ends_on,
        first_talk_at=beginnings.talks.get(pairing.pk),
        dates=[
            Date(
                id=one.pk,
                sequence=one.sequence,
                is_planned=one.state == MeetingState.PLANNED,
                starts_at=one.starts_at,
                ends_at=one.ends_at,
                revised_at=one.revised_at,
            )
            for one in meetings
        ],
    )
