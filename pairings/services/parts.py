"""What a person's own pause or leave does to their pairs. These fill hooks that ``programmes`` declares."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import Q

from pairings.choices import PairingState
from pairings.models import Pairing, Pause
from pairings.querysets import PairingQuerySet
from pairings.services.ending import end_pairing
from pairings.services.enrolments import settle
from pairings.services.pausing import pause_pairing, resume_pairing
from programmes.choices import TAKING_PART, EnrolmentState
from programmes.models import Break, Enrolment


def hold_pairs(*, enrolment: Enrolment) -> None:
    """Fills ``programmes.part_turning``: pairs are held before the parts of their people, as when a pair ends."""
    rows = _pairs_of(enrolment).standing().select_for_update(of=("self",)).order_by("pk")
    list(rows.values_list("pk"))


def stop_pairs(*, enrolment: Enrolment, resume_on: date | None, is_leaving: bool, now: datetime) -> None:
    """Fills ``programmes.part_stopped``: pairs pause with their person, or end with them."""
    for pairing in _pairs_of(enrolment).standing().with_people().order_by("pk"):
        if is_leaving:
            end_pairing(pairing=pairing, by=enrolment.person, now=now)
        elif pairing.state != PairingState.PAUSED:
            person = enrolment.person
            pause_pairing(pairing=pairing, by=person, now=now, resume_on=resume_on, resting=person)


def resume_pairs(*, enrolment: Enrolment, now: datetime) -> None:
    """Fills ``programmes.part_resumed``: pairs go on that paused with one of the two, once both are back.

    A pair that a coordinator paused stays paused.
    """
    for pairing in _pairs_of(enrolment).filter(state=PairingState.PAUSED).with_people().order_by("pk"):
        both = (pairing.mentor, pairing.mentee)
        since = Pause.objects.open().filter(pairing=pairing).values("started_at")
        is_personal = Break.objects.filter(enrolment__in=both, started_at__in=since).exists()
        if is_personal and all(one.state in (*TAKING_PART, EnrolmentState.COMPLETED) for one in both):
            resume_pairing(pairing=pairing, by=None, now=now)
    settle(Enrolment.objects.select_for_update().get(pk=enrolment.pk))


def _pairs_of(enrolment: Enrolment) -> PairingQuerySet:
    pairs: PairingQuerySet = Pairing.objects.filter(Q(mentor=enrolment) | Q(mentee=enrolment))
    return pairs
