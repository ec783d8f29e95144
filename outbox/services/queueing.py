"""Writing mails into the outbox, in the transaction of what they tell about."""

from __future__ import annotations

import time
import zoneinfo
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import datetime
from email.utils import parseaddr
from typing import Any, Final

from django.conf import settings
from django.db import OperationalError, connection, transaction

from common.broker import enqueue_named
from outbox.choices import OPTIONAL, Policy, is_discreet
from outbox.engine import names
from outbox.models import Message
from outbox.selectors import refusals
from outbox.services.drafts import Calendar, Draft, Link, Recipient

#: Rows per insert, and how often a planner starts a chunk again that the database broke off.
CHUNK: Final = 200
LARGE_CHUNK: Final = 5000
TRIES: Final = 5
#: Deadlock and serialisation failure: the only errors that trying again can mend.
TRANSIENT: Final = ("40P01", "40001")


def queue(
    *,
    kind: str,
    key: str,
    to: Recipient,
    context: Mapping[str, Any],
    now: datetime,
    programme_id: int | None,
    sender_name: str = "",
    about: tuple[str, int] | None = None,
    valid_while: Mapping[str, Any] | None = None,
    not_before: datetime | None = None,
    expires_at: datetime | None = None,
    priority: int = 5,
    policy: str = Policy.RESEND,
    links: Mapping[str, Link] | None = None,
    calendar: Calendar | None = None,
) -> Message | None:
    """Store one mail in the caller's transaction and ring for a worker after commit.

    The text is put together when the mail is first claimed, from ``templates/email/<kind>/`` in the recipient's
    language and zone. Keys of ``context`` that end in ``_at`` or ``_on`` may hold instants and days: the template
    gets them back as such.

    Args:
        kind: the name of the e-mail function and of its template folder.
        key: "kind:object:period:person", unique for ever; an id of the person, never the address, and no
            date made from ``now``.
        programme_id: who among the coordinators may see it on the mail desk; None for nobody but operators.
        about: the object it is about, for ``cancel_about`` and ``still_valid``.
        valid_while: facts that ``still_valid`` compares when the mail is claimed.
        not_before, expires_at: due then (default: now), worthless after.
        priority: 0 log-in and cancellations, 5 as a rule, 9 reminders.
        policy: "resend" or "hold", when nobody knows whether the mail server took it.

    Returns:
        The stored mail, or None when this key was there already, or its recipient wants no such mail.
    """
    draft = Draft(
        kind=kind, key=key, to=to, context=context, programme_id=programme_id, sender_name=sender_name,
        about=about, valid_while=valid_while, not_before=not_before, expires_at=expires_at, priority=priority,
        policy=policy, links=links or {}, calendar=calendar,
    )  # fmt: skip
    if refused([draft]):
        return None
    values = _values(draft, now)
    message, is_new = Message.objects.get_or_create(key=values.pop("key"), defaults=values)
    if not is_new:
        return None
    if message.not_before <= now:
        ring_after_commit()
    return message


def queue_many(drafts: Iterable[Draft], *, now: datetime) -> int:
    """Store many mails: sorted by key, in chunks, so that planners who race never lock each other out.

    Two planners that insert the same keys in different orders wait for each other in a circle; in one order
    they queue up. Outside a transaction each chunk commits by itself and is tried again after a deadlock. Inside
    one small chunks win nothing, and the number of queries does not grow with a cohort.

    Returns:
        How many keys were not there before.
    """
    ordered = sorted(drafts, key=lambda draft: draft.stored_key)
    count, size = 0, LARGE_CHUNK if connection.in_atomic_block else CHUNK
    for start in range(0, len(ordered), size):
        count += _insist(ordered[start : start + size], now)
    if count:
        ring_after_commit()
    return count


def _insist(chunk: list[Draft], now: datetime) -> int:
    for attempt in range(1, TRIES + 1):
        try:
            with transaction.atomic():
                return _insert(chunk, now)
        except OperationalError as error:
            code = getattr(error.__cause__, "pgcode", None)
            if connection.in_atomic_block or code not in TRANSIENT or attempt == TRIES:
                raise
            time.sleep(0.05 * attempt)
    raise AssertionError  # the loop returns or raises


def _insert(chunk: list[Draft], now: datetime) -> int:
    unwanted = refused(chunk)
    chunk = [draft for draft in chunk if draft.stored_key not in unwanted]
    keys = [draft.stored_key for draft in chunk]
    known = set(Message.objects.filter(key__in=keys).values_list("key", flat=True))
    fresh = {draft.stored_key: draft for draft in chunk if draft.stored_key not in known}
    rows = [Message(**_values(draft, now)) for draft in fresh.values()]
    Message.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def refused(drafts: Iterable[Draft]) -> set[str]:
    """The keys of those that their recipients do not want. One query, and none where no mail is optional."""
    optional = {
        one.stored_key: (one.to.person_id, OPTIONAL[one.kind]) for one in drafts if one.kind in OPTIONAL
    }
    if not optional:
        return set()
    unwanted = refusals({person_id for person_id, _choice in optional.values() if person_id is not None})
    return {key for key, wish in optional.items() if wish in unwanted}


def _values(draft: Draft, now: datetime) -> dict[str, Any]:
    """The columns of a new row."""
    about_kind, about_id = draft.about or ("", None)
    return {
        "key": draft.stored_key,
        "kind": draft.kind,
        "is_discreet": is_discreet(draft.kind),
        "programme_id": draft.programme_id,
        "about_kind": about_kind,
        "about_id": about_id,
        "recipient_id": draft.to.person_id,
        "address": draft.to.address,
        "first_name": draft.to.first_name[:80],
        "language": _language(draft.to.language),
        "time_zone": _zone(draft.to.time_zone),
        "sender_name": draft.sender_name[:200],
        "context": dict(draft.context),
        "links": {name: asdict(link) for name, link in draft.links.items()},
        "calendar": asdict(draft.calendar) if draft.calendar else None,
        "valid_while": dict(draft.valid_while or {}),
        "message_id": names.message_id(draft.key, sender_domain()),
        "policy": Policy(draft.policy),
        "priority": draft.priority,
        "created_at": now,
        "not_before": draft.not_before or now,
        "expires_at": draft.expires_at,
    }


def _language(code: str) -> str:
    return code if code in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def _zone(name: str) -> str:
    try:
        return zoneinfo.ZoneInfo(name).key
    except (ValueError, OSError, zoneinfo.ZoneInfoNotFoundError):
        return str(settings.TIME_ZONE)


def sender_domain() -> str:
    """The domain that mails come from and Message-IDs are made in."""
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]


def ring_after_commit() -> None:
    """Ring for a worker when this transaction has committed; once however many mails it stores."""
    waiting = getattr(connection, "run_on_commit", [])
    if not any(entry[1] is ring for entry in waiting):
        transaction.on_commit(ring, robust=True)


def ring() -> bool:
    """Tell a worker that mail is due; false when the broker is away. The clock finds the mail then."""
    return enqueue_named("outbox.drain")
