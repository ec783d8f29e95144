"""Every term of the privacy register is carried out here, or by the job that the register names for it (B-10).

Three things end: rows with a term of their own, what a programme that closed a year ago still says about people,
and people whom nothing that still runs needs any more. What the notice before deletion announces waits for that
notice (``mentoring.told``). Carrying out twice changes nothing the second time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from auditlog.context import disable_auditlog
from django.apps import apps
from django.db import models, transaction
from django.db.models import QuerySet

from common.append_only import let_go
from common.belongings import belonging, ending, models_with_owner, models_with_term
from common.privacy import RETENTION_DAYS
from mentoring.told import due_people, people_to_erase, people_who_wait, term_ago
from participants.models import Person
from participants.selectors.belongings import goes_whole, personal_lines
from participants.services import empty_rows, erase_person
from participants.services.erasing import unemptied
from programmes.selectors import programmes_over
from sealing.choices import ScopeKind
from sealing.models import ScopeKey
from sealing.services import destroy_key

__all__ = ["carry_out_terms", "days_of", "due_people", "due_rows"]

#: People erased in one turn; the next hour takes the next ones.
AT_ONCE: Final = 100


@dataclass(frozen=True)
class Due:
    """Rows of one model whose time is over, and whether they go or are emptied."""

    label: str
    rows: QuerySet[Any]
    goes: bool


def carry_out_terms(*, now: datetime) -> int:
    """Delete, empty and erase whatever has been kept long enough.

    Returns:
        How many rows and people lost something.
    """
    count = sum(_carry_out(due, now) for due in due_rows(now))
    return count + sum(_erase(pk, now) for pk in people_to_erase(now).values_list("pk", flat=True)[:AT_ONCE])


def due_rows(now: datetime) -> Iterator[Due]:
    """What the next turn would do to rows; reading it changes nothing."""
    for label in models_with_term():
        yield Due(label, _ended(label, now), goes=True)
    over = programmes_over(term_ago(now))
    waiting = list(people_who_wait(now).values_list("pk", flat=True))
    for label in models_with_owner():
        told = belonging(label)
        lines = personal_lines(label)
        if told is None or not told.within or "programme" not in {one.retention for one in lines.values()}:
            continue
        manager: Any = apps.get_model(label)._default_manager
        rows = _without(manager.filter(**{f"{told.within}__in": over}), told.own, waiting)
        goes = goes_whole(label)
        yield Due(label, rows if goes else unemptied(label, rows), goes=goes)


def _without(rows: QuerySet[Any], lookups: Iterable[str], people: list[int]) -> QuerySet[Any]:
    """Rows that belong to none of these people; what belongs to two waits for both."""
    for lookup in lookups if people else ():
        rows = rows.exclude(**{f"{lookup}__in": people})
    return rows


def _ended(label: str, now: datetime) -> QuerySet[Any]:
    told = ending(label)
    assert told is not None  # noqa: S101  (asked for models that have one)
    model = apps.get_model(label)
    before: Any = now - timedelta(days=days_of(label))
    if _is_day(model, told.since):
        before = before.date()
    manager: Any = model._default_manager
    found: QuerySet[Any] = manager.filter(**{f"{told.since}__lt": before}, **told.only)
    return found


def days_of(label: str) -> int:
    """For how many days after its event a row of this model is kept, by its lines."""
    told = ending(label)
    if told is not None and told.days is not None:
        return told.days
    terms = {RETENTION_DAYS[line.retention] for line in personal_lines(label).values()}
    return max(days or 0 for days in terms)


def _is_day(model: Any, lookup: str) -> bool:
    for step in lookup.split("__"):
        column = model._meta.get_field(step)
        model = column.related_model
    return isinstance(column, models.DateField) and not isinstance(column, models.DateTimeField)


@transaction.atomic
def _carry_out(due: Due, now: datetime) -> int:
    keys = list(due.rows.values_list("pk", flat=True))
    if not keys:
        return 0
    manager: Any = apps.get_model(due.label)._default_manager
    chosen = manager.filter(pk__in=keys)
    let_go()
    with disable_auditlog():  # a log of what was deleted would be a copy of it
        if due.goes:
            chosen.delete()
        else:
            _destroy_keys(due.label, keys, now)
            empty_rows(due.label, chosen)
    return len(keys)


def _destroy_keys(label: str, keys: list[Any], now: datetime) -> None:
    if label == "programmes.intake":
        for key in ScopeKey.objects.filter(scope_kind=ScopeKind.INTAKE, scope_id__in=keys, destroyed_at=None):
            destroy_key(key=key, now=now)


def _erase(pk: int, now: datetime) -> int:
    return int(bool(erase_person(person=Person.objects.get(pk=pk), now=now)))
