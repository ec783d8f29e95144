"""Reads about the outbox: counts for the desk and the command, and whether it is well."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Count, Min

from outbox.choices import State
from outbox.models import Message, Relay
from outbox.querysets import MessageQuerySet

#: A mail that is due waits longer only when something is wrong.
LATE_AFTER: Final = timedelta(minutes=10)


def counts(messages: MessageQuerySet) -> dict[str, dict[str, int]]:
    """How many mails of each kind are in each state; kinds in order, states without mails left out."""
    rows = messages.order_by("kind", "state").values_list("kind", "state").annotate(number=Count("pk"))
    table: dict[str, dict[str, int]] = {}
    for kind, state, number in rows:
        table.setdefault(kind, {})[state] = number
    return table


def totals(table: Iterable[dict[str, int]]) -> dict[str, int]:
    """The sum over all kinds, every state named."""
    result = dict.fromkeys(State.values, 0)
    for row in table:
        for state, number in row.items():
            result[state] += number
    return result


@dataclass(frozen=True)
class Health:
    """What an operator has to know (D-11): mail that is late, mail in trouble, a mail server that is away."""

    oldest_due_at: datetime | None
    in_trouble: int
    relay_failing_since: datetime | None
    relay_error: str
    is_late: bool

    @property
    def is_well(self) -> bool:
        return not (self.is_late or self.in_trouble or self.relay_failing_since)


def health(*, now: datetime) -> Health:
    """How the outbox is doing at an instant."""
    oldest = Message.objects.due(now).aggregate(at=Min("not_before"))["at"]
    relay = Relay.objects.filter(failures__gt=0).first()
    return Health(
        oldest_due_at=oldest,
        in_trouble=Message.objects.in_trouble().count(),
        relay_failing_since=relay.failing_since if relay else None,
        relay_error=relay.last_error if relay else "",
        is_late=oldest is not None and now - oldest > LATE_AFTER,
    )
