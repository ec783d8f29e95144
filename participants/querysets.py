"""Chainable filters on people and roster files."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from django.db import models
from django.db.models.functions import Lower

from common.hooks import declare
from participants.choices import PersonState


def _visible_signature(*, person_id: int) -> Collection[int]:
    raise NotImplementedError  # the signature only; fillers answer


#: Upper packages answer with the ids of people whom this person coordinates.
coordinated_people = declare(
    "participants.coordinated_people",
    purpose="the ids of people in the programmes that a person coordinates, for scoped lists",
    signature=_visible_signature,
)


class PersonQuerySet(models.QuerySet[Any]):
    def active(self) -> PersonQuerySet:
        """People who work here; opaque links of a manager chain included."""
        return self.filter(state=PersonState.ACTIVE)

    def known(self) -> PersonQuerySet:
        """People kept with their name, not merely as a link in somebody's manager chain."""
        return self.filter(is_chain_only=False)

    def with_email(self, email: str) -> PersonQuerySet:
        return self.annotate(_email=Lower("email")).filter(_email=email.strip().lower())

    def visible_to(self, user: Any) -> PersonQuerySet:
        """What a coordinator may list: people enrolled in their programmes (decision 10, C-02)."""
        if user.is_superuser:
            return self
        if user.person_id is None:
            return self.none()
        return self.filter(pk__in=_union(coordinated_people(person_id=user.person_id)))


def _union(groups: Iterable[Collection[int]]) -> set[int]:
    return {pk for group in groups for pk in group}


class ImportFileQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> ImportFileQuerySet:
        """Uploads are their uploader's; a superuser may clear them away."""
        return self if user.is_superuser else self.filter(uploaded_by_id=user.person_id)
