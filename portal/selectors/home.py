"""The first page: what waits, the one next thing, and each pair's year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from evaluations.choices import RoundState
from evaluations.models import Round
from evaluations.selectors import open_parts, rounds_of_person
from evaluations.selectors.answering import OpenPart
from matching.models import Proposal
from meetings.engine import standing
from meetings.models import Meeting
from meetings.selectors import Todo, lamps_of, next_meeting, things_to_do
from pairings.models import Pairing
from participants.models import Person
from portal.selectors.contact import ProgrammeContacts, contact_page
from portal.selectors.pairs import Light, lights
from programmes.choices import TAKING_PART, EnrolmentState
from programmes.models import Enrolment, OpenCall
from programmes.selectors import open_calls

#: How long results are news on the first page.
NEWS = timedelta(days=28)


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
        minutes: how long everything that waits takes in all.
    """

    person: Person
    enrolments: Sequence[Enrolment]
    pairs: Sequence[PairSummary]
    next_meeting: Meeting | None
    todos: Sequence[Todo]
    proposals: Sequence[Proposal]
    questionnaires: Sequence[OpenPart]
    results: Sequence[Round]
    contacts: Sequence[ProgrammeContacts]
    minutes: int
    calls: Sequence[OpenCall] = ()

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
        return len(self.todos) + len(self.proposals) + len(self.questionnaires)


def home_page(person: Person, *, now: datetime) -> HomePage:
    """A number of queries that does not grow with pairs, meetings or rounds."""
    enrolments = list(
        Enrolment.objects.filter(person=person)
        .select_related("cohort__programme", "cohort__call")
        .order_by("-cohort__starts_on", "pk")
    )
    pairs = list(Pairing.objects.shown_to(person.pk).with_people().order_by("confirmed_at", "pk"))
    todos = things_to_do(person, now=now)
    proposals = list(Proposal.objects.waiting_for(person.pk))
    parts = open_parts(person, now)
    published = rounds_of_person(person).filter(state=RoundState.PUBLISHED, published_at__gte=now - NEWS)
    return HomePage(
        person=person,
        enrolments=enrolments,
        pairs=_summaries(pairs, person, now),
        next_meeting=next_meeting(person, now=now),
        todos=todos,
        proposals=proposals,
        questionnaires=parts,
        results=list(published.select_related("cohort")),
        contacts=contact_page(person).programmes,
        calls=open_calls(person, now=now),
        minutes=sum(todo.minutes for todo in todos) + 3 * len(proposals) + sum(p.minutes for p in parts),
    )


def _summaries(pairs: Sequence[Pairing], person: Person, now: datetime) -> list[PairSummary]:
    courses = lamps_of(pairs, now=now)
    return [
        PairSummary(
            pairing=pair,
            partner=pair.partner_of(person),
            partner_role="mentee" if pair.role_of(person) == "mentor" else "mentor",
            lights=lights(courses[pair.pk]),
            lit=sum(1 for lamp in courses[pair.pk] if lamp.state == standing.HELD),
        )
        for pair in pairs
    ]
