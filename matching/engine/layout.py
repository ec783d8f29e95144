"""Everybody's side of scores and rules as tables: the one pass over people before any pair is looked at."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from matching.engine.encode import Cohort, Side, codes, incidence
from matching.engine.model import Person
from matching.engine.score import Factors, factors, joined, one_hot, window_points
from matching.engine.windows import Floats32, weeks

Shorts = npt.NDArray[np.int16]

#: What a rule takes off: more than all criteria together give, and still exact in float32.
_OUT = np.float32(1_000_000)


@dataclass(frozen=True)
class Layout:
    """What is known of either side, rows first; pairs follow from it by products and comparisons.

    Args:
        score: two tables whose product is the score without logistics, less what most rules take off.
        counts: tables whose products count shared languages, where they are asked for, and shared windows, once or
            in both directions.
        heights: the highest grade a mentor of each mentee may have, and every mentor's own.
        same: codes that must differ.
        is_one_zone: shared windows are counted once.
        one_window, odd: points for one shared window, and what two of them give less than twice that.
    """

    score: Factors
    counts: tuple[Factors, ...]
    heights: tuple[Shorts, Shorts]
    same: tuple[tuple[Shorts, Shorts], ...]
    asks_language: bool
    needs_window: bool
    is_one_zone: bool
    one_window: np.float32
    odd: np.float32

    def turned(self) -> Layout:
        """The same with mentors as rows and mentees as columns."""
        return replace(
            self,
            score=self.score[::-1],
            counts=tuple(one[::-1] for one in self.counts),
            heights=self.heights[::-1],
            same=tuple(one[::-1] for one in self.same),
        )


def lay_out(cohort: Cohort) -> Layout:
    """Lay a cohort's people out, mentees first. Not for given scores, which look at nobody."""
    rules = cohort.problem.policy.rules
    week, points = weeks(cohort), window_points(cohort)
    asks_language = rules.language and cohort.asks_languages
    directions = [week.counted] if week.returned is None else [week.counted, week.returned]
    counts = [(ours.astype(np.float32), theirs.astype(np.float32)) for ours, theirs in directions]
    names = [("team", rules.same_team), ("department", rules.other_department)]
    return Layout(
        score=_score(cohort),
        counts=tuple([_spoken(cohort), *counts] if asks_language else counts),
        heights=_heights(cohort),
        same=tuple(_codes(cohort, name) for name, is_on in names if is_on),
        asks_language=asks_language,
        needs_window=rules.availability and cohort.calendar.is_asked,
        is_one_zone=week.returned is None,
        one_window=np.float32(points[1]),
        odd=np.float32(2 * points[1] - points[2]),
    )


def _score(cohort: Cohort) -> Factors:
    rules = cohort.problem.policy.rules
    out = [_cannot(cohort, side) for side in (cohort.mentees, cohort.mentors)]
    ones = [np.ones_like(side) for side in out]
    parts = [*factors(cohort), (-_OUT * out[0], ones[1]), (-_OUT * ones[0], out[1]), *_barriers(cohort)]
    if rules.cross_border and cohort.asks_countries:
        parts.append(_borders(cohort))
    return joined(parts)


def _cannot(cohort: Cohort, side: Side) -> Floats32:
    """Who can be with nobody: no capacity, or a fact is missing that a rule asks for."""
    rules, calendar = cohort.problem.policy.rules, cohort.calendar
    asks_hours = rules.availability and calendar.is_asked
    asks_language = rules.language and cohort.asks_languages
    found = [
        not person.capacity
        or person.grade is None
        or (asks_language and not person.languages)
        or (asks_hours and not calendar.slots(person))
        for person in side.people
    ]
    return np.array(found, np.float32).reshape(-1, 1)


def _heights(cohort: Cohort) -> tuple[Shorts, Shorts]:
    """The highest grade a mentor of each mentee may have, and every mentor's own (S3.21, decision 1)."""
    least = cohort.problem.policy.rules.min_grade_distance
    ours, theirs = (
        np.array([person.grade or 0 for person in side.people], np.int16)
        for side in (cohort.mentees, cohort.mentors)
    )
    return ours - np.int16(least), theirs


def _codes(cohort: Cohort, name: str) -> tuple[Shorts, Shorts]:
    """A number per value of a text; what is not known differs from everything on the other side."""
    found = codes([getattr(one, name) for one in (*cohort.mentees.people, *cohort.mentors.people)])
    ours, theirs = found[: len(cohort.mentees)], found[len(cohort.mentees) :]
    return ours.astype(np.int16), np.where(theirs < 0, -2, theirs).astype(np.int16)


def _spoken(cohort: Cohort) -> Factors:
    people = (*cohort.mentees.people, *cohort.mentors.people)
    found = incidence(people, lambda person: person.languages)[1].astype(np.float32)
    return found[: len(cohort.mentees)], found[len(cohort.mentees) :]


def _borders(cohort: Cohort) -> Factors:
    """Another country, or one that is not known, without a yes from both: 1 - same - both + same * both."""
    people = (*cohort.mentees.people, *cohort.mentors.people)

    def country(person: Person) -> str | None:
        return person.country

    names = sorted({person.country for person in people if person.country})
    same = one_hot(people, country, names)
    willing = np.array([person.cross_border for person in people], np.float32).reshape(-1, 1)
    ones = np.ones_like(willing)
    left, right = (
        np.hstack([ones, -same, -willing, same * willing]),
        np.hstack([ones, same, willing, same * willing]),
    )
    return left[: len(cohort.mentees)] * -_OUT, right[len(cohort.mentees) :]


def _barriers(cohort: Cohort) -> Iterable[Factors]:
    """Information barriers between groups, in either direction."""
    for one, other in cohort.problem.policy.rules.barriers:
        for left, right in ((one, other), (other, one)):
            ours, theirs = (
                np.array([group in person.barrier_groups for person in side.people], np.float32).reshape(
                    -1, 1
                )
                for group, side in ((left, cohort.mentees), (right, cohort.mentors))
            )
            yield ours * -_OUT, theirs
