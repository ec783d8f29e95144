"""The clock's table, its heartbeats, and the commands that stand in for it."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
import time_machine
from celery import current_app
from django.core.management import CommandError, call_command

from mentoring import schedule
from mentoring.management.commands.run_outbox import Command
from mentoring.schedule import BEAT_SCHEDULE, JOBS, ScheduledJob
from operations.models import Heartbeat
from outbox import tasks
from outbox.models import Message
from tests.outbox.conftest import NOW, state_of, write

pytestmark = pytest.mark.django_db
TODAY = datetime(2026, 11, 22, 10, tzinfo=UTC)


def run(*arguments: str) -> str:
    out = StringIO()
    call_command(*arguments, stdout=out, stderr=StringIO())
    return out.getvalue()


def fail(*, now: datetime) -> int:
    raise ZeroDivisionError


def count_three(*, now: datetime) -> int:
    return 3


@pytest.fixture
def only(monkeypatch):
    """Only these jobs stand in the table."""

    def only(*jobs: ScheduledJob) -> None:
        monkeypatch.setattr(schedule, "JOBS", list(jobs))

    return only


def job(name: str, service: str, **more: bool) -> ScheduledJob:
    return ScheduledJob(name, 60, f"tests.outbox.test_schedule.{service}", name, **more)


# --- the table ----------------------------------------------------------------------------------------


@pytest.mark.covers("D-01")
def test_each_line_names_a_service_and_a_task_that_exist():
    current_app.loader.import_default_modules()
    assert len({job.name for job in JOBS}) == len(JOBS)
    for line in JOBS:
        assert callable(line.service)
        assert line.task in current_app.tasks
        assert line.every_seconds >= 20


def test_beat_rings_at_intervals_in_utc_and_no_ring_outlives_the_next():
    assert current_app.conf.beat_schedule == BEAT_SCHEDULE
    assert current_app.conf.timezone == "UTC"
    for line in JOBS:
        entry = BEAT_SCHEDULE[line.name]
        assert entry["task"] == line.task
        assert entry["schedule"] == entry["options"]["expires"] == line.every_seconds


# --- heartbeats ---------------------------------------------------------------------------------------


@pytest.mark.covers("D-11")
def test_a_task_leaves_its_heartbeat(smtp_server):
    write(not_before=NOW - timedelta(days=3000))
    tasks.drain.apply()
    beat = Heartbeat.objects.get(name="outbox.drain")
    assert beat.last_count == 1
    assert beat.last_started_at <= beat.last_finished_at
    assert beat.last_error == ""


@pytest.mark.covers("D-11")
def test_a_task_that_fails_says_so_in_its_heartbeat(monkeypatch):
    monkeypatch.setattr("outbox.services.drain_for_a_while", fail)
    tasks.drain.apply()
    assert Heartbeat.objects.get(name="outbox.drain").last_error == "ZeroDivisionError"


# --- run_schedule -------------------------------------------------------------------------------------


@time_machine.travel(TODAY, tick=False)
def test_run_schedule_counts_each_job_and_goes_on_after_a_failure(only):
    only(job("late", "count_three", is_last=True), job("broken", "fail"), job("good", "count_three"))
    out = StringIO()
    with pytest.raises(CommandError, match="broken"):
        call_command("run_schedule", "--json", stdout=out)
    assert json.loads(out.getvalue()) == {
        "now": "2026-11-22T10:00:00Z",
        "jobs": [
            {"name": "broken", "count": 0, "error": "ZeroDivisionError"},
            {"name": "good", "count": 3, "error": ""},
            {"name": "late", "count": 3, "error": ""},
        ],
    }
    assert Heartbeat.objects.get(name="broken").last_error == "ZeroDivisionError"


@time_machine.travel(TODAY, tick=False)
def test_run_schedule_sends_what_is_due_at_its_instant(smtp_server, only):
    """Decision 40."""
    only(*(line for line in JOBS if line.name.startswith("outbox")))
    message = write(not_before=datetime(2027, 2, 1, 8, tzinfo=UTC))
    run("run_schedule", "--now", "2027-02-01T07:59:59Z", "--allow-future")
    assert state_of(message)[0] == "queued"
    text = run("run_schedule", "--now", "2027-02-01T08:00:00Z", "--allow-future")
    assert "1  outbox.drain" in text
    assert state_of(message) == ("sent", "")
    assert "0  outbox.drain" in run("run_schedule", "--now", "2027-02-01T08:00:00Z", "--allow-future")
    assert len(smtp_server.mails) == 1


@time_machine.travel(TODAY, tick=False)
@pytest.mark.parametrize(
    ("instant", "words"),
    [
        ("2026-11-22T10:00:01Z", "has not come yet"),
        ("2026-11-22T10:00:00", "names no time zone"),
        ("tomorrow", "is no instant"),
    ],
)
def test_run_schedule_refuses_in_words(only, instant, words):
    only(job("good", "count_three"))
    with pytest.raises(CommandError, match=words):
        call_command("run_schedule", "--now", instant)
    assert not Heartbeat.objects.exists()


@time_machine.travel(TODAY, tick=False)
def test_run_schedule_takes_an_instant_of_any_zone(only):
    only(job("good", "count_three"))
    assert "As of 2026-11-22T09:30:00Z" in run("run_schedule", "--now", "2026-11-22T10:30:00+01:00")


def test_run_schedule_tells_when_the_mail_server_is_away(smtp_server, only):
    only(*(line for line in JOBS if line.name == "outbox.drain"))
    smtp_server.hang_up(at="CONNECT")
    write(not_before=NOW - timedelta(days=3000))
    words = StringIO()
    call_command("run_schedule", stdout=StringIO(), stderr=words)
    assert "The mail server has not let us in since" in words.getvalue()


# --- outbox, run_outbox -------------------------------------------------------------------------------


def test_outbox_counts_per_kind_and_state(smtp_server):
    write("1", not_before=NOW - timedelta(days=3000))
    run("run_outbox")
    write("2", not_before=NOW + timedelta(days=900))
    write("3", kind="eval_open", not_before=NOW + timedelta(days=900))
    report = json.loads(run("outbox", "--json"))
    assert report["kinds"]["eval_open"] == {"queued": 1}
    assert report["kinds"]["monthly_meeting"] == {"queued": 1, "sent": 1}
    assert report["total"]["queued"] == 2
    assert set(report["total"]) == {
        "queued",
        "claimed",
        "sending",
        "sent",
        "uncertain",
        "dead",
        "cancelled",
    }
    text = run("outbox")
    assert "eval_open" in text
    assert "person" not in text


def test_outbox_of_nothing():
    assert "empty" in run("outbox")


def test_outbox_sends_failed_mail_of_a_discreet_kind_again(smtp_server):
    smtp_server.answer("550 5.1.1 Unknown", at="RCPT", times=2)
    for name in ("1", "2"):
        write(name, kind="eval_open", not_before=NOW - timedelta(days=3000))
    run("run_outbox")
    assert json.loads(run("outbox", "--json"))["kinds"]["eval_open"] == {"dead": 2}
    run("outbox", "--send-again", "eval_open")
    assert "2 sent" in run("run_outbox")
    assert set(Message.objects.values_list("state", flat=True)) == {"cancelled", "sent"}


@pytest.mark.covers("D-02")
def test_run_outbox_sends_without_celery(smtp_server):
    write(not_before=NOW - timedelta(days=3000))
    assert "1 sent" in run("run_outbox")
    assert "0 sent" in run("run_outbox")


def test_run_outbox_loops_until_it_is_asked_to_stop(smtp_server, monkeypatch):
    turns = []
    write(not_before=NOW - timedelta(days=3000))
    once = Command._once

    def counted(self: Command) -> int:
        turns.append(once(self))
        if len(turns) == 3:
            self.stopping.set()
        return turns[-1]

    monkeypatch.setattr(Command, "_once", counted)
    monkeypatch.setattr("signal.signal", lambda number, handler: None)
    assert "1 sent" in run("run_outbox", "--loop", "--every", "0.01")
    assert turns == [1, 0, 0]
