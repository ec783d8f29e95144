"""The page that says what a role asks for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import get_language

from programmes.choices import BRIEFS, Role, TextKey
from programmes.models import BriefReading, Enrolment, Goal
from programmes.selectors import ShownText, budget_of, names_for, texts_of


@dataclass(frozen=True)
class BriefPage:
    """What is expected of somebody in their role.

    Args:
        hours: what it takes in all, with as many partners as they have room for.
        reading: when they said that they had read it, if they have.
    """

    enrolment: Enrolment
    brief: ShownText
    clause: ShownText
    privacy: ShownText
    goals: Sequence[Goal]
    hours: int
    reading: BriefReading | None

    @property
    def is_read(self) -> bool:
        """Whether the words as they stand have been read."""
        return self.reading is not None and self.reading.is_current


def brief_page(enrolment: Enrolment) -> BriefPage:
    """Three queries."""
    cohort = enrolment.cohort
    key = BRIEFS[Role(enrolment.role)]
    found = texts_of(
        cohort.programme,
        (get_language() or "en")[:2],
        (key, TextKey.CONFIDENTIALITY, TextKey.PRIVACY_NOTE),
    )
    names = names_for(
        cohort, role=enrolment.role, name=enrolment.person.first_name, partners=enrolment.capacity
    )
    return BriefPage(
        enrolment=enrolment,
        brief=found[key].filled(names),
        clause=found[TextKey.CONFIDENTIALITY].filled(names),
        privacy=found[TextKey.PRIVACY_NOTE].filled(names),
        goals=list(cohort.programme.goals.all()),
        hours=budget_of(cohort, enrolment.role, enrolment.capacity).hours,
        reading=BriefReading.objects.filter(enrolment=enrolment).first(),
    )
