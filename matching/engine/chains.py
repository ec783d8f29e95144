"""Lines upwards at any depth, both ways, whatever circles the HR file holds (S0.2, S2.11, decision 3)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from matching.engine.model import Person, Problem


def superiors(problem: Problem) -> dict[str, frozenset[str]]:
    """For everybody in the problem, all people of the problem who stand above them at any depth, by any line.

    The chains of all people are joined: where somebody names only a direct manager who is in the problem too, that
    manager's own chain counts as well. A circle makes everybody in it a superior of everybody else in it.
    """
    people = (*problem.mentors, *problem.mentees)
    upwards = _steps_up(people)
    known = {person.key for person in people}
    return {key: frozenset(_climb(key, upwards) & known) for key in known}


def forbidden_pairs(problem: Problem) -> Iterator[tuple[str, str]]:
    """(mentee key, mentor key) of every pair along a reporting line."""
    above = superiors(problem)
    mentees = {person.key for person in problem.mentees}
    mentors = {person.key for person in problem.mentors}
    for key in sorted(mentees):
        yield from ((key, boss) for boss in sorted(above[key] & mentors))
    for key in sorted(mentors):
        yield from ((boss, key) for boss in sorted(above[key] & mentees))


def _steps_up(people: Iterable[Person]) -> dict[str, set[str]]:
    upwards: dict[str, set[str]] = {}
    for person in people:
        below = person.key
        for boss in person.managers:
            upwards.setdefault(below, set()).add(boss)
            below = boss
        if person.superiors:
            upwards.setdefault(person.key, set()).update(person.superiors)
    return upwards


def _climb(start: str, upwards: dict[str, set[str]]) -> set[str]:
    seen: set[str] = set()
    waiting = [start]
    while waiting:
        for boss in upwards.get(waiting.pop(), ()):
            if boss not in seen:
                seen.add(boss)
                waiting.append(boss)
    return seen
