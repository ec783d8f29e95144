"""A database that is away makes no job fail: its ring is put back, and nothing is written down against it."""

from __future__ import annotations

from typing import Any

import pytest
from celery import current_app
from celery.app.trace import build_tracer
from celery.canvas import Signature
from django.db import OperationalError, ProgrammingError

from mentoring import patience
from operations.models import Heartbeat
from outbox import tasks

Options = dict[str, Any]


@pytest.fixture
def put_back(monkeypatch: pytest.MonkeyPatch) -> list[Options]:
    """What was handed to the broker once more, with its options."""
    found: list[Options] = []
    monkeypatch.setattr(Signature, "apply_async", lambda self, *_args, **_more: found.append(self.options))
    return found


def run_in_worker(task: Any) -> tuple[str, Any]:
    """State and result of a task as a worker's process runs it."""
    task = current_app.tasks[task.name]
    tracer = build_tracer(task.name, task, app=current_app._get_current_object(), propagate=False)
    request = {"id": "ring", "args": (), "kwargs": {}, "is_eager": False, "retries": 40, "expires": None}
    done = tracer("ring", (), {}, request)
    return (done.info.state if done.info else "SUCCESS"), done.retval


def fail_with(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def fail(*, now: object) -> int:
        raise error

    monkeypatch.setattr("outbox.services.drain_for_a_while", fail)


@pytest.mark.covers("D-11")
@pytest.mark.django_db
def test_a_ring_waits_for_a_database_that_is_away_however_often(monkeypatch, put_back, caplog):
    fail_with(monkeypatch, OperationalError("the database system is starting up"))
    state, _ = run_in_worker(tasks.drain)
    assert state == "RETRY"
    (options,) = put_back
    assert patience.PAUSE <= options["countdown"] <= patience.PAUSE + patience.SPREAD
    assert Heartbeat.objects.get(name="outbox.drain").last_error == ""
    assert [record.levelname for record in caplog.records if record.name == "mentoring.patience"] == [
        "WARNING"
    ]


@pytest.mark.covers("D-11")
@pytest.mark.django_db
def test_what_the_database_refuses_is_a_failure(monkeypatch, put_back):
    fail_with(monkeypatch, ProgrammingError("no such table"))
    assert run_in_worker(tasks.drain)[0] == "FAILURE"
    assert put_back == []
    assert Heartbeat.objects.get(name="outbox.drain").last_error == "ProgrammingError"


def test_heartbeats_that_cannot_be_written_keep_nothing_from_running(monkeypatch, put_back, caplog):
    def away(**_values: object) -> None:
        raise OperationalError("connection refused")

    monkeypatch.setattr("operations.services.beat_started", away)
    monkeypatch.setattr("operations.services.beat_finished", away)
    monkeypatch.setattr("outbox.services.drain_for_a_while", lambda *, now: 7)
    assert run_in_worker(tasks.drain) == ("SUCCESS", 7)
    assert "Signal handler" not in caplog.text


def test_whoever_calls_a_task_by_hand_sees_the_error_itself(monkeypatch, put_back):
    fail_with(monkeypatch, OperationalError("connection refused"))
    with pytest.raises(OperationalError):
        tasks.drain()
    assert put_back == []
