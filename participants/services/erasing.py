"""Erasing somebody, driven by the privacy register: what goes, what is emptied, and what stays without them (B-07).

In two steps. At once they are out: log-in closed, pairs ended, dates and mail stopped, as for anybody who has left.
As soon as their partners have been told in the usual words at the usual hour (decision 33), a worker erases.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from auditlog.context import disable_auditlog
from django.apps import apps
from django.db import models, transaction
from django.db.models import Q, QuerySet

from common.append_only import let_go
from common.belongings import belonging, models_with_owner
from common.hooks import declare
from outbox.services import forget_names, forget_recipient
from participants.choices import ERASED_KEY, PersonState
from participants.models import Delegation, ImportFile, Person
from participants.selectors.belongings import DELETE, goes_whole, may_be_told, personal_lines, rows_of
from participants.services.keeping import keep_list
from participants.services.people import mark_left


@dataclass(frozen=True)
class Traces:
    """What packages need to find marks of somebody that no field of their own points to.

    Args:
        names: what they were called, their address and their key.
        rows: label → numbers of their rows, as they were before.
    """

    person_id: int
    user_id: int | None
    names: tuple[str, ...]
    rows: Mapping[str, list[Any]] = field(default_factory=dict)


class _ErasedSignature(Protocol):
    def __call__(self, *, person: Person, traces: Traces, now: datetime) -> None: ...


class _WaitsSignature(Protocol):
    def __call__(self, *, person: Person) -> bool: ...


person_erased = declare(
    "participants.person_erased",
    purpose="somebody is erased: marks that no line of the register can name by field go, in the same transaction",
    signature=_ErasedSignature.__call__,
)
erasure_waits = declare(
    "participants.erasure_waits",
    purpose="whether somebody has still to be told in the usual words before a person can be erased",
    signature=_WaitsSignature.__call__,
)


def is_erased(person: Person) -> bool:
    """Whether nothing of this person is left but a key that nobody knows."""
    return person.hr_key.startswith(ERASED_KEY)


def must_wait(person: Person) -> bool:
    """Whether partners have not heard yet that their pair has ended."""
    return any(erasure_waits(person=person))


@transaction.atomic
def erase_person(*, person: Person, now: datetime) -> dict[str, int]:
    """Erase somebody as the register says. Twice is once.

    Their pairs and meetings stay as counts without them; published figures stay; what others wrote for themselves
    stays theirs.

    Returns:
        How many rows of each kind went or were emptied; nothing the second time.
    """
    person = Person.objects.select_for_update().get(pk=person.pk)
    if is_erased(person):
        return {}
    if person.state == PersonState.ACTIVE:
        mark_left(person=person, now=now)
        person.refresh_from_db()
    let_go()
    traces = _traces(person)
    forget_recipient(person_id=person.pk, now=now)
    forget_names(names=traces.names)
    with disable_auditlog():  # a log of what was erased would be a copy of it
        person_erased(person=person, traces=traces, now=now)
        counts = {label: count for label in models_with_owner() if (count := _erase_rows(label, person))}
        Delegation.objects.filter(address__in=[name.lower() for name in traces.names]).delete()
        counts["participants.importfile"] = ImportFile.objects.all().delete()[0]
        _tombstone(person)
    # The clock writes what could not be written now, so that a full disk never keeps anybody from being erased.
    transaction.on_commit(lambda: keep_list(now=now), robust=True)
    return _told(counts)


def _told(counts: Mapping[str, int]) -> dict[str, int]:
    """The numbers that may stay: by kind where coordinators may know of it, the others together."""
    told = {label: count for label, count in counts.items() if count and may_be_told(label)}
    others = sum(count for label, count in counts.items() if label not in told)
    return told | ({"other": others} if others else {})


def _traces(person: Person) -> Traces:
    user = getattr(person, "user", None)
    names = {person.full_name, person.email or "", person.hr_key, user.email if user else ""}
    rows = {
        label: list(rows_of(label, person.pk, is_named=True).values_list("pk", flat=True))
        for label in models_with_owner()
    }
    return Traces(
        person_id=person.pk,
        user_id=user.pk if user else None,
        names=tuple(sorted((name for name in names if name), key=len, reverse=True)),
        rows={label: keys for label, keys in rows.items() if keys},
    )


def _erase_rows(label: str, person: Person) -> int:
    told = belonging(label)
    if told is None or told.by_hand:
        return 0
    if goes_whole(label):
        chosen = rows_of(label, person.pk, is_named=True).values("pk")
        manager: Any = apps.get_model(label)._default_manager
        return int(manager.filter(pk__in=list(chosen.values_list("pk", flat=True))).delete()[0])
    return empty_rows(label, rows_of(label, person.pk), person_id=person.pk)


def empty_rows(label: str, rows: QuerySet[Any], *, person_id: int | None = None) -> int:
    """Do to rows that stay what their lines say: blank what says something, let go of who it was.

    Args:
        person_id: let go of this person alone where a row names somebody; None: of everybody.
    """
    model: Any = apps.get_model(label)
    keys = list(rows.values_list("pk", flat=True))
    chosen = model._default_manager.filter(pk__in=keys)
    lines = personal_lines(label)
    blanks = _blanks(label)
    if blanks and keys:
        chosen.update(**blanks)
    for name, line in lines.items():
        if line.erase == "detach" and _may_be_null(model._meta.get_field(name)):
            told = model._default_manager.all() if person_id is not None else chosen
            mine = {} if person_id is None else {name: person_id}
            told.filter(**mine).update(**{name: None})
    return len(keys)


def unemptied(label: str, rows: QuerySet[Any]) -> QuerySet[Any]:
    """Those of these rows to which ``empty_rows`` would still do something."""
    model = apps.get_model(label)
    full = Q(pk__in=[])
    for name, value in _blanks(label).items():
        full |= Q(**{f"{name}__isnull": False}) if value is None else ~Q(**{name: value})
    for name, line in personal_lines(label).items():
        if line.erase == "detach" and _may_be_null(model._meta.get_field(name)):
            full |= Q(**{f"{name}__isnull": False})
    return rows.filter(full)


def _blanks(label: str) -> dict[str, Any]:
    """What the fields of a row that stays are set to."""
    model = apps.get_model(label)
    return {
        name: empty_value(model._meta.get_field(name))
        for name, line in personal_lines(label).items()
        if line.erase in ("blank", DELETE)
    }


def _may_be_null(column: Any) -> bool:
    """Only what leads to somebody can be let go of: a key, in our own tables or as a plain number."""
    is_key = column.is_relation or column.name.endswith("_id")
    return bool(is_key and column.null)


def empty_value(column: Any) -> Any:
    """What stands in a column that says nothing: null where it may, else its default, else nothing."""
    if column.null:
        return None
    if column.has_default():
        return column.get_default()
    return "" if isinstance(column, models.CharField | models.TextField) else column.get_default()


def _tombstone(person: Person) -> None:
    """What is left of a person: a link of other people's manager chains, with a key that nobody knows (decision 28)."""
    values: dict[str, Any] = {
        name: empty_value(Person._meta.get_field(name))
        for name, line in personal_lines("participants.Person").items()
        if line.erase == "blank"
    }
    if not person.reports.exists():
        values |= {"manager": None, "appraiser": None}
    Person.objects.filter(pk=person.pk).update(
        **{
            **values,
            "hr_key": f"{ERASED_KEY}{secrets.token_hex(12)}",
            "first_name": "",
            "last_name": "",
            "email": None,
            "is_chain_only": True,
            "version": person.version + 1,
        }
    )
