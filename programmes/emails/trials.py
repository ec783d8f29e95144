"""A mail to oneself, to see how mails of a programme begin and end."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from outbox.models import Message
from outbox.services import queue
from participants.emails import recipient
from participants.models import Person
from programmes.models import Programme


def mail_trial(
    *, programme: Programme, to: Person, language: str, now: datetime, until: datetime
) -> Message | None:
    """One language of the trial; None when the person has no address."""
    address = recipient(to)
    if address is None:
        return None
    return queue(
        kind="mail_trial",
        key=f"mail_trial:{programme.pk}:{to.pk}:{language}:{now.isoformat()}",  # asked for anew each time
        to=replace(address, language=language),
        context={},
        now=now,
        programme_id=programme.pk,
        sender_name=programme.sender_name,
        expires_at=until,
        priority=0,
    )
