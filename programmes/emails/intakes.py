"""A reminder of an intake that was not sent."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse

from outbox.models import Message
from outbox.services import queue
from participants.emails import recipient
from programmes.models import Enrolment


def intake_incomplete(*, enrolment: Enrolment, number: int, now: datetime) -> Message | None:
    """A few minutes left: where to go on (dossier 5.5). Says nothing of what was filled in.

    Args:
        number: the first or the second reminder; each goes once.
    """
    to, programme = recipient(enrolment.person), enrolment.cohort.programme
    if to is None:
        return None
    return queue(
        kind="intake_incomplete",
        key=f"intake_incomplete:{enrolment.pk}:{number}:{enrolment.person_id}",
        to=to,
        context={
            "path": reverse("portal:intake", args=[enrolment.pk]),
            "cohort_name": enrolment.cohort.name,
            "is_last": number > 1,
        },
        now=now,
        programme_id=programme.pk,
        sender_name=programme.sender_name,
        about=("intake", enrolment.pk),
        valid_while={"intake": enrolment.pk},
        priority=9,
    )
