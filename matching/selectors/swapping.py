"""What it would take to give somebody of a pair another partner: in bands, so that no perspective shows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.core.paginator import Page, Paginator
from django.utils.translation import gettext as _

from matching.engine import Explanation, Problem, explain, plan_from_json, problem_from_json
from matching.engine.candidates import Role
from matching.models import MatchingRun
from matching.selectors.problem import topic_names
from matching.selectors.recording import SHOWN, shown_fit, stored_reasons
from matching.selectors.rows import ToldPair
from matching.selectors.runs import PAGE_SIZE
from programmes.models import Enrolment

#: Share of what is possible from which on a difference counts, and from which on it is a large one.
_SMALL: Final = 0.02
_LARGE: Final = 0.15


@dataclass(frozen=True)
class Swap:
    """One way to do it.

    Args:
        other_mentor: the mentor who would come in.
        other_mentee: whom that mentor has now, for an exchange; None where the mentor has a free place.
        made: the new pairs.
        kind: "same", "weaker" or "much", by what is shown alone. "Better" is never said: the set as it is scores
            highest, so whoever read it would look for the reason among what is not shown.
        verdict: that in words, with whoever would be left without a partner.
        leaves_out: somebody would be.
    """

    other_mentor: Enrolment
    other_mentee: Enrolment | None
    made: Sequence[ToldPair]
    kind: str
    verdict: str
    leaves_out: bool


@dataclass(frozen=True)
class SwapPage:
    """All ways to give a mentee of the run another mentor, the best to see first.

    Args:
        now: the pair as it is.
        is_pinned: the run was told to keep the pair, so that it knows no other way.
    """

    now: ToldPair
    page: Page[Swap]
    is_pinned: bool


def swap_page(
    run: MatchingRun, mentor: Enrolment, mentee: Enrolment, *, number: str = "1"
) -> SwapPage | None:
    """What both changes of each possible swap would cost; None when the run cannot tell any more.

    Args:
        mentor, mentee: a pair of the run.
        number: page, as it came in the address.
    """
    if not run.is_reproducible or (mentor.pk, mentee.pk) not in run.links():
        return None
    people = Enrolment.objects.filter(cohort_id=run.cohort_id).select_related("person").in_bulk()
    swaps = _Swaps(run, people, mentor.pk, mentee.pk)
    return SwapPage(
        now=swaps.shown(mentor.pk, mentee.pk),
        page=Paginator(swaps.ranked(), PAGE_SIZE).get_page(number),
        is_pinned=swaps.is_pinned,
    )


class _Swaps:
    """The swaps of one pair of a run."""

    def __init__(self, run: MatchingRun, people: Mapping[int, Enrolment], mentor: int, mentee: int) -> None:
        self._people, self._mentor, self._mentee = people, mentor, mentee
        self._keys = {pk: key for key, pk in run.keys.items()}
        self._enrolments = dict(run.keys)
        self._links = run.links()
        self._problem: Problem = problem_from_json(run.problem)
        self._why: Explanation = explain(self._problem, plan_from_json(run.result["plan"]))
        self._weights = {code: run.settings["weights"][code] for code in SHOWN}
        self._topics = topic_names(run.cohort)
        self._found: dict[tuple[int, int], Mapping[str, Any]] = {}

    @property
    def is_pinned(self) -> bool:
        return (self._keys[self._mentee], self._keys[self._mentor]) in self._problem.pins

    def ranked(self) -> list[Swap]:
        """Best first by what is shown; never in the order of points."""
        order = ("same", "weaker", "much")
        return sorted(
            self._all(),
            key=lambda one: (
                order.index(one.kind), one.leaves_out, str(one.other_mentor), one.other_mentor.pk,
            ),
        )  # fmt: skip

    def shown(self, mentor: int, mentee: int) -> ToldPair:
        """Any two as a page shows them."""
        return ToldPair(
            self._people[mentor], self._people[mentee], self._reasons(mentor, mentee), self._topics
        )

    def _all(self) -> Iterator[Swap]:
        for_mentee, for_mentor = (
            self._possible(self._mentee, "mentee"),
            self._possible(self._mentor, "mentor"),
        )
        free = self._with_free_place()
        for other in for_mentee:
            if other in free:
                yield self._swap(other, None)
            for mentor, mentee in self._links:
                if mentor == other and mentee in for_mentor:
                    yield self._swap(other, mentee)

    def _possible(self, enrolment: int, role: Role) -> list[int]:
        """Who else this person could be with under the rules, pins of others kept."""
        found = self._why.possible(self._keys[enrolment], role)
        partners = {
            mentor if role == "mentee" else mentee
            for mentor, mentee in self._links
            if enrolment in (mentor, mentee)
        }
        others = (self._enrolments.get(key, 0) for key in found)
        return [pk for pk in others if pk in self._people and pk not in partners]

    def _with_free_place(self) -> set[int]:
        load = [mentor for mentor, _mentee in self._links]
        return {
            self._enrolments[one.key]
            for one in self._problem.mentors
            if one.key in self._enrolments and one.capacity > load.count(self._enrolments[one.key])
        }

    def _swap(self, other_mentor: int, other_mentee: int | None) -> Swap:
        before, after = [(self._mentor, self._mentee)], [(other_mentor, self._mentee)]
        if other_mentee is not None:
            before.append((other_mentor, other_mentee))
            after.append((self._mentor, other_mentee))
        kind = self._compare(before, after)
        alone = other_mentee is None and [one for one, _mentee in self._links].count(self._mentor) == 1
        left = str(self._people[self._mentor]) if alone else ""
        return Swap(
            other_mentor=self._people[other_mentor],
            other_mentee=self._people[other_mentee] if other_mentee is not None else None,
            made=[self.shown(*link) for link in after],
            kind=kind,
            verdict=_verdict(kind, left),
            leaves_out=bool(left),
        )

    def _compare(self, before: Sequence[tuple[int, int]], after: Sequence[tuple[int, int]]) -> str:
        most = 2 * sum(self._weights.values()) * len(before) or 1
        change = (sum(self._fit(*link) for link in after) - sum(self._fit(*link) for link in before)) / most
        if change > -_SMALL:
            return "same"
        return "weaker" if change > -_LARGE else "much"

    def _fit(self, mentor: int, mentee: int) -> float:
        return shown_fit(self._reasons(mentor, mentee)["bands"], self._weights)

    def _reasons(self, mentor: int, mentee: int) -> Mapping[str, Any]:
        if (mentor, mentee) not in self._found:
            reasons = self._why.pair(self._keys[mentee], self._keys[mentor])
            self._found[mentor, mentee] = stored_reasons(reasons)
        return self._found[mentor, mentee]


def _verdict(kind: str, left: str) -> str:
    told = {
        "same": _("About as good as now."),
        "weaker": _("A little weaker than now."),
        "much": _("Clearly weaker than now."),
    }[kind]
    return f"{told} {_('%(name)s would have nobody.') % {'name': left}}" if left else told
