"""Chainable filters on periods, meetings and reminders."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import models
from django.db.models import Q

from meetings.choices import DATED, MeetingState


class _OfPairing(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> Any:
        """Dates and states in the programmes that this user coordinates (decision 10)."""
        if user.is_superuser:
            return self
        if user.person_id is None:
            return self.none()
        return self.filter(pairing__cohort__programme__coordinators__person_id=user.person_id)


class CycleQuerySet(_OfPairing):
    def begun(self, day: date) -> CycleQuerySet:
        """Periods that have started by ``day``."""
        return self.filter(starts_on__lte=day)


class MeetingQuerySet(_OfPairing):
    def dated(self) -> MeetingQuerySet:
        """Planned or held: what makes a reminder to plan needless."""
        return self.filter(state__in=DATED)

    def held(self) -> MeetingQuerySet:
        return self.filter(state=MeetingState.HELD)

    def upcoming(self, now: datetime) -> MeetingQuerySet:
        """Planned and not over yet, the next one first."""
        return self.filter(state=MeetingState.PLANNED, ends_at__gt=now).order_by("starts_at", "pk")

    def unrecorded(self, now: datetime) -> MeetingQuerySet:
        """Over by the calendar, and nobody has said whether it took place."""
        return self.filter(state=MeetingState.PLANNED, ends_at__lte=now).order_by("starts_at", "pk")

    def of_person(self, person_id: int) -> MeetingQuerySet:
        """Meetings of this person's pairs, in either role (C-02)."""
        return self.filter(Q(pairing__mentor__person_id=person_id) | Q(pairing__mentee__person_id=person_id))

    def with_people(self) -> MeetingQuerySet:
        return self.select_related(
            "pairing__cohort__programme", "pairing__mentor__person", "pairing__mentee__person"
        )


class ReminderQuerySet(_OfPairing):
    """Who was reminded of what; nobody's page lists it."""
