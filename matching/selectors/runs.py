"""A run as the workbench shows it: bands and words, never points, never a perspective (decision 31)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.core.paginator import Page, Paginator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from matching.choices import RULE_NAMES, UNJUDGED_WORDS, WEIGHT_NAMES, Coverage, DecisionKind, Fairness
from matching.engine import codes
from matching.models import MatchingRun, PairDecision
from matching.querysets import MatchingRunQuerySet
from matching.selectors.comparing import Compared, compared
from matching.selectors.outcomes import Outcome, outcomes
from matching.selectors.places import standing_words
from matching.selectors.rows import Row, Without, pair_rows, people_without
from matching.selectors.weighing import weight_words
from programmes.models import Cohort, Enrolment

PAGE_SIZE: Final = 25
#: People without a partner who stand beside the pairs; the list of its own has them all.
WITHOUT_AT_ONCE: Final = 6
#: Per cent of the mean fit from which on a rule that costs no pair is worth a sentence.
_MUCH: Final = 3
ALL, WEAK, CHANGED, WITHOUT = "all", "weak", "changed", "without"


@dataclass(frozen=True)
class RunPage:
    """Everything the workbench shows of one run.

    Args:
        chosen: which list is shown: "all", "weak", "changed" or "without".
        page: the part of that list: rows, or people without a partner.
        warnings: rules that had nothing to judge.
        previous, earlier: the run it is compared with, and all it could be compared with, newest first.
        to_do: what was decided since, which only the next run can keep to; empty for an older run.
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
    earlier: Sequence[MatchingRun]
    is_beside_another: bool
    to_do: Sequence[str]
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


def run_page(run: MatchingRun, *, chosen: str = ALL, number: str = "1", beside: str = "") -> RunPage:
    """The workbench of a finished run. A constant number of queries, however many people.

    Args:
        chosen: "all", "weak", "changed" or "without"; anything else is "all".
        number: page of that list, as it came in the address.
        beside: number of the run to compare with, as it came in the address; anything else is the one before.
    """
    enrolments = Enrolment.objects.filter(cohort_id=run.cohort_id).select_related("person")
    people = {one.pk: one for one in enrolments}
    others = list(latest_runs(run.cohort).finished().light().exclude(pk=run.pk))
    earlier = [one for one in others if one.number < run.number]
    previous = next((one for one in earlier if str(one.number) == beside), next(iter(earlier), None))
    decisions = _decisions(run, people)
    rows = pair_rows(run, people, decisions, previous)
    without = people_without(run, people)
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
        earlier=earlier,
        is_beside_another=bool(earlier) and previous is not earlier[0],
        to_do=_to_do(run, rows, decisions),
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


def _to_do(run: MatchingRun, rows: Sequence[Row], decisions: Sequence[PairDecision]) -> list[str]:
    """Rejected pairs that stand in this run, and pins that it did not know."""
    links = {(row.mentor.pk, row.mentee.pk) for row in rows}
    rejected = sum(row.decision == DecisionKind.REJECT for row in rows)
    pinned = sum(
        one.kind == DecisionKind.PIN
        and (one.mentor_id, one.mentee_id) not in links
        and one.updated_at > run.created_at
        for one in decisions
    )
    told = []
    if rejected:
        told.append(
            ngettext(
                "You rejected %(n)s pair that stands in this run.",
                "You rejected %(n)s pairs that stand in this run.",
                rejected,
            )
            % {"n": rejected}
        )
    if pinned:
        told.append(
            ngettext(
                "You pinned %(n)s pair that is not in this run.",
                "You pinned %(n)s pairs that are not in this run.",
                pinned,
            )
            % {"n": pinned}
        )
    return told


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
