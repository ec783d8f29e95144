"""Mails of an open call: that it is there, and that somebody was named for it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.urls import reverse

from outbox.services import Draft, Link
from participants.emails import recipient
from participants.models import Person
from programmes.emails.joining import INVITATION_LASTS
from programmes.models import OpenCall

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
    programme, about = call.cohort.programme, ("open_call", call.pk)
    until = min(ends_at, now + INVITATION_LASTS)
    return Draft(
        kind="announce",
        key=f"announce:{call.pk}:{person.pk}",
        to=to,
        context={
            "purpose": programme.purpose,
            "hours_mentor": hours[0],
            "hours_mentee": hours[1],
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
