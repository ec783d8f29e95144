"""From a problem to its best plan: pins, then coverage, then the floor, then points, then the lot."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matching.engine.assign import assign
from matching.engine.certificate import Proof, check_choice, prove, worth_of
from matching.engine.encode import Bools, Ints
from matching.engine.errors import CertificateError
from matching.engine.model import Problem
from matching.engine.network import Chosen, Network, build, coverage_only, worth
from matching.engine.problem_json import input_digest
from matching.engine.result import Certificate, Loss, Pair, Plan, Totals
from matching.engine.table import Table, most_cells, tabulate
from matching.engine.ties import draw

ENGINE = "dense"


@dataclass(frozen=True, slots=True)
class Solved:
    """The best choice on a network, its proof, and the floor that was set for it."""

    network: Network
    chosen: Chosen
    proof: Proof
    rounds: int
    floor: int | None


def solve(problem: Problem) -> Plan:
    """The best plan for a cohort, with the proof that no better one exists.

    Honours the pins; among such plans makes the most pairs (or what ``Policy.coverage`` asks for); among those lifts
    the weakest pair, if asked; among those reaches the highest total; among those takes what the tie seed draws.

    Raises:
        EngineError: the problem cannot be meant, or is too large for the memory it may take.
        CertificateError: the solver's answer did not pass the proof.
    """
    table = tabulate(problem)
    return plan_of(table, solve_table(table))


def solve_table(table: Table, *, allowed: Bools | None = None) -> Solved:
    """The best choice on a table, or on the same table with other pairs allowed."""
    limit = most_cells(table.cohort.problem)
    network = build(table, allowed=allowed)
    chosen, rounds = _best(network, limit)
    floor = None
    if table.cohort.problem.policy.fairness == "floor" and chosen.rows.size:
        floor = _highest_floor(table, network, chosen, limit)
        network = build(table, allowed=allowed, floor=floor)
        chosen, rounds = _best(network, limit)
    proof = prove(network, chosen)
    drawn = draw(table, network, proof, limit).chosen
    check_choice(network, drawn)
    if worth_of(network, drawn) != proof.bound:
        raise CertificateError("the drawn plan is worth less than the bound")
    return Solved(network, drawn, proof, rounds, floor)


def plan_of(table: Table, solved: Solved) -> Plan:
    """Put a solved table into words of keys, pins included."""
    cohort = table.cohort
    problem = cohort.problem
    rows, columns = _with_pins(table, solved)
    totals = _totals(table, solved, rows, columns)
    with_somebody = set(rows.tolist()), set(columns.tolist())
    return Plan(
        pairs=_pairs(table, rows, columns),
        unmatched_mentees=_others(cohort.mentees.keys, with_somebody[0]),
        unmatched_mentors=_others(cohort.mentors.keys, with_somebody[1]),
        totals=totals,
        certificate=_certificate(table, solved, totals),
        input_digest=input_digest(problem),
        tie_seed=problem.policy.tie_seed,
    )


def pinned_value(table: Table) -> int:
    """Points of the pins: their worth less what they load on their mentors."""
    rows, columns = table.cohort.links(table.cohort.problem.pins)
    loads = np.bincount(columns, minlength=1)
    load_cost = table.cohort.problem.policy.load_step * int((loads * (loads - 1) // 2).sum())
    return int(worth(table)[rows, columns].sum()) - load_cost


def _best(network: Network, limit: int) -> tuple[Chosen, int]:
    found = assign(network.edge, network.place_slots(), network.seat_slots(), limit)
    return found.chosen, found.rounds


def _highest_floor(table: Table, network: Network, chosen: Chosen, limit: int) -> int:
    """The highest score that every pair can reach without losing coverage.

    Both ends are proven: that no plan covers more, and that coverage is lost one step above the floor.
    """
    usable = network.edge > 0
    prove(coverage_only(network), chosen)
    needed = _coverage(coverage_only(network), chosen)
    steps = np.unique(table.score[usable])
    low = int(np.searchsorted(steps, table.score[chosen.rows, chosen.columns].min()))
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


def _with_pins(table: Table, solved: Solved) -> tuple[Ints, Ints]:
    rows, columns = table.cohort.links(table.cohort.problem.pins)
    all_rows = np.concatenate([rows, solved.chosen.rows])
    all_columns = np.concatenate([columns, solved.chosen.columns])
    order = np.lexsort((all_columns, all_rows))
    return all_rows[order], all_columns[order]


def _pairs(table: Table, rows: Ints, columns: Ints) -> tuple[Pair, ...]:
    cohort = table.cohort
    pins, current = set(cohort.problem.pins), set(cohort.problem.current)
    links = [
        (cohort.mentees.keys[row], cohort.mentors.keys[column])
        for row, column in zip(rows.tolist(), columns.tolist(), strict=True)
    ]
    scores = table.score[rows, columns].tolist()
    return tuple(
        Pair(*link, score=score, pinned=link in pins, current=link in current)
        for link, score in zip(links, scores, strict=True)
    )


def _totals(table: Table, solved: Solved, rows: Ints, columns: Ints) -> Totals:
    cohort = table.cohort
    scores = table.score[rows, columns]
    loads = np.bincount(columns, minlength=len(cohort.mentors))
    load_cost = cohort.problem.policy.load_step * int((loads * (loads - 1) // 2).sum())
    return Totals(
        matched=int(rows.size),
        people=int(np.unique(rows).size),
        score=int(scores.sum()),
        value=int(worth(table)[rows, columns].sum()) - load_cost,
        weakest=int(scores.min()) if scores.size else None,
        floor=solved.floor,
        idle_mentors=int(((loads == 0) & (cohort.mentors.capacity > 0)).sum()),
        allowed=int(table.allowed.sum()),
    )


def _certificate(table: Table, solved: Solved, totals: Totals) -> Certificate:
    """The proof in points. Its figures and the plan's totals are added up apart; they must agree."""
    proven: Loss = solved.network.scale.read(solved.proof.bound)
    bound = proven.points + pinned_value(table)
    if bound < totals.value or proven.pairs + len(set(table.cohort.problem.pins)) != totals.matched:
        raise CertificateError(f"the totals {totals.value} do not agree with the bound {bound}")
    cohort = table.cohort
    return Certificate(
        primal=totals.value,
        bound=bound,
        gap=bound - totals.value,
        engine=ENGINE,
        rounds=solved.rounds,
        mentee_prices=dict(zip(cohort.mentees.keys, solved.proof.mentee_prices.tolist(), strict=True)),
        mentor_prices=dict(zip(cohort.mentors.keys, solved.proof.mentor_prices.tolist(), strict=True)),
    )


def _others(keys: tuple[str, ...], taken: set[int]) -> tuple[str, ...]:
    return tuple(key for place, key in enumerate(keys) if place not in taken)
