"""The organisation chart around one person: who stands above them, and who reports to them (S0.2)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from participants.engine.lines import closure
from participants.models import DottedLine, Person
from participants.selectors.lines import steps_above

REPORTS_A_PAGE: Final = 25
LINE_NAMES: Final[Mapping[str, Promise]] = {
    "manager": _("manager"),
    "dotted": _("dotted line"),
    "appraiser": _("appraiser"),
}


@dataclass(frozen=True)
class Place:
    """Somebody in the chart. ``person`` is None for whoever the reader may not know by name.

    Args:
        how: by which lines they stand there.
        reports: how many report to them.
    """

    person: Person | None
    how: Sequence[str | Promise] = ()
    reports: int = 0


@dataclass(frozen=True)
class OrgChart:
    """What the page shows.

    Args:
        line: managers from the top of the company down to the person's own.
        beside: dotted lines and appraiser of the person.
        above: how many people stand above in all, by whichever line: nobody of them can be their partner.
        reports: a page of the people who report to them and whom the reader may know.
        unnamed: how many more report to them.
    """

    person: Person
    line: Sequence[Place]
    beside: Sequence[Place]
    above: int
    reports: Page[Person]
    unnamed: int


def org_chart(person: Person, user: Any, *, page: str | None) -> OrgChart:
    """The chart around ``person`` for this reader: names within their programmes, opaque places elsewhere (C-05).

    A constant number of queries, whatever the depth and the number of reports.
    """
    steps = steps_above([person.pk])
    managers = {low: high for low, high, kind in steps if kind == "manager"}
    line = _climb(person.pk, managers)
    beside: dict[int, list[str | Promise]] = {}
    for low, high, kind in steps:
        if low == person.pk and kind != "manager":
            beside.setdefault(high, []).append(LINE_NAMES[kind])
    known = _known([*line, *beside], user)
    everybody = Person.objects.filter(_below(person)).distinct()
    named = everybody.visible_to(user).known()
    reports = named.annotate(below=Count("reports", distinct=True)).order_by("last_name", "first_name", "pk")
    pages = Paginator(reports, REPORTS_A_PAGE)
    return OrgChart(
        person=person,
        line=[Place(known.get(pk)) for pk in reversed(line)],
        beside=[Place(known.get(pk), how) for pk, how in beside.items()],
        above=len(closure([person.pk], _upwards(steps))),
        reports=pages.get_page(page),
        unnamed=everybody.count() - pages.count,
    )


def _below(person: Person) -> Q:
    """People one step below, by whichever line."""
    dotted = DottedLine.objects.filter(manager=person).values("person_id")
    return Q(manager=person) | Q(appraiser=person) | Q(pk__in=dotted)


def _climb(person_id: int, managers: Mapping[int, int]) -> list[int]:
    """Managers upwards, nearest first; a circle is gone round once."""
    found: list[int] = []
    boss = managers.get(person_id)
    while boss is not None and boss not in found and boss != person_id:
        found.append(boss)
        boss = managers.get(boss)
    return found


def _upwards(steps: Collection[tuple[int, int, str]]) -> dict[int, set[int]]:
    above: dict[int, set[int]] = {}
    for low, high, _kind in steps:
        above.setdefault(low, set()).add(high)
    return above


def _known(person_ids: Sequence[int], user: Any) -> Mapping[int, Person]:
    """Those of them whom the reader may know by name."""
    return Person.objects.visible_to(user).known().in_bulk(person_ids)
