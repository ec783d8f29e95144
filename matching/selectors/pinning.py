"""Whether pins can be kept: the engine is asked with the pinned people alone, whatever the size of the cohort."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from typing import Final

from matching.engine import EngineError, Link, Person, Problem, solve

#: Facts whose rules are judged only where somebody in the cohort gave them: a witness for each comes along.
_WITNESSED: Final[tuple[Callable[[Person], object], ...]] = (
    lambda person: person.languages,
    lambda person: person.availability,
    lambda person: person.country,
)


def refused_pins(problem: Problem, pins: Iterable[Link]) -> EngineError | None:
    """Why these pins cannot all be kept under the problem's rules, with the people and rules; None when they can."""
    wanted = tuple(sorted(set(pins)))
    try:
        solve(_reduced(problem, wanted))
    except EngineError as error:
        return error
    return None


def _reduced(problem: Problem, pins: tuple[Link, ...]) -> Problem:
    mentees, mentors = {mentee for mentee, _mentor in pins}, {mentor for _mentee, mentor in pins}
    kept_mentees = _with_witnesses(problem.mentees, mentees)
    kept_mentors = _with_witnesses(problem.mentors, mentors)
    keys = {one.key for one in (*kept_mentees, *kept_mentors)}
    rejects = tuple(link for link in problem.rejects if keys.issuperset(link))
    return replace(
        problem, mentees=kept_mentees, mentors=kept_mentors, pins=pins, rejects=rejects, current=()
    )


def _with_witnesses(people: tuple[Person, ...], keys: Collection[str]) -> tuple[Person, ...]:
    found = {one.key: one for one in people if one.key in keys}
    for has_fact in _WITNESSED:
        witness = next((one for one in people if has_fact(one)), None)
        if witness is not None:
            found[witness.key] = witness
    return tuple(found.values())
