"""From what a provider says to one of our log-ins (C-11)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from common.errors import DomainError
from mentoring.sso.configuration import Oidc
from participants.models import Delegation, Person, User
from participants.services import bind_identity, open_log_in
from programmes.models import OpenCall
from programmes.selectors import is_expected
from programmes.services import door_for, register


@dataclass(frozen=True)
class Identity:
    """Who the provider says is there.

    Args:
        address: only when the provider vouches for it.
        has_second_factor: the provider asked for one that counts here.
        first_name, last_name: read only for a colleague whom no roster has brought yet.
    """

    issuer: str
    subject: str
    address: str = ""
    has_second_factor: bool = False
    first_name: str = ""
    last_name: str = ""


def identity_from(claims: Mapping[str, Any], oidc: Oidc) -> Identity:
    """Take from a checked token what we need, and nothing more."""
    amr = claims.get("amr")
    said = {str(claims.get("acr", "")), *(map(str, amr) if isinstance(amr, list) else ())}
    return Identity(
        issuer=oidc.issuer,
        subject=str(claims["sub"]),
        address=_verified_address(claims, oidc),
        has_second_factor=bool(said & set(oidc.second_factor)),
        **_names(claims),
    )


def _names(claims: Mapping[str, Any]) -> dict[str, str]:
    """First and last name as the provider has them; the whole name split at its last blank where it has no more."""
    first, _blank, last = str(claims.get("name") or "").strip().rpartition(" ")
    given, family = (str(claims.get(name) or "").strip() for name in ("given_name", "family_name"))
    return {
        "first_name": (given or first or last)[:80],
        "last_name": (family or (last if first else ""))[:80],
    }


def _verified_address(claims: Mapping[str, Any], oidc: Oidc) -> str:
    address = str(claims.get("email") or "").strip().lower()
    says = claims.get("email_verified")
    if says is None:
        return address if address.rpartition("@")[2] in oidc.verified_domains else ""
    return address if says is True or says == "true" else ""


@transaction.atomic
def admit(identity: Identity, *, now: datetime) -> User:
    """The log-in of somebody who comes by single sign-on for the first time, bound to them from now on.

    A verified address decides this once; afterwards the subject alone does, whatever becomes of the address.
    Nobody gets a log-in by this who was not invited, or whom no open call lets in (decision 29).

    Raises:
        DomainError: "unverified", "unknown", "closed", or "identity_taken" as a Conflict.
    """
    if not identity.address:
        raise DomainError(_("Your address is not confirmed there."), code="unverified")
    user = _log_in_of(identity, now)
    if not user.is_active:
        raise DomainError(_("This log-in is closed."), code="closed")
    bind_identity(user=user, issuer=identity.issuer, subject=identity.subject)
    return user


def _log_in_of(identity: Identity, now: datetime) -> User:
    address = identity.address
    person = Person.objects.active().known().with_email(address).first()
    if person is not None:
        user = User.objects.filter(person=person).first()
        if user is not None:
            return user
        if is_expected(person=person, now=now):
            return open_log_in(person=person)
    elif Delegation.objects.filter(address=address).exists():
        user = User.objects.filter(email=address, person=None, is_superuser=False).first()
        if user is not None:
            return user
    elif (call := door_for(address=address, now=now)) is not None:
        return _registered(identity, call, now)
    raise DomainError(_("Nobody has invited you yet."), code="unknown")


def _registered(identity: Identity, call: OpenCall, now: datetime) -> User:
    """A colleague whom no roster has brought yet, let in by an open call as by its door (decision 29).

    Where the provider gives no name, the address stands in for it until a roster brings the right one.
    """
    first, *rest = [part.capitalize() for part in identity.address.partition("@")[0].split(".")]
    return register(
        call=call,
        address=identity.address,
        first_name=identity.first_name or first,
        last_name=identity.last_name if identity.first_name else " ".join(rest),
        language=(get_language() or "en")[:2],
        now=now,
    )
