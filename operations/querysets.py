"""Chainable filters on long work."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db import models

from operations.choices import JobState


class JobQuerySet(models.QuerySet[Any]):
    def of_programmes(self, programme_ids: Collection[int]) -> JobQuerySet:
        """Work for one of these programmes (scoping by plain id, C-02)."""
        return self.filter(programme_id__in=programme_ids)

    def unfinished(self) -> JobQuerySet:
        return self.filter(state__in=[JobState.QUEUED, JobState.RUNNING])
