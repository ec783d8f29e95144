"""Chainable filters on long work."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Protocol

from django.db import models
from django.db.models import Q

from common.hooks import declare
from operations.choices import JobState


class _ProgrammesSignature(Protocol):
    def __call__(self, *, person_id: int) -> models.QuerySet[Any, Any]: ...


#: Upper packages answer with the ids of the programmes that this person coordinates.
coordinated_programmes = declare(
    "operations.coordinated_programmes",
    purpose="the ids of the programmes that a person coordinates, for scoped lists of long work",
    signature=_ProgrammesSignature.__call__,
)


class JobQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> JobQuerySet:
        """Work that this user asked for, or that somebody did for one of their programmes (C-02)."""
        if user.is_superuser:
            return self
        if user.person_id is None:
            return self.none()
        mine = Q(requested_by_id=user.person_id)
        for ids in coordinated_programmes(person_id=user.person_id):
            mine |= Q(programme_id__in=ids)
        return self.filter(mine)

    def of_programmes(self, programme_ids: Collection[int]) -> JobQuerySet:
        """Work for one of these programmes (scoping by plain id, C-02)."""
        return self.filter(programme_id__in=programme_ids)

    def unfinished(self) -> JobQuerySet:
        return self.filter(state__in=[JobState.QUEUED, JobState.RUNNING])
