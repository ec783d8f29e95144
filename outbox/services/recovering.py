"""Taking up what a dead worker left, and what nobody knows the fate of."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Any, Final

from django.db.models import F, Q, QuerySet

from outbox.choices import Policy, Reason, State
from outbox.engine import replies
from outbox.models import Message
from outbox.querysets import DatabaseClock
from outbox.services import settling
from outbox.services.asking import evidence
from outbox.services.queueing import ring

logger = logging.getLogger(__name__)

#: How often the same bytes are sent again on no evidence; then a person decides.
RESENDS: Final = 3

_FREE: Final[dict[str, Any]] = {"lease_token": None, "lease_until": None}


def recover(*, now: datetime) -> int:
    """One pass over abandoned mails, and over those already uncertain: evidence may have come in since.

    A mail that was only claimed never reached its dot and simply goes back. One that may have left is asked
    about; without evidence its policy decides.

    Returns:
        How many mails changed state.
    """
    count = sum(
        _give_back(message, now) for message in Message.objects.abandoned().filter(state=State.CLAIMED)
    )
    unknown = Message.objects.filter(Q(state=State.UNCERTAIN) | _half_sent()).order_by("id")
    count += sum(_decide(message, now) for message in unknown)
    if count and Message.objects.due(now).exists():
        ring()
    return count


def _half_sent() -> Q:
    return Q(state=State.SENDING, lease_until__lt=DatabaseClock())


def _unchanged(message: Message) -> QuerySet[Any]:
    """The row as we saw it: a rival's pass, or its own worker come back to life, wins."""
    same = Message.objects.filter(pk=message.pk, state=message.state, lease_token=message.lease_token)
    return same if message.lease_token is None else same.filter(lease_until__lt=DatabaseClock())


def _give_back(message: Message, now: datetime) -> int:
    if message.attempts > len(replies.WAITS):  # it may be this mail that kills the workers
        return _unchanged(message).update(state=State.DEAD, reason=Reason.EXHAUSTED, settled_at=now, **_FREE)
    return _unchanged(message).update(state=State.QUEUED, **_FREE)


def _decide(message: Message, now: datetime) -> int:
    known = _ask(message)
    if known is True:
        return int(settling.mark_sent(_unchanged(message), message, now=now, reason=""))
    if known is False or (message.state == State.SENDING and _may_resend(message)):
        return _unchanged(message).update(
            state=State.QUEUED, resends=F("resends") + 1, settled_at=None, **_FREE
        )
    if message.state == State.SENDING:
        return _unchanged(message).update(
            state=State.UNCERTAIN, reason=Reason.UNKNOWN, settled_at=now, **_FREE
        )
    return 0


def _may_resend(message: Message) -> bool:
    return message.policy == Policy.RESEND and message.resends < RESENDS


def _ask(message: Message) -> bool | None:
    """A witness that fails has seen nothing; the other mails are asked about all the same."""
    try:
        return evidence(message)
    except Exception:
        logger.exception("Nobody could be asked about mail %s", message.pk)
        return None
