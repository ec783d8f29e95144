"""Log-ins: opened by an accepted invitation, closed when somebody leaves (C-04, C-07)."""

from __future__ import annotations

from datetime import datetime

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from common.errors import Conflict, DomainError
from outbox.services import cancel_recipient, revoke_links
from participants.choices import PersonState
from participants.models import Person, User


@transaction.atomic
def open_log_in(*, person: Person) -> User:
    """The person's log-in, made or opened again. The address counts as proven: only its owner got the link.

    Raises:
        DomainError: the person has left, or has no address.
        Conflict: the address belongs to somebody else's log-in.
    """
    person = Person.objects.select_for_update().get(pk=person.pk)
    if person.state != PersonState.ACTIVE or not person.email:
        raise DomainError(_("There is no log-in for this person any more."), code="no_log_in")
    user = User.objects.select_for_update(of=("self",)).filter(person=person).first() or _claim(
        person, person.email
    )
    if not user.is_active:
        user.is_active = True
        user.save(update_fields=["is_active"])
    _prove(user)
    return user


def _claim(person: Person, address: str) -> User:
    """A new log-in, or the one that an operator made with this address before they were in the roster."""
    user = User.objects.select_for_update(of=("self",)).filter(email=address.lower()).first()
    if user is None:
        user = User(email=address.lower(), person=person)
        user.set_unusable_password()
    elif user.person_id is not None:
        raise Conflict(_("This address belongs to another log-in."), code="address_taken")
    user.person = person
    user.save()
    return user


def _prove(user: User) -> None:
    address, _made = EmailAddress.objects.get_or_create(
        user=user, email=user.email, defaults={"verified": True, "primary": True}
    )
    if not address.verified:
        address.set_verified()
    if not address.primary:
        address.set_as_primary()


@transaction.atomic
def close_log_in(*, person: Person, now: datetime) -> None:
    """No more log-in, no open session, no link in a mail that still does something; effective at once."""
    User.objects.filter(person=person).update(is_active=False)
    for session in UserSession.objects.filter(user__person=person):
        session.end()
    revoke_links(person_id=person.pk, now=now)
    cancel_recipient(person_id=person.pk, now=now)


@transaction.atomic
def move_log_in(*, person: Person, address: str) -> None:
    """Let a log-in follow its person's new address. Operators only: whoever chooses the address can log in.

    Raises:
        Conflict: the address belongs to somebody else's log-in.
    """
    user = User.objects.select_for_update(of=("self",)).filter(person=person).first()
    if user is None or user.email == address.lower():
        return
    if User.objects.filter(email=address.lower()).exists():
        raise Conflict(_("This address belongs to another log-in."), code="address_taken")
    EmailAddress.objects.filter(user=user).delete()
    user.email = address.lower()
    user.save(update_fields=["email"])
    _prove(user)
