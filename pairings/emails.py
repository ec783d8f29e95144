"""Mails about a pair's life. None says a topic, a reason, or who acted (A-27, A-28)."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Final

from django.utils import translation

from outbox.choices import Policy
from outbox.models import Message
from outbox.services import Draft, queue
from pairings.models import Pairing, Pause, Rhythm, RhythmProposal
from pairings.selectors.pauses import Turns
from participants.emails import recipient
from participants.models import Person
from programmes.models import Coordinator, Enrolment

#: A morning's word about pauses is worth something for so long.
RESTING_LASTS: Final = timedelta(days=7)


def match_confirmed(*, pairing: Pairing, to: Enrolment, now: datetime) -> Message | None:
    """Introduce the two to each other; the mentor proposes the first date (dossier 5.5)."""
    partner = pairing.partner_of(to.person)
    return _send(
        "match_confirmed",
        f"{pairing.pk}",
        pairing,
        to,
        {
            "partner_name": partner.full_name,
            "partner_first_name": partner.first_name,
            "partner_place": partner.place_line,
            "partner_address": partner.email,
            "is_mentor": to.pk == pairing.mentor_id,
            "is_taster": pairing.is_taster,
        },
        now=now,
        valid_while={"pairing": pairing.pk},
    )


def pause(
    *, pause: Pause, to: Enrolment, is_ending: bool, now: datetime, not_before: datetime | None = None
) -> Message | None:
    """The clock stands still until a day, or until further notice; again a week before that day."""
    pairing = pause.pairing
    return _send(
        "pause",
        f"{pause.pk}:{'ends' if is_ending else 'starts'}",
        pairing,
        to,
        {
            "partner_name": pairing.partner_of(to.person).full_name,
            "resume_on": pause.resume_on,
            "is_ending": is_ending,
        },
        now=now,
        valid_while={"pause": pause.pk},
        not_before=not_before,
    )


def rhythm_suggested(
    *, pairing: Pairing, by: Person, proposal: RhythmProposal, is_counter: bool, now: datetime
) -> Message | None:
    """One of the two would rather meet otherwise: to the other, who agrees or leaves it as it is (S3.8).

    Args:
        is_counter: it takes the place of what the reader had suggested, and says so.
    """
    return _send(
        "rhythm_suggested",
        f"{proposal.pk}:{proposal.revision}",
        pairing,
        _other(pairing, by),
        {**_rhythm(by, _other(pairing, by), proposal.rhythm), "is_counter": is_counter},
        now=now,
        valid_while={"rhythm": proposal.pk, "revision": proposal.revision},
    )


def rhythm_agreed(*, pairing: Pairing, by: Person, rhythm: Rhythm, now: datetime) -> Message | None:
    """The other has agreed: to the one who had suggested it."""
    return _send(
        "rhythm_agreed",
        f"{pairing.pk}:{pairing.version}",
        pairing,
        _other(pairing, by),
        _rhythm(by, _other(pairing, by), rhythm),
        now=now,
        valid_while={"version": pairing.version},
    )


def rhythm_declined(
    *, pairing: Pairing, by: Person, stays: Rhythm, key: str, now: datetime
) -> Message | None:
    """The other leaves it as it is: to the one who had suggested it, without a reason (S3.8)."""
    return _send(
        "rhythm_declined",
        key,
        pairing,
        _other(pairing, by),
        _rhythm(by, _other(pairing, by), stays),
        now=now,
    )


def _other(pairing: Pairing, by: Person) -> Enrolment:
    found: Enrolment = pairing.mentee if by.pk == pairing.mentor.person_id else pairing.mentor
    return found


def _rhythm(by: Person, to: Enrolment, rhythm: Rhythm) -> dict[str, object]:
    """How often, how long and how, in the reader's language; the place stands behind the link."""
    with translation.override(to.person.language):
        words = {"rhythm": rhythm.cadence_name, "how": rhythm.mode_name}
    return {"partner_first_name": by.first_name, "minutes": rhythm.minutes, **words}


def pairs_resting(*, coordinator: Coordinator, turns: Turns, day: date, due_at: datetime) -> Draft | None:
    """Pairs began a pause or went on again: to a coordinator, in the morning, in numbers (dossier 5.5)."""
    to = recipient(coordinator.person)
    if to is None:
        return None
    programme = coordinator.programme
    return Draft(
        kind="pairs_resting",
        key=f"pairs_resting:{programme.pk}:{day.isoformat()}:{coordinator.person_id}",
        to=to,
        context=asdict(turns),
        programme_id=programme.pk,
        sender_name=programme.sender_name,
        about=("programme", programme.pk),
        not_before=due_at,
        expires_at=due_at + RESTING_LASTS,
        policy=Policy.HOLD,
    )


def exit(*, pairing: Pairing, to: Enrolment, now: datetime) -> Message | None:  # noqa: A001
    """Thanks and what next, to each of the two by itself, in the same words whatever the cause (decision 33)."""
    partner = pairing.partner_of(to.person)
    return _send("exit", f"{pairing.pk}", pairing, to, {"partner_name": partner.full_name}, now=now)


def _send(
    kind: str,
    object_key: str,
    pairing: Pairing,
    to: Enrolment,
    context: dict[str, object],
    *,
    now: datetime,
    valid_while: dict[str, int] | None = None,
    not_before: datetime | None = None,
) -> Message | None:
    address = recipient(to.person)
    if address is None:
        return None
    programme = pairing.cohort.programme
    return queue(
        kind=kind,
        key=f"{kind}:{object_key}:{to.person_id}",
        to=address,
        context={"pairing_id": pairing.pk, **context},
        now=now,
        programme_id=programme.pk,
        sender_name=programme.sender_name,
        about=("pairing", pairing.pk),
        valid_while=valid_while,
        not_before=not_before,
    )
