"""A pair's own rhythm, within what its cohort allows: one suggests, the other agrees, at any time (S3.8)."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from django.db import transaction
from django.utils.translation import gettext as _

from common.errors import DomainError, NotAllowed, Stale
from common.hooks import declare
from pairings.models import LONGEST_MEETING, SHORTEST_MEETING, Pairing, RhythmProposal
from participants.models import Person


class _ChangedSignature(Protocol):
    def __call__(self, *, pairing: Pairing, now: datetime) -> None: ...


rhythm_changed = declare(
    "pairings.rhythm_changed",
    purpose="the two of a pair have agreed on another rhythm: its periods to come are laid out anew",
    signature=_ChangedSignature.__call__,
)


@transaction.atomic
def suggest_rhythm(
    *, pairing: Pairing, by: Person, cadence: str, minutes: int, now: datetime
) -> RhythmProposal | None:
    """Suggest another rhythm to one's partner. It takes the place of what either of the two had suggested.

    Suggesting what the partner has suggested is agreeing to it.

    Args:
        cadence: ``Cadence``, within the cohort's range.
        minutes: length of a meeting.

    Returns:
        What now waits for the partner's yes; None where the two have agreed.

    Raises:
        NotAllowed: not one of the two, or the pair is over for them.
        DomainError: "range", "length", or "same" as it is.
    """
    pairing, side = _held(pairing, by)
    if not pairing.cohort.allows(cadence):
        raise DomainError(_("Your programme does not offer this rhythm."), code="range")
    if not SHORTEST_MEETING <= minutes <= LONGEST_MEETING:
        raise DomainError(_("A meeting lasts between 15 minutes and two hours."), code="length")
    open_one = _open(pairing)
    if open_one is not None and open_one.side != side and _says(open_one, cadence, minutes):
        _settle(pairing, open_one, now)
        return None
    if (cadence, minutes) == (pairing.cadence, pairing.meeting_minutes):
        raise DomainError(_("This is how you meet already."), code="same")
    values = {"side": side, "cadence": cadence, "minutes": minutes}
    made, _is_new = RhythmProposal.objects.update_or_create(pairing=pairing, defaults=values)
    return made


@transaction.atomic
def agree_to_rhythm(*, pairing: Pairing, by: Person, cadence: str, minutes: int, now: datetime) -> Pairing:
    """Agree to what one's partner has suggested. Agreeing twice is agreeing once.

    Args:
        cadence, minutes: as they were on the page.

    Raises:
        NotAllowed: not one of the two, or the pair is over for them.
        Stale: the partner has dropped it, or suggests something else by now.
        DomainError: "range": the cohort does not allow it any more.
    """
    pairing, side = _held(pairing, by)
    open_one = _open(pairing)
    if open_one is None and (cadence, minutes) == (pairing.cadence, pairing.meeting_minutes):
        return pairing
    if open_one is None or open_one.side == side or not _says(open_one, cadence, minutes):
        raise Stale(_("The suggestion has changed since you opened this page. Look at it, then agree."))
    if not pairing.cohort.allows(cadence):
        raise DomainError(_("Your programme does not offer this rhythm."), code="range")
    return _settle(pairing, open_one, now)


@transaction.atomic
def drop_rhythm(*, pairing: Pairing, by: Person) -> None:
    """Take one's suggestion back, or say no to the partner's: nothing changes. Dropping twice is dropping once.

    Raises:
        NotAllowed: not one of the two, or the pair is over for them.
    """
    pairing, _side = _held(pairing, by)
    RhythmProposal.objects.filter(pairing=pairing).delete()


def _settle(pairing: Pairing, agreed: RhythmProposal, now: datetime) -> Pairing:
    pairing.own_cadence, pairing.own_minutes = agreed.cadence, agreed.minutes
    pairing.version += 1
    pairing.save(update_fields=["own_cadence", "own_minutes", "version", "updated_at"])
    agreed.delete()
    rhythm_changed(pairing=pairing, now=now)
    return pairing


def _open(pairing: Pairing) -> RhythmProposal | None:
    found: RhythmProposal | None = RhythmProposal.objects.filter(pairing=pairing).first()
    return found


def _says(proposal: RhythmProposal, cadence: str, minutes: int) -> bool:
    return (proposal.cadence, proposal.minutes) == (cadence, minutes)


def _held(pairing: Pairing, by: Person) -> tuple[Pairing, str]:
    """The pair under lock and the side that ``by`` has in it."""
    rows = Pairing.objects.select_for_update(of=("self",)).with_people()
    found: Pairing | None = rows.filter(pk=pairing.pk).first()
    side = found.role_of(by) if found is not None else None
    if found is None or side is None or not Pairing.objects.shown_to(by.pk).filter(pk=found.pk).exists():
        raise NotAllowed(_("There is no such pair."))
    return found, str(side)
