"""A run as the workbench shows it: bands and words, never points, never a perspective (decision 31)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.core.paginator import Page, Paginator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from matching.choices import CRITERION_NAMES, RULE_NAMES, DecisionKind
from matching.engine import codes
from matching.models import MatchingRun, PairDecision
from matching.querysets import MatchingRunQuerySet
from matching.selectors.reasons import unmatched_sentences
from programmes.models import Cohort, Enrolment

PAGE_SIZE: Final = 25
ALL, WEAK, CHANGED = "all", "weak", "changed"
FILTERS: Final = (ALL, WEAK, CHANGED)
#: The criteria that a coordinator sees as bands, in this order.
SHOWN: Final = tuple(code for code in codes.CRITERIA if code in CRITERION_NAMES)


@dataclass(frozen=True)
class Row:
    """One proposed pair."""

    mentor: Enrolment
    mentee: Enrolment
    bands: Sequence[tuple[str, str]]
    decision: str
    is_new: bool
    is_weak: bool


@dataclass(frozen=True)
class Without:
    """Somebody without a partner, and why in sentences."""

    enrolment: Enrolment
    sentences: Sequence[str]


@dataclass(frozen=True)
class Compared:
    """One line of two runs side by side."""

    label: str
    before: int
    after: int

    @property
    def change(self) -> str:
        difference = self.after - self.before
        return f"{difference:+d}".replace("-", "−") if difference else "0"


@dataclass(frozen=True)
class RunPage:
    """Everything the workbench shows of one run."""

    run: MatchingRun
    headline: str
    page: Page[Row]
    counts: Mapping[str, int]
    chosen: str
    without: Sequence[Without]
    more_without: int
    previous: MatchingRun | None
    compared: Sequence[Compared]
    effects: Sequence[str]
    is_proven: bool
    allowed: int
    combinations: int
    pins: int
    rejects: int


def latest_runs(cohort: Cohort) -> MatchingRunQuerySet:
    """The cohort's runs, newest first."""
    runs: MatchingRunQuerySet = MatchingRun.objects.filter(cohort=cohort).order_by("-number")
    return runs


def run_page(run: MatchingRun, *, chosen: str = ALL, number: str = "1") -> RunPage:
    """The workbench of a finished run.

    Args:
        chosen: "all", "weak" or "changed"; anything else is "all".
        number: page of the list of pairs, as it came in the address.
    """
    people = {
        one.pk: one for one in Enrolment.objects.filter(cohort_id=run.cohort_id).select_related("person")
    }
    previous = (
        MatchingRun.objects.finished()
        .filter(cohort_id=run.cohort_id, number__lt=run.number)
        .order_by("-number")
        .first()
    )
    decisions = {
        (one.mentor_id, one.mentee_id): one.kind
        for one in PairDecision.objects.filter(cohort_id=run.cohort_id)
    }
    rows = _rows(run, people, decisions, _links(previous))
    lists = {
        ALL: rows,
        WEAK: [row for row in rows if row.is_weak],
        CHANGED: [row for row in rows if row.is_new],
    }
    chosen = chosen if chosen in lists else ALL
    without = _without(run, people)
    plan = run.result["plan"]
    return RunPage(
        run=run,
        headline=_headline(run, len(without)),
        page=Paginator(lists[chosen], PAGE_SIZE).get_page(number),
        counts={name: len(found) for name, found in lists.items()},
        chosen=chosen,
        without=without[:PAGE_SIZE],
        more_without=max(0, len(without) - PAGE_SIZE),
        previous=previous,
        compared=_compared(run, previous, people) if previous else [],
        effects=_effects(run),
        is_proven=plan["certificate"]["gap"] == 0,
        allowed=plan["totals"]["allowed"],
        combinations=run.mentors * run.mentees,
        pins=sum(kind == DecisionKind.PIN for kind in decisions.values()),
        rejects=sum(kind == DecisionKind.REJECT for kind in decisions.values()),
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


def _links(run: MatchingRun | None) -> set[tuple[int, int]]:
    if run is None:
        return set()
    return {(run.keys[pair["mentor"]], run.keys[pair["mentee"]]) for pair in run.result["plan"]["pairs"]}


def _rows(
    run: MatchingRun,
    people: Mapping[int, Enrolment],
    decisions: Mapping[tuple[int, int], str],
    before: set[tuple[int, int]],
) -> list[Row]:
    rows = []
    for pair in run.result["plan"]["pairs"]:
        link = (run.keys[pair["mentor"]], run.keys[pair["mentee"]])
        if link[0] not in people or link[1] not in people:
            continue  # erased since: the run is a record, not a way back to them
        bands = run.result["reasons"][f"{pair['mentee']} {pair['mentor']}"]["bands"]
        rows.append(
            Row(
                mentor=people[link[0]],
                mentee=people[link[1]],
                bands=[(str(CRITERION_NAMES[code]), bands.get(code, codes.NONE)) for code in SHOWN],
                decision=decisions.get(link, ""),
                is_new=bool(before) and link not in before,
                is_weak=_is_weak(bands),
            )
        )
    return sorted(rows, key=lambda row: (str(row.mentee.person.last_name), str(row.mentee), row.mentee.pk))


def _is_weak(bands: Mapping[str, str]) -> bool:
    """No strong reason on anything that is shown."""
    return codes.STRONG not in bands.values()


def _without(run: MatchingRun, people: Mapping[int, Enrolment]) -> list[Without]:
    """Mentees first: they are who has nobody; then mentors. People who had no place to fill are left out."""
    found = []
    for key, why in run.result["unmatched"].items():
        enrolment = people.get(run.keys.get(key, 0))
        if enrolment is not None and why["code"] != codes.OWN_CAPACITY:
            found.append((why["role"] != "mentee", enrolment, unmatched_sentences(why, str(enrolment))))
    found.sort(key=lambda one: (one[0], one[1].person.last_name, one[1].pk))
    return [Without(enrolment, sentences) for _is_mentor, enrolment, sentences in found]


def _compared(run: MatchingRun, previous: MatchingRun, people: Mapping[int, Enrolment]) -> list[Compared]:
    measures = [
        (_("Pairs"), lambda one: one.matched),
        (_("Strong on learning"), _strong_on_learning),
        (_("No strong reason"), _no_strong_reason),
        (_("Across borders"), lambda one: _across_borders(one, people)),
    ]
    lines = [Compared(label, measure(previous), measure(run)) for label, measure in measures]
    differing = len(_links(run) - _links(previous))
    return [*lines, Compared(_("Pairs that differ"), 0, differing)]


def _strong_on_learning(run: MatchingRun) -> int:
    reasons: Sequence[Mapping[str, Any]] = list(run.result["reasons"].values())
    return sum(one["bands"].get(codes.KNOWLEDGE) == codes.STRONG for one in reasons)


def _no_strong_reason(run: MatchingRun) -> int:
    return sum(_is_weak(one["bands"]) for one in run.result["reasons"].values())


def _across_borders(run: MatchingRun, people: Mapping[int, Enrolment]) -> int:
    pairs = [(people[a].person, people[b].person) for a, b in _links(run) if a in people and b in people]
    return sum(bool(a.country and b.country and a.country != b.country) for a, b in pairs)


def _effects(run: MatchingRun) -> list[str]:
    """What the run would be without one rule, for those that cost pairs."""
    told = []
    for one in run.result["effects"]:
        if one["pairs"] > 0 and one["rule"] in RULE_NAMES:
            pairs = ngettext("%(n)s more pair", "%(n)s more pairs", one["pairs"]) % {"n": one["pairs"]}
            told.append(
                _("Without the rule “%(rule)s”: %(pairs)s.")
                % {"rule": RULE_NAMES[one["rule"]], "pairs": pairs}
            )
    return told
