"""What load balancers and operators are told, and what they are not."""

import time
from datetime import timedelta
from ipaddress import ip_network

import pytest
from django.conf import settings as project_settings
from django.db import connections
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone

from common.policies import policy_of
from mentoring import health, heartbeat, probes
from mentoring.schedule import JOBS
from operations.services import beat_finished
from outbox.models import Message


@pytest.fixture
def no_database(monkeypatch):
    """The database is away: nobody listens where the settings say it is."""
    elsewhere = connections.settings["default"] | {"HOST": "/nowhere"}
    monkeypatch.setitem(connections.settings, "default", elsewhere)


@pytest.mark.covers("D-11")
def test_healthz_asks_nobody(client, no_database, no_broker):
    answer = client.get(reverse("healthz"))
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
    assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.django_db
def test_readyz_is_well_without_a_broker(client, no_broker):
    answer = client.get(reverse("readyz"))
    assert (answer.status_code, answer.json()) == (200, {"status": "ready"})


@pytest.mark.covers("D-11")
@pytest.mark.django_db
def test_readyz_says_that_the_database_is_away_even_to_a_browser_with_a_session(client, no_database, caplog):
    client.cookies[project_settings.SESSION_COOKIE_NAME] = "anything"
    started = time.monotonic()
    answer = client.get(reverse("readyz"))
    assert time.monotonic() - started < 3
    assert answer.status_code == 503
    assert answer.json() == {"status": "not ready", "reason": "the database does not answer"}
    assert caplog.records == []  # it is asked every second


@pytest.mark.covers("D-11")
@pytest.mark.django_db
def test_readyz_says_how_many_migrations_are_missing(client, monkeypatch):
    known = probes._known_migrations() | {("outbox", "9998_new"): set(), ("outbox", "9999_newer"): set()}
    monkeypatch.setattr(probes, "_known_migrations", lambda: known)
    answer = client.get(reverse("readyz"))
    assert answer.status_code == 503
    assert answer.json()["reason"] == "migrations not applied: 2"


def test_a_migration_of_a_newer_release_does_not_disturb():
    known = set(probes._known_migrations())
    assert probes._settled(known | {("outbox", "9999_from_the_future")}) == known


def test_squashed_migrations_count_as_what_they_replace(monkeypatch):
    known = {("a", "1"): set(), ("a", "2"): set(), ("a", "1_squashed_2"): {("a", "1"), ("a", "2")}}
    monkeypatch.setattr(probes, "_known_migrations", lambda: known)
    assert probes._settled({("a", "1_squashed_2")}) == set(known)
    assert probes._settled({("a", "1"), ("a", "2")}) == set(known)
    assert probes._settled({("a", "1")}) == {("a", "1")}


@pytest.mark.django_db
def test_statusz_tells_each_part(client, valkey):
    for program in ("worker", "beat"):
        heartbeat.record_sign_of_life(program)
    answer = client.get(reverse("statusz"))
    assert answer.status_code == 200
    assert answer.json()["status"] == "ok"
    assert set(answer.json()) == {"status", "database", "broker", "worker", "beat", "jobs", "mail", "notices"}


@pytest.mark.django_db
def test_statusz_names_a_worker_that_is_silent(client, valkey):
    heartbeat.record_sign_of_life("beat")
    found = client.get(reverse("statusz")).json()
    assert found["worker"] == {"ok": False, "detail": "no sign of life"}
    assert found["beat"]["ok"] is True


@pytest.mark.django_db
def test_statusz_names_a_broker_that_is_away_and_answers_all_the_same(client, no_broker):
    started = time.monotonic()
    answer = client.get(reverse("statusz"))
    assert time.monotonic() - started < 3
    assert answer.status_code == 503
    assert answer.json()["broker"] == {"ok": False, "detail": "the broker does not answer"}
    assert answer.json()["worker"]["ok"] is False
    assert answer.json()["mail"]["ok"] is True


@pytest.mark.django_db
@pytest.mark.parametrize(("due_for", "well"), [(timedelta(minutes=9), True), (timedelta(minutes=11), False)])
def test_mail_that_waits_too_long_is_reported(monkeypatch, time_machine, due_for, well):
    time_machine.move_to("2027-02-01T08:00:00Z", tick=False)
    _queue_mail(due_for)
    probe = probes.mail()
    assert probe.ok is well
    assert probe.detail == f"the oldest has been due for {int(due_for.total_seconds())} s"


@pytest.mark.django_db
def test_no_mail_waiting_is_well():
    assert probes.mail() == probes.Probe(True, "none is waiting")


@pytest.mark.covers("D-11")
@pytest.mark.django_db
def test_a_scheduled_job_that_fails_or_stays_away_is_reported(time_machine):
    time_machine.move_to("2027-02-01T08:00:00Z", tick=False)
    quick = min(JOBS, key=lambda job: job.every_seconds)
    beat_finished(name=quick.name, now=timezone.now(), count=0)
    assert probes.scheduled_jobs() == probes.Probe(True, "1 have run")
    time_machine.move_to("2027-02-01T08:09:00Z", tick=False)
    assert probes.scheduled_jobs().ok is True
    time_machine.move_to("2027-02-01T08:11:00Z", tick=False)
    assert probes.scheduled_jobs() == probes.Probe(False, f"overdue: {quick.name}")
    beat_finished(name=quick.name, now=timezone.now(), count=0, error="ValueError")
    assert probes.scheduled_jobs() == probes.Probe(False, f"failed the last time: {quick.name}")


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/statusz"])
def test_health_addresses_are_for_asking_only(client, path):
    assert client.post(path).status_code == 405


def test_a_load_balancer_may_ask_a_bare_address():
    assert Client(SERVER_NAME="10.1.2.3").get("/healthz").status_code == 200


@pytest.mark.parametrize(
    ("address", "forwarded", "proxies", "allowed"),
    [
        ("10.0.0.7", "", 0, True),
        ("192.0.2.1", "", 0, False),
        ("192.0.2.1", "10.0.0.7", 0, False),  # anybody can write that header
        ("10.0.0.9", "192.0.2.1", 1, False),  # the proxy is allowed, who asks is not
        ("10.0.0.9", "10.0.0.7, 192.0.2.1", 1, False),
        ("10.0.0.9", "192.0.2.1, 10.0.0.7", 1, True),
        ("10.0.0.7", "", 1, True),  # past the proxy, from inside
        ("", "", 0, False),
    ],
)
def test_statusz_does_not_exist_for_others(settings, address, forwarded, proxies, allowed):
    settings.STATUS_ALLOWED_NETWORKS = [ip_network("10.0.0.0/24")]
    settings.TRUSTED_PROXY_COUNT = proxies
    request = RequestFactory().get("/statusz", REMOTE_ADDR=address, HTTP_X_FORWARDED_FOR=forwarded)
    assert health._is_allowed(health.client_address(request)) is allowed


@pytest.mark.covers("D-11")
def test_statusz_answers_404_to_others(client, settings):
    settings.STATUS_ALLOWED_NETWORKS = []
    answer = client.get("/statusz")
    assert (answer.status_code, answer.content) == (404, b"")


def test_who_may_ask_is_declared():
    assert [policy_of(view) for view in health.VIEWS.values()] == ["public", "public", "operator"]


@pytest.mark.covers("D-11")
@pytest.mark.django_db
def test_no_health_page_tells_a_version(client, valkey):
    import celery
    import django

    pages = "".join(client.get(path).content.decode() for path in health.VIEWS)
    assert not [version for version in (django.__version__, celery.__version__) if version in pages]


def _queue_mail(due_for: timedelta) -> None:
    now = timezone.now()
    Message.objects.create(
        key="a-key",
        kind="meeting_reminder",
        address="a@example.com",
        language="en",
        time_zone="Europe/Amsterdam",
        context={},
        message_id="<a@example.com>",
        policy="resend",
        created_at=now - due_for,
        not_before=now - due_for,
    )
