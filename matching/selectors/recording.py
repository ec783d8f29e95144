"""What is kept of a finished run beside the plan itself: reasons and causes as codes, never points."""

from __future__ import annotations

from typing import Any, Final

from matching.engine import (
    Explanation,
    PairReasons,
    Person,
    Plan,
    Problem,
    WhyUnmatched,
    codes,
    explain,
    plan_to_json,
)
from matching.engine.explain import Role

#: Largest number of combinations for which a run also tries what each rule costs: that takes a solve a rule.
_EFFECTS_UP_TO: Final = 1_000_000
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
        "effects": _effects(why, len(problem.mentors) * len(problem.mentees)),
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
    }


def _effects(why: Explanation, combinations: int) -> list[dict[str, Any]]:
    """Rules that cost pairs. The change of the mean fit is left out: it could be set against a perspective."""
    if combinations > _EFFECTS_UP_TO:
        return []
    return [{"rule": one.rule, "opened": one.opened, "pairs": one.pairs} for one in why.rule_effects()]
