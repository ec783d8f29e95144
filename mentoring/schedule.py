"""The clock's table: a few idempotent interval jobs in UTC; the database decides what is due (decision 20).

A job is a service ``f(*, now) -> int`` that does what is due at ``now`` and says how much. It may run twice, late
or beside itself. What is due once a day still rings each hour: beat counts from its own start, and a run that
failed is tried again soon. Beat rings for its task, ``manage.py run_schedule`` calls the service itself.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from celery.signals import task_failure, task_prerun, task_success
from django.db import DatabaseError, InterfaceError
from django.utils import timezone
from django.utils.module_loading import import_string

from common.database import is_away

logger = logging.getLogger(__name__)

MINUTE: Final = 60
HOUR: Final = 60 * MINUTE


@dataclass(frozen=True)
class ScheduledJob:
    """One line of the table.

    Args:
        name: of its heartbeat; as its task by convention.
        every_seconds: the interval; also how long a ring that nobody answered is kept.
        run: dotted path of the service.
        task: name of the Celery task that calls it.
        is_last: ``run_schedule`` runs it after the others, so that what they queue leaves as well.
    """

    name: str
    every_seconds: int
    run: str
    task: str
    is_last: bool = False

    @property
    def service(self) -> Callable[..., int]:
        found: Callable[..., int] = import_string(self.run)
        return found


JOBS: list[ScheduledJob] = [
    ScheduledJob("operations.sweep_jobs", MINUTE, "operations.services.sweep_jobs", "operations.sweep_jobs"),
    ScheduledJob(
        "matching.expire_proposals", HOUR, "matching.services.expire_proposals", "matching.expire_proposals"
    ),
    ScheduledJob(
        "matching.remind_proposals", HOUR, "matching.services.remind_proposals", "matching.remind_proposals"
    ),
    ScheduledJob(
        "matching.ask_after_tasters",
        HOUR,
        "matching.services.ask_after_tasters",
        "matching.ask_after_tasters",
    ),
    ScheduledJob(
        "pairings.resume_due_pairings",
        HOUR,
        "pairings.services.resume_due_pairings",
        "pairings.resume_due_pairings",
    ),
    ScheduledJob(
        "pairings.send_due_notices",
        5 * MINUTE,
        "pairings.services.send_due_notices",
        "pairings.send_due_notices",
    ),
    ScheduledJob(
        "pairings.destroy_spent_keys",
        HOUR,
        "pairings.services.destroy_spent_keys",
        "pairings.destroy_spent_keys",
    ),
    ScheduledJob(
        "programmes.resume_due_breaks",
        HOUR,
        "programmes.services.resume_due_breaks",
        "programmes.resume_due_breaks",
    ),
    ScheduledJob(
        "programmes.remind_intakes", HOUR, "programmes.services.remind_intakes", "programmes.remind_intakes"
    ),
    ScheduledJob(
        "programmes.remind_topic_calls",
        HOUR,
        "programmes.services.remind_topic_calls",
        "programmes.remind_topic_calls",
    ),
    ScheduledJob(
        "programmes.send_due_announcements",
        5 * MINUTE,
        "programmes.services.send_due_announcements",
        "programmes.send_due_announcements",
    ),
    ScheduledJob("meetings.plan_cycles", HOUR, "meetings.services.plan_cycles", "meetings.plan_cycles"),
    ScheduledJob(
        "meetings.send_digests", 15 * MINUTE, "meetings.services.send_digests", "meetings.send_digests"
    ),
    ScheduledJob(
        "meetings.offer_checkins", HOUR, "meetings.services.offer_checkins", "meetings.offer_checkins"
    ),
    ScheduledJob("meetings.send_quarters", HOUR, "meetings.services.send_quarters", "meetings.send_quarters"),
    ScheduledJob(
        "pairings.tell_of_pauses", 15 * MINUTE, "pairings.services.tell_of_pauses", "pairings.tell_of_pauses"
    ),
    ScheduledJob("meetings.remind", 5 * MINUTE, "meetings.services.remind", "meetings.remind"),
    ScheduledJob(
        "participants.purge_files", HOUR, "participants.services.purge_files", "participants.purge_files"
    ),
    ScheduledJob(
        "programmes.move_up_waiting_lists",
        15 * MINUTE,
        "programmes.services.move_up_waiting_lists",
        "programmes.move_up_waiting_lists",
    ),
    ScheduledJob(
        "programmes.erase_selections",
        HOUR,
        "programmes.services.erase_selections",
        "programmes.erase_selections",
    ),
    ScheduledJob("outbox.recover", MINUTE, "outbox.services.recover", "outbox.recover"),
    ScheduledJob(
        "evaluations.close_due_rounds",
        MINUTE,
        "evaluations.services.close_due_rounds",
        "evaluations.close_due_rounds",
    ),
    ScheduledJob(
        "evaluations.remind_open_rounds",
        15 * MINUTE,
        "evaluations.services.remind_open_rounds",
        "evaluations.remind_open_rounds",
    ),
    ScheduledJob(
        "evaluations.finish_sealing",
        5 * MINUTE,
        "evaluations.services.finish_sealing",
        "evaluations.finish_sealing",
    ),
    ScheduledJob(
        "evaluations.erase_expired_answers",
        HOUR,
        "evaluations.services.erase_expired_answers",
        "evaluations.erase_expired_answers",
    ),
    ScheduledJob(
        "participants.erase_due_people",
        15 * MINUTE,
        "participants.services.erase_due_people",
        "participants.erase_due_people",
    ),
    ScheduledJob(
        "participants.keep_erasure_list",
        HOUR,
        "participants.services.keep_list",
        "participants.keep_erasure_list",
    ),
    ScheduledJob(
        "mentoring.retention_notices", HOUR, "mentoring.notices.warn_of_terms", "mentoring.retention_notices"
    ),
    ScheduledJob("mentoring.retention", HOUR, "mentoring.retention.carry_out_terms", "mentoring.retention"),
    ScheduledJob("outbox.prepare", 20, "outbox.services.prepare", "outbox.prepare"),
    ScheduledJob("outbox.drain", 20, "outbox.services.drain", "outbox.drain", is_last=True),
    ScheduledJob("outbox.retention", HOUR, "outbox.services.purge", "outbox.retention"),
]

BEAT_SCHEDULE: dict[str, dict[str, Any]] = {
    job.name: {
        "task": job.task,
        "schedule": float(job.every_seconds),
        "options": {"expires": job.every_seconds},
    }
    for job in JOBS
}


# --- running them by hand -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Outcome:
    """What came of one job: how much it did, or the kind of error that stopped it."""

    name: str
    count: int
    error: str = ""


def run_all(*, now: datetime) -> Iterator[Outcome]:
    """Run each job once as of ``now``. One that fails does not keep the others from running."""
    for job in sorted(JOBS, key=lambda each: each.is_last):
        yield run_one(job, now=now)


def run_one(job: ScheduledJob, *, now: datetime) -> Outcome:
    """Run one job as of ``now`` and leave its heartbeat, by the real clock."""
    _started(job)
    try:
        outcome = Outcome(job.name, int(job.service(now=now)))
    except Exception as error:
        logger.exception("Scheduled job %s failed", job.name)
        outcome = Outcome(job.name, 0, type(error).__name__)
    _finished(job, outcome.count, outcome.error)
    return outcome


# --- heartbeats ---------------------------------------------------------------------------------------


def _started(job: ScheduledJob) -> None:
    from operations.services import beat_started

    beat_started(name=job.name, now=timezone.now())


def _finished(job: ScheduledJob, count: int, error: str = "") -> None:
    from operations.services import beat_finished

    beat_finished(name=job.name, now=timezone.now(), count=count, error=error)


def _job_of(task: Any) -> ScheduledJob | None:
    return next((job for job in JOBS if job.task == getattr(task, "name", None)), None)


# Celery tells when a task starts and ends, so a task stays one line and still leaves its heartbeat.


@contextmanager
def _if_the_database_answers() -> Iterator[None]:
    # A database that is away shows on its own: a traceback for each ring that waits would only bury it.
    try:
        yield
    except (DatabaseError, InterfaceError) as error:
        if not is_away(error):
            raise


@task_prerun.connect
def _task_started(task: Any = None, **_signal: Any) -> None:
    if job := _job_of(task):
        with _if_the_database_answers():
            _started(job)


@task_success.connect
def _task_succeeded(sender: Any = None, result: Any = None, **_signal: Any) -> None:
    if job := _job_of(sender):
        with _if_the_database_answers():
            _finished(job, result if isinstance(result, int) else 0)


@task_failure.connect
def _task_failed(sender: Any = None, exception: Any = None, **_signal: Any) -> None:
    if job := _job_of(sender):
        with _if_the_database_answers():
            _finished(job, 0, type(exception).__name__)
