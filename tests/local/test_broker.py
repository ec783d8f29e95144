"""Ringing the workers never holds up a page, and their signs of life reach whoever asks."""

import time
from datetime import timedelta

import pytest
from celery import Celery
from redis import RedisError

from common.broker import enqueue
from mentoring import celery_settings, heartbeat, probes
from mentoring.schedule import BEAT_SCHEDULE


@pytest.fixture
def task(layout):
    """A task of an application with the site's own settings, whose broker lives in the layout."""
    app = Celery("test", broker=layout.broker_url, set_as_current=False)
    app.config_from_object(celery_settings, namespace="CELERY")

    @app.task(name="tests.nothing", shared=False)
    def nothing(number: int) -> None: ...

    yield nothing
    app.close()


@pytest.mark.covers("D-02")
def test_without_a_broker_ringing_fails_at_once_and_without_an_error(task):
    enqueue(task, 1)  # the first call also imports the transport
    started = time.monotonic()
    assert enqueue(task, 1) is False
    assert time.monotonic() - started < 0.2


def test_with_a_broker_the_message_is_there(task, valkey):
    assert enqueue(task, 1) is True
    assert heartbeat.client().llen("celery") == 1


def test_ringing_works_again_as_soon_as_the_broker_is_back(task, layout, request):
    assert enqueue(task, 1) is False
    request.getfixturevalue("valkey")
    assert enqueue(task, 1) is True


def test_a_sign_of_life_has_an_age_and_an_end(valkey, monkeypatch):
    assert heartbeat.age("worker") is None
    heartbeat.record_sign_of_life("worker")
    assert heartbeat.age("worker") < timedelta(seconds=2)
    monkeypatch.setattr(heartbeat, "LATE_AFTER", timedelta(0))
    time.sleep(0.02)
    assert probes.program("worker").ok is False
    heartbeat.client().pexpire("mentoring:heartbeat:worker", 1)
    time.sleep(0.02)
    assert probes.program("worker").detail == "no sign of life"


def test_without_a_broker_a_sign_of_life_disturbs_nobody(no_broker):
    heartbeat.record_sign_of_life("beat")
    with pytest.raises((RedisError, OSError)):
        heartbeat.age("beat")
    assert probes.program("beat").ok is False


@pytest.mark.parametrize(
    ("broker_url", "expected"),
    [
        ("redis+socket:///run/valkey.sock", "unix:///run/valkey.sock?db=0"),
        ("redis+socket:///run/valkey.sock?virtual_host=3", "unix:///run/valkey.sock?db=3"),
        ("rediss://:secret@host:6380/1", "rediss://:secret@host:6380/1"),
    ],
)
def test_one_address_serves_celery_and_the_heartbeats(broker_url, expected):
    assert heartbeat.redis_url(broker_url) == expected


@pytest.fixture
def scheduler(valkey):
    app = Celery("test", broker=valkey.broker_url, set_as_current=False)
    app.config_from_object(celery_settings, namespace="CELERY")
    app.conf.beat_schedule = {"daily": {"task": "tests.daily", "schedule": 86_400.0}}
    yield heartbeat.BeatingScheduler(app=app)
    app.close()


def test_beat_lives_and_every_job_is_due_when_it_starts(scheduler):
    scheduler.tick()
    assert heartbeat.is_alive(heartbeat.age("beat"))
    assert heartbeat.client().llen("celery") == 1
    scheduler.tick()
    assert heartbeat.client().llen("celery") == 1  # and then only once a day


def test_a_ring_that_was_lost_costs_one_line_and_is_made_good(scheduler, caplog, monkeypatch):
    monkeypatch.setattr(heartbeat, "BEAT_EVERY", 0.0)
    elsewhere = scheduler.app.connection("redis+socket:///nowhere.sock")
    with monkeypatch.context() as away:
        away.setattr(type(scheduler), "producer", scheduler.app.amqp.Producer(elsewhere, auto_declare=False))
        scheduler.tick()
    (line,) = [record for record in caplog.records if "not sent" in record.message]
    assert "daily" in line.message
    assert line.exc_info is None
    assert heartbeat.client().llen("celery") == 0
    scheduler.tick()  # long before the day is over
    scheduler.tick()
    assert heartbeat.client().llen("celery") == 1


def test_the_clock_knows_intervals_only():
    assert all(isinstance(job["schedule"], int | float) for job in BEAT_SCHEDULE.values())
