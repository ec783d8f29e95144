"""Questions that health pages and `doctor` ask: does the database answer, the broker, the worker, beat?

Each answers within a few seconds whatever is down, and in words without versions or addresses.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from django.db import DEFAULT_DB_ALIAS, Error, connections
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Min
from django.utils import timezone
from redis import RedisError

from mentoring import heartbeat
from mentoring.schedule import JOBS, ScheduledJob
from mentoring.told import people_out_of_reach
from operations.models import Heartbeat
from outbox.models import Message

Migrations = set[tuple[str, str]]

#: A mail that has been due for longer than this is late.
MAIL_LATE_AFTER = timedelta(minutes=10)
#: A scheduled job is overdue after three of its intervals, but not sooner than this.
JOBS_LATE_AFTER = timedelta(minutes=10)


@dataclass(frozen=True)
class Probe:
    """Whether it is well, and in words what was found."""

    ok: bool
    detail: str


def database() -> Probe:
    """Whether pages can be served: the database answers and has every migration that this code knows.

    Asks over a connection of its own: a kept one may hang on a server that has stopped, a new one gives up after
    the `connect_timeout` of the settings (2 s).
    """
    connection = connections.create_connection(DEFAULT_DB_ALIAS)
    try:
        applied = set(MigrationRecorder(connection).applied_migrations())
    except (Error, OSError):
        return Probe(False, "the database does not answer")
    finally:
        connection.close()
    missing = len(_known_migrations()) - len(_settled(applied))
    if missing:
        return Probe(False, f"migrations not applied: {missing}")
    return Probe(True, "answers, all migrations applied")


def broker() -> Probe:
    """Whether the broker answers, within a second."""
    try:
        heartbeat.client().ping()
    except (RedisError, OSError):
        return Probe(False, "the broker does not answer")
    return Probe(True, "answers")


def program(name: str) -> Probe:
    """Whether "worker" or "beat" gave a sign of life lately."""
    try:
        heard = heartbeat.age(name)
    except (RedisError, OSError):
        return Probe(False, "unknown while the broker does not answer")
    if heard is None:
        return Probe(False, "no sign of life")
    return Probe(heartbeat.is_alive(heard), f"sign of life {heard.seconds} s ago")


def mail() -> Probe:
    """Whether mail leaves: no mail has been due for longer than `MAIL_LATE_AFTER`."""
    now = timezone.now()
    oldest = Message.objects.due(now).aggregate(oldest=Min("not_before"))["oldest"]
    if oldest is None:
        return Probe(True, "none is waiting")
    waiting = now - oldest
    return Probe(waiting <= MAIL_LATE_AFTER, f"the oldest has been due for {int(waiting.total_seconds())} s")


def scheduled_jobs() -> Probe:
    """Whether the clock's jobs get done: none failed the last time, none is long overdue (D-11)."""
    now = timezone.now()
    pulse = {beat.name: beat for beat in Heartbeat.objects.all()}
    known = [(job, pulse[job.name]) for job in JOBS if job.name in pulse]
    failing = [job.name for job, beat in known if beat.last_error]
    late = [job.name for job, beat in known if _is_overdue(job, beat.last_finished_at, now)]
    if failing or late:
        parts = [("failed the last time", failing), ("overdue", late)]
        return Probe(False, "; ".join(f"{what}: {', '.join(names)}" for what, names in parts if names))
    return Probe(True, f"{len(known)} have run")


def deletion_notices() -> Probe:
    """Whether everybody whose data is about to be deleted can be told so by mail (B-10)."""
    number = people_out_of_reach(timezone.now()).count()
    return Probe(not number, f"{number} cannot be delivered" if number else "none is stuck")


def _is_overdue(job: ScheduledJob, finished_at: datetime | None, now: datetime) -> bool:
    patience = max(timedelta(seconds=3 * job.every_seconds), JOBS_LATE_AFTER)
    return finished_at is not None and now - finished_at > patience


def _settled(applied: Migrations) -> Migrations:
    """The known migrations that need not run any more: applied, or squashed into or from applied ones."""
    known = _known_migrations()
    covered = set(applied)
    for key, replaced in known.items():
        if key in applied:
            covered |= replaced
        elif replaced and replaced <= applied:
            covered.add(key)
    return covered & set(known)


@cache
def _known_migrations() -> dict[tuple[str, str], Migrations]:
    """Every migration in the code, with those that it replaces."""
    loader = MigrationLoader(None)
    return {key: set(migration.replaces) for key, migration in loader.disk_migrations.items()}
