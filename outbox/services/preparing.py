"""Putting texts together ahead of sending: several workers may do it while one speaks to the mail server."""

from __future__ import annotations

import logging
import time
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final

from django.db import DatabaseError, InterfaceError, transaction

from outbox.models import ActionLink, Message
from outbox.services import settling
from outbox.services.rendering import Letterhead, Unprintable, ensure_bytes

logger = logging.getLogger(__name__)

#: How long before its hour a mail may be put together.
AHEAD: Final = timedelta(minutes=30)
A_WHILE: Final = timedelta(seconds=8)


def prepare(*, now: datetime, budget: timedelta | None = A_WHILE) -> int:
    """Put together the mails that are due within half an hour, those that leave last first.

    Sending takes up the queue at its other end and makes whatever is not ready itself, so nothing ever waits for this.
    A mail that cannot be put together is left to sending, which says why.

    Args:
        budget: real time to spend; None for as long as it takes.

    Returns:
        How many mails are ready now that were not.
    """
    end = None if budget is None else time.monotonic() + budget.total_seconds()
    house, count, seen = Letterhead(), 0, set[int]()
    while end is None or time.monotonic() < end:
        waiting = Message.objects.unprepared(now + AHEAD).exclude(pk__in=seen)
        token, messages = settling.take(waiting)
        if not messages:
            break
        try:
            count += _made([one for one in messages if _is_printable(one, now, house)])
        finally:
            with suppress(DatabaseError, InterfaceError):  # then the lease ends by itself
                settling.release(token)
        seen.update(one.pk for one in messages)
    return count


def _is_printable(message: Message, now: datetime, house: Letterhead) -> bool:
    try:
        ensure_bytes(message, now=max(now, message.not_before), house=house)
    except Unprintable as error:
        logger.info("Mail %s cannot be put together: %s", message.pk, error)
        return False
    return True


@transaction.atomic
def _made(messages: list[Message]) -> int:
    """Store what was made, with its links, unless a mail was withdrawn meanwhile."""
    held = settling.still_ours(messages)
    ready = [one for one in messages if one.pk in held]
    ActionLink.objects.bulk_create([link for one in ready for link in one.minted_now])
    Message.objects.bulk_update(ready, ["raw", "rendered_at"])
    return len(ready)
