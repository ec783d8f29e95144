"""Whose rows a coordinator may know of: what lower packages ask through their hooks (C-02, decision 10)."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from programmes.models import Coordinator, Enrolment, NamedContact


def coordinated_programme_ids(*, person_id: int) -> QuerySet[Any, Any]:
    """The ids of the programmes that this person coordinates, as a subquery."""
    ids: QuerySet[Any, Any] = Coordinator.objects.filter(person_id=person_id).values("programme_id")
    return ids


def coordinated_person_ids(*, person_id: int) -> QuerySet[Any, Any]:
    """The ids of everybody with a part in those programmes, coordinators and contacts too, as a subquery."""
    programmes = coordinated_programme_ids(person_id=person_id)
    enrolled = Enrolment.objects.filter(cohort__programme_id__in=programmes).values("person_id")
    staff = [
        model.objects.filter(programme_id__in=programmes).values("person_id")
        for model in (Coordinator, NamedContact)
    ]
    ids: QuerySet[Any, Any] = enrolled.union(*staff)
    return ids


def needed_person_ids() -> QuerySet[Any, Any]:
    """Everybody who takes or took part or runs something: they are never reduced to a link (decision 28)."""
    enrolled = Enrolment.objects.values("person_id")
    staff = [model.objects.values("person_id") for model in (Coordinator, NamedContact)]
    ids: QuerySet[Any, Any] = enrolled.union(*staff)
    return ids
