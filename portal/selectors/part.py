"""What somebody may do with their part in a cohort."""

from __future__ import annotations

from dataclasses import dataclass

from programmes.choices import ENROLMENT_TRANSITIONS, PAUSABLE, EnrolmentState
from programmes.models import Break, Enrolment


@dataclass(frozen=True)
class PartPage:
    """One enrolment with the pause that stands, if one does.

    Args:
        is_shut: they left with a pause or an objection, so that nobody can take them back in.
    """

    enrolment: Enrolment
    standing: Break | None
    is_shut: bool = False

    @property
    def may_pause(self) -> bool:
        return self.enrolment.state in PAUSABLE

    @property
    def may_object(self) -> bool:
        """Also while a coordinator's pause or one of their own stands; not twice."""
        is_in = self.may_pause or self.enrolment.state == EnrolmentState.PAUSED
        return is_in and not (self.standing and self.standing.is_objection)

    @property
    def has_left(self) -> bool:
        return self.enrolment.state == EnrolmentState.WITHDRAWN

    @property
    def may_leave(self) -> bool:
        return EnrolmentState.WITHDRAWN in ENROLMENT_TRANSITIONS[self.enrolment.state]


def part_page(enrolment: Enrolment) -> PartPage:
    """One query."""
    standing = Break.objects.open().filter(enrolment=enrolment).first()
    if enrolment.state == EnrolmentState.WITHDRAWN:
        return PartPage(enrolment, None, standing is not None)
    return PartPage(enrolment, standing if enrolment.state == EnrolmentState.PAUSED else None)
