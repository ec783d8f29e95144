"""What the sponsor of a programme is to do, by when, and whether it is done (S3.42)."""

from __future__ import annotations

import zoneinfo
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from common.errors import NotAllowed
from participants.models import Person
from programmes.models import Coordinator, Programme, Sponsor, SponsorTask
from programmes.services.locking import checked_and_saved, held


@transaction.atomic
def set_sponsor_task(
    *, programme: Programme, values: Mapping[str, Any], by: Person | None, task: SponsorTask | None = None
) -> SponsorTask:
    """Give the sponsors of a programme something to do, or say it in other words.

    Args:
        values: ``text`` and ``due_on``.
        task: the one to change; a new one without it.

    Raises:
        DomainError: a value is not acceptable; ``params["fields"]`` says which.
    """
    task = held(task) if task else SponsorTask(programme=programme, version=0)
    task.version += 1
    for name in ("text", "due_on"):
        setattr(task, name, values.get(name, getattr(task, name)))
    return checked_and_saved(task)


@transaction.atomic
def tick_sponsor_task(*, task: SponsorTask, done: bool, by: Person | None, now: datetime) -> SponsorTask:
    """Say that a task is done, or not yet after all. Saying it twice is saying it once.

    Raises:
        NotAllowed: the person neither sponsors nor coordinates the programme.
    """
    task = held(task)
    if by is not None and not _may_tick(task, by):
        raise NotAllowed(_("There is no such task."))
    if done != (task.done_on is not None):
        task.done_on = _today(by, now) if done else None
        task.version += 1
        task.save(update_fields=["done_on", "version", "updated_at"])
    return task


def _may_tick(task: SponsorTask, by: Person) -> bool:
    return any(
        model.objects.filter(programme_id=task.programme_id, person=by).exists()
        for model in (Sponsor, Coordinator)
    )


def _today(by: Person | None, now: datetime) -> date:
    return now.astimezone(zoneinfo.ZoneInfo(by.time_zone if by else settings.TIME_ZONE)).date()


@transaction.atomic
def drop_sponsor_task(*, task: SponsorTask, by: Person | None) -> None:
    """Nobody needs to do it any more. Twice is once."""
    SponsorTask.objects.filter(pk=task.pk).delete()
