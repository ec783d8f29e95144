"""From a problem to its best plan: pins, then coverage, then the floor, then points, then the lot."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from matching.engine.assign import assign
from matching.engine.certificate import Proof, check_choice, prove, worth_of
from matching.engine.check import check_problem
from matching.engine.encode import Cohort, Ints, encode, few_threads
from matching.engine.errors import CertificateError
from matching.engine.layout import Layout, lay_out
from matching.engine.lifted import solve_lifted
from matching.engine.model import Problem
from matching.engine.network import Chosen, Network, Scale, build, coverage_only, worth
from matching.engine.pairs import Pairs
from matching.engine.priced import Priced, solve_priced
from matching.engine.problem_json import input_digest
from matching.engine.reservoir import Watch
from matching.engine.result import Certificate, Loss, Pair, Plan, Totals
from matching.engine.table import Table, check_size, is_large, most_cells, refuse_pin, tabulate
from matching.engine.ties import draw, tight_edges

DENSE, PRICED = "dense", "priced"


@dataclass(frozen=True, slots=True)
class Solved:
    """The best choice on a network, its proof, and the floor that was set for it."""

    network: Network
    chosen: Chosen
    proof: Proof
    rounds: int
    floor: int | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a plan is written from, whatever the method.

    Args:
        rows, columns: the pairs, pins included, sorted.
        scores, worth: of each pair: as it is, and as the policy sees it.
        allowed: number of pairs that no rule removes.
    """

    cohort: Cohort
    rows: Ints
    columns: Ints
    scores: Ints
    worth: Ints
    allowed: int
    floor: int | None
    proof: Proof
    scale: Scale
    engine: str
    rounds: int


def _silent(_what: str, _done: int, _of: int) -> None:
    pass


def solve(problem: Problem, watch: Watch = _silent) -> Plan:
    """The best plan for a cohort, with the proof that no better one exists.

    Honours the pins; among such plans makes the most pairs (or what ``Policy.coverage`` asks for); among those lifts
    the weakest pair, if asked; among those reaches the highest total; among those takes what the tie seed draws.

    Args:
        watch: told from time to time what is done and how far it is; may raise to stop.

    Raises:
        EngineError: the problem cannot be meant, or is too large for the memory it may take.
        CertificateError: the solver's answer did not pass the proof.
    """
    check_problem(problem)
    if is_large(problem):
        return plan_of(solve_large(encode(problem), watch))
    check_size(problem)
    table = tabulate(encode(problem))
    watch("pairs", 1, 1)
    return plan_of(outcome_of(table, solve_table(table)))


def solve_large(cohort: Cohort, watch: Watch, layout: Layout | None = None) -> Outcome:
    """The best plan of a large cohort, a few pairs at a time; see ``priced``.

    Args:
        layout: the cohort's own, where it has been laid out already.
    """
    with few_threads(cohort.shape):
        if layout is None and cohort.problem.scores is None:
            layout = lay_out(cohort)
        return _priced(cohort, watch, layout)


def _priced(cohort: Cohort, watch: Watch, layout: Layout | None) -> Outcome:
    pairs = Pairs(cohort, layout=layout)
    pinned = cohort.links(cohort.problem.pins)
    barred = np.nonzero(pairs.at(*pinned) < 0)[0]
    if barred.size:
        refuse_pin(cohort, pinned[0][barred[:1]], pinned[1][barred[:1]])
    found, floor = _found(cohort, watch, layout)
    rows, columns = _with_pins(cohort, found.chosen)
    return Outcome(
        cohort=cohort,
        rows=rows,
        columns=columns,
        scores=pairs.at(rows, columns),
        worth=pairs.worth_at(rows, columns),
        allowed=found.allowed,
        floor=floor,
        proof=found.proof,
        scale=found.network.scale,
        engine=PRICED,
        rounds=found.rounds,
    )


def _found(cohort: Cohort, watch: Watch, layout: Layout | None) -> tuple[Priced, int | None]:
    if cohort.problem.policy.fairness == "floor":
        return solve_lifted(cohort, watch, layout=layout)
    return solve_priced(cohort, watch, layout=layout), None


def solve_table(table: Table) -> Solved:
    """The best choice on a table."""
    with few_threads(table.cohort.shape):
        return _drawn(table, prove_table(table))


def prove_table(table: Table) -> Solved:
    """A best choice on a table with its proof, no lot drawn: which of several best ones it is, is left open."""
    limit = most_cells(table.cohort.problem)
    network = build(table)
    chosen, rounds = _best(network, limit)
    floor = None
    if table.cohort.problem.policy.fairness == "floor" and chosen.rows.size:
        floor = _highest_floor(table, network, chosen, limit)
        network = build(table, floor=floor)
        chosen, rounds = _best(network, limit)
    return Solved(network, chosen, prove(network, chosen), rounds, floor)


def _drawn(table: Table, solved: Solved) -> Solved:
    """The lot among the best choices, which must be as good as any."""
    network, proof = solved.network, solved.proof
    drawn = draw(table.cohort, network.capacities, proof, tight_edges(network, proof))
    check_choice(network, drawn)
    if worth_of(network, drawn) != proof.bound:
        raise CertificateError("the drawn plan is worth less than the bound")
    return replace(solved, chosen=drawn)


def outcome_of(table: Table, solved: Solved) -> Outcome:
    """What was found on a table, with the pins."""
    rows, columns = _with_pins(table.cohort, solved.chosen)
    return Outcome(
        cohort=table.cohort,
        rows=rows,
        columns=columns,
        scores=table.judged[rows, columns],
        worth=worth(table)[rows, columns],
        allowed=int(table.allowed.sum()),
        floor=solved.floor,
        proof=solved.proof,
        scale=solved.network.scale,
        engine=DENSE,
        rounds=solved.rounds,
    )


def plan_of(found: Outcome) -> Plan:
    """Put what was found into words of keys."""
    cohort = found.cohort
    totals = _totals(found)
    with_somebody = set(found.rows.tolist()), set(found.columns.tolist())
    return Plan(
        pairs=_pairs(found),
        unmatched_mentees=_others(cohort.mentees.keys, with_somebody[0]),
        unmatched_mentors=_others(cohort.mentors.keys, with_somebody[1]),
        totals=totals,
        certificate=_certificate(found, totals),
        input_digest=input_digest(cohort.problem),
        tie_seed=cohort.problem.policy.tie_seed,
    )


def _best(network: Network, limit: int) -> tuple[Chosen, int]:
    found = assign(network.edge, network.capacities.place_slots, network.capacities.seat_slots, limit)
    return found.chosen, found.rounds


def _highest_floor(table: Table, network: Network, chosen: Chosen, limit: int) -> int:
    """The highest score that every pair can reach without losing coverage.

    Both ends are proven: that no plan covers more, and that coverage is lost one step above the floor.
    """
    usable = network.edge > 0
    prove(coverage_only(network), chosen)
    needed = _coverage(coverage_only(network), chosen)
    steps = np.unique(table.judged[usable])
    low = int(np.searchsorted(steps, table.judged[chosen.rows, chosen.columns].min()))
    high = steps.size - 1
    while low < high:
        middle = (low + high + 1) // 2
        above = coverage_only(build(table, allowed=usable, floor=int(steps[middle])))
        reached = _coverage(above, _best(above, limit)[0])
        low, high = (middle, high) if reached >= needed else (low, middle - 1)
    if low + 1 < steps.size:
        above = coverage_only(build(table, allowed=usable, floor=int(steps[low + 1])))
        fails = _best(above, limit)[0]
        prove(above, fails)
        if _coverage(above, fails) >= needed:
            raise CertificateError(f"a floor above {int(steps[low])} would keep coverage")
    return int(steps[low])


def _coverage(network: Network, chosen: Chosen) -> tuple[int, int]:
    """People (where the policy counts them) and pairs of a choice that keeps the network's capacities."""
    check_choice(network, chosen)
    reached = network.scale.read(worth_of(network, chosen))
    return reached.people, reached.pairs


def _with_pins(cohort: Cohort, chosen: Chosen) -> tuple[Ints, Ints]:
    rows, columns = cohort.links(cohort.problem.pins)
    all_rows = np.concatenate([rows, chosen.rows])
    all_columns = np.concatenate([columns, chosen.columns])
    order = np.lexsort((all_columns, all_rows))
    return all_rows[order], all_columns[order]


def _pairs(found: Outcome) -> tuple[Pair, ...]:
    cohort = found.cohort
    pins, current = set(cohort.problem.pins), set(cohort.problem.current)
    links = [
        (cohort.mentees.keys[row], cohort.mentors.keys[column])
        for row, column in zip(found.rows.tolist(), found.columns.tolist(), strict=True)
    ]
    return tuple(
        Pair(*link, score=score, pinned=link in pins, current=link in current)
        for link, score in zip(links, found.scores.tolist(), strict=True)
    )


def _totals(found: Outcome) -> Totals:
    loads = np.bincount(found.columns, minlength=len(found.cohort.mentors))
    return Totals(
        matched=int(found.rows.size),
        people=int(np.unique(found.rows).size),
        score=int(found.scores.sum()),
        value=int(found.worth.sum()) - _load_cost(found.cohort, found.columns),
        weakest=int(found.scores.min()) if found.scores.size else None,
        floor=found.floor,
        idle_mentors=int(((loads == 0) & (found.cohort.mentors.capacity > 0)).sum()),
        allowed=found.allowed,
    )


def _load_cost(cohort: Cohort, columns: Ints) -> int:
    """What a load costs its mentors, added up."""
    loads = np.bincount(columns, minlength=1)
    return cohort.problem.policy.load_step * int((loads * (loads - 1) // 2).sum())


def _certificate(found: Outcome, totals: Totals) -> Certificate:
    """The proof in points. Its figures and the plan's totals are added up apart; they must agree."""
    cohort = found.cohort
    pins = set(cohort.problem.pins)
    rows, columns = cohort.links(pins)
    pinned = np.isin(found.rows * len(cohort.mentors) + found.columns, rows * len(cohort.mentors) + columns)
    value_of_pins = int(found.worth[pinned].sum()) - _load_cost(cohort, columns)
    reached: Loss = found.scale.read(found.proof.primal)
    gap = found.proof.bound - found.proof.primal
    if gap % found.scale.point or reached.points + value_of_pins != totals.value:
        raise CertificateError(f"the total {totals.value} does not agree with the proof")
    if reached.pairs + len(pins) != totals.matched:
        raise CertificateError(f"{totals.matched} pairs do not agree with the proof")
    return Certificate(
        primal=totals.value,
        bound=totals.value + gap // found.scale.point,
        gap=gap // found.scale.point,
        engine=found.engine,
        rounds=found.rounds,
        mentee_prices=dict(zip(cohort.mentees.keys, found.proof.mentee_prices.tolist(), strict=True)),
        mentor_prices=dict(zip(cohort.mentors.keys, found.proof.mentor_prices.tolist(), strict=True)),
    )


def _others(keys: tuple[str, ...], taken: set[int]) -> tuple[str, ...]:
    return tuple(key for place, key in enumerate(keys) if place not in taken)
