"""What is best, found without the engine: by trying everything (tiny), or by scipy's integer programming (small)."""

from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
from scipy.optimize import LinearConstraint, milp

from matching.engine import Plan, Problem
from matching.engine.encode import encode
from matching.engine.ties import lots

#: (people, pairs, points) in the order in which the policy ranks them, then the sum of lots.
Rank = tuple[int, ...]


@dataclass(frozen=True)
class Best:
    """The best rank, and the figures behind it."""

    rank: Rank
    lots: int


def eligible(problem: Problem) -> dict[tuple[str, str], int]:
    """Score of every pair that may be made."""
    free = {(side, p.key): p.capacity for side, people in sides(problem) for p in people}
    apart = {frozenset(link) for link in (*problem.blocked, *problem.past)}
    return {
        (mentee, mentor): score
        for mentee, mentor, score in problem.scores
        if (mentee, mentor) not in problem.rejects
        and frozenset((mentee, mentor)) not in apart
        and free["mentee", mentee]
        and free["mentor", mentor]
    }


def sides(problem: Problem):
    return ("mentee", problem.mentees), ("mentor", problem.mentors)


def best(problem: Problem, *, floor: int | None = None) -> Best | None:
    """Try every plan: mentee by mentee over the seats that are left. ``None`` when the pins cannot be kept.

    Scores below ``floor`` are left out, except pinned ones.
    """
    mentors = sorted(problem.mentors, key=lambda person: person.key)
    scores = {
        link: score
        for link, score in eligible(problem).items()
        if floor is None or score >= floor or link in problem.pins
    }
    worths = {link: _worth(problem, link, score) for link, score in scores.items()}
    draws = _lots(problem, scores)
    states: dict[tuple[int, ...], Rank] = {tuple(0 for _ in mentors): (0, 0, 0, 0)}
    for mentee in sorted(problem.mentees, key=lambda person: person.key):
        pinned = {mentor for one, mentor in problem.pins if one == mentee.key}
        found: dict[tuple[int, ...], Rank] = {}
        for load, (people, pairs, worth, lot) in states.items():
            for group in _groups(mentee, mentors, worths, pinned):
                new = tuple(n + (m.key in group) for n, m in zip(load, mentors, strict=True))
                if any(n > m.capacity for n, m in zip(new, mentors, strict=True)):
                    continue
                links = [(mentee.key, mentor) for mentor in group]
                rank = (
                    people + bool(group),
                    pairs + len(group),
                    worth + sum(worths[link] for link in links),
                    lot + sum(draws[link] for link in links),
                )
                found[new] = max(found.get(new, rank), rank, key=lambda r: _ranked(problem, r))
        states = found
    if not states:
        return None
    totals = [
        _ranked(problem, (people, pairs, worth - _load_cost(problem, load), lot))
        for load, (people, pairs, worth, lot) in states.items()
    ]
    top = max(totals)
    return Best(top[:-1], top[-1])


def best_floor(problem: Problem) -> int | None:
    """The highest score that every pair can reach while coverage stays, by trying each."""
    total = replace(problem, policy=replace(problem.policy, fairness="total"))
    whole = best(total)
    reached = [
        score
        for link, score in eligible(problem).items()
        if link not in problem.pins and best(total, floor=score).rank[:-1] == whole.rank[:-1]
    ]
    made_by_pins = len(set(problem.pins)) == (whole.rank[-2])
    return None if made_by_pins else max(reached)


def rank_of(problem: Problem, plan: Plan) -> Rank:
    """The rank of a plan, added up from the problem."""
    scores = {(mentee, mentor): score for mentee, mentor, score in problem.scores}
    links = [(pair.mentee, pair.mentor) for pair in plan.pairs]
    load = [sum(1 for _, mentor in links if mentor == person.key) for person in problem.mentors]
    worth = sum(_worth(problem, link, scores[link]) for link in links) - _load_cost(problem, load)
    return _ranked(problem, (len({mentee for mentee, _ in links}), len(links), worth, 0))[:-1]


def lots_of(problem: Problem, plan: Plan) -> int:
    draws = _lots(problem, {(pair.mentee, pair.mentor): 0 for pair in plan.pairs})
    return sum(draws.values())


def by_integer_programme(problem: Problem) -> tuple[int, int]:
    """(pairs, total score) of the best plan without bonuses, from scipy's HiGHS: most pairs, then the highest total."""
    scores = eligible(problem)
    links = sorted(scores)
    if not links:
        return 0, 0
    rows, limits = [], []
    for place, (_, people) in enumerate(sides(problem)):
        for person in people:
            rows.append([1.0 if link[place] == person.key else 0.0 for link in links])
            limits.append(person.capacity)
    fixed = np.array([1.0 if link in problem.pins else 0.0 for link in links])
    limited = LinearConstraint(np.array(rows), -np.inf, np.array(limits, float))
    pairs = _programme(np.ones(len(links)), [limited], fixed)
    exactly = LinearConstraint(np.ones((1, len(links))), pairs, pairs)
    values = np.array([scores[link] for link in links], float)
    return pairs, _programme(values, [limited, exactly], fixed)


def _programme(values, constraints, fixed) -> int:
    found = milp(
        -values,
        constraints=constraints,
        integrality=np.ones(values.size),
        bounds=(fixed, np.ones(values.size)),
        options={"mip_rel_gap": 0},
    )
    assert found.success, found.message
    return round(float((values * np.round(found.x)).sum()))


def _groups(mentee, mentors, worths, pinned):
    possible = [mentor.key for mentor in mentors if (mentee.key, mentor.key) in worths]
    for size in range(min(mentee.capacity, len(possible)) + 1):
        for group in combinations(possible, size):
            if pinned <= set(group):
                yield group


def _worth(problem: Problem, link: tuple[str, str], score: int) -> int:
    if problem.policy.fairness == "concave":
        square = (100_000 - score) ** 2 // 100_000
        score = 100_000 - square**2 // 100_000
    return score + (problem.policy.stickiness if link in problem.current else 0)


def _load_cost(problem: Problem, load) -> int:
    return problem.policy.load_step * sum(n * (n - 1) // 2 for n in load)


def _ranked(problem: Problem, rank: Rank) -> Rank:
    people, pairs, points, lot = rank
    return {
        "pairs": (pairs, points, lot),
        "people": (people, pairs, points, lot),
        "fit": (points, pairs, lot),
    }[problem.policy.coverage]


def _lots(problem: Problem, links) -> dict[tuple[str, str], int]:
    cohort = encode(problem)
    nothing = np.zeros(cohort.shape, np.int64)
    rows, columns = np.nonzero(nothing == 0)
    draws = lots(cohort, rows, columns)
    grid = draws.reshape(cohort.shape)
    return {
        (mentee, mentor): int(grid[cohort.mentees.place[mentee], cohort.mentors.place[mentor]]) + 1
        for mentee, mentor in links
    }
