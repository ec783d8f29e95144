"""Seeded cohorts of any size for benches: made up, but with the proportions of a company."""

from __future__ import annotations

import random
from datetime import date

from matching.engine import Person, Problem
from matching.engine.hours import DAYS

#: A Monday; every person of a bench works in one zone or in two.
WEEK = date(2027, 1, 4)
TOPICS = [f"topic{number:02d}" for number in range(48)]
VIEWS = ["consumer", "diversity", "innovation", "craft"]
STYLES = ["hands_on", "dialogue", "observe"]
SITES = [f"site{number}" for number in range(12)]
DEPARTMENTS = [f"department{number:02d}" for number in range(24)]
DISCIPLINES = [f"discipline{number}" for number in range(10)]
BLOCKS = [f"{day}_{part}" for day in DAYS[:5] for part in ("am", "lunch", "pm")]
#: Mentors per team.
TEAM = 8


def bench_cohort(mentors: int, mentees: int, seed: int = 1, **policy: object) -> Problem:
    """People with topics, views, hours, languages, places, lines upwards and some who never meet.

    Seats: 1 to 3 a mentor where mentors are fewer, so that all mentees may find somebody; 1 or 2 otherwise.
    """
    from matching.engine import Policy

    draw = random.Random(seed)
    seats = [1, 2, 2, 3] if mentors < mentees else [1, 1, 1, 1, 2]
    seniors = [_person(f"e{number:05d}", draw, False) for number in range(mentees)]
    juniors = [
        _person(f"m{number:05d}", draw, True, capacity=draw.choice(seats), boss=draw.choice(seniors).key)
        for number in range(mentors)
    ]
    apart = [
        (draw.choice(seniors).key, draw.choice(juniors).key) for _pair in range((mentors + mentees) // 20)
    ]
    return Problem(
        mentors=tuple(juniors),
        mentees=tuple(seniors),
        blocked=tuple(apart),
        week=WEEK,
        policy=Policy(**policy),  # type: ignore[arg-type]
    )


def _person(key: str, draw: random.Random, is_mentor: bool, capacity: int = 1, boss: str = "") -> Person:
    known, wanted = draw.sample(TOPICS, 6), draw.sample(TOPICS, 4)
    department = draw.choice(DEPARTMENTS)
    return Person(
        key=key,
        capacity=capacity,
        offers={topic: draw.randint(2, 5) for topic in known},
        wants={topic: draw.randint(1, 3) for topic in wanted},
        perspectives_offered=tuple(draw.sample(VIEWS, draw.randint(0, 2))) if is_mentor else (),
        perspective_wanted=draw.choice([*VIEWS, None]) if not is_mentor else None,
        style=draw.choice(STYLES),
        languages=tuple(draw.sample(["en", "nl", "de", "fr"], draw.choice([1, 2, 2, 3]))),
        site=draw.choice(SITES),
        country=draw.choice(["NL", "NL", "DE"]),
        cross_border=draw.random() < 0.7,
        department=department,
        discipline=draw.choice(DISCIPLINES),
        team=f"{department} {draw.randrange(TEAM)}",
        grade=draw.randint(1, 3) if is_mentor else draw.randint(4, 6),
        availability=tuple(draw.sample(BLOCKS, draw.randint(3, 6))),
        time_zone="Europe/Amsterdam",
        managers=(boss,) if boss else (),
    )
