"""The mail to coordinators when somebody has no named contact left. It names nobody: mail may be forwarded."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse

from outbox.services import queue
from participants.emails import recipient
from programmes.models import Programme


def listener_missing(*, programme: Programme, now: datetime) -> int:
    """To every coordinator, once a day at most. Returns how many mails."""
    path = f"{reverse('admin:programmes_namedcontact_add')}?programme={programme.pk}"
    sent = 0
    for row in programme.coordinators.select_related("person").order_by("pk"):
        to = recipient(row.person)
        if to and queue(
            kind="listener_missing",
            key=f"listener_missing:{programme.pk}:{now.date().isoformat()}:{row.person_id}",
            to=to,
            context={"path": path},
            now=now,
            programme_id=programme.pk,
            sender_name=programme.sender_name,
            valid_while={"contact_missing": programme.pk},
        ):
            sent += 1
    return sent
