"""Coming in by oneself, through an open call and a work address (decision 29). Nothing tells who is known here."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from common.errors import Conflict, DomainError
from outbox.services import Recipient, queue
from participants.choices import PersonState
from participants.models import Person, User
from participants.services import open_log_in, register_person
from programmes.models import OpenCall
from programmes.selectors import call_state
from programmes.validators import validate_work_address

#: How long a code opens the door, as long as any code to log in.
CODE_LASTS: Final = timedelta(minutes=10)


@dataclass(frozen=True)
class Arrival:
    """Who stands at the door once their address is proven.

    Args:
        user: a log-in made just now.
        known: a log-in that stood before: it is used as always, second factor included (C-08).
    """

    user: User | None = None
    known: User | None = None

    @property
    def is_new(self) -> bool:
        """Nobody of this address is known: they say their name first."""
        return self.user is None and self.known is None


def allowed_domains(call: OpenCall, now: datetime) -> tuple[str, ...]:
    """The domains whose people may come in through this call at this moment; empty when nobody may."""
    is_open = call.lets_in and call_state(call, now) == "open"
    return tuple(domain.lower() for domain in settings.OPEN_CALL_DOMAINS) if is_open else ()


def door_for(*, address: str, now: datetime) -> OpenCall | None:
    """An open call that would let somebody of this address in at this moment, whom nobody here knows yet.

    None for an address that is somebody's here, whoever they are: what was closed stays closed.
    """
    is_known = Person.objects.with_email(address).exists() or User.objects.filter(email=address).exists()
    if is_known:
        return None
    domain = address.rpartition("@")[2]
    calls = OpenCall.objects.published().filter(lets_in=True).select_related("cohort__programme")
    return next((call for call in calls.order_by("pk") if domain in allowed_domains(call, now)), None)


def ask_at_door(*, call: OpenCall, address: str, code: str, language: str, now: datetime) -> str:
    """Send a code to a work address, known or not: one mail, the same for everybody, and nobody is looked up.

    Returns:
        The address as it is proven later.

    Raises:
        DomainError: nobody can come in, or the address is not one of the company's.
    """
    address = _checked(address, allowed_domains(call, now))
    queue(
        kind="login_code",
        key=f"login_code:{secrets.token_hex(12)}",
        to=Recipient(None, address, "", language, settings.TIME_ZONE),
        context={"code": code},
        now=now,
        programme_id=None,
        priority=0,
        expires_at=now + CODE_LASTS,
    )
    return address


def _checked(address: str, domains: Iterable[str]) -> str:
    allowed = tuple(domains)
    if not allowed:
        raise DomainError(_("Nobody can sign up for this cohort at this moment."), code="not_open")
    return validate_work_address(address, allowed)


@transaction.atomic
def arrive(*, call: OpenCall, address: str, now: datetime) -> Arrival:
    """Let somebody in whose address has just been proven by its code.

    Raises:
        DomainError: nobody can come in any more, or this person's log-in was closed.
    """
    _checked(address, allowed_domains(call, now))
    person = Person.objects.with_email(address).first()
    user = (
        User.objects.filter(person=person).first() if person else User.objects.filter(email=address).first()
    )
    if (user and not user.is_active) or (person and person.state != PersonState.ACTIVE):
        raise DomainError(_("There is no way in with this address. Ask a coordinator."), code="closed")
    if user is not None:
        return Arrival(known=user)
    return Arrival(user=open_log_in(person=person)) if person else Arrival()


def register(
    *, call: OpenCall, address: str, first_name: str, last_name: str, language: str, now: datetime
) -> User:
    """Make a colleague known whom no roster has brought yet, with a log-in. Their address has been proven.

    Raises:
        DomainError: nobody can come in any more, or a name is not acceptable.
        Conflict: somebody of this address came in a moment ago.
    """
    _checked(address, allowed_domains(call, now))
    try:
        with transaction.atomic():
            person = register_person(
                address=address, first_name=first_name, last_name=last_name, language=language
            )
            return open_log_in(person=person)
    except IntegrityError as error:
        raise Conflict(_("You are in already. Log in with a code."), code="known") from error
