"""Naming a colleague: one sentence for the coordinators, one neutral mail to whoever was named (S0.27)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from common.errors import DomainError
from participants.models import Person, User
from programmes import emails
from programmes.choices import Criterion, Fulfilment, Role
from programmes.models import Enrolment, Nomination, OpenCall
from programmes.selectors.calls import call_ends_at, call_state
from programmes.services.locking import held

#: How many colleagues one person may name for a cohort: a kindness, not a campaign.
MOST: Final = 10


@transaction.atomic
def nominate(
    *,
    call: OpenCall,
    address: str,
    role: str,
    words: str,
    by: Person,
    now: datetime,
    ratings: Mapping[str, str] | None = None,
) -> None:
    """Name a colleague for a role. Naming the same one again changes one's words, and nobody gets a second mail.

    Nothing is given back: whether the address is known, or what becomes of it, is not the nominator's to know.

    Raises:
        DomainError: nobody can sign up any more, it is oneself, it is one too many, or a value is not acceptable.
    """
    call = held(call)
    if call_state(call, now) != "open":
        raise DomainError(_("Nobody can sign up for this cohort at this moment."), code="not_open")
    address = _checked(address, by)
    if role not in Role.values or not words.strip():
        raise DomainError(_("Say for which role, and why."), code="words")
    mine = Nomination.objects.filter(cohort=call.cohort, nominator=by)
    if mine.exclude(address=address).count() >= MOST:
        raise DomainError(
            _("You have named %(most)s colleagues; that is the most.") % {"most": MOST}, code="most"
        )
    nominee = Person.objects.known().active().with_email(address).first()
    Nomination.objects.update_or_create(
        cohort=call.cohort,
        nominator=by,
        address=address,
        defaults={"nominee": nominee, "role": role, "words": words.strip()[:300], **_ratings(ratings or {})},
    )
    _tell(call, nominee, address, role, now)


def _checked(address: str, by: Person) -> str:
    plain = address.strip().lower()
    try:
        validate_email(plain)
    except ValidationError as error:
        raise DomainError(_("This is not an e-mail address."), code="address") from error
    if plain == (by.email or "").lower():
        raise DomainError(_("For yourself you need no nomination: sign up."), code="oneself")
    return plain


def _ratings(ratings: Mapping[str, str]) -> dict[str, str]:
    found = {name: ratings.get(name) or Fulfilment.NOT_KNOWN for name in Criterion.values}
    if not set(found.values()) <= set(Fulfilment.values):
        raise DomainError(_("This is not on offer."), code="choice")
    return found


def _tell(call: OpenCall, nominee: Person | None, address: str, role: str, now: datetime) -> None:
    """One mail, whoever else names them; none to somebody with a place, and none beyond the company."""
    if nominee is None:
        domains = settings.OPEN_CALL_DOMAINS if call.lets_in else ()
        if address.rpartition("@")[2] in domains:
            emails.nomination(
                call=call, address=address, person=None, role=role, ends_at=call_ends_at(call), now=now
            )
        return
    if Enrolment.objects.filter(cohort=call.cohort, person=nominee).exists():
        return
    has_log_in = User.objects.filter(person=nominee, is_active=True).exists()
    emails.nomination(
        call=call, address=address, person=nominee, role=role, ends_at=call_ends_at(call), now=now,
        has_log_in=has_log_in,
    )  # fmt: skip
