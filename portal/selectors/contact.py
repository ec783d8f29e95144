"""Whom a person may turn to, and what they asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from participants.models import Person
from programmes.choices import ContactState, ContactTarget
from programmes.models import ContactRequest, Programme


@dataclass(frozen=True)
class ProgrammeContacts:
    """The people behind one programme whom a participant may ask for."""

    programme: Programme
    coordinators: tuple[Person, ...]
    contacts: tuple[Person, ...]


@dataclass(frozen=True)
class ContactPage:
    """All programmes of a person, and the open requests they made."""

    programmes: tuple[ProgrammeContacts, ...]
    open_requests: tuple[ContactRequest, ...]


def contact_page(person: Person) -> ContactPage:
    """Three queries whatever the number of programmes and contacts."""
    programmes = (
        Programme.objects.filter(cohorts__enrolments__person=person)
        .distinct()
        .prefetch_related("coordinators__person", "contacts__person")
    )
    requests = ContactRequest.objects.filter(person=person, state=ContactState.OPEN)
    return ContactPage(
        programmes=tuple(
            ProgrammeContacts(
                programme=programme,
                coordinators=tuple(c.person for c in programme.coordinators.all()),
                contacts=tuple(c.person for c in programme.contacts.all()),
            )
            for programme in programmes
        ),
        open_requests=tuple(requests.select_related("programme")),
    )


def requests_to(person: Person) -> Sequence[ContactRequest]:
    """Open requests addressed to this named contact."""
    return list(
        ContactRequest.objects.filter(
            programme__contacts__person=person, target=ContactTarget.CONTACT, state=ContactState.OPEN
        )
        .select_related("person", "programme")
        .order_by("asked_on", "pk")
    )
