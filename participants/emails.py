"""How a person becomes the recipient of a mail. Every mail of the house asks here."""

from __future__ import annotations

from outbox.services import Recipient
from participants.choices import PersonState
from participants.models import Person


def recipient(person: Person) -> Recipient | None:
    """Address, language and zone as they are now; None for somebody without an address or who has left."""
    if not person.email or person.state != PersonState.ACTIVE:
        return None
    return Recipient(
        person_id=person.pk,
        address=person.email,
        first_name=person.first_name,
        language=person.language,
        time_zone=person.time_zone,
    )
