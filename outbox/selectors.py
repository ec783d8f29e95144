"""Reads about the outbox: counts for the desk and the command, and whether it is well."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final, Protocol

from django.db.models import Count, Max, Min

from common.hooks import declare
from outbox.choices import Reason, State
from outbox.models import MailRefusal, MailWish, Message, Relay
from outbox.querysets import MessageQuerySet, coordinated_programmes

#: A mail that is due waits longer only when something is wrong.
LATE_AFTER: Final = timedelta(minutes=10)
#: So many refusals within so long make an address suspect (reminders, section 4).
SUSPECT_AFTER: Final = 2
SUSPECT_FOR: Final = timedelta(days=30)
#: How far the mail desk's calendar looks.
PLANNED_FOR: Final = timedelta(days=30)


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


def refusals(person_ids: Collection[int]) -> set[tuple[int, str]]:
    """(person, choice) of the optional mail that these people do not want."""
    rows = MailRefusal.objects.filter(person_id__in=person_ids)
    return set(rows.values_list("person_id", "choice"))


def wishes(person_ids: Collection[int]) -> set[tuple[int, str]]:
    """(person, choice) of the mail that these people have asked for and nobody gets unasked."""
    rows = MailWish.objects.filter(person_id__in=person_ids)
    return set(rows.values_list("person_id", "choice"))


def suspects(messages: MessageQuerySet, *, now: datetime) -> list[tuple[str, int, str]]:
    """Addresses that have refused at least two mails lately and taken none since: address, number, last answer."""
    recent = messages.exclude(address="").filter(created_at__gt=now - SUSPECT_FOR)
    refused = recent.filter(reason=Reason.REFUSED).order_by("settled_at")
    found: dict[str, list[tuple[datetime, str]]] = {}
    for address, at, reply in refused.values_list("address", "settled_at", "smtp_reply"):
        found.setdefault(address, []).append((at, reply))
    taken = (
        recent.filter(address__in=found, state=State.SENT).values_list("address").annotate(at=Max("sent_at"))
    )
    fine = {address for address, at in taken if at > found[address][-1][0]}
    return [
        (address, len(answers), answers[-1][1])
        for address, answers in sorted(found.items())
        if len(answers) >= SUSPECT_AFTER and address not in fine
    ]


@dataclass(frozen=True)
class Planned:
    """Mails of one kind that will go out on one day, as far as anybody can tell now.

    Args:
        group: the cohort, or the programme, in words.
    """

    group: str
    day: date
    kind: str
    number: int


class _PlannedSignature(Protocol):
    def __call__(
        self, *, programme_ids: Collection[int] | None, now: datetime, until: datetime
    ) -> Iterable[Planned]: ...


#: None asks for all programmes.
planned = declare(
    "outbox.planned",
    purpose="counts of the mail that is to go out in some programmes until an instant, for the mail desk's calendar",
    signature=_PlannedSignature.__call__,
)


@dataclass(frozen=True)
class Agenda:
    """The mail to come of one cohort: kinds as columns, days with mail as rows."""

    group: str
    kinds: list[str]
    days: list[tuple[date, list[int], int]]

    @property
    def total(self) -> int:
        return sum(total for _day, _numbers, total in self.days)


def agendas(user: Any, *, now: datetime) -> list[Agenda]:
    """The next 30 days of planned mail for each cohort that this user may see: kinds and counts, never people."""
    until = now + PLANNED_FOR
    ids = None if user.is_superuser else _programmes_of(user)
    found = [one for part in planned(programme_ids=ids, now=now, until=until) for one in part]
    return [_agenda(group, found) for group in sorted({one.group for one in found})]


def _programmes_of(user: Any) -> set[int]:
    if user.person_id is None:
        return set()
    return {pk for ids in coordinated_programmes(person_id=user.person_id) for pk in ids}


def _agenda(group: str, found: Iterable[Planned]) -> Agenda:
    mine = [one for one in found if one.group == group]
    kinds = sorted({one.kind for one in mine})
    rows = []
    for day in sorted({one.day for one in mine}):
        here = [sum(o.number for o in mine if (o.day, o.kind) == (day, kind)) for kind in kinds]
        rows.append((day, here, sum(here)))
    return Agenda(group, kinds, rows)


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
