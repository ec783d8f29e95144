"""Long work: told, taken once, cancelled, and picked up again after a crash (decision 18)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from common.errors import DomainError
from operations import services
from operations.choices import JobState
from operations.models import Heartbeat, Job
from operations.services import Progress

pytestmark = pytest.mark.django_db


class Work:
    """A runner that the test can steer."""

    def __init__(self) -> None:
        self.runs = 0
        self.before_step: Any = None

    def __call__(self, job: Job, progress: Progress) -> Mapping[str, Any]:
        self.runs += 1
        if self.before_step:
            self.before_step(job)
        progress.say("Reading rows", done=1, total=2)
        return {"rows": 2}


@pytest.fixture
def work() -> Iterator[Work]:
    runner = Work()
    services.register_job("test.work", runner)
    yield runner
    services._runners.pop("test.work")


@pytest.fixture
def rung(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The jobs for which a worker was rung."""
    calls: list[int] = []

    def ring(job_id: int) -> bool:
        calls.append(job_id)
        return True

    monkeypatch.setattr(services, "ring", ring)
    return calls


def start(**more: Any) -> Job:
    return services.start_job(kind="test.work", params={}, **more)


def test_a_job_runs_once_and_keeps_its_result(work: Work) -> None:
    job = start()
    first = services.run(job_id=job.pk)
    assert services.run(job_id=job.pk) is None
    assert work.runs == 1
    assert first is not None
    assert (first.state, first.result, first.step) == (JobState.DONE, {"rows": 2}, "Reading rows")
    assert (first.done, first.total) == (2, 2)


@pytest.mark.covers("D-02")
def test_the_ring_waits_for_the_commit(
    work: Work, rung: list[int], django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        job = start()
        assert rung == []
    assert rung == [job.pk]


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(DomainError, match="not known"):
        services.start_job(kind="test.unknown", params={})


def test_a_waiting_job_is_cancelled_at_once(work: Work) -> None:
    job = start()
    services.cancel_job(job=job)
    assert services.run(job_id=job.pk) is None
    job.refresh_from_db()
    assert (job.state, work.runs) == (JobState.CANCELLED, 0)


def test_a_running_job_stops_at_its_next_step(work: Work) -> None:
    work.before_step = lambda job: services.cancel_job(job=job)
    job = services.run(job_id=start().pk)
    assert job is not None
    assert (job.state, job.result) == (JobState.CANCELLED, {})


def test_a_refusal_is_told_in_its_own_words_and_a_crash_in_general_ones(work: Work) -> None:
    def refuse(job: Job) -> None:
        raise DomainError("Row 7 has no e-mail address.")

    work.before_step = refuse
    refused = services.run(job_id=start().pk)
    assert refused is not None
    assert (refused.state, refused.error) == (JobState.FAILED, "Row 7 has no e-mail address.")

    def crash(job: Job) -> None:
        raise ZeroDivisionError("secret detail")

    work.before_step = crash
    job = start()
    with pytest.raises(ZeroDivisionError):
        services.run(job_id=job.pk)
    job.refresh_from_db()
    assert job.state == JobState.FAILED
    assert "secret" not in job.error
    assert "Nothing was changed" in job.error


@pytest.mark.covers("D-16")
def test_a_job_whose_worker_died_is_taken_up_again(work: Work, rung: list[int]) -> None:
    job = start()
    assert services._take(job.pk) is not None  # the worker that dies
    now = timezone.now()
    assert services.sweep_jobs(now=now) == 0
    later = now + services.LEASE + timedelta(minutes=1)
    assert services.sweep_jobs(now=later) == 1
    assert rung[-1] == job.pk
    assert services.run(job_id=job.pk) is not None


@pytest.mark.covers("D-02")
def test_a_lost_ring_is_made_good_by_the_sweep(work: Work, rung: list[int]) -> None:
    job = start()
    assert services.sweep_jobs(now=job.created_at + timedelta(seconds=5)) == 0
    assert services.sweep_jobs(now=job.created_at + timedelta(seconds=30)) == 1
    assert rung == [job.pk]


@pytest.mark.covers("D-08")
def test_the_database_refuses_an_illegal_change_of_state(work: Work) -> None:
    job = start()
    services.run(job_id=job.pk)
    with (
        pytest.raises(Exception, match="illegal transition"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE operations_job SET state = 'running' WHERE id = %s", [job.pk])
    job.refresh_from_db()
    assert job.state == JobState.DONE


@pytest.mark.covers("D-11")
def test_the_clock_leaves_a_trace() -> None:
    now = datetime(2027, 2, 1, 8, tzinfo=UTC)
    services.beat_started(name="test.tick", now=now)
    services.beat_finished(name="test.tick", now=now + timedelta(seconds=2), count=3)
    beat = Heartbeat.objects.get(name="test.tick")
    assert (beat.last_started_at, beat.last_count) == (now, 3)
    assert beat.last_finished_at == now + timedelta(seconds=2)
