"""Bad input is refused with a code and the person or setting named; what is merely empty is not an error."""

from dataclasses import replace

import pytest

from matching.engine import EngineError, Person, Policy, Problem, Rules, Weights, explain, solve, verify
from matching.engine.codes import MOST_PEOPLE
from matching.engine.model import Fairness
from tests.matching.engine.cohorts import given, junior, senior


def base(**changes: object) -> Problem:
    return replace(Problem(mentors=(junior("m1"),), mentees=(senior("e1"),)), **changes)


def policy(**changes: object) -> Problem:
    return base(policy=Policy(**changes))


NAN = float("nan")


@pytest.mark.parametrize(
    ("problem", "code", "keys"),
    [
        (base(mentors=(junior("m1"), junior("m1"))), "duplicate_key", ("m1",)),
        (base(mentees=(senior("e1"), senior("e1"))), "duplicate_key", ("e1",)),
        (base(mentees=(senior(""),)), "key", ("",)),
        (base(mentees=(senior("a\nb"),)), "key", ("a\nb",)),
        (base(mentors=(junior("m1", capacity=-1),)), "capacity", ("m1",)),
        (base(mentors=(junior("m1", capacity=1.5),)), "capacity", ("m1",)),
        (base(mentors=(junior("m1", capacity=NAN),)), "capacity", ("m1",)),
        (base(mentors=(junior("m1", capacity=True),)), "capacity", ("m1",)),
        (base(mentors=(junior("m1", offers={"t": 6}),)), "level", ("m1",)),
        (base(mentees=(senior("e1", wants={"t": 0}),)), "priority", ("e1",)),
        (base(mentees=(senior("e1", wants={"t": NAN}),)), "priority", ("e1",)),
        (base(mentees=(senior("e1", grade=-2),)), "grade", ("e1",)),
        (base(pins=(("e1", "nobody"),)), "unknown_key", ("nobody",)),
        (base(rejects=(("m1", "e1"),)), "unknown_key", ("m1",)),
        (policy(weights=Weights(knowledge=NAN)), "weight", ()),
        (policy(weights=Weights(knowledge=float("inf"))), "weight", ()),
        (policy(weights=Weights(style=-1)), "weight", ()),
        (policy(weights=Weights(style=10**7)), "weight", ()),
        (policy(weights=Weights(0, 0, 0, 0, 0, 0)), "weight", ()),
        (policy(weights=Weights(style="10")), "weight", ()),
        (policy(fairness="nice"), "policy", ()),
        (policy(coverage="all"), "policy", ()),
        (policy(coverage="fit", fairness="floor"), "policy", ()),
        (policy(load_step=-1), "policy", ()),
        (policy(stickiness=NAN), "policy", ()),
        (policy(tie_seed=2**63), "policy", ()),
        (policy(max_gap=-1), "policy", ()),
        (policy(memory_mb=0), "policy", ()),
        (policy(rules=Rules(min_grade_distance=0)), "rule", ()),
        (policy(rules=Rules(min_shared_minutes=5)), "rule", ()),
        (policy(rules=Rules(assumed_time_zone="Nowhere")), "time_zone", ()),
        (base(scores=(("e1", "m1", 100_001),)), "score", ("e1", "m1")),
        (base(scores=(("e1", "m1", NAN),)), "score", ("e1", "m1")),
        (base(scores=(("e1", "m1", 1), ("e1", "m1", 1))), "duplicate_key", ("e1", "m1")),
        (base(scores=(("e1", "m2", 1),)), "unknown_key", ("m2",)),
    ],
)
def test_what_cannot_be_meant_is_refused_by_name(problem: Problem, code: str, keys: tuple[str, ...]) -> None:
    with pytest.raises(EngineError) as caught:
        solve(problem)
    assert (caught.value.code, caught.value.keys) == (code, keys)
    assert "\n" not in str(caught.value)
    assert all(repr(key) in str(caught.value) for key in keys)


def test_more_people_than_the_limit_are_refused() -> None:
    crowd = tuple(Person(f"m{k}") for k in range(MOST_PEOPLE + 1))
    with pytest.raises(EngineError) as caught:
        solve(base(mentors=crowd))
    assert caught.value.code == "too_many_people"
    assert str(MOST_PEOPLE) in str(caught.value)


def test_a_cohort_beyond_the_memory_it_may_take_names_the_limit() -> None:
    crowd = tuple(junior(f"m{k}") for k in range(300)), tuple(senior(f"e{k}") for k in range(300))
    with pytest.raises(EngineError) as caught:
        solve(Problem(mentors=crowd[0], mentees=crowd[1], policy=Policy(memory_mb=5)))
    assert caught.value.code == "too_large"
    assert "5 MB of memory_mb" in str(caught.value)


@pytest.mark.parametrize("fairness", ["total", "floor"])
def test_a_large_cohort_needs_no_memory_for_all_its_pairs(fairness: Fairness) -> None:
    many = tuple(Person(f"m{i:04d}") for i in range(1500))
    seniors = tuple(Person(f"e{j:04d}") for j in range(1500))
    scores = (("e0003", "m0004", 7),)
    asked = Problem(many, seniors, scores=scores, policy=Policy(fairness=fairness, memory_mb=16))
    assert solve(asked).totals.score == 7


def test_points_too_large_to_be_added_exactly_are_refused() -> None:
    crowd = {f"e{k}": 1 for k in range(90)}, {f"m{k}": 50 for k in range(4)}
    scores = {(e, m): 1 for e in crowd[0] for m in crowd[1]}
    with pytest.raises(EngineError) as caught:
        solve(given(scores, *crowd, policy=Policy(load_step=10**9, coverage="people")))
    assert caught.value.code == "too_large"


@pytest.mark.parametrize(
    ("changes", "rules"),
    [
        ({"mentors": (junior("m1", managers=("x", "e1")),)}, ("reporting_line",)),
        ({"mentors": (junior("m1", grade=8),)}, ("grade_direction",)),
        ({"mentors": (junior("m1", grade=7, team="a"),), "mentees": (senior("e1", team="a"),)},
         ("grade_distance", "same_team")),
        ({"blocked": (("m1", "e1"),)}, ("not_available",)),
        ({"past": (("e1", "m1"),)}, ("past_pair",)),
        ({"scores": ()}, ("not_listed",)),
    ],
)  # fmt: skip
def test_a_pin_that_breaks_a_rule_names_people_and_rule(changes: dict, rules: tuple[str, ...]) -> None:
    with pytest.raises(EngineError) as caught:
        solve(base(pins=(("e1", "m1"),), **changes))
    error = caught.value
    assert (error.code, error.keys, error.rules) == ("pin_breaks_rule", ("e1", "m1"), rules)
    assert all(part in str(error) for part in ("e1", "m1", *rules))


def test_pins_that_contradict_are_refused() -> None:
    with pytest.raises(EngineError) as caught:
        solve(base(pins=(("e1", "m1"),), rejects=(("e1", "m1"),)))
    assert (caught.value.code, caught.value.keys) == ("pin_rejected", ("e1", "m1"))
    twice = base(mentees=(senior("e1"), senior("e2")), pins=(("e1", "m1"), ("e2", "m1")))
    with pytest.raises(EngineError) as caught:
        solve(twice)
    assert (caught.value.code, caught.value.keys) == ("pin_over_capacity", ("m1",))
    assert solve(base(pins=(("e1", "m1"), ("e1", "m1")))).totals.matched == 1


@pytest.mark.parametrize(
    ("problem", "code"),
    [
        (base(mentors=()), "other_side_empty"),
        (base(mentors=(junior("m1", capacity=0),)), "ruled_out"),
        (base(mentees=(senior("e1", capacity=0),)), "own_capacity"),
        (base(rejects=(("e1", "m1"),)), "ruled_out"),
    ],
)
def test_nothing_to_match_is_an_empty_plan_with_reasons(problem: Problem, code: str) -> None:
    plan = solve(problem)
    verify(problem, plan)
    assert (plan.pairs, plan.unmatched_mentees, plan.certificate.gap) == ((), ("e1",), 0)
    assert explain(problem, plan).unmatched("e1", "mentee").code == code


def test_with_given_scores_hours_and_zones_are_not_looked_at() -> None:
    problem = base(
        mentors=(junior("m1", time_zone="Nowhere"),),
        mentees=(senior("e1", time_zone="Europe/Berlin", availability=("mon_night",)),),
        scores=(("e1", "m1", 7),),
    )
    assert solve(problem).totals.score == 7


def test_nobody_at_all_is_an_empty_plan() -> None:
    for problem in (Problem(mentors=(), mentees=()), Problem(mentors=(), mentees=(), scores=())):
        plan = solve(problem)
        verify(problem, plan)
        assert plan.totals.matched == plan.totals.score == 0
        assert plan.totals.weakest is None
        assert explain(problem, plan).rule_effects() == ()


def test_explaining_a_stranger_or_another_plan_is_refused() -> None:
    plan = solve(base())
    with pytest.raises(EngineError) as caught:
        explain(base(), plan).pair("e1", "m9")
    assert caught.value.code == "unknown_key"
    with pytest.raises(EngineError) as caught:
        explain(base(past=(("e1", "m1"),)), plan)
    assert caught.value.code == "plan_mismatch"
