"""Does a plan keep what it claims? Worked out again without the solver."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import numpy as np

from matching.engine.certificate import bound_of, slots_bound, worth_of
from matching.engine.check import check_problem
from matching.engine.encode import Cohort, Ints, Side, encode
from matching.engine.errors import VerificationError
from matching.engine.model import Problem
from matching.engine.network import Chosen, Selection, build
from matching.engine.pairs import Pairs
from matching.engine.priced import edges_of, everybody
from matching.engine.problem_json import input_digest
from matching.engine.reasons import Judge
from matching.engine.reservoir import Open
from matching.engine.result import Plan
from matching.engine.rules import removed_by
from matching.engine.score import score
from matching.engine.table import Table, is_large


def verify(problem: Problem, plan: Plan) -> None:
    """Check a plan against its problem: people, rules, capacity, pins, figures, and the proof from its prices.

    Rules and scores of the pairs are worked out one by one in plain Python; the bound is added up anew from the
    stored prices over all allowed pairs. Nothing of the solver is used.

    Raises:
        VerificationError: the first thing that does not hold, with the people and rules named.
        EngineError: the problem itself cannot be meant.
    """
    check_problem(problem)
    if plan.input_digest != input_digest(problem):
        raise VerificationError("the plan was made from another problem")
    _check_people(problem, plan)
    _check_rules(problem, plan)
    _check_totals(problem, plan)
    _check_proof(problem, plan)


def _check_people(problem: Problem, plan: Plan) -> None:
    links = [(pair.mentee, pair.mentor) for pair in plan.pairs]
    if links != sorted(set(links)):
        raise VerificationError("pairs are out of order or there twice")
    for place, people, unmatched in (
        (0, problem.mentees, plan.unmatched_mentees),
        (1, problem.mentors, plan.unmatched_mentors),
    ):
        load = Counter(link[place] for link in links)
        capacity = {person.key: person.capacity for person in people}
        for key, count in load.items():
            if count > capacity.get(key, 0):
                raise VerificationError(
                    f"{key!r} has {count} partners, more than their capacity", keys=(key,)
                )
        if unmatched != tuple(sorted(set(capacity) - set(load))):
            raise VerificationError("the list of people without a partner is wrong")
    for mentee, mentor in sorted(set(problem.pins) - set(links)):
        raise VerificationError(
            f"the pinned pair {mentee!r} and {mentor!r} is missing", keys=(mentee, mentor)
        )


def _check_rules(problem: Problem, plan: Plan) -> None:
    judge = Judge(problem)
    pins, current = set(problem.pins), set(problem.current)
    for pair in plan.pairs:
        keys = pair.mentee, pair.mentor
        broken = judge.broken_rules(*keys)
        if broken:
            raise VerificationError(f"{keys[0]!r} and {keys[1]!r} break a rule", keys=keys, rules=broken)
        if pair.score != judge.score(*keys) or (pair.pinned, pair.current) != (keys in pins, keys in current):
            raise VerificationError(f"the figures of {keys[0]!r} and {keys[1]!r} are wrong", keys=keys)
        floor = plan.totals.floor
        if floor is not None and pair.score < floor and not pair.pinned:
            raise VerificationError(f"{keys[0]!r} and {keys[1]!r} lie below the floor", keys=keys)


def _check_totals(problem: Problem, plan: Plan) -> None:
    totals, scores = plan.totals, [pair.score for pair in plan.pairs]
    loads = Counter(pair.mentor for pair in plan.pairs)
    found = (
        len(scores),
        len({pair.mentee for pair in plan.pairs}),
        sum(scores),
        min(scores, default=None),
        sum(1 for person in problem.mentors if person.capacity and not loads[person.key]),
    )
    if found != (totals.matched, totals.people, totals.score, totals.weakest, totals.idle_mentors):
        raise VerificationError("the totals are wrong")


def _check_proof(problem: Problem, plan: Plan) -> None:
    cohort = encode(problem)
    rows, columns = cohort.links((pair.mentee, pair.mentor) for pair in plan.pairs)
    load = np.bincount(columns, minlength=1)
    value = int(Pairs(cohort).worth_at(rows, columns).sum())
    value -= problem.policy.load_step * int((load * (load - 1) // 2).sum())
    certificate = plan.certificate
    if value != plan.totals.value or value != certificate.primal:
        raise VerificationError(f"the value is {value}, not {plan.totals.value}")
    if certificate.gap != certificate.bound - value or not 0 <= certificate.gap <= problem.policy.max_gap:
        raise VerificationError(f"the gap is {certificate.gap}")
    free = cohort.links({(pair.mentee, pair.mentor) for pair in plan.pairs} - set(problem.pins))
    mentee_prices = _prices(cohort.mentees, certificate.mentee_prices)
    mentor_prices = _prices(cohort.mentors, certificate.mentor_prices)
    beyond = _beyond_large if is_large(problem) else _beyond
    if beyond(cohort, plan, Chosen(*free), mentee_prices, mentor_prices) != certificate.gap:
        raise VerificationError("the stored prices do not prove the bound")


def _beyond(cohort: Cohort, plan: Plan, free: Chosen, mentee_prices: Ints, mentor_prices: Ints) -> int:
    """By how many points the bound of these prices lies above the plan; every pair worked out by the rules anew."""
    table = Table(cohort, np.where(removed_by(cohort) == 0, score(cohort), -1))
    network = build(table, floor=plan.totals.floor)
    gap = bound_of(network, mentee_prices, mentor_prices) - worth_of(network, free)
    return gap // network.scale.point if gap % network.scale.point == 0 else -1


def _beyond_large(cohort: Cohort, plan: Plan, free: Chosen, mentee_prices: Ints, mentor_prices: Ints) -> int:
    """The same a few rows at a time, where all pairs do not fit."""
    source = Open(cohort, is_turned=False, floor=plan.totals.floor)
    capacities = everybody(cohort)
    scale, left_over = capacities.scale, 0
    for first, tile in source.pairs.tiles():
        rows = np.arange(first, first + len(tile))
        points = source.worth(rows, tile).astype(np.int64)
        left = points * scale.point + scale.pair - mentee_prices[rows][:, None] - mentor_prices
        left_over += int(left[(points >= 0) & (left > 0)].sum())
    worth = source.pairs.worth_at(free.rows, free.columns) * scale.point + scale.pair
    network = Selection(capacities, edges_of(free.rows, free.columns, worth))
    gap = slots_bound(capacities, mentee_prices, mentor_prices) + left_over - worth_of(network, free)
    return gap // scale.point if gap % scale.point == 0 else -1


def _prices(side: Side, prices: Mapping[str, int]) -> Ints:
    if set(prices) != set(side.keys):
        raise VerificationError("the stored prices belong to other people")
    return np.array([prices[key] for key in side.keys], dtype=np.int64)
