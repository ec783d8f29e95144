"""One reminder a day for one person, from whichever package they come: the strongest goes (decision 22)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from outbox.choices import REMINDERS, State
from outbox.models import Message

_ON_ITS_WAY = (State.QUEUED, State.CLAIMED, State.SENDING, State.SENT)
_GONE = (State.SENDING, State.SENT)
_DAY = timedelta(days=1)


def outdone(messages: Sequence[Message]) -> set[int]:
    """The ids of those reminders that give way: to a stronger one of their day, or to one that has gone already.

    Two of one kind are their planner's affair, which names both in one mail. One query, however many mails.
    """
    mine = [one for one in messages if one.kind in REMINDERS and one.recipient_id is not None]
    if not mine:
        return set()
    rivals: dict[tuple[Any, date], list[Message]] = defaultdict(list)
    for row in _rivals(mine):
        rivals[row.recipient_id, _day(row)].append(row)
    return {one.pk for one in mine if _gives_way(one, rivals[one.recipient_id, _day(one)])}


def _rivals(mine: Sequence[Message]) -> Iterable[Message]:
    due: list[datetime] = [one.not_before for one in mine]
    rows = Message.objects.filter(
        recipient_id__in={one.recipient_id for one in mine},
        kind__in=REMINDERS,
        state__in=_ON_ITS_WAY,
        not_before__range=(min(due) - _DAY, max(due) + _DAY),
    )
    return rows.only("pk", "kind", "state", "recipient_id", "not_before", "time_zone")


def _day(message: Message) -> date:
    return message.not_before.astimezone(ZoneInfo(message.time_zone)).date()


def _gives_way(message: Message, rivals: Iterable[Message]) -> bool:
    rank = REMINDERS.index(message.kind)
    others = (one for one in rivals if one.kind != message.kind)
    return any(one.state in _GONE or REMINDERS.index(one.kind) < rank for one in others)
