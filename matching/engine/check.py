"""Everything that is refused before any computing, with the person or the setting named."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping
from dataclasses import fields

from matching.engine.codes import MOST_PEOPLE, SCORE_MAX
from matching.engine.errors import EngineError
from matching.engine.model import Link, Person, Policy, Problem, Weights

_MOST_POINTS = 10**9
_HEAVIEST = 10**6
_LONGEST_KEY = 200


def check_problem(problem: Problem) -> None:
    """Refuse what cannot be meant.

    Empty sides, capacity 0 and rules that leave nobody are no errors: they give an empty plan with reasons.

    Raises:
        EngineError: the first thing that is wrong, with a code and the keys concerned.
    """
    for side, people in (("mentors", problem.mentors), ("mentees", problem.mentees)):
        _check_side(side, people)
    _check_policy(problem.policy)
    if problem.week is not None and not 1900 <= problem.week.year <= 2999:
        raise EngineError("week", f"the week of {problem.week} lies too far away")
    mentees = {person.key for person in problem.mentees}
    mentors = {person.key for person in problem.mentors}
    for name, links in (("pins", problem.pins), ("rejects", problem.rejects)):
        for link in links:
            _check_link(name, link, mentees, mentors)
    _check_scores(problem, mentees, mentors)
    _check_pins(problem)


def _check_side(side: str, people: tuple[Person, ...]) -> None:
    if len(people) > MOST_PEOPLE:
        raise EngineError("too_many_people", f"{len(people)} {side}; at most {MOST_PEOPLE} are possible")
    seen: set[str] = set()
    for person in people:
        key = person.key
        if not isinstance(key, str) or not key or len(key) > _LONGEST_KEY or not key.isprintable():
            raise EngineError("key", f"{side}: {key!r} is no key", keys=(str(key),))
        if key in seen:
            raise EngineError("duplicate_key", f"{side}: {key!r} is there twice", keys=(key,))
        seen.add(key)
        _check_person(person)


def _check_person(person: Person) -> None:
    _check_range("capacity", (person.capacity,), 0, None, person.key)
    if person.offers:
        _check_range("level", person.offers.values(), 0, 5, person.key, tuple(person.offers))
    if person.wants:
        _check_range("priority", person.wants.values(), 1, 3, person.key, tuple(person.wants))
    if person.grade is not None:
        _check_range("grade", (person.grade,), 0, 10_000, person.key)


def _check_range(
    code: str,
    values: Collection[object],
    low: int,
    high: int | None,
    key: str,
    topics: tuple[str, ...] = (),
) -> None:
    for place, value in enumerate(values):
        if _is_whole(value) and value >= low and (high is None or value <= high):  # type: ignore[operator]
            continue
        wanted = f"from {low} to {high}" if high is not None else f"of {low} or more"
        where = f" of {topics[place]!r}" if topics else ""
        raise EngineError(
            code, f"{key!r}: {code}{where} is {value!r}, not a whole number {wanted}", keys=(key,)
        )


def _is_whole(value: object) -> bool:
    return type(value) is int or (isinstance(value, int) and not isinstance(value, bool))


def _check_policy(policy: Policy) -> None:
    _check_weights(policy.weights)
    _check_rules(policy)
    _check_choice("coverage", policy.coverage, ("pairs", "people", "fit"))
    _check_choice("fairness", policy.fairness, ("total", "floor", "concave"))
    if policy.coverage == "fit" and policy.fairness == "floor":
        raise EngineError("policy", "fairness 'floor' needs coverage 'pairs' or 'people'")
    for name, low, high in (
        ("load_step", 0, _MOST_POINTS),
        ("stickiness", 0, _MOST_POINTS),
        ("max_gap", 0, _MOST_POINTS),
        ("tie_seed", -(2**63), 2**63 - 1),
        ("memory_mb", 1, 1 << 20),
    ):
        value = getattr(policy, name)
        if not _is_whole(value) or not low <= value <= high:
            raise EngineError("policy", f"{name} is {value!r}, not a whole number from {low} to {high}")


def _check_choice(name: str, value: object, allowed: tuple[str, ...]) -> None:
    if value not in allowed:
        raise EngineError("policy", f"{name} is {value!r}, not one of {', '.join(allowed)}")


def _check_weights(weights: Weights) -> None:
    values = {item.name: getattr(weights, item.name) for item in fields(weights)}
    for name, value in values.items():
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if not number or not math.isfinite(value) or not 0 <= value <= _HEAVIEST:
            raise EngineError("weight", f"weight {name} is {value!r}, not a number from 0 to {_HEAVIEST}")
    if not any(values.values()):
        raise EngineError("weight", "all weights are 0: nothing would tell one pair from another")


def _check_rules(policy: Policy) -> None:
    rules = policy.rules
    if not _is_whole(rules.min_grade_distance) or not 1 <= rules.min_grade_distance <= 99:
        raise EngineError(
            "rule", f"min_grade_distance is {rules.min_grade_distance!r}, not a whole number from 1 to 99"
        )
    if not _is_whole(rules.min_shared_minutes) or not 15 <= rules.min_shared_minutes <= 240:
        raise EngineError(
            "rule", f"min_shared_minutes is {rules.min_shared_minutes!r}, not a whole number from 15 to 240"
        )


def _check_link(name: str, link: Link, mentees: set[str], mentors: set[str]) -> None:
    for role, key, known in (("mentee", link[0], mentees), ("mentor", link[1], mentors)):
        if key not in known:
            raise EngineError("unknown_key", f"{name}: there is no {role} {key!r}", keys=(key,))


def _check_scores(problem: Problem, mentees: set[str], mentors: set[str]) -> None:
    seen: set[Link] = set()
    for mentee, mentor, score in problem.scores or ():
        _check_link("scores", (mentee, mentor), mentees, mentors)
        if (mentee, mentor) in seen:
            raise EngineError(
                "duplicate_key", f"scores: {mentee!r} and {mentor!r} are there twice", keys=(mentee, mentor)
            )
        seen.add((mentee, mentor))
        if not _is_whole(score) or not 0 <= score <= SCORE_MAX:
            raise EngineError(
                "score",
                f"the score of {mentee!r} and {mentor!r} is {score!r}, not a whole number from 0 to {SCORE_MAX}",
                keys=(mentee, mentor),
            )


def _check_pins(problem: Problem) -> None:
    pins = set(problem.pins)
    for mentee, mentor in sorted(pins & set(problem.rejects)):
        raise EngineError(
            "pin_rejected", f"{mentee!r} and {mentor!r} are pinned and rejected", keys=(mentee, mentor)
        )
    for place, people in ((0, problem.mentees), (1, problem.mentors)):
        pinned = _count(pin[place] for pin in pins)
        for person in people:
            if pinned.get(person.key, 0) > person.capacity:
                raise EngineError(
                    "pin_over_capacity",
                    f"{person.key!r} is pinned {pinned[person.key]} times and can take {person.capacity}",
                    keys=(person.key,),
                )


def _count(keys: Iterable[str]) -> Mapping[str, int]:
    counts: dict[str, int] = {}
    for key in keys:
        counts[key] = counts.get(key, 0) + 1
    return counts
