"""Switches and agreements: what a programme may do beyond the least, and who said yes to it (decision 27)."""

from __future__ import annotations

import zoneinfo
from collections.abc import Mapping
from datetime import date, datetime
from typing import Final

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from common.errors import DomainError, Stale
from participants.models import Person
from programmes.choices import OBEYED, Outcome
from programmes.models import Agreement, Programme, Switches
from programmes.selectors import standing_of
from programmes.services.locking import held

LONGEST_NOTE: Final = 300


@transaction.atomic
def set_switches(
    *, programme: Programme, values: Mapping[str, bool], seen_version: int, by: Person | None
) -> Switches:
    """Turn switches. Off holds at once; on holds when the works council has agreed.

    Args:
        values: switches by name; those that are not named stay.
        seen_version: the version that the form was opened with, 0 when nothing was stored yet.

    Raises:
        Stale: somebody else turned them in between; ``params["current"]`` is what is stored.
        DomainError: there is no such switch, or this version does not obey it yet.
    """
    if unknown := set(values) - set(OBEYED):
        message = _("This version does not obey the switch “%(name)s”.")
        raise DomainError(message % {"name": ", ".join(sorted(unknown))}, code="unknown_switch")
    held(programme)
    stored, is_new = Switches.objects.get_or_create(programme=programme)
    if seen_version != (0 if is_new else stored.version):
        message = _("Somebody else turned the switches in between. This is how they stand now.")
        raise Stale(message, current=stored)
    for name, value in values.items():
        setattr(stored, name, bool(value))
    stored.version += not is_new
    stored.save()
    return stored


@transaction.atomic
def record_agreement(
    *,
    programme: Programme,
    outcome: str,
    agreed_on: date,
    digest: str,
    by: Person | None,
    now: datetime,
    note: str = "",
) -> Agreement:
    """Write down that the works council has agreed to the settings as they are, or that there is none.

    The settings are copied as they stand: what is wider later waits for the next agreement.

    Args:
        agreed_on: the day of the council's yes, or of the finding that there is none.
        digest: the fingerprint of the settings that were seen when it was agreed.

    Raises:
        Stale: a setting has changed since; what was agreed to is not what is set.
        DomainError: the day lies ahead, the note is too long, or there is no such outcome.
    """
    held(programme)
    _check(outcome, agreed_on, note, _today(by, now))
    standing = standing_of(programme)
    if digest != standing.digest:
        message = _(
            "A setting has changed since this page was opened. Read the differences again, then record it."
        )
        raise Stale(message, current=standing)
    last = standing.agreement.number if standing.agreement else 0
    agreement: Agreement = Agreement.objects.create(
        programme=programme,
        number=last + 1,
        outcome=outcome,
        agreed_on=agreed_on,
        note=note.strip(),
        recorded_by=by,
        recorded_at=now,
        content=standing.now,
        digest=standing.digest,
    )
    return agreement


def _check(outcome: str, agreed_on: date, note: str, today: date) -> None:
    if outcome not in Outcome.values:
        raise DomainError(
            _("Say whether the works council has agreed, or that there is none."), code="outcome"
        )
    if agreed_on > today:
        raise DomainError(_("This day still lies ahead."), code="ahead")
    if len(note.strip()) > LONGEST_NOTE:
        raise DomainError(_("The note may have 300 characters at most."), code="long_note")


def _today(by: Person | None, now: datetime) -> date:
    return now.astimezone(zoneinfo.ZoneInfo(by.time_zone if by else settings.TIME_ZONE)).date()
