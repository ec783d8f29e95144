"""From two yeses to a pair, and from its first date to a pair that meets."""

from __future__ import annotations

from datetime import datetime
from typing import Final, Protocol

from django.db import transaction
from django.utils.translation import gettext as _

from common.errors import Conflict, DomainError, IllegalTransition
from common.hooks import declare
from pairings import emails
from pairings.choices import PairingState
from pairings.models import Pairing
from pairings.selectors import standing_counts
from pairings.services.enrolments import lock_enrolments, settle
from participants.choices import PersonState
from participants.selectors import in_one_line, not_available
from programmes.choices import TAKING_PART, Role, Stage
from programmes.models import Enrolment

#: Stages of a cohort in which pairs come about.
PAIRING_STAGES: Final = (Stage.MATCHING, Stage.PREPARING, Stage.ACTIVE)


class _ConfirmedSignature(Protocol):
    def __call__(self, *, pairing: Pairing, now: datetime) -> None: ...


pairing_confirmed = declare(
    "pairings.pairing_confirmed",
    purpose="a pair has come about: its periods are laid out",
    signature=_ConfirmedSignature.__call__,
)


@transaction.atomic
def confirm_pairing(*, mentor: Enrolment, mentee: Enrolment, is_taster: bool, now: datetime) -> Pairing:
    """Make a pair of two enrolments whose people have both said yes, and introduce them to each other.

    Whatever held when the pair was proposed is asked again under lock: capacity, states, reporting line.

    Args:
        mentor: the junior's enrolment.
        mentee: the senior's enrolment, in the same cohort.
        is_taster: one meeting first, then they decide.

    Raises:
        DomainError: the two cannot be a pair ("not_a_pair", "stage", "not_taking_part", "reporting_line",
            "not_available", "grade").
        Conflict: they are a pair already, or one of them has no seat left (D-05).
    """
    mentor, mentee = lock_enrolments(mentor, mentee)
    _check_roles(mentor, mentee)
    _check_taking_part(mentor, mentee)
    _check_seats(mentor, mentee)
    _check_distance(mentor, mentee)
    pairing = Pairing.objects.create(
        cohort=mentor.cohort, mentor=mentor, mentee=mentee, is_taster=is_taster, confirmed_at=now
    )
    for enrolment in (mentor, mentee):
        settle(enrolment)
        emails.match_confirmed(pairing=pairing, to=enrolment, now=now)
    pairing_confirmed(pairing=pairing, now=now)
    return pairing


def _check_roles(mentor: Enrolment, mentee: Enrolment) -> None:
    right_roles = mentor.role == Role.MENTOR and mentee.role == Role.MENTEE
    if not right_roles or mentor.cohort_id != mentee.cohort_id:
        raise DomainError(_("A pair is a mentor and a mentee of the same cohort."), code="not_a_pair")
    if mentor.cohort.stage not in PAIRING_STAGES:
        raise DomainError(_("This cohort does not form pairs at the moment."), code="stage")


def _check_taking_part(mentor: Enrolment, mentee: Enrolment) -> None:
    for enrolment in (mentor, mentee):
        is_here = enrolment.person.state == PersonState.ACTIVE
        if enrolment.state not in TAKING_PART or not is_here:
            raise DomainError(
                _("%(name)s does not take part at the moment.") % {"name": enrolment.person},
                code="not_taking_part",
            )


def _check_seats(mentor: Enrolment, mentee: Enrolment) -> None:
    if Pairing.objects.standing().filter(mentor=mentor, mentee=mentee).exists():
        raise Conflict(_("The two are a pair already."), code="already_paired")
    taken = standing_counts([mentor.pk, mentee.pk])
    for enrolment in (mentor, mentee):
        if taken[enrolment.pk] >= enrolment.capacity:
            raise Conflict(_("%(name)s has no seat left.") % {"name": enrolment.person}, code="no_seat")


def _check_distance(mentor: Enrolment, mentee: Enrolment) -> None:
    """Never along a line of any kind at any depth, and the mentor well below the mentee (decisions 1, 3)."""
    if in_one_line(mentor.person, mentee.person):
        raise DomainError(_("One of the two reports to the other."), code="reporting_line")
    if not_available(mentor.person, mentee.person):
        raise DomainError(_("The two are not available for each other."), code="not_available")
    low, high = mentor.person.grade, mentee.person.grade
    if low is not None and high is not None and high - low < mentor.cohort.min_grade_distance:
        raise DomainError(_("The two are too close in grade."), code="grade")


@transaction.atomic
def settle_taster(*, pairing: Pairing) -> Pairing:
    """Both have had their taster and want to go on: from now on a pair like any other (S3.37)."""
    found: Pairing = Pairing.objects.select_for_update(of=("self",)).get(pk=pairing.pk)
    if found.is_taster:
        found.is_taster = False
        found.version += 1
        found.save(update_fields=["is_taster", "version", "updated_at"])
    return found


@transaction.atomic
def activate_pairing(*, pairing: Pairing, now: datetime) -> Pairing:
    """The pair has its first date: from now on it counts as meeting. Nothing happens when it did already.

    Raises:
        IllegalTransition: the pair is paused or over.
    """
    found: Pairing = Pairing.objects.select_for_update(of=("self",)).with_people().get(pk=pairing.pk)
    if found.state == PairingState.ACTIVE:
        return found
    if found.state != PairingState.CONFIRMED:
        raise IllegalTransition(_("This pair does not meet at the moment."))
    found.state = PairingState.ACTIVE
    found.version += 1
    found.save(update_fields=["state", "version", "updated_at"])
    for enrolment in lock_enrolments(found.mentor, found.mentee):
        settle(enrolment)
    return found
