"""What the outbox must ask the packages above it, and a mail provider, through hooks."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from django.conf import settings

from common.hooks import declare
from outbox.models import Message


@dataclass(frozen=True)
class Claim:
    """What a mail that is about to leave takes for granted.

    Args:
        id: of the mail.
        kind, about, valid_while, programme_id: as they were given to ``queue``.
        person_id: to whom it goes; None for an operator.
    """

    id: int
    kind: str
    about: tuple[str, int] | None
    valid_while: Mapping[str, Any]
    person_id: int | None = None
    programme_id: int | None = None


class _OutdatedSignature(Protocol):
    def __call__(self, *, claims: Sequence[Claim]) -> Collection[int]: ...


class _ValidSignature(Protocol):
    def __call__(
        self, *, kind: str, about: tuple[str, int] | None, valid_while: Mapping[str, Any]
    ) -> bool: ...


class _NameSignature(Protocol):
    def __call__(self, *, programme_id: int) -> str: ...


class _LinesSignature(Protocol):
    def __call__(self, *, programme_id: int, language: str) -> tuple[str, str]: ...


class _AcceptedSignature(Protocol):
    def __call__(self, *, message_id: str, dot_at: datetime) -> bool | None: ...


#: Asked each time a mail is about to leave. False from anybody withdraws it; true for kinds one does not know.
still_valid = declare(
    "outbox.still_valid",
    purpose="whether what a mail tells still holds at the moment it leaves",
    signature=_ValidSignature.__call__,
)

#: The same for many at once: asked for each batch, in a few queries. Also whom mail may not reach (B-09).
outdated = declare(
    "outbox.outdated",
    purpose="the ids of those among some mails about to leave whose facts no longer hold, or whom mail may not reach",
    signature=_OutdatedSignature.__call__,
)

#: Answered by the package that holds programmes.
programme_name = declare(
    "outbox.programme_name",
    purpose="the name of a programme, for the mails that are sent in it",
    signature=_NameSignature.__call__,
)

#: Likewise: the words that mails of a programme begin and end with; empty ones are left out.
programme_lines = declare(
    "outbox.programme_lines",
    purpose="the opening and closing line of a programme's mails in a language",
    signature=_LinesSignature.__call__,
)

#: The resolver: a relay's log, a provider's events. True or false only on evidence; "not accepted" only after
#: the provider has had time to know (some 15 minutes after ``dot_at``); None otherwise.
was_accepted = declare(
    "outbox.was_accepted",
    purpose="whether the mail server took over a mail whose answer was lost, by its Message-ID",
    signature=_AcceptedSignature.__call__,
)


def holds(message: Message) -> bool:
    """Whether every package that has an opinion still wants this mail to leave."""
    return all(still_valid(kind=message.kind, about=message.about, valid_while=message.valid_while))


def overtaken(messages: Sequence[Message]) -> set[int]:
    """The ids of those that must not leave any more, as far as packages answer for many at once."""
    claims = [
        Claim(one.pk, one.kind, one.about, one.valid_while, one.recipient_id, one.programme_id)
        for one in messages
    ]
    return {pk for found in outdated(claims=claims) for pk in found}


def name_of_programme(programme_id: int | None) -> str:
    """The programme's name, or that of the installation for mail of no programme."""
    names = programme_name(programme_id=programme_id) if programme_id else []
    return next(iter(names), "") or str(settings.INSTALLATION_NAME)


def lines_of_programme(programme_id: int | None, language: str) -> tuple[str, str]:
    """Opening and closing line; empty for mail of no programme."""
    found = programme_lines(programme_id=programme_id, language=language) if programme_id else []
    return next(iter(found), ("", ""))


def evidence(message: Message) -> bool | None:
    """What is known of a mail whose answer was lost: taken over, not taken over, or nothing."""
    assert message.dot_at is not None  # noqa: S101  (set together with the state)
    known = was_accepted(message_id=message.message_id, dot_at=message.dot_at)
    if True in known:
        return True
    return False if False in known else None
