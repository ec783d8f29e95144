"""From enrolments to the engine's problem: pseudonymous keys, no names, a constant number of queries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils.crypto import salted_hmac

from matching.choices import DecisionKind, ProposalState
from matching.engine import Person as Candidate
from matching.engine import Policy, Problem, Rules, Weights
from matching.models import PairDecision, Proposal
from pairings.models import Pairing
from pairings.selectors import managers_of, standing_counts
from programmes.choices import Role
from programmes.models import Cohort, Enrolment


@dataclass(frozen=True)
class Input:
    """A cohort's problem and the way back from its keys.

    Args:
        keys: pseudonymous key → enrolment id.
    """

    problem: Problem
    keys: Mapping[str, int]


def key_of(person_id: int) -> str:
    """A person's key: the same in every run of this installation, and no way back without its secret."""
    return salted_hmac("matching.key", str(person_id), algorithm="sha256").hexdigest()[:16]


def cohort_input(cohort: Cohort, *, settings: Mapping[str, Any], tie_seed: int) -> Input:
    """Everybody who takes part and has a free place, with rules, decisions and past pairs of the cohort.

    Args:
        settings: "weights" (criterion → whole number), "min_grade_distance", "fairness".
    """
    enrolments = list(
        Enrolment.objects.filter(cohort=cohort)
        .taking_part()
        .select_related("person")
        .prefetch_related("offers__topic", "wishes__topic")
        .order_by("pk")
    )
    taken = _places_taken(cohort, enrolments)
    managers = managers_of([enrolment.person_id for enrolment in enrolments])
    people = {
        enrolment.pk: _candidate(enrolment, taken.get(enrolment.pk, 0), managers.get(enrolment.person_id, ()))
        for enrolment in enrolments
    }
    by_role = {
        role: tuple(people[e.pk] for e in enrolments if e.role == role) for role in (Role.MENTOR, Role.MENTEE)
    }
    problem = Problem(
        mentors=by_role[Role.MENTOR],
        mentees=by_role[Role.MENTEE],
        policy=_policy(cohort, settings, tie_seed),
        pins=_decided(cohort, DecisionKind.PIN, people, taken),
        rejects=_decided(cohort, DecisionKind.REJECT, people, taken),
        past=_past(cohort),
        blocked=_refused(cohort),
        week=_reference_week(cohort),
    )
    return Input(problem, {key_of(enrolment.person_id): enrolment.pk for enrolment in enrolments})


def _places_taken(cohort: Cohort, enrolments: Sequence[Enrolment]) -> Mapping[int, int]:
    """Standing pairs and proposals that may still become one hold a place each."""
    counts = dict(standing_counts([enrolment.pk for enrolment in enrolments]))
    for mentor, mentee in (
        Proposal.objects.alive().filter(cohort=cohort).values_list("mentor_id", "mentee_id")
    ):
        counts[mentor] = counts.get(mentor, 0) + 1
        counts[mentee] = counts.get(mentee, 0) + 1
    return counts


def _candidate(enrolment: Enrolment, taken: int, managers: Any) -> Candidate:
    person = enrolment.person
    return Candidate(
        key=key_of(person.pk),
        capacity=max(0, enrolment.capacity - taken),
        offers={offer.topic.code: offer.level for offer in enrolment.offers.all()},
        wants={wish.topic.code: wish.priority for wish in enrolment.wishes.all()},
        perspectives_offered=tuple(sorted(enrolment.perspectives_offered)),
        perspective_wanted=enrolment.perspective_wanted or None,
        style=enrolment.style or None,
        languages=tuple(sorted(person.languages)),
        site=person.city or None,
        country=person.country or None,
        cross_border=enrolment.is_cross_border,
        department=person.department or None,
        discipline=person.discipline or None,
        team=person.team or None,
        grade=person.grade,
        availability=tuple(sorted(person.availability)),
        time_zone=person.time_zone,
        managers=tuple(sorted(key_of(manager) for manager in managers)),
    )


def _policy(cohort: Cohort, settings: Mapping[str, Any], tie_seed: int) -> Policy:
    weights = Weights(**{name: float(value) for name, value in settings["weights"].items()})
    rules = Rules(min_grade_distance=settings["min_grade_distance"])
    return Policy(weights=weights, rules=rules, fairness=settings["fairness"], tie_seed=tie_seed)


def _decided(
    cohort: Cohort, kind: DecisionKind, people: Mapping[int, Candidate], taken: Mapping[int, int]
) -> tuple[tuple[str, str], ...]:
    """Decisions about people who are in the problem; a pin whose places are taken has done its work."""
    rows = PairDecision.objects.filter(cohort=cohort, kind=kind).values_list("mentee_id", "mentor_id")
    links = [(mentee, mentor) for mentee, mentor in rows if mentee in people and mentor in people]
    if kind == DecisionKind.PIN:
        links = [pair for pair in links if all(people[one].capacity for one in pair)]
    return tuple(sorted((people[mentee].key, people[mentor].key) for mentee, mentor in links))


def _past(cohort: Cohort) -> tuple[tuple[str, str], ...]:
    """Everybody who was or is a pair in this programme."""
    rows = Pairing.objects.filter(cohort__programme_id=cohort.programme_id)
    found = rows.values_list("mentee__person_id", "mentor__person_id").distinct()
    return tuple(sorted((key_of(mentee), key_of(mentor)) for mentee, mentor in found))


def _refused(cohort: Cohort) -> tuple[tuple[str, str], ...]:
    """Pairs once proposed that did not come about are never proposed again; open ones are under way."""
    rows = Proposal.objects.filter(
        Q(state__in=[ProposalState.REFUSED, ProposalState.EXPIRED, ProposalState.OPEN]), cohort=cohort
    )
    found = rows.values_list("mentee__person_id", "mentor__person_id").distinct()
    return tuple(sorted((key_of(mentee), key_of(mentor)) for mentee, mentor in found))


def _reference_week(cohort: Cohort) -> date:
    """The week whose clocks count for people in different zones: the cohort's first."""
    return cohort.starts_on
