"""Real moments at which both people of a pair are free."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime

from meetings.engine.slots import HORIZON, Hours, Span
from meetings.engine.slots import free_slots as computed_slots
from meetings.models import Booking
from pairings.models import Pairing
from participants.models import Person


def free_slots(pairing: Pairing, *, now: datetime, count: int = 3) -> list[Span]:
    """The first ``count`` moments for this pair, for its page and its mails. One query.

    Args:
        pairing: with its people loaded (``with_people``).
    """
    return free_slots_of([pairing], now=now, count=count)[pairing.pk]


def free_slots_of(
    pairings: Collection[Pairing], *, now: datetime, count: int = 3
) -> Mapping[int, list[Span]]:
    """The same for many pairs, by the pair's id, still in one query."""
    people = {one.pk: one for pair in pairings for one in (pair.mentor.person, pair.mentee.person)}
    busy = _busy(people.keys(), now)
    return {
        pair.pk: computed_slots(
            [_hours(one, busy) for one in (pair.mentor.person, pair.mentee.person)],
            now=now,
            minutes=pair.meeting_minutes,
            count=count,
        )
        for pair in pairings
    }


def _busy(person_ids: Collection[int], now: datetime) -> Mapping[int, list[Span]]:
    """What is booked in any cohort, up to where anybody looks."""
    booked = Booking.objects.filter(person_id__in=person_ids, span__overlap=(now, now + HORIZON))
    found: dict[int, list[Span]] = defaultdict(list)
    for person_id, span in booked.values_list("person_id", "span"):
        found[person_id].append(Span(span.lower, span.upper))
    return found


def _hours(person: Person, busy: Mapping[int, list[Span]]) -> Hours:
    return Hours(
        zone=person.time_zone,
        country=person.country,
        blocks=tuple(person.availability),
        busy=tuple(busy.get(person.pk, ())),
    )
