"""Why this plan: reasons, losses and what a rule costs, worked out from a stored problem and plan."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import cached_property

import numpy as np

from matching.engine import codes as c
from matching.engine.candidates import Candidates, Role
from matching.engine.codes import SCORE_MAX
from matching.engine.encode import Bools, Cohort, Ints, Masks, Side, encode
from matching.engine.errors import EngineError
from matching.engine.losses import Every, Losses
from matching.engine.model import Problem
from matching.engine.network import Chosen, Network, build
from matching.engine.problem_json import input_digest
from matching.engine.reasons import Judge
from matching.engine.result import PairReasons, Plan, RuleEffect, WhyNot, WhyUnmatched
from matching.engine.rules import names, unjudged
from matching.engine.solve import solve_table
from matching.engine.table import Table, check_size, tabulate


def explain(problem: Problem, plan: Plan) -> Explanation:
    """Reasons for a plan of this problem, now or later; each answer is worked out when it is asked for.

    Raises:
        EngineError: ``plan_mismatch`` when the plan belongs to another problem.
    """
    if plan.input_digest != input_digest(problem):
        raise EngineError("plan_mismatch", "this plan was made from another problem")
    return Explanation(problem, plan)


class Explanation:
    """See ``explain``. Keys that the problem does not know raise ``EngineError`` with ``unknown_key``."""

    def __init__(self, problem: Problem, plan: Plan) -> None:
        self._problem, self._plan = problem, plan

    def pair(self, mentee: str, mentor: str) -> PairReasons:
        """What speaks for and against these two, chosen or not."""
        self._places(mentee, mentor)
        return self._judge.reasons(mentee, mentor)

    def unmatched(self, key: str, role: Role) -> WhyUnmatched:
        """Why somebody has nobody; for somebody who has a partner, which rules narrowed the choice."""
        place = self._place(role, key)
        masks = self._candidates.masks(role, place)
        removed, only = _counts(masks)
        allowed = int((masks == 0).sum())
        witness = (
            self._candidates.witness(role, place)
            if allowed and not self._candidates.has_somebody(role)[place]
            else None
        )
        return WhyUnmatched(
            key=key,
            role=role,
            code=self._code(role, place, allowed, witness is not None),
            candidates=int(masks.size),
            allowed=allowed,
            removed=removed,
            only=only,
            opens=_opens(only),
            witness=witness,
        )

    def why_not(self, mentee: str, mentor: str) -> WhyNot:
        """What it would take to have this pair."""
        row, column = self._places(mentee, mentor)
        return self._why_not(row, column, int(self._losses.of_mentee(row)[column]))

    def possible(self, key: str, role: Role) -> tuple[str, ...]:
        """Everybody whom the rules, the floor and the pins of others leave to somebody; quick at any size."""
        place = self._place(role, key)
        others = self._mentors if role == "mentee" else self._mentees
        free = self._candidates.masks(role, place) == 0
        pinned = self._cohort.links(self._problem.pins)
        ours, theirs = pinned if role == "mentee" else pinned[::-1]
        free &= np.bincount(theirs, minlength=len(others)) < others.capacity
        free[theirs[ours == place]] = True
        if (
            int((ours == place).sum())
            >= (self._mentees if role == "mentee" else self._mentors).capacity[place]
        ):
            free[:] = False
        found = [others.keys[other] for other in np.nonzero(free)[0].tolist()]
        floor = self._plan.totals.floor
        if floor is None:
            return tuple(found)
        return tuple(other for other in found if self._reaches(floor, key, other, role))

    def alternatives(self, key: str, role: Role, count: int = 5) -> tuple[WhyNot, ...]:
        """Somebody's best other partners: those that cost the whole plan least, then the best score, then the key."""
        place = self._place(role, key)
        if role == "mentee":
            losses, scores, keys = self._losses.of_mentee(place), self._table.score[place], self._mentors.keys
        else:
            losses, scores, keys = (
                self._losses.of_mentor(place),
                self._table.score[:, place],
                self._mentees.keys,
            )
        made = self._made[place] if role == "mentee" else self._made[:, place]
        possible = np.nonzero((losses >= 0) & ~made)[0].tolist()
        best = sorted(possible, key=lambda other: (losses[other], -scores[other], keys[other]))[:count]
        if role == "mentee":
            return tuple(self._why_not(place, other, int(losses[other])) for other in best)
        return tuple(self._why_not(other, place, int(losses[other])) for other in best)

    def losses(self) -> Mapping[tuple[str, str], WhyNot]:
        """``why_not`` of every allowed pair, worked out at once; takes the cube of the number of mentors."""
        return Every(self._cohort, self._table.allowed, self._losses.all(), self._why_not)

    def rule_effects(self) -> tuple[RuleEffect, ...]:
        """What the run would be without each rule that a coordinator may loosen, the most new pairs first.

        Rules that protect people are never offered (decision 3); the distance of grades is loosened to one.
        """
        effects = [self._effect(rule) for rule in c.RELAXABLE]
        found = [effect for effect in effects if effect.opened]
        return tuple(
            sorted(found, key=lambda effect: (-effect.pairs, -(effect.mean_change or 0), effect.rule))
        )

    def unjudged_rules(self) -> tuple[str, ...]:
        """Rules that are on and removed nobody, because nobody in the cohort gave the fact they ask for."""
        return unjudged(self._cohort)

    def blocking_pairs(self) -> int:
        """Pairs that both would rather have by score: each has a free place, or somebody with a lower score."""
        scores = self._table.score
        rows = _lowest(scores, self._made, self._mentees.capacity)
        columns = _lowest(scores.T, self._made.T, self._mentors.capacity)
        better = (scores > rows[:, None]) & (scores > columns[None, :])
        return int((self._table.allowed & ~self._made & better).sum())

    @cached_property
    def _judge(self) -> Judge:
        return Judge(self._problem)

    @cached_property
    def _cohort(self) -> Cohort:
        return encode(self._problem)

    @cached_property
    def _table(self) -> Table:
        """All pairs at once, for questions about the whole plan; refused where that is too much."""
        check_size(self._problem)
        return tabulate(self._cohort)

    @cached_property
    def _candidates(self) -> Candidates:
        return Candidates(self._cohort, self._links, lambda: self._table)

    @property
    def _mentees(self) -> Side:
        return self._cohort.mentees

    @property
    def _mentors(self) -> Side:
        return self._cohort.mentors

    @cached_property
    def _links(self) -> tuple[Ints, Ints]:
        return self._cohort.links((pair.mentee, pair.mentor) for pair in self._plan.pairs)

    def _reaches(self, floor: int, key: str, other: str, role: Role) -> bool:
        score = self._judge.score(*((key, other) if role == "mentee" else (other, key)))
        return score is not None and score >= floor

    @cached_property
    def _made(self) -> Bools:
        found = np.zeros(self._table.cohort.shape, bool)
        found[self._links] = True
        return found

    @cached_property
    def _pinned(self) -> Bools:
        found = np.zeros(self._table.cohort.shape, bool)
        found[self._table.cohort.links(self._problem.pins)] = True
        return found

    @cached_property
    def _network(self) -> Network:
        return build(self._table, floor=self._plan.totals.floor)

    @cached_property
    def _losses(self) -> Losses:
        return Losses(self._network, Chosen(*np.nonzero(self._made & ~self._pinned)))

    def _place(self, role: Role, key: str) -> int:
        side = self._mentees if role == "mentee" else self._mentors
        if key not in side.place:
            raise EngineError("unknown_key", f"there is no {role} {key!r}", keys=(key,))
        return side.place[key]

    def _places(self, mentee: str, mentor: str) -> tuple[int, int]:
        return self._place("mentee", mentee), self._place("mentor", mentor)

    def _code(self, role: Role, place: int, allowed: int, is_contested: bool) -> str:
        side, other = (self._mentees, self._mentors) if role == "mentee" else (self._mentors, self._mentees)
        if self._candidates.has_somebody(role)[place]:
            return c.MATCHED
        if side.capacity[place] == 0:
            return c.OWN_CAPACITY
        if len(other) == 0:
            return c.OTHER_SIDE_EMPTY
        if allowed == 0:
            return c.RULED_OUT
        return c.SEATS_SHORT if is_contested else c.BETTER_WITHOUT

    def _why_not(self, row: int, column: int, loss: int) -> WhyNot:
        mask, score = int(self._table.mask[row, column]), int(self._table.score[row, column])
        chosen = bool(self._made[row, column])
        reasons = names(mask) or (() if chosen or loss >= 0 else self._obstacles(row, column))
        is_given = self._problem.scores is None or not mask & c.BIT[c.NOT_LISTED]
        return WhyNot(
            mentee=self._mentees.keys[row],
            mentor=self._mentors.keys[column],
            chosen=chosen,
            reasons=reasons,
            score=score if is_given else None,
            loss=None if reasons else self._network.scale.read(0 if chosen else loss),
        )

    def _obstacles(self, row: int, column: int) -> tuple[str, ...]:
        floor = self._plan.totals.floor
        if floor is not None and self._table.score[row, column] < floor:
            return (c.BELOW_FLOOR,)
        return (c.PINNED_ELSEWHERE,)

    def _effect(self, rule: str) -> RuleEffect:
        bit = np.uint32(c.BIT[rule])
        opened = self._table.mask == bit
        if not opened.any():
            return RuleEffect(rule, 0, 0, None, None, None)
        solved = solve_table(self._table.opened(opened))
        pinned = self._table.score[self._pinned]
        made = self._table.score[solved.chosen.rows, solved.chosen.columns]
        before = _mean(self._table.score[self._made])
        after = _mean(np.concatenate([pinned, made]))
        pairs = int(pinned.size + made.size) - self._plan.totals.matched
        change = _per_mille(before, after)
        keys = self._mentees.keys, self._mentors.keys
        free = zip(solved.chosen.rows.tolist(), solved.chosen.columns.tolist(), strict=True)
        links = {*self._problem.pins, *((keys[0][row], keys[1][column]) for row, column in free)}
        counts = int(opened.sum()), pairs
        return RuleEffect(rule, *counts, _rounded(before), _rounded(after), change, tuple(sorted(links)))


def _counts(masks: Masks) -> tuple[dict[str, int], dict[str, int]]:
    """Per rule, how many candidates it removes, and how many it alone removes."""
    removed = {rule: int((masks & np.uint32(c.BIT[rule]) > 0).sum()) for rule in c.RULES}
    only = {rule: int((masks == np.uint32(c.BIT[rule])).sum()) for rule in c.RULES}
    return {r: n for r, n in removed.items() if n}, {r: n for r, n in only.items() if n}


def _opens(only: dict[str, int]) -> tuple[tuple[str, int], ...]:
    """What a coordinator can do about it: one rule to loosen, or one missing fact to enter."""
    offered = {*c.RELAXABLE, *c.UNKNOWN_FACTS}
    return tuple(
        sorted(((r, n) for r, n in only.items() if r in offered), key=lambda entry: (-entry[1], entry[0]))
    )


def _lowest(scores: Ints, made: Bools, capacity: Ints) -> Ints:
    """Score that a newcomer has to beat: the lowest of somebody's own pairs, -1 with a free place."""
    worst = np.where(made, scores, SCORE_MAX + 1).min(axis=1, initial=SCORE_MAX + 1)
    return np.where(made.sum(axis=1) < capacity, -1, worst)


def _mean(scores: Ints) -> Fraction | None:
    return Fraction(int(scores.sum()), int(scores.size)) if scores.size else None


def _per_mille(before: Fraction | None, after: Fraction | None) -> int | None:
    return round((after - before) * 1000 / before) if before and after is not None else None


def _rounded(mean: Fraction | None) -> int | None:
    return None if mean is None else round(mean)
