"""Does a plan keep what it claims? Worked out again without the solver."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import numpy as np

from matching.engine.certificate import bound_of, worth_of
from matching.engine.check import check_problem
from matching.engine.encode import Ints, Side, encode
from matching.engine.errors import VerificationError
from matching.engine.model import Problem
from matching.engine.network import Chosen, build, worth
from matching.engine.problem_json import input_digest
from matching.engine.reasons import Judge
from matching.engine.result import Plan
from matching.engine.rules import removed_by
from matching.engine.score import score
from matching.engine.table import Table


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
    table = Table(cohort, score(cohort), removed_by(cohort))
    rows, columns = cohort.links((pair.mentee, pair.mentor) for pair in plan.pairs)
    load = np.bincount(columns, minlength=1)
    value = int(worth(table)[rows, columns].sum())
    value -= problem.policy.load_step * int((load * (load - 1) // 2).sum())
    certificate = plan.certificate
    if value != plan.totals.value or value != certificate.primal:
        raise VerificationError(f"the value is {value}, not {plan.totals.value}")
    if certificate.gap != certificate.bound - value or not 0 <= certificate.gap <= problem.policy.max_gap:
        raise VerificationError(f"the gap is {certificate.gap}")
    network = build(table, floor=plan.totals.floor)
    free = cohort.links({(pair.mentee, pair.mentor) for pair in plan.pairs} - set(problem.pins))
    bound = bound_of(
        network,
        _prices(cohort.mentees, certificate.mentee_prices),
        _prices(cohort.mentors, certificate.mentor_prices),
    )
    if bound - worth_of(network, Chosen(*free)) != certificate.gap * network.scale.point:
        raise VerificationError("the stored prices do not prove the bound")


def _prices(side: Side, prices: Mapping[str, int]) -> Ints:
    if set(prices) != set(side.keys):
        raise VerificationError("the stored prices belong to other people")
    return np.array([prices[key] for key in side.keys], dtype=np.int64)
