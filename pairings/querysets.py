"""Chainable filters on pairs."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, Greatest

from pairings.choices import RUNNING, STANDING, PairingState
from programmes.choices import TAKING_PART
from sealing.choices import ScopeKind
from sealing.selectors import secret_columns


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

    def with_agreement(self) -> PairingQuerySet:
        """``agreed_at``: when the second of the two accepted the agreement that holds, None while none does."""
        agreements: Any = self.model._meta.get_field("agreements").related_model
        signed = agreements._default_manager.signed().filter(pairing=OuterRef("pk")).order_by("-number")
        last_yes = Greatest("mentor_accepted_at", "mentee_accepted_at")
        return self.annotate(agreed_at=Subquery(signed.values(agreed=last_yes)[:1]))

    def with_goal_counts(self) -> PairingQuerySet:
        """``mentor_goals`` and ``mentee_goals``: how many each of the two has set."""
        goals: Any = self.model._meta.get_field("goals").related_model
        own = goals._default_manager.filter(pairing=OuterRef("pk")).order_by().values("pairing")

        def count(side: str) -> Coalesce:
            return Coalesce(Subquery(own.filter(side=side).annotate(n=Count("pk")).values("n")), 0)

        return self.annotate(mentor_goals=count("mentor"), mentee_goals=count("mentee"))

    def with_key(self) -> PairingQuerySet:
        """``key_part`` and ``key_by``: what opens the pair's own words, where it has written any."""
        return self.annotate(**secret_columns(ScopeKind.PAIR))

    def with_people(self) -> PairingQuerySet:
        return self.select_related("cohort__programme", "mentor__person", "mentee__person")

    def with_rhythm(self) -> PairingQuerySet:
        """How the pair usually meets and what one of the two suggests, in the one query."""
        return self.select_related("rhythm_proposal", "usual_way")


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


class PairGoalQuerySet(models.QuerySet[Any]):
    def of_person(self, person_id: int) -> PairGoalQuerySet:
        """The goals that somebody has set for themselves."""
        return self.filter(author_id=person_id)


class PairAgreementQuerySet(models.QuerySet[Any]):
    def signed(self) -> PairAgreementQuerySet:
        """Agreements that both have accepted."""
        return self.exclude(Q(mentor_accepted_at=None) | Q(mentee_accepted_at=None))
