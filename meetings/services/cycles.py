"""Laying out the periods of pairs, a few ahead of today."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime
from typing import Final

from django.db import transaction

from common.workdays import local_day
from meetings.choices import LIVE_STAGES
from meetings.models import Cycle
from meetings.selectors.courses import planned_periods
from pairings.models import Pairing

#: Periods laid out beyond the one that runs.
AHEAD: Final = 3


def plan_cycles(*, now: datetime) -> int:
    """Lay out periods of all standing pairs up to three ahead. Running it twice changes nothing.

    A period that has begun never changes: reminders and figures hang on its number. Those to come follow the
    pair's rhythm and the cohort's last day when they change.

    Returns:
        How many periods were added.
    """
    pairs = Pairing.objects.standing().filter(cohort__stage__in=LIVE_STAGES).select_related("cohort")
    return lay_cycles(pairings=list(pairs), now=now)


def lay_out_periods(*, pairing: Pairing, now: datetime) -> None:
    """Fills ``pairings.pairing_confirmed`` and ``pairings.rhythm_changed``: a pair sees its periods at once."""
    lay_cycles(pairings=[pairing], now=now)


@transaction.atomic
def lay_cycles(*, pairings: Collection[Pairing], now: datetime) -> int:
    """The same for some pairs, in a number of queries that does not grow with them."""
    laid, stale, wanted = _laid(pairings), [], []
    for pairing in pairings:
        today = local_day(now, pairing.cohort.time_zone)
        old, new = _revised(pairing, laid[pairing.pk], today)
        stale += old
        wanted += new
    changed = Cycle.objects.filter(pairing__in={cycle.pairing_id for cycle in wanted})
    Cycle.objects.filter(pk__in=[cycle.pk for cycle in stale]).delete()
    before = changed.count()
    Cycle.objects.bulk_create(wanted, ignore_conflicts=True)  # another planner may be laying the same
    return changed.count() - before


def _laid(pairings: Collection[Pairing]) -> Mapping[int, list[Cycle]]:
    rows = Cycle.objects.filter(pairing__in=[one.pk for one in pairings]).order_by("pairing", "ordinal")
    found: dict[int, list[Cycle]] = defaultdict(list)
    for row in rows:
        found[row.pairing_id].append(row)
    return found


def _revised(pairing: Pairing, laid: list[Cycle], today: date) -> tuple[list[Cycle], list[Cycle]]:
    """The periods to come that no longer hold, and those that are to take their place or are missing."""
    begun = [cycle for cycle in laid if cycle.starts_on <= today]
    to_come = laid[len(begun) :]
    ahead = max(AHEAD, len(to_come))  # a clock that was set back takes nothing away
    planned = list(_to_come(pairing, begun, today, ahead))
    same = 0
    for old, new in zip(to_come, planned, strict=False):
        if old.period != new.period:
            break
        same += 1
    return to_come[same:], planned[same:]


def _to_come(pairing: Pairing, begun: Collection[Cycle], today: date, ahead: int) -> Iterator[Cycle]:
    """The periods after those that have begun: all missing up to today, then ``ahead`` more."""
    last = max((cycle.ends_on for cycle in begun), default=None)
    ordinal = len(begun)
    for period in planned_periods(pairing, after=last):
        if period.starts_on > today:
            if not ahead:
                return
            ahead -= 1
        ordinal += 1
        yield Cycle(pairing=pairing, ordinal=ordinal, starts_on=period.starts_on, ends_on=period.ends_on)
