"""The broker is a doorbell: one ring a transaction, and nothing lost when nobody hears it."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
from celery import current_app
from django.db import transaction

from outbox import tasks
from outbox.models import Message, Relay
from outbox.querysets import DatabaseClock
from outbox.services import Draft, drain, drain_for_a_while, draining, queue_many, queueing, recover
from tests.outbox.conftest import ANNA, NOW, end_lease, write


@pytest.fixture
def rings(monkeypatch):
    """Every ring there was, instead of a broker."""
    heard: list[str] = []
    monkeypatch.setattr(queueing, "enqueue_named", lambda name: heard.append(name) or True)
    return heard


@pytest.mark.django_db(transaction=True)
def test_one_ring_for_all_mails_of_a_transaction(rings):
    with transaction.atomic():
        for name in range(5):
            write(str(name))
        draft = Draft(kind="monthly_meeting", key="monthly_meeting:9:9", to=ANNA, context={}, programme_id=1)
        queue_many([draft], now=NOW)
        assert rings == []
    assert rings == ["outbox.drain"]


@pytest.mark.django_db(transaction=True)
def test_no_ring_for_what_is_undone_not_due_or_known(rings):
    with transaction.atomic():
        write("1")
        transaction.set_rollback(True)
    write("2", not_before=NOW + timedelta(days=1))
    assert rings == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.covers("D-02")
def test_a_broker_that_is_away_costs_nothing(smtp_server, settings):
    """The mail is committed; the clock, or run_outbox, finds it."""
    before = current_app.conf.broker_url
    current_app.conf.broker_url = "redis://127.0.0.1:1/0"
    try:
        start = time.monotonic()
        write()
        assert time.monotonic() - start < 1.5
    finally:
        current_app.conf.broker_url = before
    assert drain(now=NOW) == 1


@pytest.mark.django_db
def test_a_turn_that_ends_early_rings_for_the_next(rings, smtp_server, monkeypatch):
    monkeypatch.setattr(draining, "A_WHILE", timedelta(0))
    write()
    assert drain_for_a_while(now=NOW) == 0
    assert rings == ["outbox.drain"]
    monkeypatch.setattr(draining, "A_WHILE", timedelta(seconds=8))
    assert drain_for_a_while(now=NOW) == 1
    assert rings == ["outbox.drain"], "nothing more is due"


@pytest.mark.django_db
def test_no_ringing_in_circles_while_the_server_is_away(rings, smtp_server):
    smtp_server.hang_up(at="CONNECT")
    write()
    assert drain_for_a_while(now=NOW) == drain_for_a_while(now=NOW) == 0
    assert rings == []


@pytest.mark.django_db
def test_what_is_recovered_is_rung_for(rings, smtp_server):
    smtp_server.hang_up(at="END", times=1)
    message = write()
    drain(now=NOW)
    end_lease(message)
    recover(now=NOW)
    assert rings == ["outbox.drain"]


@pytest.mark.django_db
@pytest.mark.covers("D-01")
def test_the_workers_doorways(smtp_server, rings):
    write(not_before=NOW - timedelta(days=3000))
    assert tasks.drain() == 1
    assert tasks.recover() == tasks.retention() == 0
    assert Message.objects.get().state == "sent"


@pytest.mark.django_db
def test_an_urgent_mail_does_not_wait_behind_a_server_that_was_left_alone(smtp_server, rings):
    smtp_server.hang_up(at="CONNECT", times=1)
    write("1")
    drain(now=NOW)
    write("2", priority=0)
    Relay.objects.update(retry_at=DatabaseClock())
    assert drain(now=NOW) == 2
    assert smtp_server.mails[0].recipients == ["person2@example.com"]
