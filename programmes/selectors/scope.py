"""Whose rows a coordinator may know of: what lower packages ask through their hooks (C-02, decision 10)."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from programmes.models import ColleagueTopic, Coordinator, Enrolment
from programmes.selectors.invitations import STAFF


def coordinated_programme_ids(*, person_id: int) -> QuerySet[Any, Any]:
    """The ids of the programmes that this person coordinates, as a subquery."""
    rows = Coordinator.objects.filter(person_id=person_id)
    ids: QuerySet[Any, Any] = rows.values_list("programme_id", flat=True)
    return ids


def _ids(rows: QuerySet[Any]) -> QuerySet[Any, Any]:
    """People's ids without an order: sorting 20,000 of them by name would be most of a list's time."""
    ids: QuerySet[Any, Any] = rows.order_by().values("person_id")
    return ids


def coordinated_person_ids(*, person_id: int) -> list[QuerySet[Any, Any]]:
    """The ids of everybody with a part in those programmes, coordinators and contacts too, as subqueries.

    One by one and not as a union, so that a page of a list looks up its own rows alone.
    """
    programmes = coordinated_programme_ids(person_id=person_id)
    enrolled = _ids(Enrolment.objects.filter(cohort__programme_id__in=programmes))
    named = (_ids(model.objects.filter(programme_id__in=programmes)) for model in STAFF.values())
    return [enrolled, *named]


def needed_person_ids() -> QuerySet[Any, Any]:
    """Everybody who takes or took part, runs something or named a topic: never reduced to a link (decision 28)."""
    enrolled = _ids(Enrolment.objects.all())
    named = _ids(ColleagueTopic.objects.all())
    staff = [_ids(model.objects.all()) for model in STAFF.values()]
    ids: QuerySet[Any, Any] = enrolled.union(named, *staff, all=True)
    return ids
