"""What somebody may do with their part in a cohort."""

from __future__ import annotations

from dataclasses import dataclass

from programmes.choices import ENROLMENT_TRANSITIONS, PAUSABLE, EnrolmentState
from programmes.models import Break, Enrolment


@dataclass(frozen=True)
class PartPage:
    """One enrolment with the pause that stands, if one does."""

    enrolment: Enrolment
    standing: Break | None

    @property
    def may_pause(self) -> bool:
        return self.enrolment.state in PAUSABLE

    @property
    def may_leave(self) -> bool:
        return EnrolmentState.WITHDRAWN in ENROLMENT_TRANSITIONS[self.enrolment.state]


def part_page(enrolment: Enrolment) -> PartPage:
    """One query."""
    return PartPage(enrolment, Break.objects.open().filter(enrolment=enrolment).first())
