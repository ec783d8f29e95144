"""Scores of all pairs at once, as whole numbers: what each criterion of the dossier (2.4) contributes.

All criteria but logistics are written as one product of two tables, one row a person: whole numbers so small that every
partial sum is exact in float32, on every machine and in every order of summation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import numpy as np

from matching.engine import codes as c
from matching.engine.encode import Cohort, Ints, Side, codes, few_threads, incidence
from matching.engine.model import Person
from matching.engine.windows import Floats32, weeks

#: Shares of a criterion, in tenths.
DEPARTMENT_TENTHS = 6
OTHER_STYLE_TENTHS = 4

#: Shared windows that count in full.
ENOUGH_WINDOWS = 2

_LEVELS = 5

#: Two factors, mentees first: their product is what a part of the score contributes.
Factors = tuple[Floats32, Floats32]


def score(cohort: Cohort) -> Ints:
    """Score of every pair, 0 to 100000, rules not looked at; shape (mentees, mentors).

    Given scores are taken over, and 0 stands where none is given.
    """
    if cohort.problem.scores is not None:
        return _given(cohort)
    with few_threads(cohort.shape):
        ours, theirs = joined(factors(cohort))
        total = (ours @ theirs.T).astype(np.int64)
        windows = np.minimum(weeks(cohort).table(), ENOUGH_WINDOWS)
    return total + np.array(window_points(cohort), np.int64)[windows]


def factors(cohort: Cohort) -> list[Factors]:
    """Every part of the score but logistics."""
    return [
        gain(cohort.mentees, cohort.mentors, cohort.points[c.KNOWLEDGE]),
        gain(cohort.mentors, cohort.mentees, cohort.points[c.RETURN_GAIN])[::-1],
        _perspective(cohort),
        _distance(cohort),
        _style(cohort),
    ]


def joined(parts: Iterable[Factors]) -> Factors:
    """One pair of factors for the sum of all parts, without columns that contribute nothing.

    The second lies in memory the other way round, as its product with the first reads it.
    """
    ours, theirs = (np.concatenate(side, axis=1) for side in zip(*parts, strict=True))
    live = ours.any(axis=0) & theirs.any(axis=0)
    return np.ascontiguousarray(ours[:, live]), np.asfortranarray(theirs[:, live])


def window_points(cohort: Cohort) -> list[int]:
    """What none, one and enough shared windows are worth."""
    most = cohort.points[c.LOGISTICS]
    return [
        (2 * most * count + ENOUGH_WINDOWS) // (2 * ENOUGH_WINDOWS) for count in range(ENOUGH_WINDOWS + 1)
    ]


def gain(learners: Side, teachers: Side, most: int) -> Factors:
    """Points for what learners can learn, as factors (learners, teachers).

    Sum over wanted topics of priority times the levels between, as a share of what a teacher who knows everything
    could give. Levels are written in unary, which turns ``max(0, L - l)`` into a product.
    """
    topics = {topic for person in learners.people for topic in person.wants}
    topics &= {topic for person in teachers.people for topic in person.offers}
    place = {topic: number for number, topic in enumerate(sorted(topics))}
    missing = np.zeros((len(learners), len(place), _LEVELS), np.float32)
    rows, columns, shares = _shares(learners.people, place, most)
    missing[rows, columns] = shares
    known = np.zeros((len(teachers), len(place), _LEVELS), np.float32)
    offers = [
        (row, place[topic], level)
        for row, person in enumerate(teachers.people)
        for topic, level in person.offers.items()
        if topic in place
    ]
    rows, columns, levels = np.array(offers, dtype=np.int64).reshape(-1, 3).T
    known[rows, columns] = np.arange(_LEVELS) < levels[:, None]
    _join_levels(missing, known)
    width = len(place) * _LEVELS
    return missing.reshape(len(learners), width), known.reshape(len(teachers), width)


def _join_levels(missing: Floats32, known: Floats32) -> None:
    """Take a level that whoever reaches it also exceeds into the next one: the product is the same, and narrower."""
    for level in range(_LEVELS - 1):
        same = (known[:, :, level] == known[:, :, level + 1]).all(axis=0)
        missing[:, same, level + 1] += missing[:, same, level]
        known[:, same, level] = 0


def _shares(people: Sequence[Person], place: dict[str, int], most: int) -> tuple[Ints, Ints, Ints]:
    """Row, topic and points a level of every wish that somebody offers; see ``reasons.taught``, which does the same
    for one pair."""
    wishes = [
        (row, place.get(topic, -1), person.wants[topic], person.offers.get(topic, 0))
        for row, person in enumerate(people)
        for topic in sorted(person.wants)
    ]
    rows, columns, priorities, own = np.array(wishes, dtype=np.int64).reshape(-1, 4).T
    climbs = priorities * (_LEVELS - own)
    whole = np.bincount(rows, climbs, len(people)).astype(np.int64)
    before = np.cumsum(climbs) - climbs
    before -= (np.cumsum(whole) - whole)[rows]
    level = np.arange(_LEVELS)
    after = before[:, None] + priorities[:, None] * (level - own[:, None] + 1)
    safe = np.maximum(whole, 1)[rows][:, None]
    shares = _nearest(most * after, safe) - _nearest(most * (after - priorities[:, None]), safe)
    shares = np.where(level >= own[:, None], shares, 0)
    is_offered = columns >= 0
    return rows[is_offered], columns[is_offered], shares[is_offered]


def _nearest(part: Ints, whole: Ints) -> Ints:
    """``part / whole``, rounded to the nearest whole number, halves up."""
    return (2 * part + whole) // (2 * whole)


def _perspective(cohort: Cohort) -> Factors:
    names, offered = incidence(cohort.mentors.people, lambda person: person.perspectives_offered)
    wanted = one_hot(cohort.mentees.people, lambda person: person.perspective_wanted, names)
    return wanted * np.float32(cohort.points[c.PERSPECTIVE]), offered.astype(np.float32)


def _distance(cohort: Cohort) -> Factors:
    most = cohort.points[c.DISTANCE]
    for_department = tenths(most, DEPARTMENT_TENTHS)
    craft = np.array([person.perspective_wanted == c.CRAFT for person in cohort.mentees.people], dtype=bool)
    ours, theirs = joined(
        [
            _other(cohort, "department", for_department),
            _other(cohort, "site", most - for_department),
        ]
    )
    same = _same(cohort, "discipline", most)
    ours = np.where(craft[:, None], np.float32(0), ours)
    return joined([(ours, theirs), (np.where(craft[:, None], same[0], np.float32(0)), same[1])])


def _style(cohort: Cohort) -> Factors:
    most = cohort.points[c.STYLE]
    least = tenths(most, OTHER_STYLE_TENTHS)
    ones = [np.ones((len(side), 1), np.float32) for side in (cohort.mentees, cohort.mentors)]
    return joined([_same(cohort, "style", most - least), (ones[0] * np.float32(least), ones[1])])


def _same(cohort: Cohort, name: str, points: int) -> Factors:
    """Points where both have the same known value."""
    ours, theirs = _hots(cohort, name)
    return ours * np.float32(points), theirs


def _other(cohort: Cohort, name: str, points: int) -> Factors:
    """Points where both values are known and differ."""
    ours, theirs = _hots(cohort, name)
    known = [side.any(axis=1, keepdims=True).astype(np.float32) for side in (ours, theirs)]
    return np.hstack([known[0], -ours]) * np.float32(points), np.hstack([known[1], theirs])


def _hots(cohort: Cohort, name: str) -> Factors:
    def value(person: Person) -> str | None:
        found: str | None = getattr(person, name)
        return found

    people = (*cohort.mentees.people, *cohort.mentors.people)
    names = sorted({found for found in map(value, people) if found})
    hot = one_hot(people, value, names)
    return hot[: len(cohort.mentees)], hot[len(cohort.mentees) :]


def one_hot(
    people: Sequence[Person], value: Callable[[Person], str | None], names: Sequence[str]
) -> Floats32:
    """1 in the column of everybody's own value; nothing for a value without a column."""
    place = {name: column for column, name in enumerate(names)}
    columns = np.array([place.get(value(person) or "", -1) for person in people], dtype=np.int64)
    found = np.zeros((len(people), len(names)), np.float32)
    rows = np.nonzero(columns >= 0)[0]
    found[rows, columns[rows]] = 1
    return found


def bend(score: Ints) -> Ints:
    """1 - (1 - s)^4 in whole numbers: the same gain counts for more at the lower end."""
    short = c.SCORE_MAX - score
    square = short * short // c.SCORE_MAX
    return c.SCORE_MAX - square * square // c.SCORE_MAX


def tenths(most: int, share: int) -> int:
    """``share`` tenths of ``most``, rounded to the nearest whole number (halves up)."""
    return (most * share + 5) // 10


def both(cohort: Cohort, name: str) -> tuple[Ints, Ints]:
    """Codes of one text field for mentees (as a column) and mentors (as a row); -1 is not known."""
    people = (*cohort.mentees.people, *cohort.mentors.people)
    found = codes([getattr(person, name) for person in people])
    return found[: len(cohort.mentees), None], found[None, len(cohort.mentees) :]


def _given(cohort: Cohort) -> Ints:
    total = np.zeros(cohort.shape, np.int64)
    ours, theirs = cohort.mentees.place, cohort.mentors.place
    for mentee, mentor, value in cohort.problem.scores or ():
        if mentee in ours and mentor in theirs:
            total[ours[mentee], theirs[mentor]] = value
    return total
