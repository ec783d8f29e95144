"""Scores of all pairs at once, as whole numbers: what each criterion of the dossier (2.4) contributes."""

from __future__ import annotations

import numpy as np

from matching.engine import codes as c
from matching.engine.encode import Bools, Cohort, Ints, Side, codes, few_threads, incidence, product

#: Shares of a criterion, in tenths.
DEPARTMENT_TENTHS = 6
OTHER_STYLE_TENTHS = 4

#: Shared windows that count in full.
ENOUGH_WINDOWS = 2

_LEVELS = range(1, 6)


def score(cohort: Cohort) -> Ints:
    """Score of every pair, 0 to 100000, rules not looked at; shape (mentees, mentors).

    Given scores are taken over, and 0 stands where none is given.
    """
    if cohort.problem.scores is not None:
        return _given(cohort)
    with few_threads(cohort.shape):
        total = gain(cohort.mentees, cohort.mentors, cohort.points[c.KNOWLEDGE])
        total += gain(cohort.mentors, cohort.mentees, cohort.points[c.RETURN_GAIN]).T
    total += _perspective(cohort)
    total += _distance(cohort)
    total += _logistics(cohort)
    total += _style(cohort)
    return total


def gain(learners: Side, teachers: Side, most: int) -> Ints:
    """Points for what learners can learn; shape (learners, teachers).

    Sum over wanted topics of priority times the levels between, as a share of what a teacher who knows everything
    could give. Levels are written in unary, which turns ``max(0, L - l)`` into one exact matrix product.
    """
    wanted = {topic for person in learners.people for topic in person.wants}
    offered = {topic for person in teachers.people for topic in person.offers}
    topics = sorted(wanted & offered)
    place = {topic: column * len(_LEVELS) for column, topic in enumerate(topics)}
    missing = np.zeros((len(learners), len(topics) * len(_LEVELS)), np.int64)
    known = np.zeros((len(teachers), len(topics) * len(_LEVELS)), np.int64)
    whole = np.zeros(len(learners), np.int64)
    for row, person in enumerate(learners.people):
        for topic, priority in person.wants.items():
            own = person.offers.get(topic, 0)
            whole[row] += priority * (5 - own)
            if topic in place:
                missing[row, place[topic] + own : place[topic] + 5] = priority
    for row, person in enumerate(teachers.people):
        for topic, level in person.offers.items():
            if topic in place:
                known[row, place[topic] : place[topic] + level] = 1
    return _share(product(missing, known), whole, most)


def _share(part: Ints, whole: Ints, most: int) -> Ints:
    """``most * part / whole`` per row, rounded to the nearest whole number (halves up); 0 where ``whole`` is 0."""
    safe = np.maximum(whole, 1)[:, None]
    return np.asarray((2 * most * part + safe) // (2 * safe))


def _perspective(cohort: Cohort) -> Ints:
    names, offered = incidence(cohort.mentors.people, lambda person: person.perspectives_offered)
    wanted = np.zeros((len(cohort.mentees), len(names)), np.int64)
    for row, person in enumerate(cohort.mentees.people):
        if person.perspective_wanted in names:
            wanted[row, names.index(person.perspective_wanted)] = 1
    return product(wanted, offered) * cohort.points[c.PERSPECTIVE]


def _distance(cohort: Cohort) -> Ints:
    most = cohort.points[c.DISTANCE]
    for_department = tenths(most, DEPARTMENT_TENTHS)
    total = _differs(cohort, "department") * for_department
    total += _differs(cohort, "site") * (most - for_department)
    craft = np.array([person.perspective_wanted == c.CRAFT for person in cohort.mentees.people], dtype=bool)
    if craft.any():
        total[craft] = (_equal(cohort, "discipline") * most)[craft]
    return total


def _logistics(cohort: Cohort) -> Ints:
    most = cohort.points[c.LOGISTICS]
    counted = np.minimum(cohort.windows, ENOUGH_WINDOWS)
    return (2 * most * counted + ENOUGH_WINDOWS) // (2 * ENOUGH_WINDOWS)


def _style(cohort: Cohort) -> Ints:
    most = cohort.points[c.STYLE]
    return np.where(_equal(cohort, "style"), most, tenths(most, OTHER_STYLE_TENTHS))


def tenths(most: int, share: int) -> int:
    """``share`` tenths of ``most``, rounded to the nearest whole number (halves up)."""
    return (most * share + 5) // 10


def both(cohort: Cohort, name: str) -> tuple[Ints, Ints]:
    """Codes of one text field for mentees (as a column) and mentors (as a row); -1 is not known."""
    people = (*cohort.mentees.people, *cohort.mentors.people)
    found = codes([getattr(person, name) for person in people])
    return found[: len(cohort.mentees), None], found[None, len(cohort.mentees) :]


def _differs(cohort: Cohort, name: str) -> Bools:
    ours, theirs = both(cohort, name)
    return np.asarray((ours != theirs) & (ours >= 0) & (theirs >= 0))


def _equal(cohort: Cohort, name: str) -> Bools:
    ours, theirs = both(cohort, name)
    return np.asarray((ours == theirs) & (ours >= 0))


def _given(cohort: Cohort) -> Ints:
    total = np.zeros(cohort.shape, np.int64)
    for mentee, mentor, value in cohort.problem.scores or ():
        total[cohort.mentees.place[mentee], cohort.mentors.place[mentor]] = value
    return total
