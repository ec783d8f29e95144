"""One run beside the one before: counts of what is shown, never points (decision 31)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from matching.engine import codes
from matching.models import MatchingRun
from programmes.models import Enrolment


@dataclass(frozen=True)
class Compared:
    """One line of two runs side by side; ``before`` is None where only the two together have a figure."""

    label: str
    before: int | None
    after: int

    @property
    def change(self) -> str:
        """With its sign, a true minus included."""
        if self.before is None:
            return ""
        difference = self.after - self.before
        return f"{difference:+d}".replace("-", "\N{MINUS SIGN}") if difference else "0"


def is_weak(bands: Mapping[str, str]) -> bool:
    """Nothing to learn, or no strong reason at all."""
    return bands.get(codes.KNOWLEDGE) == codes.NONE or has_no_strong_reason(bands)


def has_no_strong_reason(bands: Mapping[str, str]) -> bool:
    return codes.STRONG not in bands.values()


def compared(run: MatchingRun, previous: MatchingRun, people: Mapping[int, Enrolment]) -> Sequence[Compared]:
    """What changed from ``previous`` to ``run``."""
    measures: list[tuple[str, Callable[[MatchingRun], int]]] = [
        (_("Mentors"), lambda one: one.mentors),
        (_("Mentees"), lambda one: one.mentees),
        (_("Pairs"), lambda one: one.matched),
        (_("Strong on learning"), _strong_on_learning),
        (_("No strong reason"), _without_strong_reason),
        (_("Across departments"), lambda one: _across(one, people, "department")),
        (_("Across borders"), lambda one: _across(one, people, "country")),
    ]
    lines = [Compared(label, measure(previous), measure(run)) for label, measure in measures]
    differing = len(set(run.links()) - set(previous.links()))
    return [*lines, Compared(_("Pairs that are new"), None, differing)]


def _bands(run: MatchingRun) -> list[Mapping[str, str]]:
    return [one["bands"] for one in run.result["reasons"].values()]


def _strong_on_learning(run: MatchingRun) -> int:
    return sum(bands.get(codes.KNOWLEDGE) == codes.STRONG for bands in _bands(run))


def _without_strong_reason(run: MatchingRun) -> int:
    return sum(has_no_strong_reason(bands) for bands in _bands(run))


def _across(run: MatchingRun, people: Mapping[int, Enrolment], place: str) -> int:
    """How many pairs link two departments or countries; one that is not known counts for none (S3.50)."""
    places = (
        {getattr(people[one].person, place) for one in link}
        for link in run.links()
        if people.keys() >= set(link)
    )
    return sum(len(both - {""}) == 2 for both in places)
