"""Mails of an open call: that it is there, and that somebody was named for it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.urls import reverse

from outbox.models import Message
from outbox.services import Draft, Link, Recipient, queue
from participants.emails import recipient
from participants.models import Person
from programmes.choices import Role
from programmes.emails.joining import INVITATION_LASTS
from programmes.models import OpenCall
from programmes.selectors.texts import ShownText

#: What the link of a call allows: to come in and look at its page.
CALL_LINK: Final = "open_call"
CALL_PATH: Final = "/calls/in/{token}/"


def announce(
    *,
    call: OpenCall,
    person: Person,
    has_log_in: bool,
    hours: tuple[int, int],
    ends_at: datetime,
    now: datetime,
) -> Draft | None:
    """Your view is wanted: what, why, until when (dossier 5.5). Once per person and call, however often asked.

    Whoever has a log-in gets no link that opens one: it would walk past their second factor (C-08).
    """
    to = recipient(person)
    if to is None:
        return None
    context = {"hours_mentor": hours[0], "hours_mentee": hours[1]}
    key = f"announce:{call.pk}:{person.pk}"
    return _to_page("announce", key, call, to, context, has_log_in=has_log_in, ends_at=ends_at, now=now)


def invite_senior(
    *, call: OpenCall, person: Person, letter: ShownText, has_log_in: bool, ends_at: datetime, now: datetime
) -> Draft | None:
    """The sponsor asks a senior to take part: the value and the time, signed (dossier 5.5). In place of the
    announcement, under one key with it, so that nobody gets both.
    """
    to = recipient(person)
    if to is None:
        return None
    blocks = [{"kind": block.kind, "lines": list(block.lines)} for block in letter.blocks]
    key = f"announce:{call.pk}:{person.pk}"
    context = {"subject": letter.subject, "blocks": blocks}
    return _to_page("invite_senior", key, call, to, context, has_log_in=has_log_in, ends_at=ends_at, now=now)


def nomination(
    *,
    call: OpenCall,
    address: str,
    person: Person | None,
    role: str,
    ends_at: datetime,
    now: datetime,
    has_log_in: bool = True,
) -> Message | None:
    """Somebody named you: once per person and call, however many do, without a name and without their words.

    Args:
        person: None for a colleague whom no roster knows; the page's own door lets them in then.
    """
    programme = call.cohort.programme
    stranger = Recipient(None, address, "", programme.language, settings.TIME_ZONE)
    to = recipient(person) if person is not None else stranger
    if to is None:
        return None
    who = str(person.pk) if person is not None else hashlib.sha256(address.encode()).hexdigest()[:32]
    draft = _to_page(
        "nomination", f"nomination:{call.pk}:{who}", call, to, {"is_mentor": role == Role.MENTOR},
        has_log_in=has_log_in or person is None, ends_at=ends_at, now=now,
    )  # fmt: skip
    values = {field.name: getattr(draft, field.name) for field in fields(draft)}
    return queue(**values, now=now)


def _to_page(
    kind: str,
    key: str,
    call: OpenCall,
    to: Recipient,
    context: Mapping[str, object],
    *,
    has_log_in: bool,
    ends_at: datetime,
    now: datetime,
) -> Draft:
    """A mail that leads to the page of a call: by a link that lets in, or by the page's plain address."""
    programme, about = call.cohort.programme, ("open_call", call.pk)
    until = min(ends_at, now + INVITATION_LASTS)
    return Draft(
        kind=kind,
        key=key,
        to=to,
        context={
            **context,
            "purpose": programme.purpose_in(to.language),
            "closes_on": call.closes_on.isoformat(),
            "has_log_in": has_log_in,
            "path": reverse("portal:call", args=[call.pk]),
            "link_until_on": (until - timedelta(seconds=1)).date().isoformat(),
        },
        programme_id=programme.pk,
        sender_name=programme.sender_name,
        about=about,
        valid_while={"call": call.pk},
        expires_at=ends_at,
        links={} if has_log_in else {"open": Link(CALL_LINK, about, until, CALL_PATH)},
    )
