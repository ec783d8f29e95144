"""What a delegate sees: the dates of the leaders they plan for, and nothing else (decisions 2, 26)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from meetings.choices import MeetingState
from meetings.models import Meeting
from pairings.choices import RUNNING
from pairings.models import Pairing
from pairings.querysets import PairingQuerySet
from participants.models import Person


@dataclass(frozen=True)
class Conversation:
    """One series of conversations of a leader.

    Args:
        number: tells several of one leader apart; who the other person is stays with the two.
        can_plan: it is under way, neither paused nor over.
    """

    pairing: Pairing
    number: int
    meetings: Sequence[Meeting]
    can_plan: bool


@dataclass(frozen=True)
class LeaderDates:
    """A leader with their conversations."""

    leader: Person
    conversations: Sequence[Conversation]


def dates_page(
    leaders: Mapping[int, Person], pairs: PairingQuerySet, *, now: datetime
) -> Sequence[LeaderDates]:
    """Two queries whatever the number of leaders, pairs and dates."""
    rows = list(pairs.select_related("mentee", "cohort").order_by("confirmed_at", "pk"))
    planned: dict[int, list[Meeting]] = defaultdict(list)
    found = Meeting.objects.filter(pairing__in=rows, state=MeetingState.PLANNED, ends_at__gte=now)
    for meeting in found.order_by("starts_at"):
        planned[meeting.pairing_id].append(meeting)
    by_leader: dict[int, list[Conversation]] = {pk: [] for pk in leaders}
    for pair in rows:
        own = by_leader[pair.mentee.person_id]
        own.append(Conversation(pair, len(own) + 1, planned[pair.pk], pair.state in RUNNING))
    ordered = sorted(leaders.values(), key=lambda one: (one.last_name, one.first_name, one.pk))
    return [LeaderDates(leader, by_leader[leader.pk]) for leader in ordered]
