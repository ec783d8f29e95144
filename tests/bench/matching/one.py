"""One measurement in a process of its own, so that its peak memory is its own: prints one line of JSON.

python -m tests.bench.matching.one ours 1000 1000 5
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from statistics import median
from typing import Any

import numpy as np
import scipy.sparse.csgraph  # noqa: F401  (loading is no part of a measurement)
from scipy.optimize import linear_sum_assignment

from matching.engine import Problem, explain, solve
from matching.engine.check import check_problem
from matching.engine.encode import Cohort, encode, few_threads
from matching.engine.layout import lay_out
from matching.engine.pairs import Pairs
from matching.engine.reservoir import Open, fill
from matching.engine.solve import outcome_of, prove_table, solve_large, solve_table
from matching.engine.table import is_large, tabulate
from tests.bench.matching.cohorts import bench_cohort


def measured(acts: dict[str, Callable[[], object]], times: int) -> dict[str, dict[str, float]]:
    """Median wall and processor time of each act, one after the other in every round: load hits all alike."""
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in acts}
    for _round in range(times):
        for name, act in acts.items():
            wall, cpu = time.perf_counter(), time.process_time()
            act()
            found[name].append((time.perf_counter() - wall, time.process_time() - cpu))
    return {
        name: {"wall": median(one for one, _ in rows), "cpu": median(one for _, one in rows)}
        for name, rows in found.items()
    }


def matrix(problem: Problem) -> np.ndarray[Any, np.dtype[np.float64]]:
    """The dense matrix that a raw solver would be given, filled a few rows at a time: one column a seat."""
    cohort = encode(problem)
    seats = np.repeat(np.arange(len(cohort.mentors)), cohort.mentors.capacity)
    lift = min(len(cohort.mentees), seats.size) * 100_001 + 1
    found = np.zeros((len(cohort.mentees), seats.size))
    for first, tile in Pairs(cohort).tiles():
        found[first : first + len(tile)] = np.where(tile >= 0, tile + lift, 0)[:, seats]
    return found


def core(cohort: Cohort, problem: Problem) -> dict[str, Callable[[], object]]:
    """Score, solve and prove, from people that have been laid out as numbers; and the same with the draw among
    equally good plans, which a small cohort's proof stands without."""
    layout = lay_out(cohort)
    if is_large(problem):
        large = partial(solve_large, cohort, lambda *_told: None, layout)
        return {"core": large, "drawn": large}
    pairs, table = Pairs(cohort, layout=layout), tabulate(cohort)

    def prove() -> object:
        with few_threads(cohort.shape):
            return prove_table(replace(table, judged=pairs.dense()))

    def draw() -> object:
        scored = replace(table, judged=pairs.dense())
        return outcome_of(scored, solve_table(scored))

    return {"core": prove, "drawn": draw}


def ours(problem: Problem, times: int) -> dict[str, Any]:
    """Our own time, alone in its process."""
    cohort = encode(problem)
    acts = {**core(cohort, problem), "whole": lambda: solve(problem)}
    found: dict[str, Any] = dict(measured(acts, times))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    plan = solve(problem)
    proof = plan.certificate
    return found | {
        "peak_mb": peak, "matched": plan.totals.matched, "total": plan.totals.score, "gap": proof.gap,
        "engine": proof.engine, "rounds": proof.rounds,
    }  # fmt: skip


def alone(problem: Problem, times: int) -> dict[str, Any]:
    """Score, solve and prove and nothing else in between, as the raw solver and a peer are measured."""
    acts = core(encode(problem), problem)
    found: dict[str, Any] = dict(measured({"core": acts["core"]}, times))
    plan = solve(problem)
    return found | {"matched": plan.totals.matched, "total": plan.totals.score}


def raw(problem: Problem, times: int) -> dict[str, Any]:
    """The raw solver on a ready matrix, alone in its process."""
    ready = matrix(problem)
    found: dict[str, Any] = dict(
        measured({"raw": lambda: linear_sum_assignment(ready, maximize=True)}, times)
    )
    rows, columns = linear_sum_assignment(ready, maximize=True)
    lift = min(ready.shape) * 100_001 + 1
    worth = ready[rows, columns]
    return found | {
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "matched": int((worth > 0).sum()),
        "total": int((worth[worth > 0] - lift).sum()),
    }


def side_by_side(problem: Problem, times: int) -> dict[str, Any]:
    """Both in one process, in turn: for the ratio alone."""
    ready, cohort = matrix(problem), encode(problem)
    return measured(
        {**core(cohort, problem), "raw": lambda: linear_sum_assignment(ready, maximize=True)}, times
    )


def scoring(problem: Problem, times: int) -> dict[str, Any]:
    """One look at all pairs beside the bare matrix product in it."""
    cohort = encode(problem)
    source = Open(cohort, is_turned=False)
    ours, theirs = source.pairs.factors

    def bare() -> None:
        for first in range(0, len(ours), 256):
            ours[first : first + 256] @ theirs.T

    return measured({"pass": lambda: fill(source, 256, lambda *_told: None), "bare": bare}, times)


def reasons(problem: Problem, times: int) -> dict[str, Any]:
    """Everything with the loss of every pair that was not made, and once more after a pin."""
    plan = solve(problem)
    pinned = replace(problem, pins=((plan.pairs[0].mentee, plan.pairs[0].mentor),))

    def everything() -> None:
        explain(problem, solve(problem)).losses()

    def again() -> None:
        with few_threads((1, 1)):
            check_problem(pinned)
            table = tabulate(encode(pinned))
            outcome_of(table, solve_table(table))

    return measured({"everything": everything, "again": again}, times)


def main() -> None:
    what, mentors, mentees, times = sys.argv[1], *map(int, sys.argv[2:5])
    seed = int(sys.argv[5]) if len(sys.argv) > 5 else 1
    acts = {
        "ours": ours, "alone": alone, "raw": raw, "both": side_by_side, "scoring": scoring, "reasons": reasons,
    }  # fmt: skip
    sys.stdout.write(json.dumps(acts[what](bench_cohort(mentors, mentees, seed), times)))


if __name__ == "__main__":
    main()
