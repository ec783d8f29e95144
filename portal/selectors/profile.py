"""What the profile page shows beside the form."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch

from participants.models import Delegation, Person
from programmes.choices import Role
from programmes.models import Enrolment, TopicOffer, TopicWish


@dataclass(frozen=True)
class ProfilePage:
    """The person's enrolments with the topics they offer and want, and who plans their dates."""

    person: Person
    enrolments: Sequence[Any]
    delegate: Delegation | None

    @property
    def may_name_delegate(self) -> bool:
        """Mentees do: their diary is the one that others keep (decision 2)."""
        return any(enrolment.role == Role.MENTEE for enrolment in self.enrolments)


def profile_page(person: Person) -> ProfilePage:
    """Four queries whatever the number of enrolments and topics: theirs, offers, wishes, the delegate."""
    enrolments = (
        Enrolment.objects.filter(person=person)
        .select_related("cohort__programme", "intake")
        .prefetch_related(
            Prefetch("offers", queryset=TopicOffer.objects.select_related("topic")),
            Prefetch("wishes", queryset=TopicWish.objects.select_related("topic")),
        )
        .order_by("-cohort__starts_on", "pk")
    )
    delegate = Delegation.objects.filter(leader=person).first()
    return ProfilePage(person=person, enrolments=list(enrolments), delegate=delegate)
