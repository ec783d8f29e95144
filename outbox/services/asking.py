"""What the outbox must ask the packages above it, and a mail provider, through hooks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings

from common.hooks import declare
from outbox.models import Message


def _valid_signature(*, kind: str, about: tuple[str, int] | None, valid_while: Mapping[str, Any]) -> bool:
    raise NotImplementedError  # the signature only; fillers answer


def _reach_signature(*, kind: str, person_id: int, programme_id: int) -> bool:
    raise NotImplementedError  # the signature only; fillers answer


def _name_signature(*, programme_id: int) -> str:
    raise NotImplementedError  # the signature only; fillers answer


def _accepted_signature(*, message_id: str, dot_at: datetime) -> bool | None:
    raise NotImplementedError  # the signature only; fillers answer


#: Asked each time a mail is about to leave. False from anybody withdraws it; true for kinds one does not know.
still_valid = declare(
    "outbox.still_valid",
    purpose="whether what a mail tells still holds at the moment it leaves",
    signature=_valid_signature,
)

#: Asked with it, for mail of a programme to a person: somebody may have paused, objected or left meanwhile.
may_reach = declare(
    "outbox.may_reach",
    purpose="whether mail of this kind may reach a person in a programme: nobody who pauses, objects or has left",
    signature=_reach_signature,
)

#: Answered by the package that holds programmes.
programme_name = declare(
    "outbox.programme_name",
    purpose="the name of a programme, for the mails that are sent in it",
    signature=_name_signature,
)

#: The resolver: a relay's log, a provider's events. True or false only on evidence; "not accepted" only after
#: the provider has had time to know (some 15 minutes after ``dot_at``); None otherwise.
was_accepted = declare(
    "outbox.was_accepted",
    purpose="whether the mail server took over a mail whose answer was lost, by its Message-ID",
    signature=_accepted_signature,
)


def holds(message: Message) -> bool:
    """Whether every package that has an opinion still wants this mail to leave."""
    is_valid = still_valid(kind=message.kind, about=message.about, valid_while=message.valid_while)
    return all(is_valid) and _reaches(message)


def _reaches(message: Message) -> bool:
    if message.recipient_id is None or message.programme_id is None:
        return True
    told = may_reach(kind=message.kind, person_id=message.recipient_id, programme_id=message.programme_id)
    return all(told)


def name_of_programme(message: Message) -> str:
    """The programme's name, or that of the installation for mail of no programme."""
    names = programme_name(programme_id=message.programme_id) if message.programme_id else []
    return next(iter(names), "") or str(settings.INSTALLATION_NAME)


def evidence(message: Message) -> bool | None:
    """What is known of a mail whose answer was lost: taken over, not taken over, or nothing."""
    assert message.dot_at is not None  # noqa: S101  (set together with the state)
    known = was_accepted(message_id=message.message_id, dot_at=message.dot_at)
    if True in known:
        return True
    return False if False in known else None
