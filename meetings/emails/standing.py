"""Mails about how a pair or a programme goes: in counts, or as an offer; never whose doing it is (decision 26)."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime

from meetings.choices import LINK_HELP
from meetings.emails.dates import REMINDERS, link
from meetings.selectors.quarter import Quarter
from outbox.services import Draft
from pairings.models import Pairing
from participants.emails import recipient
from participants.models import Person
from programmes.models import Sponsor


def checkin_offer(*, pairing: Pairing, to: Person, due_at: datetime, until: datetime) -> Draft | None:
    """Can we help? To both of a pair that a rule names, alike; neither the rule nor a side is told (decision 26)."""
    address = recipient(to)
    if address is None:
        return None
    programme = pairing.cohort.programme
    return Draft(
        kind="checkin_offer",
        key=f"checkin_offer:{pairing.pk}:{to.pk}",
        to=address,
        context={"partner_first_name": pairing.partner_of(to).first_name},
        programme_id=programme.pk,
        sender_name=programme.sender_name,
        about=("pairing", pairing.pk),
        valid_while={"pairing": pairing.pk},
        not_before=due_at,
        expires_at=until,
        priority=REMINDERS,
        links={LINK_HELP: link(LINK_HELP, ("pairing", pairing.pk), until)},
    )


def sponsor_report(
    *, sponsor: Sponsor, quarter: Quarter, first_on: date, last_on: date, due_at: datetime
) -> Draft | None:
    """A sponsor's quarter in three numbers and a link to their page; no name (dossier 5.5, S3.42)."""
    to = recipient(sponsor.person)
    if to is None:
        return None
    programme = sponsor.programme
    days = {"first_on": first_on.isoformat(), "last_on": last_on.isoformat()}
    return Draft(
        kind="sponsor_report",
        key=f"sponsor_report:{programme.pk}:{last_on.isoformat()}:{sponsor.person_id}",
        to=to,
        context={**asdict(quarter), **days, "programme_id": programme.pk},
        programme_id=programme.pk,
        sender_name=programme.sender_name,
        about=("programme", programme.pk),
        not_before=due_at,
        priority=REMINDERS,
        policy="hold",
    )
