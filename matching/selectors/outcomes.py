"""Who has somebody, by department and office: whether the outcome is fair is looked at there and nowhere else (S2.7).

No protected characteristic has a field, so none can be compared. Small groups stand together.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from matching.engine import codes
from matching.models import MatchingRun
from programmes.models import Enrolment

#: People below whom a department or office is not shown by itself.
LEAST: Final = 5


@dataclass(frozen=True)
class Outcome:
    """One department or office: how many of its people in the run have somebody.

    Args:
        is_behind: clearly fewer than in the whole run: a quarter of a full share below it.
    """

    name: str
    paired: int
    people: int
    is_behind: bool


def outcomes(run: MatchingRun, people: Mapping[int, Enrolment]) -> Sequence[Outcome]:
    """Departments first, then offices, each in the order of names; nothing where all people are in one place."""
    without = {run.keys[key] for key, why in run.result["unmatched"].items()
               if key in run.keys and why["code"] != codes.OWN_CAPACITY}  # fmt: skip
    paired = {pk for link in run.links() for pk in link}
    asked = [people[pk] for pk in sorted(paired | without) if pk in people]
    found: list[Outcome] = []
    for place in ("department", "office"):
        found += _by_place(asked, paired, place)
    return found


def _by_place(asked: Iterable[Enrolment], paired: set[int], place: str) -> list[Outcome]:
    rows = [(_place(one, place), one.pk in paired) for one in asked]
    totals = Counter(name for name, _has in rows)
    shown = {name for name, count in totals.items() if name and count >= LEAST}
    if len(totals) < 2 or not shown:
        return []
    named = [(name if name in shown else "", has) for name, has in rows]
    everybody = sum(has for _name, has in rows) / len(rows)
    return [_outcome([has for own, has in named if own == name], name, everybody)
            for name in [*sorted(shown), *([""] if any(not name for name, _has in named) else [])]]  # fmt: skip


def _outcome(has: Sequence[bool], name: str, everybody: float) -> Outcome:
    label = name or _("smaller ones and unknown, together")
    return Outcome(label, sum(has), len(has), sum(has) / len(has) < everybody - 0.25)


def _place(enrolment: Enrolment, place: str) -> str:
    person = enrolment.person
    return person.department if place == "department" else person.office or person.city
