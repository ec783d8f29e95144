"""Who is about to be erased is told so a month before, and may take a copy first (dossier 5.5, B-10)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Count, Q

from common.privacy import RETENTION_DAYS
from common.workdays import fixed_hour, local_day, working_day_from
from mentoring.told import GRACE, KIND, NOTICE, people_to_tell
from outbox.models import Message
from outbox.services import Draft, queue_many
from participants.emails import recipient
from participants.models import Person


@transaction.atomic
def warn_of_terms(*, now: datetime) -> int:
    """Queue a notice to everybody whose data ends in about a month: at nine on a working day, once for each end.

    The day it tells is a month away; the erasure waits for a month after it was really sent. One that could not leave
    in time, because the mail server was away, is worthless and followed by another with a later day; one to an address
    that has been corrected since is followed by another too.
    Whoever joins again meanwhile is no longer among them; should that programme end one day, a new notice goes.

    Returns:
        How many were queued.
    """
    people = list(people_to_tell(now))
    written = _written({person.pk for person in people})
    drafts = [draft for one in people for draft in _drafts(one, _last_day(one), written.get(one.pk, 0), now)]
    return queue_many(drafts, now=now)


def _last_day(person: Person) -> date:
    found: date = person.last_day  # type: ignore[attr-defined]
    return found


def _written(person_ids: set[int]) -> dict[int, int]:
    """How many notices each of them was ever written, so that the next one has a key of its own."""
    about = Q(kind=KIND, about_kind="person", about_id__in=person_ids)
    rows = Message.objects.filter(about).order_by().values_list("about_id").annotate(number=Count("pk"))
    return dict(rows)


def _drafts(person: Person, ended_on: date, written: int, now: datetime) -> Iterator[Draft]:
    to = recipient(person)
    if to is None:
        return
    leaves_on = working_day_from(local_day(now, person.time_zone), person.country)
    term = ended_on + timedelta(days=(RETENTION_DAYS["programme"] or 0) + 1)
    deleted_on = max(term, leaves_on + NOTICE)
    yield Draft(
        kind=KIND,
        key=f"{KIND}:{person.pk}:{ended_on.isoformat()}" + (f":{written + 1}" if written else ""),
        to=to,
        context={"deleted_on": deleted_on.isoformat()},
        programme_id=None,
        about=("person", person.pk),
        not_before=fixed_hour(leaves_on, person.time_zone),
        expires_at=fixed_hour(deleted_on - NOTICE + GRACE, person.time_zone),
    )
