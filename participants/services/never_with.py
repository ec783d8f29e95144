"""What somebody asks for themselves alone: never to be paired with a colleague (decision 31, dossier 2.4).

Nothing here writes to the audit log, sends a mail or starts anything that others could see: neither the person
named, nor a coordinator, ever learns that a row exists, or of whom.
"""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from common.errors import DomainError
from common.hooks import declare
from participants.models import NeverWith, Person


class _AskedSignature(Protocol):
    def __call__(self, *, person: Person, other: Person, now: datetime) -> None: ...


#: Somebody never wants to be paired with somebody: what waits for their answer gets the silent no.
never_with_asked = declare(
    "participants.never_with_asked",
    purpose="a person never wants to be paired with another: an open proposal of the two gets the person's own no",
    signature=_AskedSignature.__call__,
)


@transaction.atomic
def ask_never_with(*, person: Person, other: Person, now: datetime) -> NeverWith:
    """Never pair these two again. Asking twice is asking once; a pair of theirs that stands goes on.

    Raises:
        DomainError: they named themselves.
    """
    if person.pk == other.pk:
        raise DomainError(_("That is you."), code="oneself")
    row, is_new = NeverWith.objects.get_or_create(person=person, other=other)
    if is_new:
        never_with_asked(person=person, other=other, now=now)
    return row


@transaction.atomic
def take_back_never_with(*, row: NeverWith) -> None:
    """Somebody no longer minds; nothing of it stays."""
    NeverWith.objects.filter(pk=row.pk).delete()


def forget_wishes_about(*, person: Person) -> None:
    """Whoever leaves the company takes along what they asked for, and what was asked about them."""
    NeverWith.objects.about(person.pk).delete()


def forget_wishes_of(*, person: Person) -> None:
    """Whoever takes part in nothing any more leaves no such wish behind."""
    NeverWith.objects.of(person.pk).delete()
