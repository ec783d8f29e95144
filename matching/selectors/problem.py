"""From enrolments to the engine's problem: pseudonymous keys, no names, a constant number of queries."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from django.db.models import Q

from matching.choices import DecisionKind, ProposalState
from matching.engine import Link, Policy, Problem, Rules, Weights
from matching.engine import Person as Candidate
from matching.models import MatchingRun, PairDecision, Proposal
from matching.selectors.chains import manager_chains
from pairings.models import Pairing
from pairings.selectors import standing_counts
from participants.choices import PersonState
from participants.selectors import barrier_links, groups_of, never_with_links, superiors_of
from programmes.choices import Role
from programmes.models import Cohort, Enrolment, Topic

#: Never proposed again, or being asked now. After mere silence two people may be asked once more.
_ASKED: Final = (ProposalState.REFUSED, ProposalState.OPEN)


@dataclass(frozen=True)
class Input:
    """A cohort's problem and the way back from its keys.

    Args:
        keys: pseudonymous key → enrolment id.
        names_no_manager: nobody in the cohort has a manager on file, so reporting lines could not be judged.
    """

    problem: Problem
    keys: Mapping[str, int]
    names_no_manager: bool

    def key_of(self, enrolment_id: int) -> str | None:
        """The key of an enrolment, None for one that is not part of the problem."""
        return self.by_enrolment.get(enrolment_id)

    @cached_property
    def by_enrolment(self) -> Mapping[int, str]:
        return {enrolment: key for key, enrolment in self.keys.items()}


def topic_key(topic: Topic) -> str:
    """What the engine calls a topic: a programme's own may bear the code of a shipped one."""
    return topic.code if topic.programme_id is None else f"own:{topic.code}"


def topic_names(cohort: Cohort) -> dict[str, str]:
    """The engine's topics in the reader's language, retired ones included: a proposal may still name them."""
    rows = Topic.objects.filter(Q(programme_id=None) | Q(programme_id=cohort.programme_id))
    return {topic_key(topic): str(topic) for topic in rows}


def default_settings(cohort: Cohort) -> dict[str, Any]:
    """What a run goes by when nobody chose otherwise; weights and distance are the cohort's (dossier 2.4)."""
    return {
        "weights": dict(cohort.weights),
        "min_grade_distance": cohort.min_grade_distance,
        "coverage": "pairs",
        "fairness": "total",
        "load_step": 0,
        "stickiness": 0,
    }


def cohort_input(cohort: Cohort, *, settings: Mapping[str, Any], tie_seed: int) -> Input:
    """Everybody who takes part, with their free places, and the rules, decisions and past pairs that hold for them.

    Thirteen queries, whatever the size of the cohort. Somebody without a free place stays in it: the others are told
    that they are taken.

    Args:
        settings: as ``default_settings`` names them.
    """
    enrolments = list(
        Enrolment.objects.filter(cohort=cohort, person__state=PersonState.ACTIVE)
        .taking_part()
        .select_related("person")
        .prefetch_related("offers__topic", "wishes__topic")
        .order_by("pk")
    )
    keys = _keys(cohort, enrolments)
    by_person = {one.person_id: keys[one.pk] for one in enrolments}
    chains = manager_chains(list(by_person))
    above = superiors_of(list(by_person))
    groups = groups_of(list(by_person))
    free = _free_places(cohort, enrolments)
    people = {
        one.pk: _candidate(
            one,
            keys[one.pk],
            free[one.pk],
            [by_person[boss] for boss in chains[one.person_id] if boss in by_person],
            sorted(by_person[boss] for boss in above[one.person_id] if boss in by_person),
            groups.get(one.person_id, frozenset()),
        )
        for one in enrolments
    }
    pins, rejects = _decided(cohort, keys, free)
    problem = Problem(
        mentors=tuple(people[one.pk] for one in enrolments if one.role == Role.MENTOR),
        mentees=tuple(people[one.pk] for one in enrolments if one.role == Role.MENTEE),
        policy=_policy(settings, tie_seed, barriers=barrier_links() if groups else []),
        pins=pins,
        rejects=rejects,
        current=_current(cohort, keys) if settings["stickiness"] else (),
        past=_past(by_person),
        blocked=tuple(sorted({*_asked(by_person), *_never(by_person)})),
        week=cohort.starts_on,
    )
    return Input(problem, {key: pk for pk, key in keys.items()}, not any(above.values()))


def _keys(cohort: Cohort, enrolments: Sequence[Enrolment]) -> dict[int, str]:
    """A random key each. Who had one in an earlier run of the cohort keeps it.

    The lot among equally good plans is drawn by key: new keys each time would change pairs for no reason that
    anybody could be told.
    """
    known: dict[int, str] = {}
    earlier = MatchingRun.objects.filter(cohort=cohort).order_by("number").values_list("keys", flat=True)
    for keys in earlier:
        known.update((enrolment, key) for key, enrolment in keys.items())
    return {one.pk: known.get(one.pk) or secrets.token_hex(8) for one in enrolments}


def _free_places(cohort: Cohort, enrolments: Sequence[Enrolment]) -> Mapping[int, int]:
    """Places less standing pairs and less proposals that may still become one."""
    taken = Counter(standing_counts([one.pk for one in enrolments]))
    for pair in Proposal.objects.alive().filter(cohort=cohort).values_list("mentor_id", "mentee_id"):
        taken.update(pair)
    return {one.pk: max(0, one.capacity - taken[one.pk]) for one in enrolments}


def _levels(enrolment: Enrolment) -> dict[str, int]:
    """What somebody offers, and how far they are with what they want to learn."""
    own = {topic_key(wish.topic): wish.level for wish in enrolment.wishes.all() if wish.level is not None}
    return own | {topic_key(offer.topic): offer.level for offer in enrolment.offers.all()}


def _candidate(
    enrolment: Enrolment,
    key: str,
    places: int,
    managers: Sequence[str],
    superiors: Sequence[str],
    groups: Iterable[int],
) -> Candidate:
    person = enrolment.person
    return Candidate(
        key=key,
        capacity=places,
        offers=_levels(enrolment),
        wants={topic_key(wish.topic): wish.priority for wish in enrolment.wishes.all()},
        perspectives_offered=tuple(sorted(enrolment.perspectives_offered)),
        perspective_wanted=enrolment.perspective_wanted or None,
        style=enrolment.style or None,
        languages=tuple(sorted(person.languages)),
        site=person.office or person.city or None,
        country=person.country or None,
        cross_border=enrolment.is_cross_border,
        department=person.department or None,
        discipline=person.discipline or None,
        team=person.team or None,
        barrier_groups=tuple(sorted(map(_group_key, groups))),
        grade=person.grade,
        availability=tuple(sorted(person.availability)),
        time_zone=person.time_zone or None,
        managers=tuple(managers),
        superiors=tuple(superiors),
    )


def _group_key(group_id: int) -> str:
    """What the engine calls a barrier group: its name may itself be inside information."""
    return f"group{group_id}"


def _policy(settings: Mapping[str, Any], tie_seed: int, *, barriers: Iterable[tuple[int, int]]) -> Policy:
    return Policy(
        weights=Weights(**settings["weights"]),
        rules=Rules(
            min_grade_distance=settings["min_grade_distance"],
            barriers=tuple((_group_key(one), _group_key(other)) for one, other in barriers),
        ),
        coverage=settings["coverage"],
        fairness=settings["fairness"],
        load_step=settings["load_step"],
        stickiness=settings["stickiness"],
        tie_seed=tie_seed,
    )


def _decided(
    cohort: Cohort, keys: Mapping[int, str], free: Mapping[int, int]
) -> tuple[tuple[Link, ...], tuple[Link, ...]]:
    """Pins and rejections between people of the problem; a pin whose places are taken has done its work."""
    found: dict[str, list[Link]] = {DecisionKind.PIN: [], DecisionKind.REJECT: []}
    rows = PairDecision.objects.filter(cohort=cohort).values_list("kind", "mentee_id", "mentor_id")
    for kind, mentee, mentor in rows:
        is_known = mentee in keys and mentor in keys
        if is_known and (kind == DecisionKind.REJECT or (free[mentee] and free[mentor])):
            found[kind].append((keys[mentee], keys[mentor]))
    return tuple(sorted(found[DecisionKind.PIN])), tuple(sorted(found[DecisionKind.REJECT]))


def _current(cohort: Cohort, keys: Mapping[int, str]) -> tuple[Link, ...]:
    """The pairs of the newest run that has a result."""
    newest = MatchingRun.objects.finished().filter(cohort=cohort).order_by("-number").first()
    return _among(keys, ((mentee, mentor) for mentor, mentee in newest.links()) if newest else ())


def _past(by_person: Mapping[int, str]) -> tuple[Link, ...]:
    """People who are or were a pair, in whichever cohort."""
    rows = Pairing.objects.filter(mentee__person__in=by_person, mentor__person__in=by_person)
    return _among(by_person, rows.values_list("mentee__person_id", "mentor__person_id"))


def _asked(by_person: Mapping[int, str]) -> tuple[Link, ...]:
    """People one of whom has said no, and those who are being asked, in whichever cohort; shown as "not available"."""
    rows = Proposal.objects.filter(
        state__in=_ASKED, mentee__person__in=by_person, mentor__person__in=by_person
    )
    return _among(by_person, rows.values_list("mentee__person_id", "mentor__person_id"))


def _never(by_person: Mapping[int, str]) -> tuple[Link, ...]:
    """What people asked for themselves alone, in no direction: shown as "not available", like a refusal."""
    return _among(by_person, never_with_links(list(by_person)))


def _among(keys: Mapping[int, str], links: Iterable[tuple[int, int]]) -> tuple[Link, ...]:
    return tuple(sorted({(keys[one], keys[other]) for one, other in links if one in keys and other in keys}))
