"""What candidates and their managers are told. No mail gives a reason, and none says what it is about (A-28)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.urls import reverse

from outbox.models import Message
from outbox.services import queue
from participants.emails import recipient
from programmes.choices import Role
from programmes.models import Enrolment


def waitlisted(*, enrolment: Enrolment, now: datetime) -> Message | None:
    """You are on the waiting list: what that means, and that nothing is to be done."""
    return _answer("waitlisted", enrolment, now)


def declined(*, enrolment: Enrolment, now: datetime) -> Message | None:
    """Not this time: thanks, that nothing is kept, and that another cohort comes."""
    return _answer("declined", enrolment, now)


def _answer(kind: str, enrolment: Enrolment, now: datetime) -> Message | None:
    """Once per answer: the version of the enrolment tells one answer from the next."""
    to, programme = recipient(enrolment.person), enrolment.cohort.programme
    if to is None:
        return None
    return queue(
        kind=kind,
        key=f"{kind}:{enrolment.pk}:{enrolment.version}:{enrolment.person_id}",
        to=to,
        context={"cohort_name": enrolment.cohort.name, "is_mentor": enrolment.role == Role.MENTOR},
        now=now,
        programme_id=programme.pk,
        sender_name=programme.sender_name,
        about=("enrolment", enrolment.pk),
        valid_while={"enrolment": enrolment.pk, "state": enrolment.state},
    )


def manager_notice(*, enrolment: Enrolment, hours: int, now: datetime) -> Message | None:
    """Time for reverse mentoring: how many hours, from when to when. Once per person, cohort and manager."""
    manager = enrolment.person.manager
    to = recipient(manager) if manager is not None else None
    if manager is None or to is None:
        return None
    cohort = enrolment.cohort
    context: dict[str, Any] = {
        "name": str(enrolment.person),
        "hours": hours,
        "cohort_starts_on": cohort.starts_on.isoformat(),
        "cohort_ends_on": cohort.ends_on.isoformat(),
        "path": reverse("portal:help"),
    }
    return queue(
        kind="manager_notice",
        key=f"manager_notice:{enrolment.pk}:{manager.pk}",
        to=to,
        context=context,
        now=now,
        programme_id=cohort.programme_id,
        sender_name=cohort.programme.sender_name,
        about=("enrolment", enrolment.pk),
        valid_while={"seated": enrolment.pk},
    )
