"""Everything stored about one person, found by the privacy register: for their copy and for their erasure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import reduce
from operator import or_
from typing import Any

from django.apps import apps
from django.db.models import Count, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils.formats import localize
from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import gettext

from common.belongings import belonging, models_with_owner, reader_of
from common.privacy import PERSONAL, Line, lines_of
from participants.models import Person

DELETE, BLANK, KEEP = "delete_row", "blank", "keep"


@dataclass(frozen=True)
class PlanLine:
    """What an erasure does to one kind of record.

    Args:
        count: rows of this person.
        fate: "goes", "emptied" or "stays".
        stays: names of the fields that stay in a row that is emptied.
    """

    name: str
    count: int
    fate: str
    stays: Sequence[str]


def rows_of(label: str, person_id: int, *, is_named: bool = False) -> QuerySet[Any]:
    """The rows of one model that belong to a person; with ``is_named`` also others' rows that name them."""
    told = belonging(label)
    lookups = () if told is None else (*told.own, *(told.named if is_named else ()))
    manager: Any = apps.get_model(label)._default_manager
    rows: QuerySet[Any] = manager.all()
    if not lookups:
        return rows.none()
    return rows.filter(reduce(or_, (Q(**{lookup: person_id}) for lookup in lookups)))


def personal_lines(label: str) -> Mapping[str, Line]:
    """The lines of a model that say something about somebody."""
    return {name: line for name, line in lines_of(label).items() if line.category in PERSONAL}


def goes_whole(label: str) -> bool:
    """Whether erasing somebody deletes their rows of this model: every personal line of it says so."""
    lines = personal_lines(label).values()
    return bool(lines) and all(line.erase == DELETE for line in lines)


def erasure_plan(person: Person) -> list[PlanLine]:
    """What carrying out an erasure would do, by kind of record; kinds without a row are left out. One query.

    Only kinds that coordinators may know of: that somebody named a "never with" or asked for a contact is told by
    no number. Those go as well.
    """
    labels = [label for label in models_with_owner() if may_be_told(label)]
    counts = {f"n{place}": _count(label, person.pk) for place, label in enumerate(labels)}
    found = Person.objects.filter(pk=person.pk).order_by().values_list(*counts.values())[0]
    lines = [_plan_line(label, count) for label, count in zip(labels, found, strict=True) if count]
    return sorted(lines, key=lambda line: (_ORDER.index(line.fate), line.name))


def may_be_told(label: str) -> bool:
    """Whether coordinators may know that somebody has such rows: they see a part, and nobody's safety is in it."""
    lines = personal_lines(label).values()
    seen = {viewer for line in lines for viewer in line.visible}
    return bool(seen & {"coordinator", "everyone"}) and all(line.purpose != "safety" for line in lines)


def _count(label: str, person_id: int) -> Coalesce:
    rows = rows_of(label, person_id, is_named=True).order_by().annotate(_all=Value(1)).values("_all")
    return Coalesce(Subquery(rows.annotate(_n=Count("pk", distinct=True)).values("_n")), 0)


_ORDER = ("goes", "emptied", "stays")


def _plan_line(label: str, count: int) -> PlanLine:
    model = apps.get_model(label)
    kept = [name for name, line in personal_lines(label).items() if line.erase == KEEP]
    fate = "goes" if goes_whole(label) else "stays" if len(kept) == len(personal_lines(label)) else "emptied"
    names = [gettext(str(model._meta.get_field(name).verbose_name)) for name in kept]
    return PlanLine(_name(model), count, fate, names if fate == "emptied" else [])


def own_data(person: Person) -> list[dict[str, Any]]:
    """A copy of a person's own data, as the register marks it for export (B-06): records with rows of named values.

    Of a row that belongs to two, each gets what is theirs or common; nothing that only names them.
    """
    return [record for label in models_with_owner() if (record := _record(label, person)) is not None]


def _record(label: str, person: Person) -> dict[str, Any] | None:
    names = [name for name, line in personal_lines(label).items() if line.export]
    told = belonging(label)
    if not names or told is None or not told.own:
        return None
    rows = rows_of(label, person.pk).distinct().order_by("pk")
    if not rows:
        return None
    model = apps.get_model(label)
    return {
        "record": label.lower(),
        "name": _name(model),
        "rows": [list(_values(label, row, names, told.only, person)) for row in rows],
    }


def _values(
    label: str, row: Any, names: Sequence[str], only: Mapping[str, str], person: Person
) -> Iterator[dict[str, str]]:
    for name in names:
        if name in only and not _leads_to(row, only[name], person):
            continue
        field = row._meta.get_field(name)
        value = _value(label, row, name)
        if value:
            title = gettext(str(getattr(field, "verbose_name", name)))
            told = {"field": name, "name": title, "value": value}
            yield told | ({"words": words} if (words := _day_words(getattr(row, name))) else {})


def _leads_to(row: Any, lookup: str, person: Person) -> bool:
    found = row
    for step in lookup.split("__"):
        found = getattr(found, step)
    return bool(found.pk == person.pk)


def _value(label: str, row: Any, name: str) -> str:
    reader = reader_of(label, name)
    if reader is not None:
        return reader(row)
    field = row._meta.get_field(name)
    if field.many_to_many:
        return ", ".join(str(one) for one in getattr(row, name).all())
    display = getattr(row, f"get_{name}_display", None)
    value = display() if display is not None else getattr(row, name)
    return _text(value)


def _day_words(value: Any) -> str:
    """A day or an instant as one reads it; the value itself stays as machines do."""
    if isinstance(value, datetime):
        return str(localize(localtime(value)))
    return str(localize(value)) if isinstance(value, date) else ""


def _text(value: Any) -> str:
    if value is None or value == "" or value == []:
        return ""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, list | tuple):
        return ", ".join(_text(one) for one in value)
    if isinstance(value, bytes | memoryview):
        return ""
    return str(value)


def _name(model: Any) -> str:
    name: str | Promise = model._meta.verbose_name_plural
    return gettext(str(name))
