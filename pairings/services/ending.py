"""The no-fault way out: whoever ends a pair is free at once, the rest follows at a fixed hour (decision 33)."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Protocol

from auditlog.context import disable_auditlog
from django.db import transaction
from django.utils.translation import gettext as _

from common.errors import IllegalTransition
from common.hooks import declare
from common.workdays import fixed_hour, is_working_day, local_day
from pairings import emails
from pairings.choices import STANDING, PairingState
from pairings.models import Pairing, Pause
from pairings.services.enrolments import lock_enrolments, settle, settle_holds
from participants.models import Person
from programmes.services.waiting import hold_seats

logger = logging.getLogger(__name__)


class _FreedSignature(Protocol):
    def __call__(self, *, pairing: Pairing, person: Person, now: datetime) -> None: ...


class _EndedSignature(Protocol):
    def __call__(self, *, pairing: Pairing, now: datetime) -> None: ...


side_freed = declare(
    "pairings.side_freed",
    purpose="a person has ended a pair and is free of it at once: its dates no longer block their time",
    signature=_FreedSignature.__call__,
)
pairing_ended = declare(
    "pairings.pairing_ended",
    purpose="the end of a pair is announced to both: its dates are called off",
    signature=_EndedSignature.__call__,
)


@transaction.atomic
def end_pairing(*, pairing: Pairing, by: Person | None, now: datetime) -> Pairing:
    """End a pair, without a reason and without fault. Ending it twice changes nothing.

    Of the two, whoever ends it is free at once. Mails and calendar cancellations wait until nine o'clock of the
    next working day of both, in the same words whether a partner, a coordinator or a departure ended it; until
    then nobody else's pages change.

    Args:
        by: one of the two, a coordinator, or None when the system acts.

    Raises:
        IllegalTransition: the pair was completed.
    """
    found: Pairing = Pairing.objects.select_for_update(of=("self",)).with_people().get(pk=pairing.pk)
    if found.state == PairingState.ENDED:
        return found
    if found.state not in STANDING:
        raise IllegalTransition(_("This pair has come to its end already."))
    leaver = by if by is not None and found.role_of(by) is not None else None
    found.state, found.ended_at = PairingState.ENDED, now
    found.notice_due_at, found.ended_by = notice_time(found, now), leaver
    found.version += 1
    settle_holds(found, now)
    if leaver is None:
        found.save()
        return found
    with disable_auditlog():  # a log with names and times would tell for a year what is forgotten in days
        found.save()
        _free(found, leaver, now)
    return found


def notice_time(pairing: Pairing, now: datetime) -> datetime:
    """Nine o'clock in the cohort's zone on the next day on which both people work."""
    zone = pairing.cohort.time_zone
    countries = (pairing.mentor.person.country, pairing.mentee.person.country)
    day = local_day(now, zone) + timedelta(days=1)
    while not all(is_working_day(day, country) for country in countries):
        day += timedelta(days=1)
    return fixed_hour(day, zone)


def _free(pairing: Pairing, person: Person, now: datetime) -> None:
    mentor, mentee = lock_enrolments(pairing.mentor, pairing.mentee)
    settle(mentor if mentor.person_id == person.pk else mentee)
    side_freed(pairing=pairing, person=person, now=now)


def end_pairs_of_person(*, person: Person, now: datetime) -> None:
    """Fills ``participants.person_left``: all pairs of somebody who has left the company end.

    Their seats are given on after this; they are held before the parts, as whoever decides about a part holds them.
    """
    for cohort_id in sorted(set(person.enrolments.values_list("cohort_id", flat=True))):
        hold_seats(cohort_id)
    for pairing in Pairing.objects.of_person(person.pk).standing().order_by("pk"):
        end_pairing(pairing=pairing, by=person, now=now)


def send_due_notices(*, now: datetime) -> int:
    """Announce the ends whose hour has come, each in a transaction of its own. Returns how many."""
    due = Pairing.objects.filter(notice_due_at__lte=now).order_by("notice_due_at", "pk")
    count = 0
    for pk in list(due.values_list("pk", flat=True)):
        try:
            count += _announce(pk, now)
        except Exception:
            logger.exception("The end of pair %s could not be announced", pk)
    return count


@transaction.atomic
def _announce(pk: int, now: datetime) -> int:
    rows = Pairing.objects.select_for_update(of=("self",), skip_locked=True).with_people()
    pairing: Pairing | None = rows.filter(pk=pk, notice_due_at__lte=now).first()
    if pairing is None:
        return 0
    Pause.objects.open().filter(pairing=pairing).update(ended_at=now)
    pairing.notice_due_at = pairing.ended_by = None
    pairing.save(update_fields=["notice_due_at", "ended_by", "updated_at"])
    for enrolment in lock_enrolments(pairing.mentor, pairing.mentee):
        with disable_auditlog():  # one of the two may have been freed before: both leave no line
            settle(enrolment)
        emails.exit(pairing=pairing, to=enrolment, now=now)
    pairing_ended(pairing=pairing, now=now)
    return 1


def has_untold_partners(*, person: Person) -> bool:
    """Fills ``participants.erasure_waits``: a partner is told by name that their pair has ended (decision 33)."""
    return bool(Pairing.objects.of_person(person.pk).filter(notice_due_at__isnull=False).exists())
