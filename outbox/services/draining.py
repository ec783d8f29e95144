"""Sending what is due. Any number of these may run at once, in workers or by hand."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from email.utils import parseaddr
from functools import partial
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError, InterfaceError, transaction

from common.database import is_away
from outbox.choices import Reason
from outbox.engine.mime import BadHeader, ascii_address
from outbox.engine.smtp import Interrupted, Refused, Unanswered, Unreachable
from outbox.models import Message
from outbox.services import relay, settling
from outbox.services.asking import holds, overtaken
from outbox.services.one_a_day import outdone
from outbox.services.queueing import ring
from outbox.services.rendering import Letterhead, LostLease, Unprintable, ensure_bytes

logger = logging.getLogger(__name__)

#: A worker's task ends after this and rings for the next one, so that it never holds up a stop for long.
A_WHILE: Final = timedelta(seconds=8)
RENEW_EVERY: Final = 60.0

Stop = Callable[[], bool]


def drain(*, now: datetime, budget: timedelta | None = None, stop: Stop | None = None) -> int:
    """Send the mails due at ``now``, until none is left, the time is up or the server is away.

    Must not run inside a transaction: what it notes down before a dot has to be committed before it.

    Args:
        now: decides what is due, what has expired, and stands in the mails' Date.
        budget: real time to spend.
        stop: asked between two mails.

    Returns:
        How many mails the server took.

    Raises:
        RuntimeError: called inside a transaction.
    """
    with transaction.atomic(durable=True):
        pass  # raises in an outer transaction
    server = relay.condition()
    if server.is_blocked:
        return 0
    run = Run(now=now, until=_deadline(budget, stop), was_failing=server.failures > 0)
    with run.connected():
        while not run.is_over and run.batch():
            pass
    return run.sent


def drain_for_a_while(*, now: datetime) -> int:
    """``drain`` for a worker's task: a short turn, then a ring for the next while mail is due."""
    count = drain(now=now, budget=A_WHILE)
    if not relay.condition().is_blocked and Message.objects.due(now).exists():
        ring()
    return count


class Run:
    """One turn of sending over one connection."""

    def __init__(self, *, now: datetime, until: Stop, was_failing: bool) -> None:
        self.now = now
        self.until = until
        self.was_failing = was_failing
        self.sent = 0
        self.is_unreachable = False
        self.house = Letterhead()
        self.overtaken: set[int] | None = None
        self.outdone: set[int] = set()
        self.sender = ascii_address(parseaddr(settings.DEFAULT_FROM_EMAIL)[1])

    @property
    def is_over(self) -> bool:
        return self.is_unreachable or self.until()

    @contextmanager
    def connected(self) -> Iterator[None]:
        self.carrier = relay.open_carrier()
        try:
            yield
        finally:
            self.carrier.close()

    def batch(self) -> bool:
        """Claim some mails and send them; false when none was due."""
        token, messages = settling.claim(now=self.now)
        if not messages:
            return False
        try:
            self._each(token, messages)
        finally:
            with suppress(DatabaseError, InterfaceError):  # then the lease ends by itself
                settling.release(token)
        return True

    def _each(self, token: UUID, messages: list[Message]) -> None:
        renewed = time.monotonic()
        self.overtaken = self._overtaken(messages)
        for message in messages:
            if self.is_over:
                return
            if time.monotonic() - renewed > RENEW_EVERY:
                settling.renew(token)
                renewed = time.monotonic()
            self._one(message)

    def _overtaken(self, messages: list[Message]) -> set[int] | None:
        """Whom of a batch nobody wants to leave any more; None when one of them upsets the question."""
        try:
            self.outdone = outdone(messages)
            return overtaken(messages)
        except Exception as error:
            if is_away(error):
                raise
            logger.exception(
                "A batch of mail could not be asked about at once; each is asked about by itself"
            )
            return None

    def _one(self, message: Message) -> None:
        """Send one mail. Whatever is wrong with it stays with it (C-19, D-03)."""
        try:
            if self._may_leave(message):
                self._hand_over(message, ensure_bytes(message, now=self.now, house=self.house))
        except LostLease:
            logger.info("Mail %s was withdrawn or taken over meanwhile", message.pk)
        except Unprintable as error:
            settling.broken(message, error.reason, str(error), now=self.now)
        except Exception as error:
            if is_away(error):
                raise
            logger.exception("Mail %s (%s) could not be handled", message.pk, message.kind)
            settling.stumbled(message, type(error).__name__, now=self.now)

    def _may_leave(self, message: Message) -> bool:
        if message.expires_at is not None and message.expires_at <= self.now:
            settling.withdrawn(message, Reason.EXPIRED, now=self.now)
            return False
        gone = overtaken([message]) if self.overtaken is None else self.overtaken
        if message.pk in gone or not holds(message):
            settling.withdrawn(message, Reason.OVERTAKEN, now=self.now)
            return False
        if message.pk in self.outdone:
            settling.withdrawn(message, Reason.OUTDONE, now=self.now)
            return False
        return True

    def _hand_over(self, message: Message, content: bytes) -> None:
        try:
            reply = self.carrier.deliver(
                sender=self.sender,
                recipient=_recipient(message),
                content=content,
                before_dot=partial(settling.mark_sending, message),
            )
        except Unreachable as error:
            self.is_unreachable = True
            settling.unreached(message)
            relay.failed(str(error))
            return
        except Refused as refusal:
            settling.refused(message, refusal, now=self.now)
        except Interrupted as error:
            settling.later(message, str(error), now=self.now)
        except Unanswered as error:
            settling.unanswered(message, str(error))
        else:
            settling.sent(message, reply, now=self.now)
            self.sent += 1
        self._note_answer()

    def _note_answer(self) -> None:
        if self.was_failing:
            relay.answered()
            self.was_failing = False


def _recipient(message: Message) -> str:
    try:
        return ascii_address(message.address)
    except BadHeader as error:
        raise Unprintable(Reason.HEADER, str(error)) from error


def _deadline(budget: timedelta | None, stop: Stop | None) -> Stop:
    end = None if budget is None else time.monotonic() + budget.total_seconds()
    return lambda: bool(stop and stop()) or (end is not None and time.monotonic() >= end)
