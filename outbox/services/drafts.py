"""What other packages hand to the outbox: a recipient, links, a calendar entry, a whole mail."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from outbox.choices import Policy, is_discreet
from outbox.engine import names


@dataclass(frozen=True)
class Recipient:
    """Whom a mail goes to, as this package knows people.

    Args:
        person_id: the person; None for an operator who has only a log-in.
        address: one address.
        language, time_zone: frozen here; the text is put together in them.
    """

    person_id: int | None
    address: str
    first_name: str
    language: str
    time_zone: str


@dataclass(frozen=True)
class Link:
    """A link that lets the recipient do one thing, made when the mail is put together.

    Args:
        purpose: what it allows; whoever opens it asks for the same purpose.
        about: the object it is about, as (kind, id).
        path: where it leads on this site, with "{token}" where the token goes, or at its end without it.
    """

    purpose: str
    about: tuple[str, int] | None
    expires_at: datetime
    path: str


@dataclass(frozen=True)
class Calendar:
    """A calendar entry that travels with the mail: iTIP method and the whole iCalendar text."""

    method: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Draft:
    """One mail as ``queue`` takes it, for planners that write many at once with ``queue_many``."""

    kind: str
    key: str
    to: Recipient
    context: Mapping[str, Any]
    programme_id: int | None
    sender_name: str = ""
    about: tuple[str, int] | None = None
    valid_while: Mapping[str, Any] | None = None
    not_before: datetime | None = None
    expires_at: datetime | None = None
    priority: int = 5
    policy: str = Policy.RESEND
    links: Mapping[str, Link] = field(default_factory=dict)
    calendar: Calendar | None = None

    @property
    def stored_key(self) -> str:
        return names.stored_key(self.kind, self.key, is_discreet=is_discreet(self.kind))
