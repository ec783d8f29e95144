"""Laying out the periods of pairs, a few ahead of today."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
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
    cohort's rhythm and last day when a coordinator changes them.

    Returns:
        How many periods were added.
    """
    pairs = Pairing.objects.standing().filter(cohort__stage__in=LIVE_STAGES).select_related("cohort")
    return lay_cycles(pairings=list(pairs), now=now)


def lay_out_periods(*, pairing: Pairing, now: datetime) -> None:
    """Fills ``pairings.pairing_confirmed``: a new pair sees its months at once."""
    lay_cycles(pairings=[pairing], now=now)


@transaction.atomic
def lay_cycles(*, pairings: Collection[Pairing], now: datetime) -> int:
    """The same for some pairs. Four queries whatever their number."""
    kept, stale, wanted = defaultdict(list), [], []
    for cycle in Cycle.objects.filter(pairing__in=[one.pk for one in pairings]).order_by(
        "pairing", "ordinal"
    ):
        kept[cycle.pairing_id].append(cycle)
    for pairing in pairings:
        today = local_day(now, pairing.cohort.time_zone)
        begun = [cycle for cycle in kept[pairing.pk] if cycle.starts_on <= today]
        to_come = kept[pairing.pk][len(begun) :]
        planned = list(_to_come(pairing, begun, today))
        if [cycle.period for cycle in to_come] != [cycle.period for cycle in planned]:
            same = _shared(to_come, planned)
            stale += [cycle.pk for cycle in to_come[same:]]
            wanted += planned[same:]
    Cycle.objects.filter(pk__in=stale).delete()
    before = Cycle.objects.filter(pairing__in={cycle.pairing_id for cycle in wanted}).count()
    Cycle.objects.bulk_create(wanted, ignore_conflicts=True)
    return Cycle.objects.filter(pairing__in={cycle.pairing_id for cycle in wanted}).count() - before


def _to_come(pairing: Pairing, begun: Collection[Cycle], today: date) -> Iterator[Cycle]:
    """The periods after those that have begun: all missing up to today, then three more."""
    last = max((cycle.ends_on for cycle in begun), default=None)
    ordinal = len(begun)
    ahead = AHEAD
    for period in planned_periods(pairing, after=last):
        if period.starts_on > today:
            if not ahead:
                return
            ahead -= 1
        ordinal += 1
        yield Cycle(pairing=pairing, ordinal=ordinal, starts_on=period.starts_on, ends_on=period.ends_on)


def _shared(laid: Collection[Cycle], planned: Collection[Cycle]) -> int:
    """How many of the first periods agree already."""
    count = 0
    for old, new in zip(laid, planned, strict=False):
        if old.period != new.period:
            break
        count += 1
    return count
