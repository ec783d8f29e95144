"""Chainable filters on programmes, cohorts and enrolments; ``visible_to`` is what a coordinator may list."""

from __future__ import annotations

from typing import Any

from django.db import models

from programmes.choices import TAKING_PART, ContactTarget, Role, Stage


class _Scoped(models.QuerySet[Any]):
    #: Lookup from the model to the coordinating person.
    coordinator_path = ""

    def visible_to(self, user: Any) -> Any:
        """Rows of the programmes that this user coordinates; a superuser sees all process data (decision 10)."""
        if user.is_superuser:
            return self
        if user.person_id is None:
            return self.none()
        return self.filter(**{self.coordinator_path: user.person_id})


class ProgrammeQuerySet(_Scoped):
    coordinator_path = "coordinators__person_id"

    def coordinated_by(self, person_id: int) -> Any:
        return self.filter(coordinators__person_id=person_id)


class CoordinatorQuerySet(_Scoped):
    """Everybody who coordinates with this user, themselves included."""

    coordinator_path = "programme__coordinators__person_id"


class OfProgrammeQuerySet(_Scoped):
    """Rows that belong to one programme and have no state of their own."""

    coordinator_path = "programme__coordinators__person_id"


class NamedContactQuerySet(_Scoped):
    coordinator_path = "programme__coordinators__person_id"


class SwitchesQuerySet(_Scoped):
    coordinator_path = "programme__coordinators__person_id"


class AgreementQuerySet(_Scoped):
    coordinator_path = "programme__coordinators__person_id"

    def latest_of(self, programme_id: int) -> Any:
        """The agreement that counts, or None."""
        return self.filter(programme_id=programme_id).order_by("-number").first()


class CohortQuerySet(_Scoped):
    coordinator_path = "programme__coordinators__person_id"


class EnrolmentQuerySet(_Scoped):
    coordinator_path = "cohort__programme__coordinators__person_id"

    def mentors(self) -> EnrolmentQuerySet:
        return self.filter(role=Role.MENTOR)

    def mentees(self) -> EnrolmentQuerySet:
        return self.filter(role=Role.MENTEE)

    def taking_part(self) -> EnrolmentQuerySet:
        """Accepted and not paused, withdrawn or done: who is matched, mailed and invited to rounds."""
        return self.filter(state__in=TAKING_PART)


class BreakQuerySet(models.QuerySet[Any]):
    def open(self) -> BreakQuerySet:
        return self.filter(ended_at=None)

    def objections(self) -> BreakQuerySet:
        """Those whose people are left out of every figure (B-09)."""
        return self.open().filter(is_objection=True)


class ContactRequestQuerySet(_Scoped):
    coordinator_path = "programme__coordinators__person_id"

    def visible_to(self, user: Any) -> Any:
        """Only what was addressed to coordinators; requests to the named contact are theirs alone (C-06)."""
        return super().visible_to(user).filter(target=ContactTarget.COORDINATOR)


class OpenCallQuerySet(_Scoped):
    coordinator_path = "cohort__programme__coordinators__person_id"

    def published(self) -> Any:
        """Calls whose page exists: from the day the cohort opens. Before that there is nothing to see."""
        return self.exclude(cohort__stage=Stage.DRAFT)


class NominationQuerySet(_Scoped):
    coordinator_path = "cohort__programme__coordinators__person_id"


class TopicQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> TopicQuerySet:
        """The shipped catalogue, and the own topics of the programmes that this user coordinates."""
        if user.is_superuser:
            return self
        return self.filter(
            models.Q(programme_id=None) | models.Q(programme__coordinators__person_id=user.person_id)
        )

    def offered_in(self, programme_id: int) -> TopicQuerySet:
        """The shipped catalogue and the programme's own topics, without retired ones."""
        return self.filter(
            models.Q(programme_id=None) | models.Q(programme_id=programme_id), is_retired=False
        )
