"""Monday's word to coordinators: their week in numbers (dossier 5.5, decision 22)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.db import transaction

from common.workdays import local_day, working_day_from
from meetings.selectors.digest import Week, week_of
from outbox.choices import Policy
from outbox.services import Draft, queue_many
from participants.choices import PersonState
from participants.emails import recipient
from programmes.choices import Stage
from programmes.models import Coordinator, Programme

#: Before the day's meetings; local to whoever reads it.
HOUR: Final = time(8)
_ALIVE: Final = (Stage.PREPARING, Stage.ACTIVE, Stage.CLOSING)


@transaction.atomic
def send_digests(*, now: datetime) -> int:
    """Queue the week's digest of each coordinator: Monday at eight, or the first working day after.

    One a week for each coordinator and programme, whenever and however often this runs; a clock that stood still
    over the day sends none, for the next Monday is near.

    Returns:
        How many were queued.
    """
    rows = Coordinator.objects.select_related("person", "programme").order_by("pk")
    due = [row for row in rows.filter(person__state=PersonState.ACTIVE) if _is_due(row, now)]
    living = set(Programme.objects.filter(cohorts__stage__in=_ALIVE).values_list("pk", flat=True))
    weeks: dict[int, Week] = {}
    drafts: list[Draft] = []
    for row in due:
        if row.programme_id in living:
            if row.programme_id not in weeks:
                weeks[row.programme_id] = week_of(row.programme, now=now)
            drafts += _draft(row, weeks[row.programme_id], now)
    return queue_many(drafts, now=now)


def _is_due(row: Coordinator, now: datetime) -> bool:
    """It is the day, past eight and before midnight, where the coordinator is."""
    local = now.astimezone(ZoneInfo(row.person.time_zone))
    monday = local.date() - timedelta(days=local.weekday())
    return local.date() == working_day_from(monday, row.person.country) and local.time() >= HOUR


def _draft(row: Coordinator, week: Week, now: datetime) -> Iterator[Draft]:
    to = recipient(row.person)
    if to is None:
        return
    zone = ZoneInfo(row.person.time_zone)
    today = local_day(now, row.person.time_zone)
    year, number, _day = today.isocalendar()
    yield Draft(
        kind="coord_digest",
        key=f"coord_digest:{row.programme_id}:{year}W{number:02}:{row.person_id}",
        to=to,
        context={**asdict(week), "is_quiet": week.is_quiet},
        programme_id=row.programme_id,
        sender_name=row.programme.sender_name,
        about=("programme", row.programme_id),
        not_before=datetime.combine(today, HOUR, zone),
        expires_at=datetime.combine(today + timedelta(days=1), HOUR, zone),
        priority=9,
        policy=Policy.HOLD,
    )
