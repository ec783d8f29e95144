"""Chainable filters on pairs."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from pairings.choices import RUNNING, STANDING, PairingState
from programmes.choices import TAKING_PART


class PairingQuerySet(models.QuerySet[Any]):
    def standing(self) -> PairingQuerySet:
        """Pairs that exist now, paused ones included."""
        return self.filter(state__in=STANDING)

    def running(self) -> PairingQuerySet:
        """Pairs whose clock runs: they are reminded and their periods count."""
        return self.filter(state__in=RUNNING)

    def under_way(self) -> PairingQuerySet:
        """Running pairs whose two people both take part: somebody's own pause stops the clock too (S3.19)."""
        return self.running().filter(mentor__state__in=TAKING_PART, mentee__state__in=TAKING_PART)

    def counted(self) -> PairingQuerySet:
        """Pairs that may stand in a figure: neither of the two is at rest (B-09)."""
        enrolments: Any = self.model._meta.get_field("mentor").related_model
        resting = enrolments._default_manager.resting().values("pk")
        return self.exclude(Q(mentor__in=resting) | Q(mentee__in=resting))

    def of_person(self, person_id: int) -> PairingQuerySet:
        """Pairs in which this person is mentor or mentee (C-02)."""
        return self.filter(Q(mentor__person_id=person_id) | Q(mentee__person_id=person_id))

    def shown_to(self, person_id: int) -> PairingQuerySet:
        """The pairs that this person has, as far as they have been told (decision 33).

        Whoever ended a pair no longer has it; to the other it stands unchanged until the announced hour, so
        that neither page nor hour tells who ended it, or why (A-27).
        """
        untold = Q(state=PairingState.ENDED, notice_due_at__isnull=False)
        mine = self.of_person(person_id)
        return mine.filter(Q(state__in=STANDING) | (untold & ~Q(ended_by_id=person_id)))

    def visible_to(self, user: Any) -> PairingQuerySet:
        """Process data of the programmes that this user coordinates (decision 10)."""
        if user.is_superuser:
            return self
        if user.person_id is None:
            return self.none()
        return self.filter(cohort__programme__coordinators__person_id=user.person_id)

    def with_people(self) -> PairingQuerySet:
        return self.select_related("cohort__programme", "mentor__person", "mentee__person")


class PauseQuerySet(models.QuerySet[Any]):
    def open(self) -> PauseQuerySet:
        return self.filter(ended_at=None)

    def visible_to(self, user: Any) -> PauseQuerySet:
        if user.is_superuser:
            return self
        if user.person_id is None:
            return self.none()
        return self.filter(pairing__cohort__programme__coordinators__person_id=user.person_id)


class HoldQuerySet(models.QuerySet[Any]):
    def open(self) -> HoldQuerySet:
        """Tasks that wait: nobody has let the pair go on, and it has not ended."""
        return self.filter(settled_at=None, pairing__state__in=STANDING)

    def visible_to(self, user: Any) -> HoldQuerySet:
        if user.is_superuser:
            return self
        if user.person_id is None:
            return self.none()
        return self.filter(pairing__cohort__programme__coordinators__person_id=user.person_id)
