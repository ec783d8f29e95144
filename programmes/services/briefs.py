"""Reading what a role asks for, and saying so (S0.31)."""

from __future__ import annotations

import zoneinfo
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from common.errors import DomainError, NotAllowed
from participants.models import Person
from programmes.choices import BRIEFS, TAKING_PART, EnrolmentState
from programmes.models import BriefReading, Enrolment, Programme
from programmes.services.locking import held

#: Who is asked to read it: whoever takes part, or pauses.
ASKED = (*TAKING_PART, EnrolmentState.PAUSED)


@transaction.atomic
def confirm_brief(*, enrolment: Enrolment, by: Person, now: datetime) -> BriefReading:
    """Say that one has read what is expected; saying it twice keeps the first day.

    Raises:
        NotAllowed: somebody else says so.
        DomainError: the person does not take part, or no longer.
    """
    enrolment = held(enrolment)
    if enrolment.person_id != by.pk:
        raise NotAllowed(_("There is no such page."))
    if enrolment.state not in ASKED:
        raise DomainError(_("You do not take part in this cohort."), code="no_part")
    today = now.astimezone(zoneinfo.ZoneInfo(by.time_zone)).date()
    reading, is_new = BriefReading.objects.get_or_create(enrolment=enrolment, defaults={"read_on": today})
    if not is_new and not reading.is_current:
        reading.read_on, reading.is_current = today, True
        reading.save(update_fields=["read_on", "is_current"])
    return reading


def outdate_briefs(*, programme: Programme, key: str) -> int:
    """The words of a role brief have changed: whoever has read the old ones is asked again. Returns how many."""
    role = next((role for role, brief in BRIEFS.items() if brief == key), None)
    if role is None:
        return 0
    readings = BriefReading.objects.filter(
        enrolment__cohort__programme=programme,
        enrolment__role=role,
        enrolment__state__in=ASKED,
        is_current=True,
    )
    return readings.update(is_current=False)
