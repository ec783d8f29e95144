"""An agreement with the works council, as tests need one."""

from __future__ import annotations

import datetime as dt

from programmes.choices import Outcome
from programmes.models import Agreement, Programme
from programmes.selectors import standing_of, switches_of
from programmes.services import record_agreement, set_switches


def turn(programme: Programme, **values: bool) -> None:
    """Turn switches as wanted, whoever turned them last."""
    stored = switches_of(programme.pk)
    version = stored.version if stored.pk else 0
    set_switches(programme=programme, values=values, seen_version=version, by=None)


def agree(programme: Programme, *switches: str, outcome: str = Outcome.AGREED) -> Agreement:
    """Turn these switches on and record that the council has agreed to everything as it stands."""
    if switches:
        turn(programme, **dict.fromkeys(switches, True))
    day = dt.datetime(2026, 9, 1, 9, tzinfo=dt.UTC)
    digest = standing_of(programme).digest
    return record_agreement(
        programme=programme, outcome=outcome, agreed_on=day.date(), digest=digest, by=None, now=day
    )
