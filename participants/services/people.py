"""What happens to one person: they leave, come back, or set something for themselves."""

from __future__ import annotations

import secrets
import zoneinfo
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from common.errors import DomainError, Stale, as_refusal
from common.hooks import declare
from participants.choices import OWN_KEY, Block, Language, PersonState
from participants.models import Person, User
from participants.services.delegates import dismiss_delegate
from participants.services.logins import close_log_in, move_log_in
from participants.services.never_with import forget_wishes_about
from participants.validators import validate_time_zone


class _LeftSignature(Protocol):
    def __call__(self, *, person: Person, now: datetime) -> None: ...


#: Somebody has left the company: upper packages end what they were part of, in the same transaction.
person_left = declare(
    "participants.person_left",
    purpose="somebody has left the company; pairs end and enrolments are withdrawn in the same transaction",
    signature=_LeftSignature.__call__,
)


@transaction.atomic
def register_person(*, address: str, first_name: str, last_name: str, language: str) -> Person:
    """Somebody who came in by themselves, with a proven address: a name, and nothing that only HR knows.

    Raises:
        DomainError: a value is not acceptable; ``params["fields"]`` says which.
        IntegrityError: somebody of this address was stored at the same moment.
    """
    person = Person(
        hr_key=f"{OWN_KEY}{secrets.token_hex(8)}",
        first_name=first_name,
        last_name=last_name,
        email=address.lower(),
        language=language if language in Language.values else Language.EN,
    )
    with as_refusal():
        person.full_clean(validate_constraints=False)
    person.save()
    return person


@transaction.atomic
def mark_left(*, person: Person, now: datetime, by: Person | None = None) -> bool:
    """Somebody has left the company: their log-in closes at once and what they were part of ends.

    Args:
        person: whoever left.
        now: decides the day, in the person's own zone.
        by: who said so; None for a roster.

    Returns:
        False when that was known already.
    """
    person = Person.objects.select_for_update().get(pk=person.pk)
    if person.state == PersonState.LEFT:
        return False
    person.state = PersonState.LEFT
    person.left_on = now.astimezone(zoneinfo.ZoneInfo(person.time_zone)).date()
    person.version += 1
    person.save()
    close_log_in(person=person, now=now)
    dismiss_delegate(leader=person, by=by, now=now)
    person.memberships.all().delete()
    forget_wishes_about(person=person)
    person_left(person=person, now=now)
    return True


@transaction.atomic
def note_told_of_deletion(*, person: Person, now: datetime) -> Person:
    """Note that somebody whom no mail reaches was told by another way that their data is about to be deleted (B-10).

    Its month counts from this day. Whether it was needed is for the caller to know.
    """
    person = Person.objects.select_for_update().get(pk=person.pk)
    person.deletion_told_on = now.astimezone(zoneinfo.ZoneInfo(person.time_zone)).date()
    person.version += 1
    person.save(update_fields=["deletion_told_on", "version", "updated_at"])
    return person


@transaction.atomic
def update_preferences(
    *,
    person: Person,
    language: str,
    time_zone: str,
    languages: Sequence[str],
    availability: Sequence[str],
    version: int,
) -> Person:
    """What a person sets for themselves.

    Args:
        language: of pages and mail.
        time_zone: IANA name.
        languages: ISO codes of working languages, at least one.
        availability: weekly blocks in the person's own zone.
        version: of the row when the form was opened.

    Raises:
        Stale: it was saved in between; ``params["current"]`` holds what is stored.
        DomainError: a value is not on offer.
    """
    person = Person.objects.select_for_update().get(pk=person.pk)
    if person.version != version:
        message = _("This was saved in another window in between. Look at what is stored now.")
        raise Stale(message, current=person)
    _check_choices(language, time_zone, languages, availability)
    person.language, person.time_zone = language, time_zone
    person.languages = list(languages)
    person.availability = [block for block in Block.values if block in availability]
    person.version += 1
    person.save()
    return person


@transaction.atomic
def change_person(
    *, person: Person, values: Mapping[str, Any], by: Person | None, is_operator: bool
) -> Person:
    """Correct what the roster says about somebody, until the next roster says it again.

    Args:
        values: fields to set.
        is_operator: whether a superuser acts; only they may give somebody with a log-in another address, since
            whoever chooses the address can log in.

    Raises:
        DomainError: a value is not acceptable, or the address is not for this person to change.
    """
    person = Person.objects.select_for_update().get(pk=person.pk)
    has_log_in = User.objects.filter(person=person).exists()
    if "email" in values and has_log_in and not is_operator:
        raise DomainError(_("People with a log-in change their address themselves."), code="own_address")
    for name, value in values.items():
        setattr(person, name, value)
    person.version += 1
    with as_refusal():
        person.full_clean()
    person.save()
    if "email" in values and has_log_in and person.email:
        move_log_in(person=person, address=person.email)
    return person


def _check_choices(
    language: str, time_zone: str, languages: Sequence[str], availability: Sequence[str]
) -> None:
    try:
        validate_time_zone(time_zone)
    except ValidationError as error:
        raise DomainError(error.messages[0], code="time_zone") from error
    if language not in Language.values or not set(availability) <= set(Block.values):
        raise DomainError(_("This is not on offer."), code="choice")
    if not languages or any(len(code) != 2 for code in languages):
        raise DomainError(_("Choose at least one language."), code="languages")
