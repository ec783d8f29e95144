"""Chainable filters on rounds. Answers have none: they are read by the sealing service alone."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import models

from evaluations.choices import REMIND_AFTER, RoundState


class RoundQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> RoundQuerySet:
        """Rounds of the programmes that this user coordinates (decision 10, C-02)."""
        if user.is_superuser:
            return self
        if user.person_id is None:
            return self.none()
        return self.filter(cohort__programme__coordinators__person_id=user.person_id)

    def inviting(self, person_id: int) -> RoundQuerySet:
        """Rounds whose frozen audience holds this person."""
        return self.filter(audience__contains=[{"person": person_id}])

    def open_at(self, now: dt.datetime) -> RoundQuerySet:
        """Rounds that may be answered at this moment."""
        return self.filter(state=RoundState.OPEN, closes_at__gt=now)

    def due_to_close(self, now: dt.datetime) -> RoundQuerySet:
        return self.filter(state=RoundState.OPEN, closes_at__lte=now)

    def due_to_remind(self, now: dt.datetime) -> RoundQuerySet:
        """Open rounds whose one reminder has not gone out yet (decision 23)."""
        return self.open_at(now).filter(reminded_at=None, opens_at__lte=now - REMIND_AFTER)

    def unfinished(self) -> RoundQuerySet:
        """Closed rounds that a worker has not sealed, emptied and counted to the end."""
        return self.exclude(state__in=[RoundState.DRAFT, RoundState.OPEN]).filter(
            models.Q(sealed_at=None) | models.Q(emptied_at=None) | models.Q(snapshot=None)
        )

    def published(self) -> RoundQuerySet:
        return self.filter(state=RoundState.PUBLISHED)

    def light(self) -> RoundQuerySet:
        """Without the frozen lists, for pages that show many rounds."""
        return self.defer("audience", "questions", "segments")


class LedgerQuerySet(models.QuerySet[Any]):
    """Only these questions are ever asked of the ledger; nobody lists who has answered (A-11)."""

    def left_to_answer(self, person_id: int) -> LedgerQuerySet:
        """What this person has not answered yet: for their own pages."""
        return self.filter(person_id=person_id, done=False)
