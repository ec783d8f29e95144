"""A pair's own rhythm and usual way of meeting: one suggests, the other agrees or leaves it, at any time (S3.8)."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from django.db import transaction
from django.utils.translation import gettext as _

from common.errors import DomainError, NotAllowed, Stale
from common.hooks import declare
from pairings import emails
from pairings.choices import Mode
from pairings.models import (
    LONGEST_MEETING,
    LONGEST_PLACE,
    SHORTEST_MEETING,
    Pairing,
    Rhythm,
    RhythmProposal,
    UsualWay,
)
from participants.models import Person


class _ChangedSignature(Protocol):
    def __call__(self, *, pairing: Pairing, now: datetime) -> None: ...


rhythm_changed = declare(
    "pairings.rhythm_changed",
    purpose="the two of a pair have agreed on another rhythm: its periods to come are laid out anew",
    signature=_ChangedSignature.__call__,
)


@transaction.atomic
def suggest_rhythm(*, pairing: Pairing, by: Person, rhythm: Rhythm, now: datetime) -> RhythmProposal | None:
    """Suggest another rhythm, or another way of meeting, to one's partner, who gets a mail.

    It takes the place of what either of the two had suggested; where it replaces the partner's, the mail says so.
    Suggesting what the partner has suggested is agreeing to it; suggesting the same again changes nothing and tells
    nobody.

    Args:
        rhythm: within the cohort's range.

    Returns:
        What now waits for the partner's yes; None where the two have agreed.

    Raises:
        NotAllowed: not one of the two, or the pair is over for them.
        DomainError: "range", "length", "mode", "place", or "same" as it is.
    """
    pairing, side = _held(pairing, by)
    wanted = _checked(pairing, rhythm.in_one_line)
    open_one = _open(pairing)
    if open_one is not None and open_one.rhythm == wanted:
        if open_one.side == side:
            return open_one
        _settle(pairing, open_one, by, now)
        return None
    if wanted == _as_it_is(pairing):
        raise DomainError(_("This is how you meet already."), code="same")
    is_counter = open_one is not None and open_one.side != side
    made = open_one or RhythmProposal(pairing=pairing)
    made.side, made.rhythm = side, wanted
    made.revision += 1
    made.save()
    _tell(pairing, by, made, is_counter, now)
    return made


@transaction.atomic
def agree_to_rhythm(*, pairing: Pairing, by: Person, rhythm: Rhythm, now: datetime) -> None:
    """Agree to what one's partner has suggested, who hears it by mail. Agreeing twice is agreeing once.

    Args:
        rhythm: as it was on the page.

    Raises:
        NotAllowed: not one of the two, or the pair is over for them.
        Stale: the partner has dropped it, or suggests something else by now.
        DomainError: "range": the cohort does not allow it any more.
    """
    pairing, side = _held(pairing, by)
    seen = rhythm.in_one_line
    open_one = _open(pairing)
    if open_one is None and seen == _as_it_is(pairing):
        return
    if open_one is None or open_one.side == side or open_one.rhythm != seen:
        raise Stale(_("The suggestion has changed since you opened this page. Look at it, then agree."))
    _checked(pairing, seen)
    _settle(pairing, open_one, by, now)


@transaction.atomic
def decline_rhythm(*, pairing: Pairing, by: Person, rhythm: Rhythm, now: datetime) -> None:
    """Leave it as it is: what one's partner has suggested is gone, and they hear so by mail, without a reason.

    Declining twice is declining once, and so is declining what its author has taken back.

    Args:
        rhythm: as it was on the page; the cohort need not allow it any more.

    Raises:
        NotAllowed: not one of the two, or the pair is over for them.
        Stale: the partner suggests something else by now; nobody says no to what they have not seen.
    """
    pairing, side = _held(pairing, by)
    open_one = _open(pairing)
    if open_one is None:
        return
    if open_one.side == side or open_one.rhythm != rhythm.in_one_line:
        raise Stale(_("The suggestion has changed since you opened this page. Look at it, then answer."))
    key = f"{open_one.pk}:{open_one.revision}"
    open_one.delete()
    if _sees(pairing, pairing.partner_of(by)):
        emails.rhythm_declined(pairing=pairing, by=by, stays=_as_it_is(pairing), key=key, now=now)


@transaction.atomic
def take_back_rhythm(*, pairing: Pairing, by: Person) -> None:
    """Take one's own suggestion back. Twice is once; the mail about it does not leave any more if it has not yet.

    Raises:
        NotAllowed: not one of the two, or the pair is over for them.
        Stale: the partner has put another one in its place.
    """
    pairing, side = _held(pairing, by)
    open_one = _open(pairing)
    if open_one is None:
        return
    if open_one.side != side:
        raise Stale(_("The suggestion has changed since you opened this page. Look at it, then answer."))
    open_one.delete()


def _checked(pairing: Pairing, wanted: Rhythm) -> Rhythm:
    if not pairing.cohort.allows(wanted.cadence):
        raise DomainError(_("Your programme does not offer this rhythm."), code="range")
    if not SHORTEST_MEETING <= wanted.minutes <= LONGEST_MEETING:
        raise DomainError(_("A meeting lasts between 15 minutes and two hours."), code="length")
    if wanted.mode not in Mode.values:
        raise DomainError(_("Choose how you would usually meet."), code="mode")
    if len(wanted.place) > LONGEST_PLACE:
        raise DomainError(_("Keep the place to one short line."), code="place")
    return wanted


def _as_it_is(pairing: Pairing) -> Rhythm:
    way = UsualWay.objects.filter(pairing=pairing).first()
    rhythm = Rhythm(pairing.cadence, pairing.meeting_minutes)
    return rhythm if way is None else Rhythm(rhythm.cadence, rhythm.minutes, way.mode, way.place)


def _settle(pairing: Pairing, agreed: RhythmProposal, by: Person, now: datetime) -> None:
    is_new_rhythm = (agreed.cadence, agreed.minutes) != (pairing.cadence, pairing.meeting_minutes)
    pairing.own_cadence, pairing.own_minutes = agreed.cadence, agreed.minutes
    pairing.version += 1
    pairing.save(update_fields=["own_cadence", "own_minutes", "version", "updated_at"])
    _keep_way(pairing, agreed)
    agreed.delete()
    if is_new_rhythm:
        rhythm_changed(pairing=pairing, now=now)
    if _sees(pairing, pairing.partner_of(by)):
        emails.rhythm_agreed(pairing=pairing, by=by, rhythm=agreed.rhythm, now=now)


def _keep_way(pairing: Pairing, agreed: RhythmProposal) -> None:
    ways = UsualWay.objects.filter(pairing=pairing)
    if agreed.mode == Mode.EITHER and not agreed.place:
        ways.delete()
        return
    UsualWay.objects.update_or_create(pairing=pairing, defaults={"mode": agreed.mode, "place": agreed.place})


def _tell(pairing: Pairing, by: Person, proposal: RhythmProposal, is_counter: bool, now: datetime) -> None:
    """Whoever has ended the pair, and waits for its hour, hears nothing any more (decision 33)."""
    if _sees(pairing, pairing.partner_of(by)):
        emails.rhythm_suggested(pairing=pairing, by=by, proposal=proposal, is_counter=is_counter, now=now)


def _sees(pairing: Pairing, person: Person) -> bool:
    return bool(Pairing.objects.shown_to(person.pk).filter(pk=pairing.pk).exists())


def _open(pairing: Pairing) -> RhythmProposal | None:
    found: RhythmProposal | None = RhythmProposal.objects.filter(pairing=pairing).first()
    return found


def _held(pairing: Pairing, by: Person) -> tuple[Pairing, str]:
    """The pair under lock and the side that ``by`` has in it."""
    rows = Pairing.objects.select_for_update(of=("self",)).with_people()
    found: Pairing | None = rows.filter(pk=pairing.pk).first()
    side = found.role_of(by) if found is not None else None
    if found is None or side is None or not _sees(found, by):
        raise NotAllowed(_("There is no such pair."))
    return found, str(side)
