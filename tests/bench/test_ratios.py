"""Speed as ratios taken in one run, printed with `make bench`; no time of day is ever a test's verdict."""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Callable
from datetime import date
from statistics import median

import numpy as np
import pytest
from django.test import Client
from scipy.optimize import linear_sum_assignment

from matching.engine import Person, Problem, solve
from participants.services import open_log_in
from tests.meetings.world import cohort, pair

TOPICS = [f"topic{number}" for number in range(19)]
BLOCKS = [f"{day}_{part}" for day in ("mon", "tue", "wed", "thu", "fri") for part in ("am", "lunch", "pm")]


def cpu(act: Callable[[], object], rounds: int = 5) -> float:
    """Median processor time of an act, in seconds."""
    times = []
    for _round in range(rounds):
        started = time.process_time()
        act()
        times.append(time.process_time() - started)
    return median(times)


def person(key: str, draw: random.Random, *, mentor: bool) -> Person:
    offers, wants = draw.sample(TOPICS, 4), draw.sample(TOPICS, 3)
    return Person(
        key=key,
        capacity=draw.choice([1, 2, 2, 3]) if mentor else 1,
        offers={topic: draw.randint(3, 5) for topic in offers},
        wants={topic: 3 - place for place, topic in enumerate(wants)},
        languages=("en", "nl"),
        country="NL",
        department=draw.choice("ABCDEFG"),
        site=draw.choice("RSTU"),
        grade=draw.randint(1, 3) if mentor else draw.randint(5, 6),
        availability=tuple(draw.sample(BLOCKS, 5)),
        time_zone="Europe/Amsterdam",
    )


def test_matching_122_by_200_beside_the_raw_solver(capsys: pytest.CaptureFixture[str]) -> None:
    draw = random.Random(1)
    problem = Problem(
        mentors=tuple(person(f"m{n}", draw, mentor=True) for n in range(122)),
        mentees=tuple(person(f"e{n}", draw, mentor=False) for n in range(200)),
        week=date(2027, 1, 4),
    )
    seats = sum(one.capacity for one in problem.mentors)
    matrix = np.random.default_rng(1).integers(0, 100_000, size=(200, seats)).astype(float)
    plan = solve(problem)
    ours, raw = cpu(lambda: solve(problem)), cpu(lambda: linear_sum_assignment(matrix, maximize=True))
    with capsys.disabled():
        sys.stdout.write(f"\nmatching 122 by 200: {ours / raw:.1f} times the raw solver\n")
    assert plan.certificate.gap == 0


@pytest.mark.django_db
def test_the_first_page_beside_a_page_without_data(capsys: pytest.CaptureFixture[str]) -> None:
    within = cohort()
    who = pair(within).mentor.person
    for _one in range(60):
        pair(within)
    client = Client()
    client.force_login(open_log_in(person=who), backend="django.contrib.auth.backends.ModelBackend")
    home, bare = cpu(lambda: client.get("/"), 9), cpu(lambda: client.get("/help/"), 9)
    with capsys.disabled():
        sys.stdout.write(f"\nfirst page: {home / bare:.1f} times a page without data\n")
    assert client.get("/").status_code == 200
