"""Chainable filters on programmes, cohorts and enrolments; ``visible_to`` is what a coordinator may list."""

from __future__ import annotations

from typing import Any

from django.db import models

from participants.choices import PersonState
from participants.querysets import IsAbove
from programmes.choices import TAKING_PART, ContactTarget, EnrolmentState, Role, Stage, TopicCallState


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


class _ListenerQuerySet(_Scoped):
    """People to whom somebody may turn."""

    coordinator_path = "programme__coordinators__person_id"

    def standing_by(self) -> Any:
        """Those who work here and can be reached."""
        return self.filter(person__state=PersonState.ACTIVE, person__email__isnull=False)

    def open_to(self, person: Any) -> Any:
        """Those of them to whom this person may turn: nobody who stands above them (decision 3).

        Args:
            person: an id, or a reference to one from an outer query.
        """
        low = person if hasattr(person, "resolve_expression") else models.Value(person)
        return self.standing_by().exclude(models.Q(IsAbove(models.F("person_id"), low)))


class CoordinatorQuerySet(_ListenerQuerySet):
    """Everybody who coordinates with this user, themselves included."""


class OfProgrammeQuerySet(_Scoped):
    """Rows that belong to one programme and have no state of their own."""

    coordinator_path = "programme__coordinators__person_id"


class NamedContactQuerySet(_ListenerQuerySet):
    """Whoever stands by outside every line."""


class SponsorQuerySet(_Scoped):
    coordinator_path = "programme__coordinators__person_id"


class SponsorTaskQuerySet(_Scoped):
    coordinator_path = "programme__coordinators__person_id"


class CouncilMemberQuerySet(_Scoped):
    coordinator_path = "programme__coordinators__person_id"


class SwitchesQuerySet(_Scoped):
    coordinator_path = "programme__coordinators__person_id"


class AgreementQuerySet(_Scoped):
    coordinator_path = "programme__coordinators__person_id"

    def latest_of(self, programme_id: int) -> Any:
        """The agreement that counts, or None."""
        return self.filter(programme_id=programme_id).order_by("-number").first()


class RecordReadingQuerySet(_Scoped):
    coordinator_path = "programme__coordinators__person_id"

    def of(self, person_id: int) -> Any:
        """Who opened this person's record, the latest first, with names."""
        return self.filter(person_id=person_id).select_related("reader", "programme")


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

    def resting(self) -> EnrolmentQuerySet:
        """Who pauses or objects, or did so when they left: no mail, no matching, no figure (B-09).

        Both are treated alike everywhere, so that nothing tells an objection from a pause.
        """
        return self.filter(self._rests())

    def counted(self) -> EnrolmentQuerySet:
        """Whom a figure may count: all but those who rest. Every figure about people starts here (B-09)."""
        return self.exclude(self._rests())

    def reachable(self) -> EnrolmentQuerySet:
        """Whom mail about a cohort may reach: neither at rest, nor gone, nor turned down."""
        return self.counted().exclude(state__in=(EnrolmentState.WITHDRAWN, EnrolmentState.DECLINED))

    def with_reach(self) -> EnrolmentQuerySet:
        """Each with ``is_reachable``, in the same query."""
        gone = models.Q(state__in=(EnrolmentState.WITHDRAWN, EnrolmentState.DECLINED))
        away = models.When(gone | self._rests(), then=models.Value(False))
        return self.annotate(is_reachable=models.Case(away, default=models.Value(True)))

    def _rests(self) -> models.Q:
        breaks: Any = self.model._meta.get_field("breaks").related_model
        own = breaks._default_manager.open().filter(enrolment=models.OuterRef("pk"))
        return models.Q(state=EnrolmentState.PAUSED) | models.Q(models.Exists(own))

    def with_complete_intake(self) -> EnrolmentQuerySet:
        """Those from whom pairs can be made: a grade, a working language, a topic of what their role brings.

        It asks for what stands there, whoever entered it: the person in the steps, or a file.
        """
        brought = {name: self._names_topic(name) for name in ("offers", "wishes")}
        named = (models.Q(role=Role.MENTOR) & models.Q(brought["offers"])) | (
            models.Q(role=Role.MENTEE) & models.Q(brought["wishes"])
        )
        return self.filter(named, person__grade__isnull=False, person__languages__len__gt=0)

    def _names_topic(self, name: str) -> models.Exists:
        rows: Any = self.model._meta.get_field(name).related_model
        return models.Exists(rows._default_manager.filter(enrolment=models.OuterRef("pk")))


class BreakQuerySet(models.QuerySet[Any]):
    def open(self) -> BreakQuerySet:
        """Those that stand. One that somebody leaves with stands until they take part again."""
        return self.filter(ended_at=None)


class AnnouncementQuerySet(_Scoped):
    coordinator_path = "cohort__programme__coordinators__person_id"


class ContactRequestQuerySet(_Scoped):
    coordinator_path = "programme__coordinators__person_id"

    def visible_to(self, user: Any) -> Any:
        """Only what was addressed to coordinators; requests to the named contact are theirs alone (C-06)."""
        return super().visible_to(user).filter(target=ContactTarget.COORDINATOR).readable_by(user.person_id)

    def readable_by(self, person_id: int | None) -> Any:
        """Without the requests of people below them: nobody in one's line learns that one asked (decision 3)."""
        if person_id is None:
            return self
        return self.exclude(models.Q(IsAbove(models.Value(person_id), models.F("person_id"))))


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
        """What one can choose in a programme: the shipped catalogue less what it hides, and its own; none retired.

        Whoever chose a topic before it was retired or hidden keeps it: stored offers are not read through this.
        """
        hidden = {"programme_choices__programme_id": programme_id, "programme_choices__is_hidden": True}
        shipped_or_own = models.Q(programme_id=None) | models.Q(programme_id=programme_id)
        return self.filter(shipped_or_own, is_retired=False).exclude(
            pk__in=self.model._default_manager.filter(**hidden).values("pk")
        )


class TopicCallQuerySet(_Scoped):
    coordinator_path = "programme__coordinators__person_id"

    def open(self) -> Any:
        """Those that have asked and were not closed; their last day may have passed."""
        return self.filter(state=TopicCallState.OPEN)


class ColleagueTopicQuerySet(_Scoped):
    coordinator_path = "programme__coordinators__person_id"


class TopicSuggestionQuerySet(_Scoped):
    coordinator_path = "programme__coordinators__person_id"
