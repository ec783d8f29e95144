"""The first page: what waits, the one next thing, and each pair's year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from evaluations.choices import RoundState
from evaluations.models import Round
from evaluations.selectors import OpenPart, parts_left, rounds_of_person, with_parts_left
from matching.choices import Answer
from matching.models import Proposal
from matching.selectors.tasters import undecided
from meetings.engine import standing as standing_states
from meetings.models import Meeting
from meetings.selectors import PairToday, Todo, next_meeting, pairs_today, things_to_do
from pairings.models import Pairing
from participants.models import Person
from portal.selectors.contact import requests_to
from portal.selectors.pairs import Light, lights
from portal.selectors.standing import ProgrammePeople, Standing
from programmes.choices import TAKING_PART, EnrolmentState
from programmes.models import Break, Enrolment, OpenCall, Programme, SponsorTask, TopicCall
from programmes.selectors import open_calls, open_topic_calls, unfinished_intakes

#: Who is asked to read what their role asks for, and how many minutes that takes.
BRIEFED, BRIEF_MINUTES = (*TAKING_PART, EnrolmentState.PAUSED), 2
#: How long results are news on the first page.
NEWS = timedelta(days=28)


#: What the five steps of an intake take.
INTAKE_MINUTES = 8
#: What a sponsor's task, or somebody who would like to talk, takes to look at.
ERRAND_MINUTES = 2


@dataclass(frozen=True)
class PairSummary:
    """One pair on the first page."""

    pairing: Pairing
    partner: Person
    partner_role: str
    lights: Sequence[Light]
    lit: int


@dataclass(frozen=True)
class HomePage:
    """What a participant sees first.

    Args:
        answered: proposals that they have answered and can still look at, with the other's name and their own answer.
        minutes: how long everything that waits takes in all.
    """

    person: Person
    enrolments: Sequence[Enrolment]
    pairs: Sequence[PairSummary]
    next_meeting: Meeting | None
    todos: Sequence[Todo]
    proposals: Sequence[Proposal]
    tasters: Sequence[Pairing]
    questionnaires: Sequence[OpenPart]
    results: Sequence[Round]
    contacts: Sequence[ProgrammePeople]
    minutes: int
    answered: Sequence[tuple[Proposal, str, str]] = ()
    intakes: Sequence[Enrolment] = ()
    calls: Sequence[OpenCall] = ()
    topic_calls: Sequence[TopicCall] = ()
    breaks: Sequence[Break] = ()
    sponsored: Sequence[Programme] = ()
    watched: Sequence[Programme] = ()
    is_contact: bool = False
    sponsor_tasks: int = 0
    requests: int = 0

    @property
    def takes_part(self) -> bool:
        """Whether somebody counts on them: accepted, paused or beyond, and not merely a candidate."""
        return any(one.state in (*TAKING_PART, EnrolmentState.PAUSED) for one in self.enrolments)

    @property
    def applications(self) -> Sequence[Enrolment]:
        """Where they have come forward and not had their final answer."""
        waiting = (EnrolmentState.APPLIED, EnrolmentState.WAITLISTED)
        return [one for one in self.enrolments if one.state in waiting]

    @property
    def waiting(self) -> int:
        """How many things wait."""
        waiting = (self.todos, self.proposals, self.tasters, self.questionnaires, self.intakes, self.briefs)
        return sum(len(part) for part in waiting) + self.sponsor_tasks + self.requests

    @property
    def briefs(self) -> Sequence[Enrolment]:
        """Their parts in cohorts under way whose expectations they have not read as they stand."""
        return _unread(self.enrolments)


def home_page(person: Person, standing: Standing, *, now: datetime) -> HomePage:
    """Six queries, whatever the number of pairs, meetings and rounds; one more for each part in the staff."""
    shown = Pairing.objects.shown_to(person.pk).with_people().order_by("confirmed_at", "pk")
    pairs = pairs_today(list(shown), now=now)
    todos = things_to_do(pairs)
    open_now = list(Proposal.objects.of_person(person.pk).open().order_by("answer_by", "pk"))
    proposals = [one for one in open_now if one.answer_of(person) == Answer.NONE]
    tasters = undecided([pair.pairing for pair in pairs], person.pk)
    parts, results = _rounds(person, now)
    # Whoever has a pair was known well enough to get one; their intake waits in the profile.
    intakes = [] if pairs or not standing.enrolments else list(unfinished_intakes(person.pk))
    tasks, requests = (
        _open_tasks(standing.sponsored_ids),
        len(requests_to(person)) if standing.is_contact else 0,
    )
    return HomePage(
        person=person,
        enrolments=standing.enrolments,
        breaks=_breaks(standing.enrolments),
        pairs=[_summary(pair, person) for pair in pairs],
        next_meeting=next_meeting(pairs),
        todos=todos,
        proposals=proposals,
        answered=_answered(open_now, person, now),
        tasters=tasters,
        questionnaires=parts,
        results=results,
        contacts=standing.programmes,
        # Whoever has a pair hears of a new call by mail; their page stays with the pair.
        calls=[] if pairs else open_calls(person, now=now),
        topic_calls=[] if pairs else open_topic_calls(person, now=now),
        minutes=(
            sum(todo.minutes for todo in todos)
            + 3 * len(proposals)
            + len(tasters)
            + sum(part.minutes for part in parts)
            + INTAKE_MINUTES * len(intakes)
            + BRIEF_MINUTES * len(_unread(standing.enrolments))
            + ERRAND_MINUTES * (tasks + requests)
        ),
        sponsor_tasks=tasks,
        requests=requests,
        intakes=intakes,
        sponsored=_programmes(standing.sponsored_ids),
        watched=_programmes(standing.watched_ids),
        is_contact=standing.is_contact,
    )


def _answered(
    proposals: Sequence[Proposal], person: Person, now: datetime
) -> list[tuple[Proposal, str, str]]:
    """What may still be changed. Nothing in it depends on what the other has said (A-27)."""
    return [
        (one, str(one.partner_of(person)), one.answer_of(person))
        for one in proposals
        if one.answer_of(person) != Answer.NONE and one.answer_by >= now
    ]


def _breaks(enrolments: Sequence[Enrolment]) -> Sequence[Break]:
    """The pauses that stand; a question only for somebody who pauses."""
    paused = [one.pk for one in enrolments if one.state == EnrolmentState.PAUSED]
    return list(Break.objects.open().filter(enrolment__in=paused)) if paused else []


def _programmes(ids: Sequence[int]) -> Sequence[Programme]:
    """One query for those few who have such a role, none for all others."""
    return list(Programme.objects.filter(pk__in=ids).order_by("name")) if ids else []


def _open_tasks(programme_ids: Sequence[int]) -> int:
    """What a sponsor has still to do; a question only for a sponsor."""
    tasks = SponsorTask.objects.filter(programme__in=programme_ids, done_on=None)
    return tasks.count() if programme_ids else 0


def _unread(enrolments: Sequence[Enrolment]) -> list[Enrolment]:
    return [one for one in enrolments if one.state in BRIEFED and not getattr(one, "has_read", True)]


def _rounds(person: Person, now: datetime) -> tuple[Sequence[OpenPart], Sequence[Round]]:
    """What may be answered now, and whose results are news."""
    news = Q(state=RoundState.PUBLISHED, published_at__gte=now - NEWS)
    asked = Q(state=RoundState.OPEN, closes_at__gt=now)
    found = list(with_parts_left(rounds_of_person(person).filter(news | asked), person))
    still_open = [one for one in found if one.state == RoundState.OPEN]
    return parts_left(still_open, person), [one for one in found if one.state == RoundState.PUBLISHED]


def _summary(today: PairToday, person: Person) -> PairSummary:
    pair = today.pairing
    return PairSummary(
        pairing=pair,
        partner=pair.partner_of(person),
        partner_role="mentee" if pair.role_of(person) == "mentor" else "mentor",
        lights=lights(today.lamps),
        lit=sum(1 for lamp in today.lamps if lamp.state == standing_states.HELD),
    )
