"""The lines of the workbench: pairs of a run with their reasons, and people without a partner with theirs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from matching.choices import CRITERION_NAMES
from matching.engine import codes
from matching.models import MatchingRun, PairDecision, Proposal
from matching.selectors.comparing import is_weak
from matching.selectors.following import Following, following
from matching.selectors.problem import topic_names
from matching.selectors.reasons import unmatched_sentences
from matching.selectors.recording import SHOWN
from matching.selectors.speaking import PairWords, pair_words
from programmes.models import Enrolment


@dataclass(frozen=True)
class ToldPair:
    """Two people of a run, made or possible, with what a page tells of them.

    Args:
        stored, topics: what bands and sentences about the two are made of, once they are shown.
    """

    mentor: Enrolment
    mentee: Enrolment
    stored: Mapping[str, Any]
    topics: Mapping[str, str]

    @cached_property
    def bands(self) -> Sequence[tuple[str, str]]:
        return band_names(self.stored["bands"])

    @cached_property
    def words(self) -> PairWords:
        """What speaks for and against the two."""
        mentor, mentee = self.mentor.person.first_name, self.mentee.person.first_name
        return pair_words(self.stored, mentor=mentor, mentee=mentee, topics=self.topics)


@dataclass(frozen=True)
class Row(ToldPair):
    """One pair of the run.

    Args:
        decision: "pin", "reject" or nothing.
        change: "new", "same", or nothing where there is no run before.
        following: what became of it once it was proposed.
    """

    decision: str
    change: str
    is_weak: bool
    following: Following | None


@dataclass(frozen=True)
class Without:
    """Somebody without a partner, and why in sentences.

    Args:
        is_possible: a rule leaves them somebody, so that one can look who.
        rivals, sought: where places are short, who competes (themselves included) and for whom; the first few.
    """

    enrolment: Enrolment
    sentences: Sequence[str]
    is_possible: bool
    rivals: Sequence[Enrolment]
    sought: Sequence[Enrolment]


def pair_rows(
    run: MatchingRun,
    people: Mapping[int, Enrolment],
    decisions: Iterable[PairDecision],
    previous: MatchingRun | None,
) -> list[Row]:
    """The run's pairs in the order of their mentees' names; erased people are not there any more."""
    kinds = {(one.mentor_id, one.mentee_id): one.kind for one in decisions}
    before = set(previous.links()) if previous else None
    proposals = {(one.mentor_id, one.mentee_id): one for one in Proposal.objects.filter(run=run)}
    reasons, topics = _reasons(run), topic_names(run.cohort)
    rows = [
        Row(
            mentor=people[mentor],
            mentee=people[mentee],
            stored=reasons[mentor, mentee],
            topics=topics,
            decision=kinds.get((mentor, mentee), ""),
            change="" if before is None else "same" if (mentor, mentee) in before else "new",
            is_weak=is_weak(reasons[mentor, mentee]["bands"]),
            following=following(proposals.get((mentor, mentee))),
        )
        for mentor, mentee in run.links()
        if mentor in people and mentee in people
    ]
    return sorted(rows, key=lambda row: (_by_name(row.mentee), _by_name(row.mentor)))


def _reasons(run: MatchingRun) -> Mapping[tuple[int, int], Mapping[str, Any]]:
    """What is kept of each pair's reasons, by (mentor's, mentee's) enrolment id."""
    pairs, stored = run.result["plan"]["pairs"], run.result["reasons"]
    return {
        (run.keys.get(one["mentor"], 0), run.keys.get(one["mentee"], 0)): stored[
            f"{one['mentee']} {one['mentor']}"
        ]
        for one in pairs
    }


def band_names(bands: Mapping[str, str]) -> list[tuple[str, str]]:
    """Criteria as they are called, with the band of each."""
    return [(str(CRITERION_NAMES[code]), bands.get(code, codes.NONE)) for code in SHOWN]


def _by_name(enrolment: Enrolment) -> tuple[str, str, int]:
    return enrolment.person.last_name, enrolment.person.first_name, enrolment.pk


def people_without(run: MatchingRun, people: Mapping[int, Enrolment]) -> list[Without]:
    """Mentees first, then mentors. Whoever had no place to fill is not without."""
    found = [
        (why["role"], people[run.keys[key]], why)
        for key, why in run.result["unmatched"].items()
        if why["code"] != codes.OWN_CAPACITY and run.keys.get(key) in people
    ]
    found.sort(key=lambda one: (one[0] == "mentor", _by_name(one[1])))
    return [
        Without(
            enrolment,
            unmatched_sentences(why, str(enrolment)),
            bool(why["allowed"]) and run.is_reproducible,
            _named(run, people, why.get("rivals", ())),
            _named(run, people, why.get("sought", ())),
        )
        for _role, enrolment, why in found
    ]


def _named(run: MatchingRun, people: Mapping[int, Enrolment], keys: Iterable[str]) -> list[Enrolment]:
    return [people[run.keys[key]] for key in keys if run.keys.get(key) in people]
