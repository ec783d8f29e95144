"""An intake beside the enrolments of a cohort: the plan that the preview shows and the import carries out."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils import translation

from participants.choices import PersonState
from participants.engine import plan as roster_plans
from participants.engine.headers import normalise
from participants.engine.problems import Problem
from participants.engine.tables import Table
from participants.models import Person
from programmes.choices import Perspective, Style
from programmes.engine.enrolling import Candidate, IntakePlan, Standing, make_intake_plan
from programmes.engine.intake import Vocabulary, people_named, read_intake, who_column
from programmes.models import Cohort, Enrolment, NamedContact, Topic

_NAMED = (
    roster_plans.Action.NEW,
    roster_plans.Action.OPENED,
    roster_plans.Action.CHANGED,
    roster_plans.Action.MOVED,
    roster_plans.Action.SAME,
)


@dataclass(frozen=True)
class IntakeTable:
    """An intake as read, with the coordinator's choice of columns (field → index)."""

    table: Table
    mapping: Mapping[str, int]

    @property
    def missing_columns(self) -> list[Problem]:
        lacking = [] if "role" in self.mapping else ["role"]
        if "hr_key" not in self.mapping and "email" not in self.mapping:
            lacking.insert(0, "hr_key")
        return [Problem(1, "", "missing_intake_column", {"field": name}) for name in lacking]

    @property
    def people(self) -> set[str]:
        """Keys or addresses of everybody named, for the roster that is given along."""
        return people_named(self.table, self.mapping)

    @property
    def unused_columns(self) -> list[str]:
        used = set(self.mapping.values())
        return [header for index, header in enumerate(self.table.headers) if index not in used]


def vocabulary(programme_id: int) -> Vocabulary:
    """The words that a cohort of this programme understands, by code and by name in each language."""
    topics: dict[str, str] = {}
    for topic in Topic.objects.offered_in(programme_id):
        for word in (topic.name_en, topic.name_nl, topic.name_de, topic.code):
            topics[normalise(word)] = topic.code
    return Vocabulary(
        topics=topics,
        styles=_choice_words(list(Style.choices)),
        perspectives=_choice_words(list(Perspective.choices)),
    )


def _choice_words(choices: Iterable[tuple[str, Any]]) -> dict[str, str]:
    """Codes and labels in every language of the site: a file need not be in its reader's own."""
    found: dict[str, str] = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            found |= {normalise(word): code for code, label in choices for word in (code, str(label))}
    return found


def intake_plan(intake: IntakeTable, cohort: Cohort, roster: roster_plans.Plan | None = None) -> IntakePlan:
    """What importing this intake into a cohort would do now.

    Args:
        roster: the plan of the roster given along, whose people count as known.
    """
    read = read_intake(intake.table, intake.mapping, vocabulary(cohort.programme_id))
    column = intake.table.headers[intake.mapping[who_column(intake.mapping)]]
    people = candidates(intake.people, roster, listeners=_listeners(cohort))
    return make_intake_plan(read, people, _standing(cohort), column)


def _listeners(cohort: Cohort) -> frozenset[int]:
    contacts = NamedContact.objects.filter(programme=cohort.programme_id)
    return frozenset(contacts.values_list("person_id", flat=True))


def candidates(
    named: set[str], roster: roster_plans.Plan | None, *, listeners: frozenset[int] = frozenset()
) -> dict[str, Candidate]:
    """Everybody whom an intake may name, by HR key and by address.

    Args:
        listeners: ids of the programme's named contacts.
    """
    found: dict[str, Candidate] = {}
    arriving = roster.of(*_NAMED) if roster else []
    for step in arriving:
        address = step.changes["email"][1] if "email" in step.changes else None
        _put(found, Candidate(step.hr_key, step.name, step.person_id), address)
    keys = {word for word in named if "@" not in word}
    stored = Person.objects.known().filter(hr_key__in=keys) | Person.objects.known().filter(
        email__in=named - keys
    )
    back = {step.hr_key for step in arriving}
    for person in stored:
        candidate = _candidate(person, is_back=person.hr_key in back, listens=person.pk in listeners)
        _put(found, candidate, person.email)
    return found


def _candidate(person: Person, *, is_back: bool, listens: bool) -> Candidate:
    return Candidate(
        person.hr_key,
        person.full_name,
        person.pk,
        is_back or person.state == PersonState.ACTIVE,
        {"languages": person.languages, "availability": person.availability},
        listens,
    )


def _put(found: dict[str, Candidate], candidate: Candidate, address: str | None) -> None:
    found[candidate.hr_key] = candidate
    if address:
        found[address.lower()] = candidate


def _standing(cohort: Cohort) -> dict[str, Standing]:
    enrolments = Enrolment.objects.filter(cohort=cohort).select_related("person")
    enrolments = enrolments.prefetch_related("offers__topic", "wishes__topic")
    return {one.person.hr_key: _stood(one) for one in enrolments}


def _stood(enrolment: Enrolment) -> Standing:
    values = {
        "capacity": enrolment.capacity,
        "cross_border": enrolment.is_cross_border,
        "style": enrolment.style,
        "perspectives_offered": enrolment.perspectives_offered,
        "perspective_wanted": enrolment.perspective_wanted,
        "offers": {offer.topic.code: offer.level for offer in enrolment.offers.all()},
        "wants": {wish.topic.code: wish.priority for wish in enrolment.wishes.all()},
    }
    return Standing(enrolment.pk, enrolment.role, enrolment.state, values)


def intake_digest(plan: IntakePlan) -> str:
    """Stands for what a plan would write to enrolments; people's own changes count by row."""
    steps = [
        [step.row, step.candidate.hr_key, step.role, sorted(step.changes.items(), key=lambda item: item[0])]
        for step in plan.steps
    ]
    return hashlib.sha256(json.dumps(steps, default=str).encode()).hexdigest()
