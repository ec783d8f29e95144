"""Taking back mails that have not begun to leave."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction

from outbox.choices import Reason, State
from outbox.models import Message
from outbox.querysets import WIPED, MessageQuerySet

#: What somebody needs even when they have just paused or left.
STILL_NEEDED = ("meeting_changed", "exit")


def cancel_about(
    *,
    about: tuple[str, int],
    now: datetime,
    kinds: Iterable[str] | None = None,
    unlike: dict[str, Any] | None = None,
) -> int:
    """Withdraw the mails about an object that have not begun to leave, also those a worker has just claimed.

    Args:
        kinds: only these kinds; all by default.
        unlike: spare the mails whose ``valid_while`` holds these facts, as those about the newest revision.

    Returns:
        How many were withdrawn.
    """
    rows = Message.objects.about(*about).filter(state__in=[State.QUEUED, State.CLAIMED])
    if kinds is not None:
        rows = rows.filter(kind__in=list(kinds))
    if unlike is not None:
        rows = rows.exclude(valid_while__contains=unlike)
    return withdraw(rows, reason=Reason.OVERTAKEN, now=now)


def cancel_recipient(*, person_id: int, now: datetime) -> int:
    """Withdraw whatever has not begun to leave for somebody who has left or must get no more mail.

    Returns:
        How many mails were withdrawn.
    """
    rows = Message.objects.filter(recipient_id=person_id, state__in=[State.QUEUED, State.CLAIMED])
    return withdraw(rows, reason=Reason.RECIPIENT_GONE, now=now)


def cancel_in_programme(*, person_id: int, programme_id: int, now: datetime) -> int:
    """Withdraw what a programme still has for somebody who pauses or leaves it.

    What tells a calendar that a date has changed, and that a pair has ended, still goes: without it they would sit
    there alone.

    Returns:
        How many mails were withdrawn.
    """
    rows = Message.objects.filter(
        recipient_id=person_id, programme_id=programme_id, state__in=[State.QUEUED, State.CLAIMED]
    )
    return withdraw(rows.exclude(kind__in=STILL_NEEDED), reason=Reason.OVERTAKEN, now=now)


def withdraw(rows: MessageQuerySet, *, reason: Reason, now: datetime) -> int:
    """Cancel rows under lock, taken in one order; a worker that holds one finds it gone before the dot."""
    with transaction.atomic():
        keys = list(rows.order_by("id").select_for_update().values_list("pk", flat=True))
        chosen = Message.objects.filter(pk__in=keys)
        count = chosen.update(
            state=State.CANCELLED, reason=reason, settled_at=now, lease_token=None, lease_until=None
        )
        chosen.filter(is_discreet=True).update(**WIPED)
    return count
