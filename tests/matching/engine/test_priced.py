"""The method for large cohorts gives what the method for small ones gives, however few pairs it begins with."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.engine import EngineError, Policy, Problem, explain, solve, verify
from matching.engine.encode import encode
from matching.engine.lifted import solve_lifted
from matching.engine.pairs import Pairs
from matching.engine.priced import solve_priced
from matching.engine.solve import solve_table
from matching.engine.table import tabulate
from tests.bench.matching.cohorts import bench_cohort
from tests.matching.engine.cohorts import examples, people, scored


def silent(*_told: object) -> None:
    pass


def both(problem: Problem, keep: int, first: int) -> None:
    cohort = encode(problem)
    dense = solve_table(tabulate(cohort))
    priced = solve_priced(cohort, silent, keep=keep, first=first)
    scales = dense.network.scale, priced.network.scale
    assert scales[0].read(dense.proof.primal) == scales[1].read(priced.proof.primal)
    assert priced.proof.primal == priced.proof.bound
    assert np.array_equal(dense.chosen.rows, priced.chosen.rows)
    assert np.array_equal(dense.chosen.columns, priced.chosen.columns)
    assert priced.allowed == int(tabulate(cohort).allowed.sum())


@examples(150)
@given(scored(fairness="total"), st.sampled_from((1, 2, 256)), st.sampled_from((1, 2, 12)))
def test_few_pairs_at_a_time_give_the_same_plan_as_all_at_once(
    problem: Problem, keep: int, first: int
) -> None:
    both(problem, keep, first)


@examples(60)
@given(scored(fairness="concave"), st.sampled_from((1, 3)))
def test_so_they_do_where_weak_pairs_count_for_more(problem: Problem, keep: int) -> None:
    both(problem, keep, 1)


@examples(100)
@given(scored(fairness="floor"), st.sampled_from((1, 2, 256)))
def test_so_they_do_where_the_weakest_pair_is_lifted(problem: Problem, keep: int) -> None:
    cohort = encode(problem)
    dense = solve_table(tabulate(cohort))
    priced, floor = solve_lifted(cohort, silent, keep=keep)
    assert floor == dense.floor
    assert priced.proof.primal == priced.proof.bound
    assert np.array_equal(dense.chosen.rows, priced.chosen.rows)
    assert np.array_equal(dense.chosen.columns, priced.chosen.columns)
    assert priced.allowed == int(tabulate(cohort).allowed.sum())


@examples(60)
@given(people(), st.sampled_from((1, 4)))
def test_so_they_do_with_rules_and_weights(problem: Problem, keep: int) -> None:
    both(problem, keep, 2)


@examples(60)
@given(people())
def test_single_pairs_score_as_in_the_whole_table(problem: Problem) -> None:
    cohort = encode(problem)
    rows, columns = (places.ravel() for places in np.indices(cohort.shape))
    for is_turned in (False, True):
        pairs = Pairs(cohort, is_turned=is_turned)
        table = pairs.dense()
        ours, theirs = (columns, rows) if is_turned else (rows, columns)
        assert np.array_equal(pairs.at(ours, theirs), table[ours, theirs])
        assert np.array_equal(pairs.rows(np.arange(len(table))), table)


@pytest.fixture
def is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("matching.engine.table.LARGE", 0)


@pytest.mark.usefixtures("is_large")
@pytest.mark.parametrize("shape", [(30, 50), (50, 30), (40, 40)])
def test_a_plan_of_few_pairs_at_a_time_is_whole(shape: tuple[int, int]) -> None:
    """Pins, rejects, a standing plan and a load step; checked and explained like any other."""
    problem = bench_cohort(*shape)
    first = solve(problem)
    changed = replace(
        problem,
        pins=((first.pairs[0].mentee, first.pairs[0].mentor),),
        rejects=((first.pairs[1].mentee, first.pairs[1].mentor),),
        current=tuple((pair.mentee, pair.mentor) for pair in first.pairs),
        policy=replace(problem.policy, load_step=4000, stickiness=3000),
    )
    told: list[str] = []
    plan = solve(changed, lambda what, _done, _of: told.append(what))
    verify(changed, plan)
    assert plan.certificate.engine == "priced"
    assert plan.certificate.gap == 0
    assert plan.pairs[0].pinned
    assert {"pairs", "rounds"} <= set(told)
    assert changed.rejects[0] not in {(pair.mentee, pair.mentor) for pair in plan.pairs}
    for key in plan.unmatched_mentees:
        assert explain(changed, plan).unmatched(key, "mentee").candidates == shape[0]


@pytest.mark.usefixtures("is_large")
def test_the_weakest_pair_is_lifted_among_few_pairs_at_a_time_with_pins_and_a_standing_plan() -> None:
    problem = bench_cohort(40, 50, 4)
    first = solve(problem)
    lifted = replace(
        problem,
        pins=((first.pairs[0].mentee, first.pairs[0].mentor),),
        current=tuple((pair.mentee, pair.mentor) for pair in first.pairs),
        policy=replace(problem.policy, fairness="floor", stickiness=3000, max_gap=5000),
    )
    told: list[tuple[str, int, int]] = []
    plan = solve(lifted, lambda *said: told.append(said))
    verify(lifted, plan)
    plain = solve(replace(lifted, policy=replace(lifted.policy, fairness="total")))
    assert plan.certificate.engine == "priced"
    assert plan.totals.floor == min(pair.score for pair in plan.pairs if not pair.pinned)
    assert plan.totals.floor > min(pair.score for pair in plain.pairs if not pair.pinned)
    assert plan.totals.matched == plain.totals.matched
    steps = [done for what, done, of in told if what == "floor" and done <= of]
    assert steps == sorted(steps)
    assert len(set(steps)) > 2


@pytest.mark.usefixtures("is_large")
def test_a_pin_that_breaks_a_rule_is_named_in_a_large_cohort_too() -> None:
    problem = bench_cohort(20, 20)
    one, other = problem.blocked[0]
    with pytest.raises(EngineError, match="not_available") as caught:
        solve(replace(problem, pins=((one, other),)))
    assert caught.value.keys == (one, other)


class _Stop(Exception):
    pass


@pytest.mark.usefixtures("is_large")
def test_it_can_be_stopped_on_the_way() -> None:
    def stop(_what: str, _done: int, _of: int) -> None:
        raise _Stop

    with pytest.raises(_Stop):
        solve(bench_cohort(20, 20), stop)


@pytest.mark.usefixtures("is_large")
def test_a_plan_may_stop_short_of_the_best_by_what_was_allowed_and_says_by_how_much() -> None:
    problem = bench_cohort(60, 60)
    best = solve(problem)
    loose = replace(problem, policy=Policy(max_gap=10**9))
    plan = solve(loose)
    verify(loose, plan)
    assert plan.certificate.gap == plan.certificate.bound - plan.certificate.primal
    assert plan.certificate.primal <= best.certificate.primal <= plan.certificate.bound
