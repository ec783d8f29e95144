"""Mails about dates: when and where, never what about, never who moved or missed (decisions 22, 26; A-28)."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from django.urls import reverse
from django.utils import translation

from meetings.choices import LINK_HELP, LINK_LOG, LINK_MOVE, LINK_PLAN
from meetings.engine import calendars
from meetings.engine.cadence import MONTHLY
from meetings.engine.reminders import Due
from meetings.engine.slots import Span
from meetings.models import Meeting
from meetings.selectors.calendars import entry
from outbox.models import Message
from outbox.services import Calendar, Draft, Link, Recipient, queue
from pairings.models import Pairing
from participants.emails import recipient
from participants.models import Delegation, Person
from programmes.models import Enrolment

logger = logging.getLogger(__name__)

PLANNED: Final = "planned"
MOVED: Final = "moved"
CANCELLED: Final = "cancelled"
#: Called off because the pair pauses or ends: no new date is asked for.
CLEARED: Final = "cleared"

_INVITATIONS: Final = 5
_CANCELLATIONS: Final = 0
REMINDERS: Final = 9


def meeting_changed(
    *, meeting: Meeting, to: Enrolment, what: str, now: datetime, not_before: datetime | None = None
) -> Message | None:
    """A date was made, moved or called off; the calendar entry travels along.

    Args:
        what: ``PLANNED``, ``MOVED``, ``CANCELLED`` or ``CLEARED``.
        not_before: the fixed hour, where somebody's own pause is the cause.
    """
    address = recipient(to.person)
    if address is None:
        return None
    is_off = what in (CANCELLED, CLEARED)
    programme = meeting.pairing.cohort.programme
    return queue(
        kind="meeting_changed",
        key=f"meeting_changed:{meeting.pk}:{meeting.sequence}:{to.person_id}",
        to=address,
        context=_context(meeting, to.person, address, what=what),
        now=now,
        programme_id=programme.pk,
        sender_name=programme.sender_name,
        about=("meeting", meeting.pk),
        valid_while={"meeting": meeting.pk, "sequence": meeting.sequence},
        not_before=not_before,
        expires_at=meeting.ends_at,
        priority=_CANCELLATIONS if is_off else _INVITATIONS,
        calendar=_calendar(meeting, address.language, is_off=is_off),
    )


def delegate_dates(
    *, meeting: Meeting, what: str, now: datetime, not_before: datetime | None = None
) -> Message | None:
    """A date of a leader changed: to whoever plans for them, with day, hour and place and nothing else (decision 26).

    No calendar entry: the leader's calendar has it. Nothing says with whom, or who changed it.
    """
    leader = meeting.pairing.mentee.person
    delegation = Delegation.objects.filter(leader=leader).first()
    if delegation is None:
        return None
    with translation.override(leader.language):
        how = str(meeting.get_format_display())
    programme = meeting.pairing.cohort.programme
    to = Recipient(None, delegation.address, delegation.first_name, leader.language, leader.time_zone)
    return queue(
        kind="delegate_dates",
        key=f"delegate_dates:{meeting.pk}:{meeting.sequence}:{delegation.pk}",
        to=to,
        context={
            "leader": leader.full_name,
            "what": CANCELLED if what in (CANCELLED, CLEARED) else what,
            "when": {
                "starts_at": meeting.starts_at,
                "ends_at": meeting.ends_at,
                "how": how,
                "place": meeting.place,
            },
            "path": reverse("portal:dates"),
        },
        now=now,
        programme_id=programme.pk,
        sender_name=programme.sender_name,
        about=("meeting", meeting.pk),
        valid_while={"meeting": meeting.pk, "sequence": meeting.sequence, "delegation": delegation.pk},
        not_before=not_before,
        expires_at=meeting.ends_at,
    )


def monthly_meeting(
    *, due: Due, pairing: Pairing, to: Person, slots: Sequence[Span], others: Sequence[Pairing]
) -> Draft | None:
    """No date yet in this period; here are moments when both are free.

    Args:
        others: further pairs of the same person of which the same is true.
    """
    context = {
        "month_on": due.facts["to_on"],
        "is_month": pairing.cadence == MONTHLY,
        "is_again": due.number > 1,
        "slots": _slots(slots),
    }
    period = {"from_on": due.facts["from_on"], "to_on": due.facts["to_on"]}
    return _about_pair(due, pairing, to, context, others, valid_while=period)


def first_meeting_late(
    *, due: Due, pairing: Pairing, to: Person, slots: Sequence[Span], others: Sequence[Pairing]
) -> Draft | None:
    """Two weeks a pair, and no first date: to the mentor, who leads (dossier 5.5)."""
    return _about_pair(due, pairing, to, {"slots": _slots(slots)}, others)


def closing(
    *, due: Due, pairing: Pairing, to: Person, slots: Sequence[Span], others: Sequence[Pairing]
) -> Draft | None:
    """The last month: plan the conversation in which the two look back (dossier 5.5)."""
    facts = {"ends_on": due.facts["ends_on"]}
    return _about_pair(due, pairing, to, {**facts, "slots": _slots(slots)}, others, valid_while=facts)


def agreement_open(*, due: Due, pairing: Pairing, to: Person, others: Sequence[Pairing]) -> Draft | None:
    """A week after the first meeting, to who has not accepted the agreement. It is read and accepted logged in."""
    return _about_pair(due, pairing, to, {}, others, valid_while={"yes_of": str(pairing.role_of(to))})


def meeting_upcoming(*, due: Due, meeting: Meeting, to: Person, others: Sequence[Meeting]) -> Draft | None:
    """Two working days before a date. A copy that might arrive twice is worse than a question to the relay."""
    links = {LINK_MOVE: link(LINK_MOVE, ("meeting", meeting.pk), meeting.starts_at)}
    return _about_meeting(due, meeting, to, others, links, policy="hold")


def meeting_soon(*, due: Due, meeting: Meeting, to: Person, others: Sequence[Meeting]) -> Draft | None:
    """An hour before a date, to who asked for it."""
    return _about_meeting(due, meeting, to, others, {}, policy="hold")


def meeting_log(*, due: Due, meeting: Meeting, to: Person, others: Sequence[Meeting]) -> Draft | None:
    """Did it take place? One click says so."""
    links = {LINK_LOG: link(LINK_LOG, ("meeting", meeting.pk), due.expires_at)}
    return _about_meeting(due, meeting, to, others, links)


def _about_pair(
    due: Due,
    pairing: Pairing,
    to: Person,
    context: dict[str, Any],
    others: Sequence[Pairing],
    valid_while: dict[str, Any] | None = None,
) -> Draft | None:
    partner = pairing.partner_of(to)
    context = {
        **context,
        "pairing_id": pairing.pk,
        "partner_name": partner.full_name,
        "partner_first_name": partner.first_name,
        "others": [{"pairing_id": one.pk, "partner_name": one.partner_of(to).full_name} for one in others],
    }
    facts = {"pairing": pairing.pk, **(valid_while or {})}
    about = ("pairing", pairing.pk)
    links = {LINK_PLAN: link(LINK_PLAN, about, due.expires_at)}
    return _reminder(due, pairing, to, context, links, about=about, valid_while=facts)


def _about_meeting(
    due: Due,
    meeting: Meeting,
    to: Person,
    others: Sequence[Meeting],
    links: dict[str, Link],
    policy: str = "resend",
) -> Draft | None:
    address = recipient(to)
    if address is None:
        return None
    context = _context(meeting, to, address, others=[_when_and_where(one, to, address) for one in others])
    facts = {"meeting": meeting.pk, "sequence": meeting.sequence}
    about = ("meeting", meeting.pk)
    return _reminder(due, meeting.pairing, to, context, links, about=about, valid_while=facts, policy=policy)


def link(purpose: str, about: tuple[str, int], until: datetime) -> Link:
    """Something that the reader can do without logging in (C-15)."""
    return Link(purpose, about, until, f"/m/{purpose}/{{token}}/")


def _reminder(
    due: Due,
    pairing: Pairing,
    to: Person,
    context: dict[str, Any],
    links: dict[str, Link],
    *,
    about: tuple[str, int],
    valid_while: dict[str, Any],
    policy: str = "resend",
) -> Draft | None:
    address = recipient(to)
    if address is None:
        return None
    programme = pairing.cohort.programme
    return Draft(
        kind=due.kind,
        key=due.key,
        to=address,
        context=context,
        programme_id=programme.pk,
        sender_name=programme.sender_name,
        about=about,
        valid_while=valid_while,
        not_before=due.due_at,
        expires_at=due.expires_at,
        priority=REMINDERS,
        policy=policy,
        links={**links, LINK_HELP: link(LINK_HELP, ("pairing", pairing.pk), due.expires_at)},
    )


def _context(meeting: Meeting, to: Person, address: Recipient, **more: Any) -> dict[str, Any]:
    return {"pairing_id": meeting.pairing_id, "when": _when_and_where(meeting, to, address), **more}


def _when_and_where(meeting: Meeting, to: Person, address: Recipient) -> dict[str, Any]:
    partner = meeting.pairing.partner_of(to)
    with translation.override(address.language):
        how = str(meeting.get_format_display())
    return {
        "meeting_id": meeting.pk,
        "pairing_id": meeting.pairing_id,
        "partner_name": partner.full_name,
        "partner_first_name": partner.first_name,
        "partner_zone": partner.time_zone if partner.time_zone != to.time_zone else "",
        "starts_at": meeting.starts_at,
        "ends_at": meeting.ends_at,
        "how": how,
        "place": meeting.place,
    }


def _slots(slots: Sequence[Span]) -> list[dict[str, datetime]]:
    return [{"starts_at": slot.starts_at, "ends_at": slot.ends_at} for slot in slots]


def _calendar(meeting: Meeting, language: str, *, is_off: bool) -> Calendar | None:
    """The calendar part; without it, and not lost, when an address cannot stand in a calendar (C-20)."""
    method = calendars.CANCEL if is_off else calendars.REQUEST
    make = calendars.cancellation if is_off else calendars.invitation
    try:
        return Calendar(method=method, text=make(entry(meeting, language)))
    except ValueError:
        logger.warning("Meeting %s cannot be written as a calendar entry", meeting.pk)
        return None
