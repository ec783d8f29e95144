"""Every change of state of a mail that a worker holds. Each names the lease, so a late worker changes nothing."""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid4

from django.db import DatabaseError, InterfaceError, connection, transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Greatest

from common.database import is_away
from outbox.choices import HELD, Reason, State
from outbox.engine import replies
from outbox.engine.smtp import Refused, Reply
from outbox.models import ActionLink, Message
from outbox.querysets import WIPED, DatabaseClock
from outbox.services.rendering import LostLease

logger = logging.getLogger(__name__)

#: How long a worker may hold a mail without a sign. Above the longest single step of a conversation.
LEASE: Final = timedelta(minutes=5)
BATCH: Final = 50
#: Seconds between tries to note down a delivery that has happened, while the database is away.
INSIST: Final = (0.2, 1.0, 3.0)

_FREE: Final[dict[str, Any]] = {"lease_token": None, "lease_until": None}
_chance = random.SystemRandom().random


def claim(*, now: datetime) -> tuple[UUID, list[Message]]:
    """Take the next due mails, so that no other worker sees them. ``now`` says what is due; leases are the
    database's.
    """
    return take(Message.objects.due(now))


def take(wanted: QuerySet[Any]) -> tuple[UUID, list[Message]]:
    """Take some waiting mails under a lease of one's own, in their order."""
    token = uuid4()
    with transaction.atomic():
        free = wanted.select_for_update(skip_locked=True)
        keys = list(free.values_list("pk", flat=True)[:BATCH])
        Message.objects.filter(pk__in=keys).update(
            state=State.CLAIMED,
            lease_token=token,
            lease_until=DatabaseClock() + LEASE,
            attempts=F("attempts") + 1,
        )
    held = Message.objects.held_by(token).order_by("priority", "not_before", "id") if keys else ()
    return token, list(held)


def renew(token: UUID) -> None:
    """A slow batch keeps its lease."""
    _in_time(token).update(lease_until=DatabaseClock() + LEASE)


def release(token: UUID) -> int:
    """Give back what was claimed and not begun; it costs the mail no attempt. What we lost is not ours to give."""
    return _in_time(token).update(state=State.QUEUED, attempts=Greatest(F("attempts") - 1, 0), **_FREE)


def still_ours(messages: Sequence[Message]) -> set[int]:
    """Lock those of some mails that we still hold, and name them. In a transaction."""
    keys = [one.pk for one in messages]
    tokens = {one.lease_token for one in messages}
    held = Message.objects.filter(pk__in=keys, lease_token__in=tokens, state=State.CLAIMED)
    return set(held.order_by("pk").select_for_update().values_list("pk", flat=True))


def _in_time(token: UUID) -> QuerySet[Any]:
    return Message.objects.held_by(token).filter(lease_until__gt=DatabaseClock())


def mark_sending(message: Message) -> None:
    """Commit "sending", and the bytes, between content and dot: from here on only the server knows.

    The one moment of a mail that waits for the disk. Until it has passed nobody can have the mail, so bytes that a
    dead worker made before it need not be known to anybody.

    Raises:
        LostLease: the mail was withdrawn or our lease is over; the dot must not be sent.
    """
    facts = [LEASE, message.raw, message.rendered_at, message.pk, message.lease_token]
    with transaction.atomic() if message.minted_now else nullcontext():
        if _execute(_MARK, facts) != 1:
            raise LostLease
        _keep_links(message)


# The two statements that every mail costs are written out: putting them together anew each time takes the processor
# twice as long as all that smtplib does for a mail.
_MARK: Final = """
    UPDATE outbox_message SET state = 'sending', dot_at = clock_timestamp(),
        lease_until = clock_timestamp() + %s, raw = %s, rendered_at = %s
    WHERE id = %s AND state = 'claimed' AND lease_token = %s AND lease_until > clock_timestamp()
"""
#: Also of a mail about which somebody has already wondered because we were slow.
_SENT: Final = """
    UPDATE outbox_message SET state = 'sent', reason = '', last_error = '', sent_at = %s, settled_at = %s,
        smtp_code = %s, smtp_reply = %s, lease_token = NULL, lease_until = NULL,
        raw = CASE WHEN %s THEN NULL ELSE raw END
    WHERE id = %s AND ((state = 'sending' AND lease_token = %s) OR state = 'uncertain')
        AND set_config('synchronous_commit', 'off', true) = 'off'
"""


def _execute(statement: str, values: Sequence[Any]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return int(cursor.rowcount)


def _bytes(message: Message) -> dict[str, Any]:
    """What a mail looks like once somebody may have seen it, so that every attempt looks the same."""
    return {"raw": message.raw, "rendered_at": message.rendered_at}


def _keep_links(message: Message) -> None:
    """The links that stand in the bytes, once the bytes are kept."""
    if message.minted_now:
        ActionLink.objects.bulk_create(message.minted_now)
        message.minted_now = ()


def sent(message: Message, reply: Reply, *, now: datetime) -> None:
    """Note down that the server took it; then its links exist in the recipient's mail alone."""
    _insisting(lambda: _sent(message, reply, now))


def _sent(message: Message, reply: Reply, now: datetime) -> None:
    """Without waiting for the disk: the next mail's mark takes it along, and only a crash of the whole database
    server within that moment leaves the mail's fate unknown, as it would have been an instant earlier."""
    if not message.is_discreet:
        told = [now, now, reply.code, reply.text, message.has_links, message.pk, message.lease_token]
        _execute(_SENT, told)
        return
    mine = Message.objects.filter(pk=message.pk)
    mine = mine.filter(state=State.SENDING, lease_token=message.lease_token) | mine.filter(
        state=State.UNCERTAIN  # we were slow, and somebody has already wondered
    )
    mark_sent(mine, message, now=now, smtp_code=reply.code, smtp_reply=reply.text)


def mark_sent(rows: QuerySet[Any], message: Message, *, now: datetime, **answer: Any) -> bool:
    """Settle a mail as sent and drop what need not stay."""
    values = {"state": State.SENT, "reason": "", "sent_at": now, "settled_at": now, "last_error": ""}
    return rows.update(**{**values, **answer, **_FREE, **_dropped_when_done(message)}) == 1


def _dropped_when_done(message: Message) -> Mapping[str, Any]:
    """Discreet kinds keep nothing (decision 23); bytes with action links in them must not lie about (C-15)."""
    if message.is_discreet:
        return WIPED
    return {"raw": None} if message.has_links else {}


def withdrawn(message: Message, reason: Reason, *, now: datetime) -> None:
    """It must not leave (any more)."""
    wiped = WIPED if message.is_discreet else {}
    _mine(message, State.CLAIMED).update(
        state=State.CANCELLED, reason=reason, settled_at=now, **{**_FREE, **wiped}
    )


def broken(message: Message, reason: Reason, detail: str, *, now: datetime, **answer: Any) -> None:
    """It alone cannot be sent, and a person has to look."""
    values = {"state": State.DEAD, "reason": reason, "last_error": detail[:500], "settled_at": now}
    _mine(message, *HELD).update(**{**values, **answer, **_FREE})


def refused(message: Message, refusal: Refused, *, now: datetime) -> None:
    """The server's no: for good, or until later."""
    answer = {"smtp_code": refusal.code, "smtp_reply": refusal.text}
    if replies.is_final(refusal.stage, refusal.code, refusal.text, message.attempts):
        return broken(message, Reason.REFUSED, str(refusal), now=now, **answer)
    return later(message, str(refusal), now=now, **answer)


def later(message: Message, detail: str, *, now: datetime, **answer: Any) -> None:
    """Try again after a while, never beyond the mail's own time; after the last try it has failed."""
    wait = replies.wait(message.attempts, answer.get("smtp_code", 0), _chance())
    if wait is None:
        return broken(message, Reason.EXHAUSTED, detail, now=now, **answer)
    again = now + wait
    _keep_links(message)
    _mine(message, *HELD).update(
        state=State.QUEUED,
        reason=Reason.LATER,
        last_error=detail[:500],
        not_before=min(again, message.expires_at) if message.expires_at else again,
        **{**answer, **_FREE, **_bytes(message)},
    )
    return None


def stumbled(message: Message, detail: str, *, now: datetime) -> None:
    """Something of ours went wrong. What may have left already is not touched: its lease will tell."""
    if _mine(message, State.CLAIMED).exists():
        later(message, detail, now=now)


def unreached(message: Message) -> None:
    """The server could not be reached: not the mail's fault, so it costs no attempt."""
    _mine(message, *HELD).update(
        state=State.QUEUED, reason=Reason.RELAY, attempts=Greatest(F("attempts") - 1, 0), **_FREE
    )


def unanswered(message: Message, detail: str) -> None:
    """Leave it as "sending": when its lease is over, evidence or its policy decides."""
    _mine(message, State.SENDING).update(reason=Reason.UNKNOWN, last_error=detail[:500])


def _mine(message: Message, *states: State) -> QuerySet[Any]:
    return Message.objects.filter(pk=message.pk, lease_token=message.lease_token, state__in=states)


def _insisting(step: Callable[[], None]) -> None:
    """Only this process knows that the mail left; a database that restarts must not make it forget."""
    for pause in INSIST:
        try:
            return step()
        except (DatabaseError, InterfaceError) as error:
            if connection.in_atomic_block or not is_away(error):
                raise
            connection.close()
            time.sleep(pause)
    return step()
