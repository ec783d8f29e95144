"""Small random cohorts for property tests, and people to build single cases from."""

import os
import random
from collections.abc import Callable
from datetime import date
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from matching.engine import Person, Policy, Problem, Rules
from matching.engine.hours import BLOCK_CODES

#: ``MATCHING_EXAMPLES=20`` runs twenty times as many examples, other ones each time.
FACTOR = int(os.environ.get("MATCHING_EXAMPLES", "1"))

WEEK = date(2026, 11, 2)
TOPICS = ("gen_ai", "social_media", "leadership", "strategy_vision")
VIEWS = ("consumer", "diversity", "innovation", "craft")
ZONES = ("Europe/Amsterdam", "Europe/London", "Asia/Kolkata", "America/Los_Angeles")


def examples(count: int) -> Callable[[Any], Any]:
    """So many examples: always the same ones, unless the environment asks for more."""
    return settings(
        max_examples=count * FACTOR,
        deadline=None,
        derandomize=FACTOR == 1,
        database=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )


@st.composite
def policies(draw: st.DrawFn, **fixed: Any) -> Policy:
    coverage = draw(st.sampled_from(("pairs", "pairs", "people", "fit")))
    fairness = draw(st.sampled_from(("total", "total", "floor", "concave")))
    chosen = {
        "coverage": coverage,
        "fairness": "total" if coverage == "fit" and fairness == "floor" else fairness,
        "load_step": draw(st.sampled_from((0, 0, 3, 40_000))),
        "stickiness": draw(st.sampled_from((0, 2, 30_000))),
        "tie_seed": draw(st.integers(0, 3)),
    }
    return Policy(**(chosen | fixed))


@st.composite
def scored(draw: st.DrawFn, most: tuple[int, int] = (5, 4), pins: bool = True, **fixed: Any) -> Problem:
    """A problem with ready scores: up to 5 mentees and 4 mentors, many ties, capacities 0 to 3, pins, rejects."""
    mentees = [
        Person(f"e{k}", capacity=draw(st.sampled_from((0, 1, 1, 1, 2, 3))))
        for k in range(draw(st.integers(0, most[0])))
    ]
    mentors = [
        Person(f"m{k}", capacity=draw(st.sampled_from((0, 1, 1, 2, 3))))
        for k in range(draw(st.integers(0, most[1])))
    ]
    levels = draw(st.sampled_from(((0,), (0, 1), (0, 5, 10), (0, 40_000, 40_001, 99_999, 100_000), None)))
    value = st.sampled_from(levels) if levels else st.integers(0, 100_000)
    links = [(e.key, m.key) for e in mentees for m in mentors]
    scores = {link: draw(value) for link in links if draw(st.integers(0, 9)) < 7}
    rejects = tuple(link for link in links if draw(st.integers(0, 9)) == 0)
    current = tuple(link for link in links if draw(st.integers(0, 9)) == 0)
    chosen = possible_pins(mentees, mentors, scores, rejects, draw(st.integers(0, 2))) if pins else ()
    return Problem(
        mentors=tuple(draw(st.permutations(mentors))),
        mentees=tuple(draw(st.permutations(mentees))),
        policy=draw(policies(**fixed)),
        pins=chosen,
        rejects=rejects,
        current=current,
        scores=tuple((*link, score) for link, score in draw(st.permutations(sorted(scores.items())))),
    )


def possible_pins(mentees, mentors, scores, rejects, count) -> tuple[tuple[str, str], ...]:
    free = {person.key: person.capacity for person in (*mentees, *mentors)}
    pins: list[tuple[str, str]] = []
    for link in sorted(set(scores) - set(rejects), reverse=True):
        if len(pins) < count and all(free[key] for key in link):
            pins.append(link)
            for key in link:
                free[key] -= 1
    return tuple(pins)


@st.composite
def people(draw: st.DrawFn) -> Problem:
    """A problem with real people: facts missing here and there, chains with circles, four time zones."""
    return random_people(random.Random(draw(st.integers(0, 10**9))), most=(6, 6))


def random_people(rng: random.Random, most: tuple[int, int]) -> Problem:
    mentees = [f"e{k}" for k in range(rng.randint(0, most[0]))]
    mentors = [f"m{k}" for k in range(rng.randint(0, most[1]))]
    keys = [*mentees, *mentors, "x1", "x2"]
    zones = ZONES[: rng.randint(1, 4)]
    return Problem(
        mentors=tuple(_person(rng, key, keys, zones, grades=(1, 4)) for key in mentors),
        mentees=tuple(_person(rng, key, keys, zones, grades=(3, 8)) for key in mentees),
        policy=Policy(rules=_rules(rng), tie_seed=rng.randint(0, 9)),
        past=_links(rng, keys),
        blocked=_links(rng, keys),
        rejects=tuple((e, m) for e in mentees for m in mentors if rng.random() < 0.05),
        week=WEEK,
    )


def _rules(rng: random.Random) -> Rules:
    def usually() -> bool:
        return rng.random() < 0.7

    return Rules(
        min_grade_distance=rng.choice((1, 2)),
        same_team=usually(),
        other_department=not usually(),
        language=usually(),
        availability=usually(),
        min_shared_minutes=rng.choice((60, 60, 90)),
        cross_border=usually(),
        past_pairs=usually(),
        barriers=(("audit", "deals"),) if usually() else (),
        assumed_time_zone=rng.choice((None, "Europe/Berlin")),
    )


def _links(rng: random.Random, keys: list[str]) -> tuple[tuple[str, str], ...]:
    return tuple(tuple(rng.sample(keys, 2)) for _ in range(rng.randint(0, 2)))


def _person(rng: random.Random, key: str, keys: list[str], zones, grades) -> Person:
    def maybe(*values: Any) -> Any:
        return None if rng.random() < 0.1 else rng.choice(values)

    return Person(
        key,
        capacity=rng.choice((0, 1, 1, 1, 2)),
        offers={topic: rng.randint(0, 5) for topic in rng.sample(TOPICS, rng.randint(0, 3))},
        wants={topic: rng.randint(1, 3) for topic in rng.sample(TOPICS, rng.randint(0, 3))},
        perspectives_offered=tuple(rng.sample(VIEWS, rng.randint(0, 2))),
        perspective_wanted=maybe(*VIEWS),
        style=maybe("hands_on", "dialogue"),
        languages=tuple(rng.sample(("en", "nl", "de"), rng.choice((0, 1, 1, 2, 3)))),
        site=maybe("Utrecht", "Hamburg"),
        country=maybe("NL", "NL", "DE"),
        cross_border=rng.random() < 0.6,
        department=maybe("Tax", "Audit"),
        discipline=maybe("law", "data"),
        team=maybe("blue", "green"),
        barrier_groups=tuple(rng.sample(("audit", "deals"), rng.choice((0, 0, 1)))),
        grade=maybe(*range(grades[0], grades[1] + 1)),
        availability=tuple(rng.sample(BLOCK_CODES[:9], rng.choice((0, 1, 3, 5)))),
        time_zone=maybe(*zones),
        managers=tuple(rng.choice(keys) for _ in range(rng.choice((0, 0, 1, 1, 2)))),
    )


def senior(key: str, **facts: Any) -> Person:
    """A mentee who may be with any ``junior`` unless told otherwise."""
    return Person(key, **({"grade": 8} | facts))


def junior(key: str, **facts: Any) -> Person:
    return Person(key, **({"grade": 3} | facts))


def given(
    scores: dict[tuple[str, str], int], mentees: dict[str, int], mentors: dict[str, int], **more
) -> Problem:
    """A problem with ready scores and capacities by key."""
    return Problem(
        mentors=tuple(Person(key, capacity=count) for key, count in mentors.items()),
        mentees=tuple(Person(key, capacity=count) for key, count in mentees.items()),
        scores=tuple((*link, score) for link, score in scores.items()),
        **more,
    )
