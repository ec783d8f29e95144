"""The plan is the best one, against two solvers that share no line with the engine."""

import random
from dataclasses import replace

import pytest
from hypothesis import given

from matching.engine import Policy, Problem, explain, solve, verify
from matching.engine.reasons import Judge
from tests.matching.engine import oracle
from tests.matching.engine.cohorts import FACTOR, examples, people, possible_pins, random_people, scored
from tests.matching.engine.cohorts import given as given_scores


@examples(250)
@given(scored())
def test_no_plan_ranks_higher_and_the_lot_decides_between_equals(problem: Problem) -> None:
    plan = solve(problem)
    best = oracle.best(problem, floor=plan.totals.floor)
    assert oracle.rank_of(problem, plan) == best.rank
    assert oracle.lots_of(problem, plan) == best.lots
    assert (plan.certificate.gap, plan.certificate.primal) == (0, plan.totals.value)
    verify(problem, plan)


@examples(80)
@given(scored(fairness="floor", coverage="pairs"))
def test_the_weakest_pair_is_as_good_as_full_coverage_allows(problem: Problem) -> None:
    assert solve(problem).totals.floor == oracle.best_floor(problem)


@examples(40)
@given(scored(fairness="floor", coverage="people"))
def test_the_floor_also_keeps_everybody_covered(problem: Problem) -> None:
    assert solve(problem).totals.floor == oracle.best_floor(problem)


@examples(100)
@given(scored(most=(4, 4)))
def test_the_loss_of_a_pair_is_exactly_what_the_best_plan_with_it_loses(problem: Problem) -> None:
    _check_losses(problem)


@examples(60)
@given(scored(most=(5, 2), coverage="people"))
def test_losses_are_exact_where_somebody_has_to_be_left_out(problem: Problem) -> None:
    _check_losses(problem)


def _check_losses(problem: Problem) -> None:
    plan = solve(problem)
    floor, whole = plan.totals.floor, oracle.best(problem, floor=plan.totals.floor)
    why = explain(problem, plan)
    everything = why.losses()
    assert {(pair.mentee, pair.mentor) for pair in plan.pairs} <= everything.keys()
    for link, answer in everything.items():
        forced = oracle.best(replace(problem, pins=(*problem.pins, link)), floor=floor)
        below = floor is not None and answer.score < floor and link not in problem.pins
        if below:
            assert answer.reasons == ("below_floor",)
        elif forced is None:
            assert answer.reasons == ("pinned_elsewhere",)
        else:
            loss = answer.loss
            lost = {
                "pairs": (loss.pairs, loss.points),
                "people": (loss.people, loss.pairs, loss.points),
                "fit": (loss.points, loss.pairs),
            }[problem.policy.coverage]
            assert lost == tuple(a - b for a, b in zip(whole.rank, forced.rank, strict=True))
        assert why.why_not(*link) == answer
    for role, side in (("mentee", problem.mentees), ("mentor", problem.mentors)):
        for person in side:
            for answer in why.alternatives(person.key, role, count=9):
                assert answer == everything[answer.mentee, answer.mentor]
                assert not answer.chosen
                assert answer.loss is not None


def test_thousands_of_tiny_cohorts_agree_with_trying_everything() -> None:
    rng = random.Random(10)
    for _ in range(2000 * FACTOR):
        problem = middling(rng, most=5)
        plan = solve(problem)
        best = oracle.best(problem)
        assert oracle.rank_of(problem, plan) == best.rank
        assert oracle.lots_of(problem, plan) == best.lots


def test_hundreds_of_small_cohorts_agree_with_integer_programming() -> None:
    rng = random.Random(20)
    for _ in range(150 * FACTOR):
        problem = middling(rng)
        totals = solve(problem).totals
        assert (totals.matched, totals.score) == oracle.by_integer_programme(problem)


def middling(rng: random.Random, most: int = 14) -> Problem:
    """So many a side at most, with capacities on both, ties, rejects and pins."""
    mentees = {f"e{k}": rng.choice((0, 1, 1, 2, 3)) for k in range(rng.randint(1, most))}
    mentors = {f"m{k}": rng.choice((0, 1, 2, 3)) for k in range(rng.randint(1, most))}
    top = rng.choice((0, 1, 3, 100_000))
    chance = rng.choice((0.2, 0.5, 0.9))
    scores = {(e, m): rng.randint(0, top) for e in mentees for m in mentors if rng.random() < chance}
    rejects = tuple(link for link in scores if rng.random() < 0.1)
    problem = given_scores(scores, mentees, mentors, rejects=rejects)
    pins = possible_pins(problem.mentees, problem.mentors, scores, rejects, rng.randint(0, 3))
    return replace(problem, pins=pins)


@examples(80)
@given(people())
def test_people_are_matched_best_under_scores_and_rules_worked_out_one_by_one(problem: Problem) -> None:
    judge = Judge(problem)
    scores = {
        (mentee.key, mentor.key): judge.score(mentee.key, mentor.key)
        for mentee in problem.mentees
        for mentor in problem.mentors
        if not judge.broken_rules(mentee.key, mentor.key)
    }
    plain = replace(
        problem,
        scores=tuple((*link, score) for link, score in scores.items()),
        past=(),
        blocked=(),
        rejects=(),
    )
    totals = solve(problem).totals
    assert (totals.matched, totals.score) == oracle.by_integer_programme(plain)
    assert totals.allowed == len(scores)


@pytest.mark.covers("S1.17")
def test_the_size_of_the_first_large_programme_is_solved_and_proven() -> None:
    rng = random.Random(7)
    mentees = {f"e{k:03}": 1 for k in range(200)}
    mentors = {f"m{k:03}": rng.choice((1, 2, 3)) for k in range(122)}
    scores = {(e, m): rng.randint(0, 100_000) for e in mentees for m in mentors if rng.random() < 0.36}
    problem = given_scores(scores, mentees, mentors)
    plan = solve(problem)
    assert (plan.totals.matched, plan.certificate.gap) == (200, 0)
    assert (200, plan.totals.score) == oracle.by_integer_programme(problem)
    verify(problem, plan)


def test_seniors_with_several_juniors_never_get_the_same_one_twice() -> None:
    rng = random.Random(3)
    mentees = {f"e{k}": 2 for k in range(20)}
    mentors = {f"m{k}": 2 for k in range(20)}
    scores = {(e, m): rng.randint(0, 100_000) for e in mentees for m in mentors}
    problem = given_scores(scores, mentees, mentors)
    plan = solve(problem)
    assert len({(pair.mentee, pair.mentor) for pair in plan.pairs}) == plan.totals.matched == 40
    assert plan.certificate.rounds > 1
    assert (40, plan.totals.score) == oracle.by_integer_programme(problem)


def test_a_random_company_is_solved_under_every_policy() -> None:
    rng = random.Random(11)
    problem = random_people(rng, most=(40, 40))
    for coverage, fairness in (("pairs", "floor"), ("people", "total"), ("fit", "concave")):
        policy = replace(problem.policy, coverage=coverage, fairness=fairness, load_step=500)
        verify(replace(problem, policy=policy), solve(replace(problem, policy=policy)))
    assert isinstance(problem.policy, Policy)
