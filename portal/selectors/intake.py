"""What is known of an intake while its pages are made: each thing is asked for once, and only when a step wants it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from participants.models import Delegation
from programmes.models import Assessment, Enrolment, Intake
from programmes.selectors import draft_of, intake_of, open_intake_text, topics_of_intake

Draft = Mapping[int, Mapping[str, Sequence[str]]]


class Known:
    """One enrolment's intake, its draft, and what its steps begin with."""

    def __init__(self, enrolment: Enrolment) -> None:
        self.enrolment = enrolment

    @cached_property
    def intake(self) -> Intake | None:
        """The intake; None before the first step."""
        return intake_of(self.enrolment)

    @property
    def is_sent(self) -> bool:
        return self.intake is not None and self.intake.completed_at is not None

    @cached_property
    def draft(self) -> Draft:
        """Step → what was typed there, right or wrong."""
        return draft_of(self.intake)

    @cached_property
    def topics(self) -> Sequence[Any]:
        """The catalogue with what this person chose of it."""
        return topics_of_intake(self.enrolment)

    @cached_property
    def delegate(self) -> str:
        """The address of whoever plans their dates."""
        found = Delegation.objects.filter(leader=self.enrolment.person_id).values_list("address", flat=True)
        return found.first() or ""

    @property
    def words(self) -> str:
        """Their own words about the perspective that they bring."""
        return open_intake_text(self.intake, self.intake.words) if self.intake else ""

    @cached_property
    def assessment(self) -> Assessment | None:
        """Where their own view of the three criteria stands."""
        return Assessment.objects.filter(enrolment=self.enrolment).first()
