"""What is kept of a finished run beside the plan itself: reasons and causes as codes, never points."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from matching.choices import CRITERION_NAMES
from matching.engine import (
    Explanation,
    Link,
    PairReasons,
    Person,
    Plan,
    Problem,
    WhyUnmatched,
    codes,
    explain,
    plan_to_json,
)
from matching.engine.candidates import Role

#: Largest number of combinations for which a run also tries what each rule costs: that takes a solve a rule.
_EFFECTS_UP_TO: Final = 1_000_000
#: How many of those who compete, and of those they compete for, are kept by name.
_NAMED: Final = 12
#: The criteria that a coordinator sees as bands, in this order, and what a band is worth when sets are compared.
SHOWN: Final[tuple[str, ...]] = tuple(code for code in codes.CRITERIA if code in CRITERION_NAMES)
BAND_WORTH: Final = {codes.STRONG: 2, codes.SOME: 1, codes.NONE: 0}
_OWN_FACTS: Final = (
    (codes.GRADE_UNKNOWN, "grade"),
    (codes.LANGUAGE_UNKNOWN, "languages"),
    (codes.AVAILABILITY_UNKNOWN, "availability"),
    (codes.TIME_ZONE_UNKNOWN, "time_zone"),
    (codes.COUNTRY_UNKNOWN, "country"),
)


def recorded_result(problem: Problem, plan: Plan, *, names_no_manager: bool) -> dict[str, Any]:
    """The result as it is stored: the plan, reasons per pair, causes per person without one, what rules cost."""
    why = explain(problem, plan)
    unjudged = [rule for rule in why.unjudged_rules() if rule != codes.REPORTING_LINE]
    return {
        "plan": plan_to_json(plan),
        "reasons": {
            f"{pair.mentee} {pair.mentor}": stored_reasons(why.pair(pair.mentee, pair.mentor))
            for pair in plan.pairs
        },
        "unmatched": {
            person.key: stored_unmatched(why.unmatched(person.key, role), person)
            for role, person in _without(problem, plan)
        },
        "effects": _effects(problem, plan, why),
        "unjudged": [codes.REPORTING_LINE, *unjudged] if names_no_manager else unjudged,
    }


def _without(problem: Problem, plan: Plan) -> list[tuple[Role, Person]]:
    mentees, mentors = set(plan.unmatched_mentees), set(plan.unmatched_mentors)
    found: list[tuple[Role, Person]] = [("mentee", one) for one in problem.mentees if one.key in mentees]
    return found + [("mentor", one) for one in problem.mentors if one.key in mentors]


def stored_reasons(reasons: PairReasons) -> dict[str, Any]:
    """What is kept of a pair's reasons: bands, facts, topics. No points, and nothing about a perspective."""
    shown = [
        one
        for one in reasons.criteria
        if one.band is not None and one.criterion not in codes.PRIVATE_CRITERIA
    ]
    return {
        "bands": {one.criterion: one.band for one in shown},
        "facts": {one.criterion: list(one.facts) for one in shown},
        "learns": [[gain.topic, gain.priority] for gain in reasons.learns],
        "gives_back": [[gain.topic, gain.priority] for gain in reasons.gives_back],
        "windows": len(reasons.windows),
        "languages": list(reasons.languages),
        "distance": reasons.grade_distance,
    }


def stored_unmatched(why: WhyUnmatched, person: Person) -> dict[str, Any]:
    """Why somebody has nobody, as codes and counts, and which facts are missing about that person alone."""
    witness = why.witness
    return {
        "role": why.role,
        "code": why.code,
        "candidates": why.candidates,
        "allowed": why.allowed,
        "removed": dict(why.removed),
        "opens": [list(one) for one in why.opens],
        "lacks": [rule for rule, name in _OWN_FACTS if getattr(person, name) in (None, ())],
        "people": len(witness.people) if witness else 0,
        "others": len(witness.others) if witness else 0,
        "seats": witness.seats if witness else 0,
        "rivals": list(witness.people[:_NAMED]) if witness else [],
        "sought": list(witness.others[:_NAMED]) if witness else [],
    }


def _effects(problem: Problem, plan: Plan, why: Explanation) -> list[dict[str, Any]]:
    """What the run would be without each rule: pairs, and the change of the mean fit in per cent.

    The fit is that of the bands that are shown: points could be set against a perspective (decision 31).
    """
    if len(problem.mentors) * len(problem.mentees) > _EFFECTS_UP_TO:
        return []
    before = _mean_fit(problem, why, [(pair.mentee, pair.mentor) for pair in plan.pairs])
    return [
        {
            "rule": one.rule,
            "opened": one.opened,
            "pairs": one.pairs,
            "fit": round(100 * (_mean_fit(problem, why, one.links) - before) / before) if before else 0,
        }
        for one in why.rule_effects()
    ]


def _mean_fit(problem: Problem, why: Explanation, links: Sequence[Link]) -> float:
    weights = {code: getattr(problem.policy.weights, code) for code in SHOWN}
    found = [shown_fit(stored_reasons(why.pair(*link))["bands"], weights) for link in links]
    return sum(found) / len(found) if found else 0


def shown_fit(bands: Mapping[str, str], weights: Mapping[str, float]) -> float:
    """The fit of a pair by what is shown of it."""
    return sum(weight * BAND_WORTH[bands.get(code, codes.NONE)] for code, weight in weights.items())
