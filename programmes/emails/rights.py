"""A mail about what somebody asks for about their own data. It names nobody: mail may be forwarded."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.urls import reverse

from outbox.services import queue
from participants.emails import recipient
from participants.models import ErasureRequest
from programmes.models import Coordinator, Programme

#: How long there is to answer such a wish (GDPR art. 12(3)).
A_MONTH: Final = timedelta(days=30)


def erasure_asked(*, request: ErasureRequest, now: datetime) -> int:
    """To every coordinator of the programmes that the person has a part in, once. Returns how many mails."""
    programmes = Programme.objects.filter(cohorts__enrolments__person=request.person).distinct()
    staff = Coordinator.objects.filter(programme__in=programmes).select_related("person", "programme")
    told: set[int] = set()
    for row in staff.order_by("pk"):
        to = recipient(row.person)
        if to is None or row.person_id in told:
            continue
        told.add(row.person_id)
        queue(
            kind="erasure_asked",
            key=f"erasure_asked:{request.pk}:{row.person_id}",
            to=to,
            context={
                "path": reverse("admin:participants_erasurerequest_change", args=[request.pk]),
                "until_on": (now + A_MONTH).date().isoformat(),
            },
            now=now,
            programme_id=row.programme_id,
            sender_name=row.programme.sender_name,
            about=("erasure_request", request.pk),
            valid_while={"erasure_request": request.pk},
        )
    return len(told)
