"""Reporting lines at any depth, in both directions, and circles that end."""

import random

import pytest

from matching.engine import Person, Problem, solve
from matching.engine.chains import forbidden_pairs, superiors
from tests.matching.engine.cohorts import junior, senior


def cohort(mentees: dict[str, tuple[str, ...]], mentors: dict[str, tuple[str, ...]]) -> Problem:
    return Problem(
        mentees=tuple(senior(key, managers=chain) for key, chain in mentees.items()),
        mentors=tuple(junior(key, managers=chain) for key, chain in mentors.items()),
    )


@pytest.mark.covers("S2.11")
def test_nobody_is_paired_with_their_own_line_at_any_depth() -> None:
    problem = cohort({"top": (), "aside": ()}, {"deep": ("a", "b", "c", "top")})
    assert set(forbidden_pairs(problem)) == {("top", "deep")}
    assert [(pair.mentee, pair.mentor) for pair in solve(problem).pairs] == [("aside", "deep")]


def test_the_ban_works_upwards_too() -> None:
    problem = cohort({"boss": ("young",)}, {"young": ()})
    assert set(forbidden_pairs(problem)) == {("boss", "young")}


def test_chains_of_people_in_the_cohort_are_joined() -> None:
    problem = cohort({"top": (), "middle": ("top",)}, {"young": ("middle",)})
    assert set(forbidden_pairs(problem)) == {("top", "young"), ("middle", "young")}


def test_circles_end_and_part_everybody_in_them() -> None:
    problem = cohort({"a": ("b",), "c": ()}, {"b": ("x", "a"), "d": ("d",)})
    assert set(forbidden_pairs(problem)) == {("a", "b")}
    assert superiors(problem)["d"] == {"d"}
    assert solve(problem).totals.matched == 2


def test_two_reports_of_one_manager_are_not_in_one_line() -> None:
    assert not set(forbidden_pairs(cohort({"one": ("boss",)}, {"other": ("boss",)})))


def test_random_charts_agree_with_a_walk_from_person_to_manager() -> None:
    rng = random.Random(4)
    for _ in range(200):
        keys = [f"p{k}" for k in range(12)]
        boss = {key: rng.choice([None, None, *keys]) for key in keys}
        people = {key: tuple(_walk(boss, key, steps=rng.choice((1, 20)))) for key in keys}
        seniors, juniors = keys[:6], keys[6:]
        problem = Problem(
            mentees=tuple(Person(key, managers=people[key]) for key in seniors),
            mentors=tuple(Person(key, managers=people[key]) for key in juniors),
        )
        expected = {
            (one, other)
            for one in seniors
            for other in juniors
            if one in _walk(boss, other) or other in _walk(boss, one)
        }
        assert set(forbidden_pairs(problem)) == expected


def _walk(boss: dict[str, str | None], key: str, steps: int = 20) -> list[str]:
    above: list[str] = []
    current = boss[key]
    while current is not None and current not in above and len(above) < steps:
        above.append(current)
        current = boss[current]
    return above
