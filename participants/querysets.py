"""Chainable filters on people and roster files."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, Protocol

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Lower

from common.hooks import declare
from participants.choices import PersonState


class _VisibleSignature(Protocol):
    def __call__(self, *, person_id: int) -> Sequence[models.QuerySet[Any, Any]]: ...


#: Upper packages answer with the ids of people whom this person coordinates.
coordinated_people = declare(
    "participants.coordinated_people",
    purpose="the ids of people in the programmes that a person coordinates, for scoped lists; subqueries",
    signature=_VisibleSignature.__call__,
)


class _NeededSignature(Protocol):
    def __call__(self) -> models.QuerySet[Any, Any]: ...


#: Upper packages answer with the ids of people who take part in something or run it.
needed_people = declare(
    "participants.needed_people",
    purpose="the ids of people who have a part in a programme and stay known by name; subqueries",
    signature=_NeededSignature.__call__,
)


class IsAbove(models.Func):
    """Whether one person stands above another, by any kind of line and however far: ``IsAbove(high, low)``.

    In the database, so that a list can leave out whoever is in somebody's line in its one query (decision 3).
    """

    function = "participants_is_above"
    output_field = models.BooleanField()


class PersonQuerySet(models.QuerySet[Any]):
    def active(self) -> PersonQuerySet:
        """People who work here; opaque links of a manager chain included."""
        return self.filter(state=PersonState.ACTIVE)

    def known(self) -> PersonQuerySet:
        """People kept with their name, not merely as a link in somebody's manager chain."""
        return self.filter(is_chain_only=False)

    def needed(self) -> PersonQuerySet:
        """People with a part in a programme, or with a log-in: a roster never reduces them to a link."""
        part = Q(user__isnull=False)
        for ids in needed_people():
            part |= Q(pk__in=ids)
        return self.filter(part)

    def with_email(self, email: str) -> PersonQuerySet:
        return self.annotate(_email=Lower("email")).filter(_email=email.strip().lower())

    def named_by(self, word: str) -> PersonQuerySet:
        """Whoever has exactly this HR key or address: a way to name somebody without browsing the company."""
        word = word.strip()
        return self.known().active().filter(Q(hr_key=word) | Q(email=word.lower()))

    def visible_to(self, user: Any) -> PersonQuerySet:
        """What a coordinator may list: people enrolled in their programmes (decision 10, C-02)."""
        if user.is_superuser:
            return self
        if user.person_id is None:
            return self.none()
        return self.filter(_coordinated(user, "pk"))


class DelegationQuerySet(models.QuerySet[Any]):
    def of_user(self, user: Any) -> DelegationQuerySet:
        """For whom this log-in plans dates; leaders who have left have none to plan (decision 26)."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(address=user.email.lower(), leader__state=PersonState.ACTIVE)


def _coordinated(user: Any, field: str) -> Q:
    """Rows whose ``field`` is this user's person, or somebody in the programmes that they coordinate."""
    found = Q(**{field: user.person_id})
    for answer in coordinated_people(person_id=user.person_id):
        for ids in answer:
            found |= Q(Exists(ids.filter(person_id=OuterRef(field))))
    return found


class MembershipQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> MembershipQuerySet:
        """Memberships of the people whom this user may know of (C-02)."""
        if user.is_superuser:
            return self
        return self.none() if user.person_id is None else self.filter(_coordinated(user, "person_id"))


class BarrierGroupQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> BarrierGroupQuerySet:
        """Groups with a member whom this user may know of, and those that they added themselves.

        The mere name of a deal's team may be inside information, so nobody lists those of elsewhere.
        """
        if user.is_superuser:
            return self
        if user.person_id is None:
            return self.none()
        memberships = self.model._meta.get_field("memberships").related_model.objects.visible_to(user)
        return self.filter(Q(created_by_id=user.person_id) | Q(pk__in=memberships.values("group_id")))


class BarrierQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> BarrierQuerySet:
        """Barriers both sides of which this user may know of."""
        if user.is_superuser:
            return self
        if user.person_id is None:
            return self.none()
        groups = self.model._meta.get_field("one").related_model.objects.visible_to(user).values("pk")
        return self.filter(one__in=groups, other__in=groups)


class NeverWithQuerySet(models.QuerySet[Any]):
    def of(self, person_id: int) -> NeverWithQuerySet:
        """What this person asked for: nobody else ever gets this list (decision 31)."""
        return self.filter(person_id=person_id)

    def among(self, person_ids: Collection[int]) -> NeverWithQuerySet:
        """For matching alone: whichever of these people asked never to be paired with another of them."""
        return self.filter(person_id__in=person_ids, other_id__in=person_ids)

    def about(self, person_id: int) -> NeverWithQuerySet:
        """Everything that names this person on either side, for its erasure."""
        return self.filter(Q(person_id=person_id) | Q(other_id=person_id))


class ErasureRequestQuerySet(models.QuerySet[Any]):
    def open(self) -> ErasureRequestQuerySet:
        return self.filter(state__in=("asked", "running"))

    def visible_to(self, user: Any) -> ErasureRequestQuerySet:
        """Requests of the people whom this user may know of (C-02)."""
        if user.is_superuser:
            return self
        return self.none() if user.person_id is None else self.filter(_coordinated(user, "person_id"))


class TitleGradeQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> TitleGradeQuerySet:
        """Job titles are nobody's personal data; everybody at the desk may correct a grade."""
        return self


class ImportFileQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> ImportFileQuerySet:
        """Uploads are their uploader's; a superuser may clear them away."""
        if user.is_superuser:
            return self
        return self.none() if user.person_id is None else self.filter(uploaded_by_id=user.person_id)


class ImportLogQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> ImportLogQuerySet:
        """One's own imports; those of others, and of the command line, are the operators' to see."""
        if user.is_superuser:
            return self
        return self.none() if user.person_id is None else self.filter(by_id=user.person_id)
