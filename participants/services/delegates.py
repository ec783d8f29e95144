"""An assistant who plans a leader's dates: named, replaced, dismissed (decisions 2, 26)."""

from __future__ import annotations

from datetime import datetime

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from common.errors import DomainError, as_refusal
from outbox.services import cancel_about
from participants import emails
from participants.choices import PersonState
from participants.models import Delegation, Person, User
from participants.services.logins import open_log_in


@transaction.atomic
def name_delegate(
    *, leader: Person, address: str, by: Person | None, now: datetime, first_name: str = ""
) -> Delegation:
    """Let somebody plan the leader's dates and tell them by mail. Whoever did so before no longer does.

    The delegate logs in with a code sent to this address, which proves that it is theirs. Naming the same
    address again sends nothing.

    Args:
        leader: whose dates they plan.
        address: the assistant's; need not be in the roster.

    Raises:
        DomainError: it is no address, or the leader's own, or the leader has left.
    """
    leader = Person.objects.select_for_update().get(pk=leader.pk)
    wanted = Delegation(leader=leader, address=address.strip().lower(), first_name=first_name.strip())
    _check(wanted)
    current = Delegation.objects.filter(leader=leader).first()
    if current is not None and current.address == wanted.address:
        current.first_name = wanted.first_name
        current.save(update_fields=["first_name", "updated_at"])
        return current
    dismiss_delegate(leader=leader, by=by, now=now)
    wanted.save()
    _let_in(wanted.address)
    emails.delegate_named(delegation=wanted, now=now)
    return wanted


@transaction.atomic
def dismiss_delegate(*, leader: Person, by: Person | None, now: datetime) -> bool:
    """The leader plans for themselves again; effective on the delegate's next request (C-04).

    Returns:
        False when there was no delegate.
    """
    found = Delegation.objects.select_for_update(of=("self",)).filter(leader=leader).first()
    if found is None:
        return False
    cancel_about(about=("delegation", found.pk), now=now)
    address = found.address
    found.delete()
    _close_if_idle(address)
    return True


def _check(wanted: Delegation) -> None:
    if wanted.leader.state != PersonState.ACTIVE:
        raise DomainError(_("Whoever has left plans no dates."), code="left")
    if wanted.address == (wanted.leader.email or "").lower():
        raise DomainError(_("This is your own address. Name somebody else, or nobody."), code="own_address")
    with as_refusal():
        wanted.clean_fields(exclude=["leader"])


def _let_in(address: str) -> None:
    """A log-in for the address: their own if they are in the roster, else one that is nobody's person."""
    person = Person.objects.active().known().with_email(address).first()
    if person is not None:
        open_log_in(person=person)
        return
    user, is_new = User.objects.get_or_create(email=address)  # two leaders may name one assistant at once
    if is_new:
        user.set_unusable_password()
    if user.is_superuser or user.is_staff:
        return  # an operator's log-in is theirs to open
    user.is_active = True
    user.save()
    # Only whoever reads this mailbox gets the code, so there is nothing else to prove.
    EmailAddress.objects.update_or_create(
        user=user, email=address, defaults={"verified": True, "primary": True}
    )


def _close_if_idle(address: str) -> None:
    """Close the log-in of somebody who was here for these dates alone."""
    if Delegation.objects.filter(address=address).exists():
        return
    idle = User.objects.filter(email=address, person=None, is_superuser=False, is_staff=False, is_active=True)
    for user in idle:
        user.is_active = False
        user.save(update_fields=["is_active"])
        for session in UserSession.objects.filter(user=user):
            session.end()
