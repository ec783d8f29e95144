"""Who somebody without a partner could be with, and what that would cost; in bands, so that no perspective shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from matching.engine import EngineError, Explanation, explain, plan_from_json, problem_from_json
from matching.engine.candidates import Role
from matching.models import MatchingRun
from matching.selectors.problem import topic_names
from matching.selectors.recording import SHOWN, shown_fit, stored_reasons
from matching.selectors.rows import band_names
from matching.selectors.runs import PAGE_SIZE
from matching.selectors.speaking import PairWords, pair_words
from programmes.models import Enrolment

#: More than a side can have: everybody.
_ALL = 10_000
#: So many people are put in the order of their fit at most, which takes everybody's reasons; beyond, of their names.
_MOST_RANKED = 500


@dataclass(frozen=True)
class Place:
    """One person whom the rules allow.

    Args:
        other: that person.
        partners: whom they have in the run now.
        cost: what the whole set would lose, in pairs; empty where the cohort is too large to tell at once.
        is_free_of_cost: as many pairs as now.
    """

    mentor: Enrolment
    mentee: Enrolment
    other: Enrolment
    partners: Sequence[Enrolment]
    bands: Sequence[tuple[str, str]]
    words: PairWords
    cost: str
    is_free_of_cost: bool


@dataclass(frozen=True)
class PlacePage:
    """Everybody whom the rules allow, those who cost least first."""

    person: Enrolment
    page: Page[Place]


def place_page(run: MatchingRun, person: Enrolment, *, number: str = "1") -> PlacePage | None:
    """Who ``person`` could be with; None when they have somebody, were not in the run, or it cannot tell any more.

    Args:
        number: page, as it came in the address.
    """
    keys = {pk: key for key, pk in run.keys.items()}
    has_somebody = any(person.pk in link for link in run.links())
    if not run.is_reproducible or person.pk not in keys or has_somebody:
        return None
    places = _Places(run, person, keys)
    page: Page[Any] = Paginator(places.ranked(), PAGE_SIZE).get_page(number)
    page.object_list = [places.shown(*one) for one in page.object_list]
    return PlacePage(person, page)


class _Places:
    """Everybody whom the rules leave to one person of a run."""

    def __init__(self, run: MatchingRun, person: Enrolment, keys: Mapping[int, str]) -> None:
        self._run, self._person, self._keys = run, person, keys
        self._role: Role = "mentor" if person.role == "mentor" else "mentee"
        self._why = explain(problem_from_json(run.problem), plan_from_json(run.result["plan"]))
        self._people = Enrolment.objects.filter(cohort_id=run.cohort_id).select_related("person").in_bulk()
        self._weights = {code: run.settings["weights"][code] for code in SHOWN}
        self._topics = topic_names(run.cohort)
        self._links = run.links()

    def ranked(self) -> list[tuple[Enrolment, int | None]]:
        """Those who cost the fewest pairs first, then by what is shown; never in the order of points."""
        found = [
            (self._people[self._run.keys[key]], lost)
            for key, lost in _losses(self._why, self._keys[self._person.pk], self._role).items()
            if self._run.keys.get(key) in self._people
        ]
        fits = {one.pk: self._fit(one) for one, _lost in found} if len(found) <= _MOST_RANKED else {}
        found.sort(key=lambda one: (one[1] or 0, -fits.get(one[0].pk, 0), str(one[0]), one[0].pk))
        return found

    def shown(self, other: Enrolment, lost: int | None) -> Place:
        """One of them as the page shows them."""
        mentor, mentee = self._pair(other)
        stored = self._reasons(other)
        names = {"mentor": mentor.person.first_name, "mentee": mentee.person.first_name}
        return Place(
            mentor=mentor,
            mentee=mentee,
            other=other,
            partners=self._partners(other.pk),
            bands=band_names(stored["bands"]),
            words=pair_words(stored, **names, topics=self._topics),
            cost=_cost(lost),
            is_free_of_cost=lost is not None and lost <= 0,
        )

    def _pair(self, other: Enrolment) -> tuple[Enrolment, Enrolment]:
        return (self._person, other) if self._role == "mentor" else (other, self._person)

    def _reasons(self, other: Enrolment) -> Mapping[str, Any]:
        mentor, mentee = self._pair(other)
        return stored_reasons(self._why.pair(self._keys[mentee.pk], self._keys[mentor.pk]))

    def _fit(self, other: Enrolment) -> float:
        return shown_fit(self._reasons(other)["bands"], self._weights)

    def _partners(self, other: int) -> list[Enrolment]:
        found = [pk for link in self._links if other in link for pk in link if pk != other]
        return [self._people[pk] for pk in found if pk in self._people]


def _losses(why: Explanation, key: str, role: Role) -> Mapping[str, int | None]:
    """Everybody allowed, with the pairs that insisting on them would cost; None where that is too much to work out."""
    try:
        found = why.alternatives(key, role, _ALL)
    except EngineError:
        return dict.fromkeys(why.possible(key, role))
    return {
        one.mentee if role == "mentor" else one.mentor: one.loss.pairs
        for one in found
        if one.loss is not None
    }


def _cost(lost: int | None) -> str:
    if lost is None:
        return ""
    if lost <= 0:
        return _("As many pairs as now.")
    return ngettext("%(n)s pair fewer in all.", "%(n)s pairs fewer in all.", lost) % {"n": lost}
