"""The notice to a line manager: hours, once, and only where it was agreed to (decision 27, S2b.5)."""

from __future__ import annotations

from datetime import datetime

from outbox.models import Message
from programmes import emails
from programmes.choices import Role, Switch
from programmes.models import Enrolment
from programmes.selectors.calls import hours_of
from programmes.selectors.council import is_on


def tell_manager(*, enrolment: Enrolment, now: datetime) -> Message | None:
    """Tell a mentor's manager how many hours it takes. Nothing of what it is about, and nobody else's manager.

    Returns:
        The stored mail; None when it was sent before, the switch is off, or there is nobody to tell.
    """
    programme_id = enrolment.cohort.programme_id
    if enrolment.role != Role.MENTOR or not is_on(programme_id, Switch.MANAGER_NOTICE):
        return None
    hours = hours_of(enrolment.cohort, Role.MENTOR, partners=enrolment.capacity).hours
    return emails.manager_notice(enrolment=enrolment, hours=hours, now=now)
