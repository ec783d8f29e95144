"""Who is about to be erased is told so a month before, and may take a copy first (dossier 5.5, B-10)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Max

from common.privacy import RETENTION_DAYS
from common.workdays import fixed_hour, local_day, working_day_from
from mentoring.retention import due_people
from outbox.services import Draft, queue_many
from participants.emails import recipient
from participants.models import Person
from programmes.models import Enrolment

#: How long before.
NOTICE: Final = timedelta(days=30)


@transaction.atomic
def warn_of_terms(*, now: datetime) -> int:
    """Queue a notice to everybody whose data ends within a month: at nine on a working day, once for each end.

    Whoever joins again meanwhile is no longer among them; should that programme end one day, a new notice goes.

    Returns:
        How many were queued.
    """
    people = list(due_people(now + NOTICE))
    ends = _last_days(people)
    drafts = [
        draft for person in people if person.pk in ends for draft in _drafts(person, ends[person.pk], now)
    ]
    return queue_many(drafts, now=now)


def _last_days(people: list[Person]) -> Mapping[int, date]:
    """The last day of the last programme each of them had a part in."""
    rows = Enrolment.objects.filter(person__in=people).order_by()
    ends = rows.values_list("person").annotate(last=Max("cohort__programme__cohorts__ends_on"))
    return dict(ends)


def _drafts(person: Person, ended_on: date, now: datetime) -> Iterator[Draft]:
    to = recipient(person)
    if to is None:
        return
    today = local_day(now, person.time_zone)
    deleted_on = ended_on + timedelta(days=(RETENTION_DAYS["programme"] or 0) + 1)
    yield Draft(
        kind="retention_notice",
        key=f"retention_notice:{person.pk}:{ended_on.isoformat()}",
        to=to,
        context={"deleted_on": max(deleted_on, today + timedelta(days=1)).isoformat()},
        programme_id=None,
        about=("person", person.pk),
        not_before=fixed_hour(working_day_from(today, person.country), person.time_zone),
        expires_at=fixed_hour(deleted_on, person.time_zone) if deleted_on > today else None,
    )
