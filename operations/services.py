"""Long work: started in a transaction, run by a worker, watched and cancelled from a page (decision 18)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from common.broker import enqueue_named
from common.errors import DomainError
from operations.choices import JobState
from operations.models import Heartbeat, Job

LEASE: Final = timedelta(minutes=5)


class Cancelled(Exception):
    """Somebody pressed Cancel; what the work had written in its transaction is undone."""


class Progress:
    """What a piece of long work says while it runs. Saying it also asks whether it should stop."""

    def __init__(self, job: Job) -> None:
        self.job = job

    def say(self, step: str, *, done: int, total: int) -> None:
        """Tell the page how far the work is.

        Written on a connection state of its own: call it outside the work's final transaction.

        Raises:
            Cancelled: the person who waits has pressed Cancel.
        """
        now = timezone.now()
        Job.objects.filter(pk=self.job.pk).update(
            step=step[:200], done=min(done, total), total=total, lease_until=now + LEASE, updated_at=now
        )
        if Job.objects.filter(pk=self.job.pk, cancel_requested=True).exists():
            raise Cancelled


Runner = Callable[[Job, Progress], Mapping[str, Any]]
_runners: dict[str, Runner] = {}


def register_job(kind: str, runner: Runner) -> None:
    """Say what runs a kind of long work; called from an ``AppConfig.ready()``."""
    _runners[kind] = runner


def start_job(
    *, kind: str, params: Mapping[str, Any], by_id: int | None = None, programme_id: int | None = None
) -> Job:
    """Store the wish and ring for a worker after commit. A lost ring costs a minute, never the work.

    Raises:
        DomainError: the kind is unknown.
    """
    if kind not in _runners:
        raise DomainError(_("This kind of work is not known."), code="unknown_job")
    job = Job.objects.create(kind=kind, params=dict(params), requested_by_id=by_id, programme_id=programme_id)
    transaction.on_commit(lambda: ring(job.pk), robust=True)
    return job


def ring(job_id: int) -> bool:
    """Tell a worker that this job waits; false when the broker is away."""
    return enqueue_named("operations.run_job", job_id)


def run(*, job_id: int) -> Job | None:
    """Run a waiting job to its end, once: a second worker that is told of it finds it taken.

    Returns:
        The job as it ended, or None when there was nothing to do.
    """
    job = _take(job_id)
    if job is None:
        return None
    try:
        result = dict(_runners[job.kind](job, Progress(job)))
    except Cancelled:
        return _finish(job, JobState.CANCELLED)
    except DomainError as refusal:
        return _finish(job, JobState.FAILED, error=str(refusal))
    except Exception:
        _finish(job, JobState.FAILED, error=_("Something went wrong on our side. Nothing was changed."))
        raise
    return _finish(job, JobState.DONE, result=result)


def _take(job_id: int) -> Job | None:
    with transaction.atomic():
        job: Job | None = (
            Job.objects.select_for_update(skip_locked=True).filter(pk=job_id, state=JobState.QUEUED).first()
        )
        if job is None:
            return None
        now = timezone.now()
        job.state = JobState.CANCELLED if job.cancel_requested else JobState.RUNNING
        job.started_at, job.lease_until = now, now + LEASE
        job.finished_at = now if job.cancel_requested else None
        job.save()
    return job if job.state == JobState.RUNNING else None


def _finish(job: Job, state: JobState, *, result: dict[str, Any] | None = None, error: str = "") -> Job:
    job.refresh_from_db()
    job.state, job.error, job.result = state, error, result or {}
    job.finished_at, job.lease_until = timezone.now(), None
    if state == JobState.DONE:
        job.done = job.total
    job.save()
    return job


def cancel_job(*, job: Job) -> None:
    """Ask a job to stop. One that waits stops at once, one that runs at its next step."""
    Job.objects.filter(pk=job.pk).unfinished().update(cancel_requested=True)
    with transaction.atomic():
        waiting = Job.objects.select_for_update().filter(pk=job.pk, state=JobState.QUEUED)
        for one in waiting:
            one.state, one.finished_at = JobState.CANCELLED, timezone.now()
            one.save()


def sweep_jobs(*, now: datetime) -> int:
    """Ring again for jobs whose ring was lost, and for those whose worker died in the middle."""
    dead = Job.objects.filter(state=JobState.RUNNING, lease_until__lt=now)
    dead.update(state=JobState.QUEUED, lease_until=None)
    waiting = Job.objects.filter(state=JobState.QUEUED, created_at__lt=now - timedelta(seconds=20))
    return sum(1 for pk in list(waiting.values_list("pk", flat=True)) if ring(pk))


def beat_started(*, name: str, now: datetime) -> None:
    Heartbeat.objects.update_or_create(name=name, defaults={"last_started_at": now})


def beat_finished(*, name: str, now: datetime, count: int, error: str = "") -> None:
    """Record that a scheduled job ended, for the dead-man's switch (D-11)."""
    Heartbeat.objects.update_or_create(
        name=name, defaults={"last_finished_at": now, "last_count": count, "last_error": error[:500]}
    )
