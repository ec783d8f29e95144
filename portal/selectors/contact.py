"""Whom a person may turn to, and what they asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from participants.models import Person
from portal.selectors.standing import ProgrammePeople, Standing
from programmes.choices import ContactState, ContactTarget
from programmes.models import ContactRequest


@dataclass(frozen=True)
class ContactPage:
    """All programmes of a person, and the open requests they made."""

    programmes: Sequence[ProgrammePeople]
    open_requests: Sequence[ContactRequest]


def contact_page(person: Person, standing: Standing) -> ContactPage:
    """One query more than the person's standing."""
    requests = ContactRequest.objects.filter(person=person, state=ContactState.OPEN)
    return ContactPage(
        programmes=standing.programmes, open_requests=tuple(requests.select_related("programme"))
    )


def requests_to(person: Person) -> Sequence[ContactRequest]:
    """Open requests addressed to this named contact, without those of people in their own line."""
    return list(
        ContactRequest.objects.filter(
            programme__contacts__person=person, target=ContactTarget.CONTACT, state=ContactState.OPEN
        )
        .readable_by(person.pk)
        .select_related("person", "programme")
        .order_by("asked_on", "pk")
    )
