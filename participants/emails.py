"""How a person becomes the recipient of a mail. Every mail of the house asks here."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse

from outbox.models import Message
from outbox.services import Recipient, queue
from participants.choices import PersonState
from participants.models import Delegation, Person


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


def delegate_named(*, delegation: Delegation, now: datetime) -> Message | None:
    """Somebody asks you to plan their dates: what you see, what not, and how to log in (decision 26).

    In the leader's language, the only one known here; it says no programme, no topic and no other name.
    """
    leader = delegation.leader
    return queue(
        kind="delegate_named",
        key=f"delegate_named:{delegation.pk}:{leader.pk}",
        to=Recipient(None, delegation.address, delegation.first_name, leader.language, leader.time_zone),
        context={"leader": leader.full_name, "path": reverse("portal:dates")},
        now=now,
        programme_id=None,
        about=("delegation", delegation.pk),
    )
