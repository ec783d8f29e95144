"""Mails of a topic call: the question, and one reminder (dossier 5.5). Neither names a topic (A-28)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from outbox.services import Draft, Link
from participants.emails import recipient
from participants.models import Person
from programmes.models import TopicCall

#: What the link of a call allows: to name topics for oneself, until the last day. It opens no log-in.
TOPIC_LINK: Final = "topic_call"
TOPIC_PATH: Final = "/topic-calls/in/{token}/"
#: How long such a link works at most (C-15).
TOPIC_LINK_LASTS: Final = timedelta(days=14)


def topic_call(*, call: TopicCall, person: Person, ends_at: datetime, now: datetime) -> Draft | None:
    """What could you tell a colleague about? Once per person and call, however often they are asked."""
    return _draft("topic_call", call, person, ends_at=ends_at, leaves=now, priority=5)


def topic_reminder(*, call: TopicCall, person: Person, ends_at: datetime, leaves: datetime) -> Draft | None:
    """The one reminder, with a link of its own. Not sent once they have named a topic or said that they have none."""
    return _draft("topic_reminder", call, person, ends_at=ends_at, leaves=leaves, priority=9)


def _draft(
    kind: str, call: TopicCall, person: Person, *, ends_at: datetime, leaves: datetime, priority: int
) -> Draft | None:
    to, programme, about = recipient(person), call.programme, ("topic_call", call.pk)
    if to is None:
        return None
    until = min(ends_at, leaves + TOPIC_LINK_LASTS)
    return Draft(
        kind=kind,
        key=f"{kind}:{call.pk}:{person.pk}",
        to=to,
        context={
            "purpose": programme.purpose_in(to.language),
            "closes_on": call.closes_on.isoformat(),
            "link_until_on": (until - timedelta(seconds=1)).date().isoformat(),
        },
        programme_id=programme.pk,
        sender_name=programme.sender_name,
        about=about,
        valid_while={"topic_call": call.pk, "person": person.pk},
        not_before=leaves,
        expires_at=ends_at,
        priority=priority,
        links={"open": Link(TOPIC_LINK, about, until, TOPIC_PATH)},
    )
