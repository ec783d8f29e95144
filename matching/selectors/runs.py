"""A run as the workbench shows it: bands and words, never points, never a perspective (decision 31)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.core.paginator import Page, Paginator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from matching.choices import CRITERION_NAMES, RULE_NAMES, UNJUDGED_WORDS, WEIGHT_NAMES, Coverage, Fairness
from matching.engine import codes
from matching.models import MatchingRun, PairDecision, Proposal
from matching.querysets import MatchingRunQuerySet
from matching.selectors.comparing import Compared, compared, is_weak
from matching.selectors.following import Following, following
from matching.selectors.outcomes import Outcome, outcomes
from matching.selectors.places import standing_words
from matching.selectors.reasons import unmatched_sentences
from matching.selectors.recording import SHOWN
from matching.selectors.weighing import weight_words
from programmes.models import Cohort, Enrolment

PAGE_SIZE: Final = 25
#: People without a partner who stand beside the pairs; the list of its own has them all.
WITHOUT_AT_ONCE: Final = 6
#: Per cent of the mean fit from which on a rule that costs no pair is worth a sentence.
_MUCH: Final = 3
ALL, WEAK, CHANGED, WITHOUT = "all", "weak", "changed", "without"


@dataclass(frozen=True)
class Row:
    """One pair of the run.

    Args:
        decision: "pin", "reject" or nothing.
        change: "new", "same", or nothing where there is no run before.
        following: what became of it once it was proposed.
    """

    mentor: Enrolment
    mentee: Enrolment
    bands: Sequence[tuple[str, str]]
    decision: str
    change: str
    is_weak: bool
    following: Following | None


@dataclass(frozen=True)
class Without:
    """Somebody without a partner, and why in sentences.

    Args:
        rivals, sought: where places are short, who competes (themselves included) and for whom; the first few.
    """

    enrolment: Enrolment
    sentences: Sequence[str]
    rivals: Sequence[Enrolment]
    sought: Sequence[Enrolment]


@dataclass(frozen=True)
class RunPage:
    """Everything the workbench shows of one run.

    Args:
        chosen: which list is shown: "all", "weak", "changed" or "without".
        page: the part of that list: rows, or people without a partner.
        warnings: rules that had nothing to judge.
        decisions: pins and rejections of the cohort as they stand now.
    """

    run: MatchingRun
    headline: str
    chosen: str
    page: Page[Any]
    counts: Mapping[str, int]
    without: Sequence[Without]
    more_without: int
    previous: MatchingRun | None
    compared: Sequence[Compared]
    effects: Sequence[str]
    warnings: Sequence[str]
    decisions: Sequence[PairDecision]
    is_newest: bool
    is_proven: bool
    allowed: int
    combinations: int
    pins: str
    standing: str
    seconds: float
    settings: Sequence[tuple[str, str]]
    answered: Mapping[str, int]
    outcomes: Sequence[Outcome]
    weights: Sequence[str]


def latest_runs(cohort: Cohort) -> MatchingRunQuerySet:
    """The cohort's runs, newest first."""
    runs: MatchingRunQuerySet = MatchingRun.objects.filter(cohort=cohort).order_by("-number")
    return runs


def run_page(run: MatchingRun, *, chosen: str = ALL, number: str = "1") -> RunPage:
    """The workbench of a finished run. Five queries, however many people.

    Args:
        chosen: "all", "weak", "changed" or "without"; anything else is "all".
        number: page of that list, as it came in the address.
    """
    enrolments = Enrolment.objects.filter(cohort_id=run.cohort_id).select_related("person")
    people = {one.pk: one for one in enrolments}
    others = list(latest_runs(run.cohort).finished().light().exclude(pk=run.pk))
    previous = next((one for one in others if one.number < run.number), None)
    decisions = _decisions(run, people)
    rows = _rows(run, people, decisions, previous)
    without = _without(run, people)
    lists: dict[str, Sequence[Any]] = {
        ALL: rows,
        WEAK: [row for row in rows if row.is_weak],
        CHANGED: [row for row in rows if row.change == "new"],
        WITHOUT: without,
    }
    chosen = chosen if chosen in lists else ALL
    plan = run.result["plan"]
    return RunPage(
        run=run,
        headline=_headline(run, len(without)),
        chosen=chosen,
        page=Paginator(lists[chosen], PAGE_SIZE).get_page(number),
        counts={name: len(found) for name, found in lists.items()},
        without=without[:WITHOUT_AT_ONCE],
        more_without=max(0, len(without) - WITHOUT_AT_ONCE),
        previous=previous,
        compared=compared(run, previous, people) if previous else (),
        effects=_effects(run),
        warnings=[str(UNJUDGED_WORDS[rule]) for rule in run.result["unjudged"] if rule in UNJUDGED_WORDS],
        decisions=decisions,
        is_newest=all(one.number < run.number for one in others),
        is_proven=run.gap == 0,
        allowed=plan["totals"]["allowed"],
        combinations=run.mentors * run.mentees,
        pins=_pins(run),
        standing=standing_words(run),
        seconds=run.result["milliseconds"] / 1000,
        settings=_settings(run),
        answered=_answered(rows),
        outcomes=outcomes(run, people),
        weights=weight_words(run.cohort.weights),
    )


def _headline(run: MatchingRun, without: int) -> str:
    pairs = ngettext("%(n)s pair", "%(n)s pairs", run.matched) % {"n": run.matched}
    left = ngettext("%(n)s person still without", "%(n)s people still without", without) % {"n": without}
    text = (
        _("Run %(number)s: %(pairs)s, %(left)s")
        if without
        else _("Run %(number)s: %(pairs)s, nobody left out")
    )
    return text % {"number": run.number, "pairs": pairs, "left": left}


def _decisions(run: MatchingRun, people: Mapping[int, Enrolment]) -> list[PairDecision]:
    rows = list(
        PairDecision.objects.filter(cohort_id=run.cohort_id)
        .select_related("decided_by")
        .order_by("kind", "-updated_at", "pk")
    )
    for one in rows:
        one.mentor, one.mentee = people[one.mentor_id], people[one.mentee_id]
    return rows


def _rows(
    run: MatchingRun,
    people: Mapping[int, Enrolment],
    decisions: Iterable[PairDecision],
    previous: MatchingRun | None,
) -> list[Row]:
    """The run's pairs in the order of their mentees' names; erased people are not there any more."""
    kinds = {(one.mentor_id, one.mentee_id): one.kind for one in decisions}
    before = set(previous.links()) if previous else None
    proposals = {(one.mentor_id, one.mentee_id): one for one in Proposal.objects.filter(run=run)}
    reasons = _reasons(run)
    rows = [
        Row(
            mentor=people[mentor],
            mentee=people[mentee],
            bands=[
                (str(CRITERION_NAMES[code]), reasons[mentor, mentee].get(code, codes.NONE)) for code in SHOWN
            ],
            decision=kinds.get((mentor, mentee), ""),
            change="" if before is None else "same" if (mentor, mentee) in before else "new",
            is_weak=is_weak(reasons[mentor, mentee]),
            following=following(proposals.get((mentor, mentee))),
        )
        for mentor, mentee in run.links()
        if mentor in people and mentee in people
    ]
    return sorted(rows, key=lambda row: (_by_name(row.mentee), _by_name(row.mentor)))


def _reasons(run: MatchingRun) -> Mapping[tuple[int, int], Mapping[str, str]]:
    """Bands by (mentor's, mentee's) enrolment id."""
    pairs, stored = run.result["plan"]["pairs"], run.result["reasons"]
    return {
        (run.keys.get(one["mentor"], 0), run.keys.get(one["mentee"], 0)): stored[
            f"{one['mentee']} {one['mentor']}"
        ]["bands"]
        for one in pairs
    }


def _by_name(enrolment: Enrolment) -> tuple[str, str, int]:
    return enrolment.person.last_name, enrolment.person.first_name, enrolment.pk


def _without(run: MatchingRun, people: Mapping[int, Enrolment]) -> list[Without]:
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
            _named(run, people, why.get("rivals", ())),
            _named(run, people, why.get("sought", ())),
        )
        for _role, enrolment, why in found
    ]


def _named(run: MatchingRun, people: Mapping[int, Enrolment], keys: Iterable[str]) -> list[Enrolment]:
    return [people[run.keys[key]] for key in keys if run.keys.get(key) in people]


def _effects(run: MatchingRun) -> list[str]:
    """What the run would be without one rule, for those that cost pairs or much of the fit."""
    told = []
    for one in run.result["effects"]:
        fit = one.get("fit", 0)
        if one["rule"] not in RULE_NAMES or (one["pairs"] <= 0 and fit < _MUCH):
            continue
        pairs = ngettext("%(n)s more pair", "%(n)s more pairs", one["pairs"]) % {"n": one["pairs"]}
        words = {
            "rule": RULE_NAMES[one["rule"]],
            "pairs": pairs,
            "fit": f"{fit:+d}".replace("-", "\N{MINUS SIGN}"),
        }
        if not fit:
            told.append(_("If it did not matter that %(rule)s: %(pairs)s.") % words)
        elif one["pairs"] <= 0:
            told.append(_("If it did not matter that %(rule)s: as many pairs, mean fit %(fit)s %%.") % words)
        else:
            told.append(_("If it did not matter that %(rule)s: %(pairs)s, mean fit %(fit)s %%.") % words)
    return told


def _pins(run: MatchingRun) -> str:
    """What the pins that went into this run cost, in pairs."""
    number, lost = run.result["pins"], run.result["pairs_lost_by_pins"]
    if not number:
        return ""
    if not lost:
        return ngettext("Your pin costs no pair.", "Your %(n)s pins cost no pair.", number) % {"n": number}
    pairs = ngettext("%(n)s pair", "%(n)s pairs", lost) % {"n": lost}
    return ngettext("Your pin costs %(pairs)s.", "Your %(n)s pins cost %(pairs)s.", number) % {
        "n": number,
        "pairs": pairs,
    }


def _settings(run: MatchingRun) -> list[tuple[str, str]]:
    """What the run went by, in words. Neither score nor ceiling: a perspective could be read off two runs."""
    chosen = run.settings
    weights = [f"{WEIGHT_NAMES[code]} {chosen['weights'][code]}" for code in codes.CRITERIA]
    return [
        (_("What counts first"), str(Coverage(chosen["coverage"]).label)),
        (_("Then"), str(Fairness(chosen["fairness"]).label)),
        (_("Least distance in grades"), str(chosen["min_grade_distance"])),
        (_("Weights"), ", ".join(weights)),
        (_("Lottery number among equally good sets"), str(run.tie_seed)),
        (_("Fingerprint of the input"), run.input_digest),
    ]


def _answered(rows: Sequence[Row]) -> Mapping[str, int]:
    """How many proposals of this run stand how; empty before its release."""
    kinds = [row.following.kind for row in rows if row.following is not None]
    return {kind: kinds.count(kind) for kind in dict.fromkeys(kinds)}
