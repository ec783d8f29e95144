"""Mails about a pair's life. None says a topic, a reason, or who acted (A-27, A-28)."""

from __future__ import annotations

from datetime import datetime

from outbox.models import Message
from outbox.services import queue
from pairings.models import Pairing, Pause
from participants.emails import recipient
from programmes.models import Enrolment


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
