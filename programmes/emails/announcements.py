"""Announcements of the communication plan: one mail a person, once (S0.45)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from django.urls import reverse

from outbox.services import Draft, queue_many
from participants.emails import recipient
from programmes.engine.plan_days import leaves_at
from programmes.models import Announcement, Enrolment
from programmes.selectors import announcement_names, announcement_text

#: A mail that could not leave for so long is news no more.
WORTH: Final = timedelta(days=5)


def announcement(*, row: Announcement, enrolments: Iterable[Enrolment], now: datetime) -> int:
    """Queue it for each of these people, for nine o'clock where they are. Returns how many."""
    drafts = [draft for one in enrolments if (draft := _draft(row, one, now)) is not None]
    return queue_many(drafts, now=now)


def _draft(row: Announcement, enrolment: Enrolment, now: datetime) -> Draft | None:
    person = enrolment.person
    to = recipient(person)
    if to is None:
        return None
    names = announcement_names(
        row.cohort, role=enrolment.role, name=person.first_name, language=person.language
    )
    text = announcement_text(row, person.language).filled(names)
    leaves = leaves_at(row.sends_on, person.time_zone, now)
    return Draft(
        kind="announcement",
        key=f"announcement:{row.pk}:{row.version}:{person.pk}",
        to=to,
        context={
            "subject": text.subject,
            "blocks": [{"kind": block.kind, "lines": list(block.lines)} for block in text.blocks],
            "path": reverse("portal:home"),
        },
        programme_id=row.cohort.programme_id,
        sender_name=row.cohort.programme.sender_name,
        about=("announcement", row.pk),
        valid_while={"announcement": row.pk, "member": enrolment.pk},
        not_before=leaves,
        expires_at=leaves + WORTH,
        priority=9,
    )
