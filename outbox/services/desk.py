"""What a person decides about mails that failed or whose fate is unknown."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from common.errors import DomainError, IllegalTransition
from outbox.choices import TROUBLE, Reason, State
from outbox.engine import names
from outbox.models import Message
from outbox.querysets import WIPED
from outbox.services.queueing import ring_after_commit, sender_domain

#: What a mail that is sent again takes over from the one that failed.
_KEPT: Final = (
    "kind",
    "is_discreet",
    "programme_id",
    "about_kind",
    "about_id",
    "recipient_id",
    "address",
    "first_name",
    "language",
    "time_zone",
    "sender_name",
    "context",
    "links",
    "calendar",
    "valid_while",
    "policy",
    "priority",
    "expires_at",
)


def send_again(*, message: Message, now: datetime) -> Message:
    """Send a failed mail as a new one, or one of unknown fate with the very same bytes.

    The same bytes carry the same Message-ID and Date, so a receiver that got the first can tell.

    Raises:
        IllegalTransition: it neither failed nor is its fate unknown.
        DomainError: its time has passed, or its text is gone.
    """
    with transaction.atomic():
        row = _in_trouble(message)
        if row.expires_at is not None and row.expires_at <= now:
            raise DomainError(_("Its time has passed."), code="expired")
        if row.context is None or not row.address:
            raise DomainError(_("Its text is no longer kept."), code="content_gone")
        again = _requeue(row, now) if row.state == State.UNCERTAIN else _copy(row, now)
        ring_after_commit()
    return again


def dismiss(*, message: Message, now: datetime) -> None:
    """Put a failed mail, or one of unknown fate, aside.

    Raises:
        IllegalTransition: it neither failed nor is its fate unknown.
    """
    with transaction.atomic():
        row = _in_trouble(message)
        _close(row, Reason.DISMISSED, now)


def _in_trouble(message: Message) -> Message:
    row: Message = Message.objects.select_for_update().get(pk=message.pk)
    if row.state not in TROUBLE:
        raise IllegalTransition(_("Only mail that failed, or perhaps did, can be sent again or put aside."))
    return row


def _requeue(row: Message, now: datetime) -> Message:
    row.state, row.reason, row.not_before, row.settled_at = State.QUEUED, "", now, None
    row.resends += 1
    row.save(update_fields=["state", "reason", "not_before", "settled_at", "resends"])
    return row


def _copy(row: Message, now: datetime) -> Message:
    root, _mark, number = row.key.rpartition(":r")
    again = int(number) + 1 if root and number.isdigit() else 1
    key = f"{root if again > 1 else row.key}:r{again}"
    values = {name: getattr(row, name) for name in _KEPT}
    new = Message.objects.create(
        key=key,
        message_id=names.message_id(key, sender_domain()),
        created_at=now,
        not_before=now,
        **values,
    )
    _close(row, Reason.RESENT, now)
    return new


def _close(row: Message, reason: Reason, now: datetime) -> None:
    wiped = WIPED if row.is_discreet else {}
    Message.objects.filter(pk=row.pk).update(state=State.CANCELLED, reason=reason, settled_at=now, **wiped)
