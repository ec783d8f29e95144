"""The log of who opened a record: written where the works council agreed to it, shown to the person (B-11)."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from typing import Any, Final

from django.utils import timezone

from programmes.choices import Switch
from programmes.models import Enrolment, Programme, RecordReading
from programmes.selectors import is_on

#: Going back and forth between two pages is one opening, not ten.
ONE_OPENING: Final = timedelta(minutes=10)


def note_opening(*, person_ids: Collection[int], user: Any, page: str) -> None:
    """Fills ``common.record_opened``: one line for each of these people and each programme that has the switch on.

    Nobody is noted for opening their own record. An operator who is nobody in the roster is noted without a name.
    """
    note_reading(person_ids=person_ids, user=user, page=page, now=timezone.now())


def note_reading(*, person_ids: Collection[int], user: Any, page: str, now: datetime) -> int:
    """The same at a given time. Returns how many lines were written."""
    others = [pk for pk in person_ids if pk != user.person_id]
    lines = [
        RecordReading(
            programme_id=programme, person_id=person, reader_id=user.person_id, page=page, read_at=now
        )
        for programme, person in _to_note(others, user)
    ]
    fresh = [line for line in lines if not _is_same_opening(line, now)]
    RecordReading.objects.bulk_create(fresh)
    return len(fresh)


def _to_note(person_ids: Collection[int], user: Any) -> Iterator[tuple[int, int]]:
    """(programme, person) for the reader's programmes in which the switch is in force."""
    own = Programme.objects.visible_to(user).values("pk")
    parts = Enrolment.objects.filter(person_id__in=person_ids, cohort__programme__in=own).order_by()
    known: dict[int, bool] = {}
    for programme, person in parts.values_list("cohort__programme_id", "person_id").distinct():
        if programme not in known:
            known[programme] = is_on(programme, Switch.READ_LOG)
        if known[programme]:
            yield programme, person


def _is_same_opening(line: RecordReading, now: datetime) -> bool:
    same = RecordReading.objects.filter(
        programme_id=line.programme_id, person_id=line.person_id, reader_id=line.reader_id, page=line.page
    )
    return bool(same.filter(read_at__gt=now - ONE_OPENING).exists())
