"""Inviting people: a mail with a link, and the log-in that its use opens (C-07, decision 29)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from common.errors import DomainError
from outbox.choices import ASKING_KINDS, PART_KINDS
from outbox.models import Message
from outbox.services import Claim, LinkGone, revoke_links, use_link
from participants.emails import recipient
from participants.models import ErasureRequest, Person, User
from participants.services import open_log_in
from programmes import emails
from programmes.choices import TAKING_PART, ContactState
from programmes.models import Cohort, ContactRequest, Enrolment, Programme
from programmes.querysets import EnrolmentQuerySet
from programmes.selectors import INVITATION, call_still_open, invitation_about, topic_mail_holds
from programmes.services.intakes import intake_still_open
from programmes.services.listeners import is_contact_missing
from programmes.services.locking import held
from programmes.services.notices import tell_manager

#: Two presses of the button within this time are one wish.
ONE_WISH: Final = timedelta(minutes=10)


@transaction.atomic
def invite(*, enrolment: Enrolment, by: Person | None, now: datetime) -> Message | None:
    """Tell somebody that they are in, with the link that opens their log-in. An older link stops working.

    Where it was agreed to, their manager is told the hours, once.

    Returns:
        The stored mail, or None when one went out a moment ago.

    Raises:
        DomainError: the person is not accepted, has left, or has no address.
    """
    enrolment = held(enrolment)
    if enrolment.state not in TAKING_PART:
        raise DomainError(_("%(name)s is not accepted.") % {"name": enrolment}, code="not_accepted")
    check_address(enrolment.person)
    if enrolment.invited_at and now - enrolment.invited_at < ONE_WISH:
        return None
    revoke_links(about=("enrolment", enrolment.pk), purpose=INVITATION, now=now)
    message = emails.selected(enrolment=enrolment, now=now)
    enrolment.invited_at = now
    enrolment.save(update_fields=["invited_at", "updated_at"])
    tell_manager(enrolment=enrolment, now=now)
    return message


@transaction.atomic
def invite_all(*, cohort: Cohort, by: Person | None, now: datetime) -> int:
    """Invite everybody in a cohort who takes part, has an address and was never invited. Returns how many.

    Whoever leaves at that very moment is left out; the others get theirs.
    """
    waiting = Enrolment.objects.taking_part().filter(cohort=cohort, invited_at=None, person__state="active")
    reachable = waiting.exclude(person__email=None).select_related("person", "cohort__programme")
    return sum(_invited(enrolment, by, now) for enrolment in reachable)


def _invited(enrolment: Enrolment, by: Person | None, now: datetime) -> bool:
    try:
        return invite(enrolment=enrolment, by=by, now=now) is not None
    except DomainError:
        return False


def check_address(person: Person) -> None:
    """Refuse to invite somebody whom no mail reaches.

    Raises:
        DomainError: the person has left or has no address.
    """
    if recipient(person) is None:
        message = _("%(name)s has no e-mail address, or has left.")
        raise DomainError(message % {"name": person}, code="no_address")


@transaction.atomic
def accept_invitation(*, token: str, now: datetime) -> User:
    """Use an invitation's link, once: the log-in is made, bound to the person, its address proven.

    Whoever has a log-in already gets that one. Call it on POST only (C-14).

    Raises:
        LinkGone: the link was used, replaced or is too old, or what it invited to has ended.
    """
    link = use_link(token, INVITATION, now=now)
    offer = invitation_about(link.about)
    if offer is None or offer.person.pk != link.person_id:
        raise LinkGone(_("This invitation does not hold any more."))
    return open_log_in(person=offer.person)


def is_still_valid(*, kind: str, about: tuple[str, int] | None, valid_while: Mapping[str, Any]) -> bool:
    """Fills ``outbox.still_valid``: no invitation to what has ended, no call for a request taken back."""
    if "invited" in valid_while:
        return invitation_about(about) is not None
    if "call" in valid_while:
        return call_still_open(call_id=valid_while["call"])
    if "topic_call" in valid_while:
        return topic_mail_holds(call_id=valid_while["topic_call"], person_id=valid_while["person"])
    if "announcement" in valid_while:
        return Enrolment.objects.reachable().filter(pk=valid_while["member"]).exists()
    if "enrolment" in valid_while:
        answered = Enrolment.objects.filter(pk=valid_while["enrolment"], state=valid_while["state"])
        return answered.exists()
    if "seated" in valid_while:
        return Enrolment.objects.taking_part().filter(pk=valid_while["seated"]).exists()
    if "intake" in valid_while:
        return intake_still_open(enrolment_id=valid_while["intake"])
    if "erasure_request" in valid_while:
        return ErasureRequest.objects.filter(pk=valid_while["erasure_request"], state="asked").exists()
    if "contact_missing" in valid_while:
        return is_contact_missing(programme_id=valid_while["contact_missing"])
    if "contact_request" in valid_while:
        return ContactRequest.objects.filter(
            pk=valid_while["contact_request"], state=ContactState.OPEN
        ).exists()
    return True


def out_of_reach(*, claims: Sequence[Claim]) -> Collection[int]:
    """Fills ``outbox.outdated``: nothing of a part to whoever rests or has left, no call to whoever rests (B-09).

    Of somebody without any part there is nothing to say. Two queries at most, however many mails.
    """
    personal = [one for one in claims if one.person_id is not None and one.programme_id is not None]
    asking = [one for one in personal if one.kind in ASKING_KINDS]
    parts = [one for one in personal if one.kind in PART_KINDS]
    return [*_asked_at_rest(asking), *_parts_out_of_reach(parts)]


def _asked_at_rest(claims: Sequence[Claim]) -> list[int]:
    if not claims:
        return []
    resting = _meant(claims).resting().values_list("person_id", "cohort__programme_id")
    found = set(resting)
    return [one.id for one in claims if (one.person_id, one.programme_id) in found]


def _parts_out_of_reach(claims: Sequence[Claim]) -> list[int]:
    if not claims:
        return []
    reach: dict[tuple[int, int], bool] = {}
    rows = _meant(claims).with_reach().values_list("person_id", "cohort__programme_id", "is_reachable")
    for person_id, programme_id, is_reachable in rows:
        reach[person_id, programme_id] = is_reachable or reach.get((person_id, programme_id), False)
    return [one.id for one in claims if reach.get((one.person_id, one.programme_id)) is False]  # type: ignore[arg-type]


def _meant(claims: Sequence[Claim]) -> EnrolmentQuerySet:
    """The parts that the recipients of some mails have in the programmes that these are about."""
    mine: EnrolmentQuerySet = Enrolment.objects.filter(
        person_id__in={one.person_id for one in claims},
        cohort__programme_id__in={one.programme_id for one in claims},
    )
    return mine


def name_of_programme(*, programme_id: int) -> str:
    """Fills ``outbox.programme_name``."""
    return Programme.objects.filter(pk=programme_id).values_list("name", flat=True).first() or ""
