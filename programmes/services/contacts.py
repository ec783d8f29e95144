"""A wish to be contacted: made in one click, seen by whom it is for, taken back by whoever made it (decision 24)."""

from __future__ import annotations

import zoneinfo
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from common.errors import DomainError, NotAllowed
from outbox.services import cancel_about
from participants.models import Person
from programmes import emails
from programmes.choices import CONTACT_TRANSITIONS, ContactState, ContactTarget
from programmes.models import ContactRequest, Coordinator, Enrolment, NamedContact, Programme
from programmes.services.locking import check_step, held


@transaction.atomic
def request_contact(*, programme: Programme, person: Person, target: str, now: datetime) -> ContactRequest:
    """Ask a coordinator, or the named contact, to get in touch. No text, no reason.

    Asking twice is asking once. Whoever stands above the person is neither told nor shown it.

    Raises:
        DomainError: the person has no part in this programme, or nobody of that kind stands by.
    """
    if not Enrolment.objects.filter(cohort__programme=programme, person=person).exists():
        raise DomainError(_("You have no part in this programme."), code="no_part")
    listeners = NamedContact if target == ContactTarget.CONTACT else Coordinator
    stands_by = listeners.objects.filter(programme=programme).open_to(person.pk)
    if target not in ContactTarget.values or not stands_by.exists():
        raise DomainError(_("Nobody stands by for this yet."), code="nobody")
    request, is_new = ContactRequest.objects.get_or_create(
        programme=programme,
        person=person,
        target=target,
        state=ContactState.OPEN,
        defaults={"asked_on": _today(person, now)},
    )
    if is_new:
        emails.contact_request(request=request, now=now)
    return request


def _today(person: Person, now: datetime) -> date:
    return now.astimezone(zoneinfo.ZoneInfo(person.time_zone)).date()


@transaction.atomic
def withdraw_contact_request(*, contact_request: ContactRequest, by: Person, now: datetime) -> ContactRequest:
    """Take a request back; nobody sees it any more.

    Raises:
        NotAllowed: somebody else made it.
        IllegalTransition: it is closed already.
    """
    if contact_request.person_id != by.pk:
        raise NotAllowed(_("There is no such request."))
    cancel_about(about=("contact_request", contact_request.pk), now=now)
    return _settle(contact_request, ContactState.WITHDRAWN, _today(by, now))


@transaction.atomic
def close_contact_request(*, contact_request: ContactRequest, by: Person, now: datetime) -> ContactRequest:
    """Say that the person was contacted.

    Raises:
        NotAllowed: it was addressed to somebody else.
        IllegalTransition: it is closed already.
    """
    listeners = NamedContact if contact_request.target == ContactTarget.CONTACT else Coordinator
    mine = listeners.objects.filter(programme_id=contact_request.programme_id, person=by)
    if not mine.open_to(contact_request.person_id).exists():
        raise NotAllowed(_("There is no such request."))
    return _settle(contact_request, ContactState.HANDLED, _today(by, now))


def _settle(contact_request: ContactRequest, state: ContactState, day: date) -> ContactRequest:
    request = held(contact_request)
    check_step(CONTACT_TRANSITIONS, request.state, state)
    request.state, request.closed_on = state, day
    request.save(update_fields=["state", "closed_on"])
    return request
