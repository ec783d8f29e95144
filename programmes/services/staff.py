"""Naming and dismissing who runs a programme, listens in it, stands behind it or watches over it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from common.errors import Conflict, DomainError
from outbox.models import Message
from outbox.services import revoke_links
from participants.choices import PersonState
from participants.models import Person
from programmes import emails
from programmes.models import Cohort, Coordinator, CouncilMember, NamedContact, Programme, Sponsor
from programmes.selectors import INVITATION, STAFF
from programmes.selectors.contacts import UNDER_WAY, takes_part_in
from programmes.services.invitations import check_address
from programmes.services.locking import held

Row = Coordinator | NamedContact | Sponsor | CouncilMember
#: What one person may not be in one programme at once: whoever people turn to, and whoever watches over it, stands
#: apart from whoever runs it or stands behind it (decision 3).
APART: Final[Mapping[frozenset[str], Promise]] = {
    frozenset(("contact", "coordinator")): _("Whoever coordinates a programme is not its named contact."),
    frozenset(("contact", "sponsor")): _(
        "The sponsor of a programme is not its named contact: people turn to somebody outside every line."
    ),
    frozenset(("council", "coordinator")): _(
        "Whoever coordinates a programme does not watch over it for the works council."
    ),
    frozenset(("council", "sponsor")): _(
        "The sponsor of a programme does not watch over it for the works council."
    ),
}
_ALREADY: Final[Mapping[str, Promise]] = {
    "coordinator": _("%(name)s coordinates this programme already."),
    "contact": _("%(name)s is the named contact already."),
    "sponsor": _("%(name)s is a sponsor of this programme already."),
    "council": _("%(name)s follows this programme for the works council already."),
}


def _check(part: str, programme: Programme, person: Person) -> None:
    check_address(person)
    if STAFF[part].objects.filter(programme=programme, person=person).exists():
        raise Conflict(_ALREADY[part] % {"name": person})
    if part == "contact" and takes_part_in(programme, person):
        words = _(
            "%(name)s takes part in this programme or has come forward for it; people turn to somebody who has not."
        )
        raise DomainError(words % {"name": person}, code="takes_part")
    for other, model in STAFF.items():
        message = APART.get(frozenset((part, other)))
        if message and model.objects.filter(programme=programme, person=person).exists():
            raise DomainError(message, code="coordinates" if other == "coordinator" else "apart")


def check_coordinator(*, programme: Programme, person: Person) -> None:
    """Say beforehand why ``name_coordinator`` would refuse.

    Raises:
        Conflict, DomainError: as ``name_coordinator``.
    """
    _check("coordinator", programme, person)


def check_contact(*, programme: Programme, person: Person) -> None:
    """Say beforehand why ``name_contact`` would refuse.

    Raises:
        Conflict, DomainError: as ``name_contact``.
    """
    _check("contact", programme, person)


def check_sponsor(*, programme: Programme, person: Person) -> None:
    """Say beforehand why ``name_sponsor`` would refuse.

    Raises:
        Conflict, DomainError: as ``name_sponsor``.
    """
    _check("sponsor", programme, person)


def check_council_member(*, programme: Programme, person: Person) -> None:
    """Say beforehand why ``name_council_member`` would refuse.

    Raises:
        Conflict, DomainError: as ``name_council_member``.
    """
    _check("council", programme, person)


@transaction.atomic
def name_coordinator(
    *, programme: Programme, person: Person, by: Person | None, now: datetime
) -> Coordinator:
    """Let a person run a programme, and tell them.

    Raises:
        DomainError: the person has left, has no address, or is the programme's named contact or council member.
        Conflict: they coordinate it already.
    """
    check_coordinator(programme=held(programme), person=person)
    coordinator = Coordinator.objects.create(programme=programme, person=person)
    emails.coordinator_named(coordinator=coordinator, before=None, now=now)
    return coordinator


@transaction.atomic
def name_contact(*, programme: Programme, person: Person, by: Person | None, now: datetime) -> NamedContact:
    """Make somebody the named contact of a programme, and tell them.

    Raises:
        DomainError: the person has left, has no address, takes part in the programme or has come forward for it,
            or coordinates or sponsors it.
        Conflict: they are its contact already.
    """
    check_contact(programme=held(programme), person=person)
    contact = NamedContact.objects.create(programme=programme, person=person)
    emails.listener_named(contact=contact, before=None, now=now)
    return contact


@transaction.atomic
def name_sponsor(*, programme: Programme, person: Person, by: Person | None, now: datetime) -> Sponsor:
    """Put a leader behind a programme, by name, and tell them (S3.42).

    Raises:
        DomainError: the person has left, has no address, or is its named contact or council member.
        Conflict: they sponsor it already.
    """
    check_sponsor(programme=held(programme), person=person)
    sponsor = Sponsor.objects.create(programme=programme, person=person)
    emails.sponsor_named(sponsor=sponsor, before=None, now=now)
    return sponsor


@transaction.atomic
def name_council_member(
    *, programme: Programme, person: Person, by: Person | None, now: datetime
) -> CouncilMember:
    """Let a member of the works council follow a programme's settings, and tell them (B-14).

    Raises:
        DomainError: the person has left, has no address, or coordinates or sponsors the programme.
        Conflict: they follow it already.
    """
    check_council_member(programme=held(programme), person=person)
    member = CouncilMember.objects.create(programme=programme, person=person)
    emails.council_named(member=member, before=None, now=now)
    return member


@transaction.atomic
def invite_again(*, row: Row, by: Person | None, now: datetime) -> Message | None:
    """Send somebody who was named their invitation once more; an older link stops working.

    Raises:
        DomainError: the person has left or has no address.
    """
    row = held(row)
    check_address(row.person)
    part = next(name for name, model in STAFF.items() if isinstance(row, model))
    revoke_links(about=(part, row.pk), purpose=INVITATION, now=now)
    before = row.updated_at
    row.save(update_fields=["updated_at"])
    if isinstance(row, Coordinator):
        return emails.coordinator_named(coordinator=row, before=before, now=now)
    if isinstance(row, NamedContact):
        return emails.listener_named(contact=row, before=before, now=now)
    if isinstance(row, Sponsor):
        return emails.sponsor_named(sponsor=row, before=before, now=now)
    return emails.council_named(member=row, before=before, now=now)


@transaction.atomic
def dismiss_coordinator(*, coordinator: Coordinator, by: Person | None) -> None:
    """Take a programme out of somebody's hands; effective on their next request (C-04).

    Raises:
        DomainError: nobody would be left to run it.
    """
    programme = held(coordinator.programme)
    if not Coordinator.objects.filter(programme=programme).exclude(pk=coordinator.pk).exists():
        raise DomainError(_("Name somebody else first: a programme needs a coordinator."), code="last_one")
    coordinator.delete()


@transaction.atomic
def dismiss_contact(*, contact: NamedContact, by: Person | None) -> None:
    """Somebody no longer stands by for a programme. Open requests wait for whoever comes next.

    Raises:
        DomainError: people take part who would have nobody to turn to.
    """
    programme = held(contact.programme)
    others = NamedContact.objects.filter(programme=programme).exclude(pk=contact.pk)
    is_last = contact.person.state == PersonState.ACTIVE and not others.standing_by().exists()
    if is_last and Cohort.objects.filter(programme=programme, stage__in=UNDER_WAY).exists():
        message = _("Name somebody else first: while a cohort is under way, its people need a named contact.")
        raise DomainError(message, code="last_one")
    held(contact).delete()


@transaction.atomic
def dismiss(*, row: Sponsor | CouncilMember, by: Person | None) -> None:
    """A sponsor or works-council member no longer follows a programme; effective on their next request (C-04)."""
    stored: Any = held(row)
    stored.delete()
