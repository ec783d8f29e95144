"""Locks and checks that every change of a date shares."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils.translation import gettext as _

from common.errors import Conflict, DomainError, IllegalTransition, NotAllowed
from meetings.models import Booking, Meeting
from pairings.choices import STANDING, PairingState
from pairings.models import Pairing
from participants.models import Person

SHORTEST: Final = timedelta(minutes=15)
LONGEST: Final = timedelta(hours=4)
FARTHEST: Final = timedelta(days=400)
#: What a second date at the same time, for either of them, runs into.
_TAKEN: Final = ("booking_no_overlap", "meeting_once_at_a_time")


def lock_pairing(pairing: Pairing, by: Person | None) -> Pairing:
    """The pair under lock, and both its people, so that two dates for one person are decided one after the other.

    People first, in one order, then the pair: the same order in which a departure takes them.

    Raises:
        NotAllowed: ``by`` is neither of the two.
    """
    people = sorted((pairing.mentor.person_id, pairing.mentee.person_id))
    rows = Person.objects.select_for_update(no_key=True).filter(pk__in=people).order_by("pk")
    list(rows.values_list("pk", flat=True))
    found: Pairing = Pairing.objects.select_for_update(of=("self",)).with_people().get(pk=pairing.pk)
    if by is not None and found.role_of(by) is None:
        raise NotAllowed(_("Only the two people of a pair change its dates."))
    return found


def lock_meeting(meeting: Meeting, by: Person | None) -> Meeting:
    """The meeting as it is now, under lock, with its locked pair.

    Raises:
        NotAllowed: ``by`` is neither of the two.
    """
    pairing = lock_pairing(meeting.pairing, by)
    found: Meeting = Meeting.objects.select_for_update().get(pk=meeting.pk)
    found.pairing = pairing
    return found


def check_open(pairing: Pairing) -> None:
    """Dates may be made and changed while a pair stands and is not paused.

    Raises:
        DomainError: its end waits to be announced; the words tell nothing (decision 33).
        IllegalTransition: it is paused or over.
    """
    if pairing.state == PairingState.PAUSED:
        raise IllegalTransition(_("This pair is paused. Let it go on first."))
    if pairing.state not in STANDING:
        if pairing.notice_due_at is not None:
            raise DomainError(
                _("Dates of this pair cannot be changed at the moment. Try again on the next working day."),
                code="not_now",
            )
        raise IllegalTransition(_("This pair has come to its end."))


def check_span(starts_at: datetime, ends_at: datetime, now: datetime) -> None:
    """A length and a distance that a meeting can have.

    Raises:
        DomainError: it is too short, too long, or more than a year away.
    """
    if not SHORTEST <= ends_at - starts_at <= LONGEST:
        raise DomainError(_("A meeting takes between 15 minutes and four hours."), code="length")
    if starts_at > now + FARTHEST:
        raise DomainError(_("This is more than a year away."), code="too_far")


def save_and_book(meeting: Meeting, by: Person | None) -> None:
    """Store the meeting and take its time from both people, or nothing at all (D-04).

    Raises:
        Conflict: one of the two has another meeting then, in whichever cohort.
    """
    try:
        with transaction.atomic():
            meeting.save()
            _book(meeting)
    except IntegrityError as error:
        if _constraint(error) not in _TAKEN:
            raise
        raise Conflict(_clash(meeting, by), code="double_booking") from error


def _book(meeting: Meeting) -> None:
    span = DateTimeTZRange(meeting.starts_at, meeting.ends_at)
    pairing = meeting.pairing
    Booking.objects.filter(meeting=meeting).delete()
    Booking.objects.bulk_create(
        Booking(person_id=person_id, meeting=meeting, span=span)
        for person_id in sorted((pairing.mentor.person_id, pairing.mentee.person_id))
    )


def _constraint(error: IntegrityError) -> str:
    diagnosis = getattr(error.__cause__, "diag", None)
    return getattr(diagnosis, "constraint_name", None) or ""


def _clash(meeting: Meeting, by: Person | None) -> str:
    """Say whose time is taken; of the other's meeting nothing but that."""
    if by is not None:
        span = DateTimeTZRange(meeting.starts_at, meeting.ends_at)
        if Booking.objects.filter(person=by, span__overlap=span).exclude(meeting_id=meeting.pk).exists():
            return _("You have another meeting at that time. Choose another moment.")
    return _("One of you is not free at that time. Choose another moment.")
