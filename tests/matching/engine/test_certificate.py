"""A wrong solver cannot go unnoticed."""

import random
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
import scipy.optimize
import scipy.sparse.csgraph
from scipy.sparse import csr_array

from matching.engine import (
    CertificateError,
    EngineError,
    Pair,
    Policy,
    Problem,
    VerificationError,
    solve,
    verify,
)
from matching.engine.certificate import bound_of, prove
from matching.engine.encode import encode
from matching.engine.network import Chosen, build
from matching.engine.priced import solve_priced
from matching.engine.table import tabulate
from tests.matching.engine.cohorts import given

FLOOR = Policy(fairness="floor")
SCORES = {(f"e{j}", f"m{i}"): 1000 * ((3 * j + 5 * i) % 11) for j in range(6) for i in range(5)}
Faulty = Callable[[np.ndarray, np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]


def problem(**policy: object) -> Problem:
    made = given(SCORES, {f"e{j}": 1 for j in range(6)}, {f"m{i}": 1 for i in range(5)})
    return replace(made, policy=replace(made.policy, **policy))


def plant(monkeypatch: pytest.MonkeyPatch, fault: Faulty, call: int) -> None:
    """Make the answer of the dense solver wrong in its ``call``-th run."""
    sound, calls = scipy.optimize.linear_sum_assignment, []

    def faulty(cost: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        calls.append(1)
        rows, columns = sound(cost)
        return fault(-cost, rows, columns) if len(calls) == call else (rows, columns)

    monkeypatch.setattr(scipy.optimize, "linear_sum_assignment", faulty)


def plant_sparse(monkeypatch: pytest.MonkeyPatch, fault: Faulty, call: int = 1) -> list[int]:
    """Make the answer of the sparse solver wrong in its ``call``-th run; tells how often it was asked."""
    sound, calls = scipy.sparse.csgraph.min_weight_full_bipartite_matching, []

    def faulty(cost: csr_array) -> tuple[np.ndarray, np.ndarray]:
        calls.append(1)
        rows, columns = sound(cost)
        if len(calls) != call:
            return rows, columns
        dense = cost.toarray()
        return fault(np.where(dense > 0, dense.max() + 1 - dense, 0), rows, columns)

    monkeypatch.setattr(scipy.sparse.csgraph, "min_weight_full_bipartite_matching", faulty)
    return calls


def swap_two(worth: np.ndarray, rows: np.ndarray, columns: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The first swap that makes the plan worth less."""
    best = worth[rows, columns].sum()
    for one in range(rows.size):
        for other in range(one):
            turned = columns.copy()
            turned[[one, other]] = turned[[other, one]]
            if 0 < worth[rows, turned].sum() < best:
                return rows, turned
    raise AssertionError("no swap makes it worse")


def lose_one(worth: np.ndarray, rows: np.ndarray, columns: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return rows[1:], columns[1:]


def same_seat(worth: np.ndarray, rows: np.ndarray, columns: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return rows, np.full_like(columns, columns[0])


POLICIES = [{}, {"coverage": "fit"}, {"fairness": "concave", "load_step": 500}]


@pytest.mark.parametrize("fault", [swap_two, lose_one, same_seat])
@pytest.mark.parametrize("policy", POLICIES)
def test_a_planted_fault_never_becomes_a_plan(
    monkeypatch: pytest.MonkeyPatch, fault: Faulty, policy: dict[str, object]
) -> None:
    whole = problem(**policy)
    solve(whole)
    plant(monkeypatch, fault, 1)
    with pytest.raises(CertificateError):
        solve(whole)


@pytest.mark.parametrize("fault", [swap_two, lose_one, same_seat])
@pytest.mark.parametrize("policy", POLICIES)
def test_a_planted_fault_in_the_method_for_large_cohorts_never_becomes_a_plan(
    monkeypatch: pytest.MonkeyPatch, fault: Faulty, policy: dict[str, object]
) -> None:
    cohort = encode(problem(**policy))
    good = solve_priced(cohort, lambda *_told: None)
    plant_sparse(monkeypatch, fault)
    with pytest.raises(CertificateError):
        solve_priced(cohort, lambda *_told: None)
    assert good.proof.primal == good.proof.bound


@pytest.mark.parametrize("fault", [swap_two, lose_one, same_seat])
def test_a_wrong_draw_among_equals_is_still_a_best_plan_or_refused(
    monkeypatch: pytest.MonkeyPatch, fault: Faulty
) -> None:
    alike = dict.fromkeys(SCORES, 1000)
    whole = given(alike, {f"e{j}": 1 for j in range(6)}, {f"m{i}": 1 for i in range(5)})
    good = solve(whole)
    calls = plant_sparse(monkeypatch, fault)
    try:
        plan = solve(whole)
    except CertificateError:
        pass
    else:
        assert (plan.totals.matched, plan.totals.value) == (good.totals.matched, good.totals.value)
    assert calls


def test_a_floor_set_too_low_by_a_faulty_probe_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = random.Random(2)
    scores = {(f"e{j}", f"m{i}"): rng.randint(0, 100_000) for j in range(9) for i in range(9)}
    whole = given(scores, {f"e{j}": 1 for j in range(9)}, {f"m{i}": 1 for i in range(9)}, policy=FLOOR)
    good, refused = solve(whole), 0
    assert good.totals.floor > solve(replace(whole, policy=Policy())).totals.weakest
    for call in range(1, 9):
        with monkeypatch.context() as patched:
            plant(patched, lose_one, call)
            try:
                assert solve(whole).totals == good.totals
            except CertificateError:
                refused += 1
    assert refused >= 4


def test_any_prices_bound_every_plan() -> None:
    rng = np.random.default_rng(5)
    network = build(tabulate(encode(problem())))
    best = prove(network, Chosen(*np.array(_pairs(solve(problem()))).T)).primal
    for _ in range(200):
        low, high = rng.choice(((-(10**9), 10**9), (-(10**6), 1), (0, 1), (-(10**5), 10**5)))
        prices = rng.integers(low, high, 6), rng.integers(low, high, 5)
        assert bound_of(network, *prices) >= best


def _pairs(plan) -> list[tuple[int, int]]:
    return [(int(pair.mentee[1:]), int(pair.mentor[1:])) for pair in plan.pairs]


def test_a_choice_beyond_capacity_or_outside_the_rules_is_no_plan() -> None:
    network = build(tabulate(encode(problem())))
    for rows, columns in (([0, 1], [2, 2]), ([0, 0], [1, 1])):
        with pytest.raises(CertificateError):
            prove(network, Chosen(np.array(rows), np.array(columns)))
    closed = build(tabulate(encode(replace(problem(), rejects=(("e0", "m0"),)))))
    with pytest.raises(CertificateError):
        prove(closed, Chosen(np.array([0]), np.array([0])))


def _spoilt(plan):
    first, second, *others = plan.pairs
    proof, totals = plan.certificate, plan.totals
    swapped = (
        replace(first, mentor=second.mentor, score=SCORES[first.mentee, second.mentor]),
        replace(second, mentor=first.mentor, score=SCORES[second.mentee, first.mentor]),
    )
    key = first.mentee
    return {
        "a pair less": replace(plan, pairs=plan.pairs[1:]),
        "a pair twice": replace(plan, pairs=(first, *plan.pairs)),
        "out of order": replace(plan, pairs=plan.pairs[::-1]),
        "a stranger": replace(plan, pairs=(replace(first, mentee="nobody"), *plan.pairs[1:])),
        "too many": replace(plan, pairs=(replace(first, mentor=second.mentor), *plan.pairs[1:])),
        "a wrong score": replace(plan, pairs=(replace(first, score=first.score + 1), *plan.pairs[1:])),
        "a false pin": replace(plan, pairs=(replace(first, pinned=True), *plan.pairs[1:])),
        "swapped": replace(plan, pairs=(*swapped, *others)),
        "a wrong total": replace(plan, totals=replace(totals, score=totals.score + 1)),
        "a wrong value": replace(plan, totals=replace(totals, value=totals.value + 1)),
        "a wrong bound": replace(plan, certificate=replace(proof, bound=proof.bound + 1, gap=1)),
        "a wrong price": replace(
            plan,
            certificate=replace(
                proof, mentee_prices=dict(proof.mentee_prices) | {key: proof.mentee_prices[key] + 1}
            ),
        ),
        "no prices": replace(plan, certificate=replace(proof, mentee_prices={})),
        "nobody left": replace(plan, unmatched_mentees=()),
        "another problem": replace(plan, input_digest="sha256:0"),
    }


@pytest.mark.parametrize("what", list(_spoilt(solve(problem()))))
def test_a_spoilt_plan_does_not_pass_the_check(what: str) -> None:
    whole = problem()
    plan = solve(whole)
    verify(whole, plan)
    with pytest.raises(VerificationError):
        verify(whole, _spoilt(plan)[what])


def test_a_plan_that_breaks_a_pin_or_a_rule_does_not_pass_the_check() -> None:
    whole = problem()
    plan = solve(whole)
    first = plan.pairs[0]
    for changed in (
        replace(whole, rejects=((first.mentee, first.mentor),)),
        replace(whole, blocked=((first.mentor, first.mentee),)),
        replace(whole, pins=((plan.unmatched_mentees[0], first.mentor),)),
    ):
        other = replace(plan, input_digest=solve(changed).input_digest)
        with pytest.raises(VerificationError) as caught:
            verify(changed, other)
        assert first.mentor in caught.value.keys


def test_the_proof_names_its_parts() -> None:
    plan = solve(problem())
    assert isinstance(plan.pairs[0], Pair)
    assert plan.certificate.engine == "dense"
    assert set(plan.certificate.mentor_prices) == {f"m{i}" for i in range(5)}
    assert issubclass(CertificateError, EngineError)
