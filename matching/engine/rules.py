"""Hard rules over all pairs at once: a mask per pair with one bit for every rule that removes it."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from matching.engine import codes as c
from matching.engine.encode import Bools, Cohort, Ints, Masks, few_threads, incidence, product
from matching.engine.model import Person
from matching.engine.score import both
from matching.engine.windows import weeks


def removed_by(cohort: Cohort) -> Masks:
    """Bits of ``codes.BIT`` per pair; 0 is an allowed pair. Shape (mentees, mentors)."""
    mask = np.zeros(cohort.shape, np.uint32)
    _mark(
        mask, c.NO_CAPACITY, (cohort.mentees.capacity == 0)[:, None] | (cohort.mentors.capacity == 0)[None, :]
    )
    _mark_links(cohort, mask, c.REJECTED, cohort.problem.rejects)
    _mark_links(cohort, mask, c.NOT_AVAILABLE, _either_way(cohort.problem.blocked))
    if cohort.problem.policy.rules.past_pairs:
        _mark_links(cohort, mask, c.PAST_PAIR, _either_way(cohort.problem.past))
    if cohort.problem.scores is not None:
        return _mark_unlisted(cohort, mask)
    with few_threads(cohort.shape):
        _mark_people(cohort, mask)
        _mark_grades(cohort, mask)
        _mark_places(cohort, mask)
        _mark_languages(cohort, mask)
        _mark_hours(cohort, mask)
        _mark_barriers(cohort, mask)
    return mask


def names(mask: int) -> tuple[str, ...]:
    """Codes of the rules in a mask."""
    return tuple(rule for rule in c.RULES if mask & c.BIT[rule])


def unjudged(cohort: Cohort) -> tuple[str, ...]:
    """Rules that are on and had nothing to judge, because nobody at all gave the fact they ask for."""
    if cohort.problem.scores is not None:
        return ()
    rules = cohort.problem.policy.rules
    people = (*cohort.mentees.people, *cohort.mentors.people)
    asked = (
        (c.REPORTING_LINE, True, any(person.managers or person.superiors for person in people)),
        (c.SAME_TEAM, rules.same_team, any(person.team for person in people)),
        (c.SAME_DEPARTMENT, rules.other_department, any(person.department for person in people)),
        (c.LANGUAGE, rules.language, any(person.languages for person in people)),
        (c.AVAILABILITY, rules.availability, cohort.calendar.is_asked),
        (c.CROSS_BORDER, rules.cross_border, any(person.country for person in people)),
    )
    return tuple(rule for rule, is_on, is_known in asked if people and is_on and not is_known)


def _mark(mask: Masks, rule: str, where: Bools) -> None:
    mask |= np.where(where, np.uint32(c.BIT[rule]), np.uint32(0))


def _mark_links(cohort: Cohort, mask: Masks, rule: str, links: Iterable[tuple[str, str]]) -> None:
    rows, columns = cohort.links(links)
    mask[rows, columns] |= np.uint32(c.BIT[rule])


def _either_way(links: Iterable[tuple[str, str]]) -> Iterable[tuple[str, str]]:
    for one, other in links:
        yield one, other
        yield other, one


def _mark_unlisted(cohort: Cohort, mask: Masks) -> Masks:
    listed = np.zeros(cohort.shape, bool)
    listed[cohort.links((mentee, mentor) for mentee, mentor, _ in cohort.problem.scores or ())] = True
    _mark(mask, c.NOT_LISTED, ~listed)
    return mask


def _mark_people(cohort: Cohort, mask: Masks) -> None:
    _mark_links(cohort, mask, c.REPORTING_LINE, cohort.lines)
    _mark_links(cohort, mask, c.SAME_PERSON, ((key, key) for key in cohort.mentees.keys))


def _mark_grades(cohort: Cohort, mask: Masks) -> None:
    """The mentor's grade lies below the mentee's (S3.21), by the least distance of the cohort (decision 1)."""
    ours, theirs = _grades(cohort.mentees.people)[:, None], _grades(cohort.mentors.people)[None, :]
    known = (ours >= 0) & (theirs >= 0)
    distance = ours - theirs
    _mark(mask, c.GRADE_UNKNOWN, ~known)
    _mark(mask, c.GRADE_DIRECTION, known & (distance < 1))
    least = cohort.problem.policy.rules.min_grade_distance
    _mark(mask, c.GRADE_DISTANCE, known & (distance >= 1) & (distance < least))


def _grades(people: tuple[Person, ...]) -> Ints:
    return np.array([-1 if person.grade is None else person.grade for person in people], dtype=np.int64)


def _mark_places(cohort: Cohort, mask: Masks) -> None:
    rules = cohort.problem.policy.rules
    for name, rule, is_on in (
        ("team", c.SAME_TEAM, rules.same_team),
        ("department", c.SAME_DEPARTMENT, rules.other_department),
    ):
        if is_on:
            ours, theirs = both(cohort, name)
            _mark(mask, rule, (ours == theirs) & (ours >= 0))
    if rules.cross_border:
        _mark_borders(cohort, mask)


def _mark_borders(cohort: Cohort, mask: Masks) -> None:
    """Another country, or one that is not known, needs a yes from both (dossier 2.4)."""
    ours, theirs = both(cohort, "country")
    if not cohort.asks_countries:
        return
    willing = [
        np.array([p.cross_border for p in side.people], bool) for side in (cohort.mentees, cohort.mentors)
    ]
    refused = ~(willing[0][:, None] & willing[1][None, :])
    known = (ours >= 0) & (theirs >= 0)
    _mark(mask, c.CROSS_BORDER, refused & known & (ours != theirs))
    _mark(mask, c.COUNTRY_UNKNOWN, refused & ~known)


def _mark_languages(cohort: Cohort, mask: Masks) -> None:
    if not cohort.problem.policy.rules.language or not cohort.asks_languages:
        return
    people = (*cohort.mentees.people, *cohort.mentors.people)
    spoken = incidence(people, lambda person: person.languages)[1]
    ours, theirs = spoken[: len(cohort.mentees)], spoken[len(cohort.mentees) :]
    speaks = [np.asarray(side.any(axis=1)) for side in (ours, theirs)]
    silent = ~speaks[0][:, None] | ~speaks[1][None, :]
    _mark(mask, c.LANGUAGE_UNKNOWN, silent)
    _mark(mask, c.LANGUAGE, ~silent & (product(ours, theirs) == 0))


def _mark_hours(cohort: Cohort, mask: Masks) -> None:
    if not cohort.problem.policy.rules.availability or not cohort.calendar.is_asked:
        return
    empty, homeless = [], []
    for side in (cohort.mentees, cohort.mentors):
        empty.append(np.array([not person.availability for person in side.people], bool))
        homeless.append(
            np.array([bool(p.availability) and cohort.calendar.zone(p) is None for p in side.people], bool)
        )
    no_hours = empty[0][:, None] | empty[1][None, :]
    no_zone = homeless[0][:, None] | homeless[1][None, :]
    _mark(mask, c.AVAILABILITY_UNKNOWN, no_hours)
    _mark(mask, c.TIME_ZONE_UNKNOWN, no_zone)
    _mark(mask, c.AVAILABILITY, ~no_hours & ~no_zone & (weeks(cohort).table() == 0))


def _mark_barriers(cohort: Cohort, mask: Masks) -> None:
    """Information barriers show as "not available": who sits behind one is nobody's business (decision 31)."""
    for one, other in cohort.problem.policy.rules.barriers:
        for left, right in ((one, other), (other, one)):
            ours = np.array([left in person.barrier_groups for person in cohort.mentees.people], bool)
            theirs = np.array([right in person.barrier_groups for person in cohort.mentors.people], bool)
            _mark(mask, c.NOT_AVAILABLE, ours[:, None] & theirs[None, :])
