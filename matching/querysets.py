"""Chainable filters on runs, decisions and proposals."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from matching.choices import UNFINISHED, Answer, ProposalState, RunState


class _OfCohort(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> Any:
        """Rows of the programmes that this user coordinates (decision 10)."""
        if user.is_superuser:
            return self
        if user.person_id is None:
            return self.none()
        return self.filter(cohort__programme__coordinators__person_id=user.person_id)


class MatchingRunQuerySet(_OfCohort):
    def finished(self) -> MatchingRunQuerySet:
        """Runs with a result."""
        return self.filter(state__in=[RunState.DONE, RunState.RELEASED])

    def unfinished(self) -> MatchingRunQuerySet:
        return self.filter(state__in=UNFINISHED)

    def light(self) -> MatchingRunQuerySet:
        """Without what went in: large, and never shown."""
        return self.defer("problem")


class PairDecisionQuerySet(_OfCohort):
    pass


class ProposalQuerySet(_OfCohort):
    def open(self) -> ProposalQuerySet:
        return self.filter(state=ProposalState.OPEN)

    def alive(self) -> ProposalQuerySet:
        """Open proposals that may still become a pair: neither has said no."""
        return self.open().exclude(Q(mentor_answer=Answer.NO) | Q(mentee_answer=Answer.NO))

    def doomed(self) -> ProposalQuerySet:
        """Open to see for one of the two, though the other has said no."""
        return self.open().filter(Q(mentor_answer=Answer.NO) | Q(mentee_answer=Answer.NO))

    def with_people(self) -> ProposalQuerySet:
        return self.select_related("cohort__programme", "mentor__person", "mentee__person")

    def of_person(self, person_id: int) -> ProposalQuerySet:
        """Proposals made to this person (C-02)."""
        mine = Q(mentor__person_id=person_id) | Q(mentee__person_id=person_id)
        return self.filter(mine).with_people()

    def waiting_for(self, person_id: int) -> ProposalQuerySet:
        """Open proposals that this person has not answered."""
        mentor = Q(mentor__person_id=person_id, mentor_answer=Answer.NONE)
        mentee = Q(mentee__person_id=person_id, mentee_answer=Answer.NONE)
        return self.open().filter(mentor | mentee).with_people().order_by("answer_by", "pk")
