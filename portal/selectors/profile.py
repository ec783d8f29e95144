"""What the profile page shows beside the form."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from participants.models import Person
from programmes.models import Enrolment


@dataclass(frozen=True)
class ProfilePage:
    """The person's enrolments with the topics they offer and want."""

    person: Person
    enrolments: Sequence[Any]


def profile_page(person: Person) -> ProfilePage:
    """Three queries whatever the number of enrolments and topics."""
    enrolments = (
        Enrolment.objects.filter(person=person)
        .select_related("cohort__programme")
        .prefetch_related("offers__topic", "wishes__topic")
        .order_by("-cohort__starts_on", "pk")
    )
    return ProfilePage(person=person, enrolments=list(enrolments))
