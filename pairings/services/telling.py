"""Coordinators hear which pairs began a pause or went on again: once a working day, in numbers (dossier 5.5)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Final

from django.db import transaction

from common.workdays import fixed_hour, is_working_day, local_day, shift_working_days
from outbox.services import Draft, queue_many
from pairings import emails
from pairings.models import Pause
from pairings.selectors.pauses import Turns, turned_since, turns_within
from participants.choices import PersonState
from programmes.models import Coordinator

#: How long a clock that stood still catches up; also how long such a mail is worth something.
CATCH_UP: Final = timedelta(days=7)
#: The longest stretch without a working day that a morning looks back over.
_HOLIDAYS: Final = timedelta(days=14)


@transaction.atomic
def tell_of_pauses(*, now: datetime) -> int:
    """Queue each coordinator's word about the pauses of the working day before, at nine where they are.

    One mail however many pairs, so that an import that moves a whole department is one line in the morning; it
    names nobody, for it may be forwarded. Running twice or late ends in the same mails.

    Returns:
        How many were queued.
    """
    pauses = turned_since(now - CATCH_UP - _HOLIDAYS)
    if not pauses:
        return 0
    of_programme: Mapping[int, list[Pause]] = defaultdict(list)
    for pause in pauses:
        of_programme[pause.pairing.cohort.programme_id].append(pause)
    rows = Coordinator.objects.select_related("person", "programme").order_by("pk")
    rows = rows.filter(programme__in=of_programme, person__state=PersonState.ACTIVE)
    drafts = [draft for row in rows for draft in _drafts(row, of_programme[row.programme_id], now)]
    return queue_many(drafts, now=now)


def _drafts(row: Coordinator, pauses: Sequence[Pause], now: datetime) -> Iterator[Draft]:
    for day in _mornings(row, now):
        since = fixed_hour(shift_working_days(day, -1, row.person.country), row.person.time_zone)
        until = fixed_hour(day, row.person.time_zone)
        turns: Turns = turns_within(pauses, since, until)
        draft = emails.pairs_resting(coordinator=row, turns=turns, day=day, due_at=until) if turns else None
        if draft is not None:
            yield draft


def _mornings(row: Coordinator, now: datetime) -> Iterator[date]:
    """The working days of the last week whose nine o'clock has come for this coordinator."""
    today = local_day(now, row.person.time_zone)
    for back in range(CATCH_UP.days):
        day = today - timedelta(days=back)
        if is_working_day(day, row.person.country) and fixed_hour(day, row.person.time_zone) <= now:
            yield day
