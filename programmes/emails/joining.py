"""Mails to people who join a programme, run it or stand by for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Final

from django.urls import reverse

from outbox.models import Message
from outbox.services import Link, queue
from participants.emails import recipient
from participants.models import Person, User
from programmes.choices import ContactTarget, Role
from programmes.models import (
    ContactRequest,
    Coordinator,
    CouncilMember,
    Enrolment,
    NamedContact,
    Sponsor,
)

#: How long the link in an invitation opens the door (C-15).
INVITATION_LASTS: Final = timedelta(days=14)
INVITATION_PATH: Final = "/i/{token}/"
_PURPOSE: Final = "invitation"


def selected(*, enrolment: Enrolment, now: datetime) -> Message | None:
    """You are in: role, first day, and the way in (dossier 5.5).

    The key carries when the person was invited before, so each press of the button is one mail at most.
    """
    cohort = enrolment.cohort
    context = {
        "is_mentor": enrolment.role == Role.MENTOR,
        "cohort_name": cohort.name,
        "purpose": cohort.programme.purpose_in(enrolment.person.language),
        "cohort_starts_on": cohort.starts_on.isoformat(),
    }
    return _invite("selected", "enrolment", enrolment, enrolment.invited_at, context, now=now)


def coordinator_named(*, coordinator: Coordinator, before: datetime | None, now: datetime) -> Message | None:
    """You coordinate a programme now: what that means, and the way in."""
    return _invite("coordinator_named", "coordinator", coordinator, before, {}, now=now)


def listener_named(*, contact: NamedContact, before: datetime | None, now: datetime) -> Message | None:
    """You are the named contact, outside every reporting line: what that means, and the way in."""
    return _invite("listener_named", "contact", contact, before, {}, now=now)


def sponsor_named(*, sponsor: Sponsor, before: datetime | None, now: datetime) -> Message | None:
    """You stand behind a programme, by name: what that means, and the way in (S3.42)."""
    return _invite("sponsor_named", "sponsor", sponsor, before, {}, now=now)


def council_named(*, member: CouncilMember, before: datetime | None, now: datetime) -> Message | None:
    """You follow a programme for the works council: what you see, and the way in."""
    return _invite("council_named", "council", member, before, {}, now=now)


def _invite(
    kind: str,
    about_kind: str,
    row: Enrolment | Coordinator | NamedContact | Sponsor | CouncilMember,
    before: datetime | None,
    context: Mapping[str, object],
    *,
    now: datetime,
) -> Message | None:
    """Whoever has a log-in gets no link that opens one: it would walk past their second factor (C-08)."""
    person, about = row.person, (about_kind, row.pk)
    programme = row.cohort.programme if isinstance(row, Enrolment) else row.programme
    to = recipient(person)
    if to is None:
        return None
    has_log_in = User.objects.filter(person=person, is_active=True).exists()
    expires_at = now + INVITATION_LASTS
    link = Link(_PURPOSE, about, expires_at, INVITATION_PATH)
    return queue(
        kind=kind,
        key=f"{kind}:{row.pk}:{before.isoformat() if before else 'first'}:{person.pk}",
        to=to,
        context={
            **context,
            "has_log_in": has_log_in,
            "path": reverse("admin:index" if about_kind == "coordinator" else "portal:home"),
            "link_until_on": expires_at.date().isoformat(),
        },
        now=now,
        programme_id=programme.pk,
        sender_name=programme.sender_name,
        about=about,
        valid_while={"invited": row.pk},
        expires_at=expires_at,
        links={} if has_log_in else {"open": link},
    )


def contact_request(*, request: ContactRequest, now: datetime) -> int:
    """Somebody would like to be contacted. No name in the mail: it may be forwarded. Returns how many."""
    sent = 0
    for person, path in _listeners(request):
        to = recipient(person)
        key = f"contact_request:{request.pk}:{person.pk}"
        if to and queue(
            kind="contact_request",
            key=key,
            to=to,
            context={"path": path, "is_contact": request.target == ContactTarget.CONTACT},
            now=now,
            programme_id=request.programme_id,
            sender_name=request.programme.sender_name,
            about=("contact_request", request.pk),
            valid_while={"contact_request": request.pk},
        ):
            sent += 1
    return sent


def _listeners(request: ContactRequest) -> Iterator[tuple[Person, str]]:
    """Whom a request is addressed to, with the page where they find it."""
    if request.target == ContactTarget.CONTACT:
        for contact in request.programme.contacts.open_to(request.person_id).select_related("person"):
            yield contact.person, reverse("portal:home")
        return
    for coordinator in request.programme.coordinators.open_to(request.person_id).select_related("person"):
        yield coordinator.person, reverse("admin:programmes_contactrequest_changelist")
