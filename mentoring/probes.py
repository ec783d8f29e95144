"""Questions that health pages and `doctor` ask: does the database answer, the broker, the worker, beat?

Each answers within a few seconds whatever is down, and in words without versions or addresses.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from django.db import DEFAULT_DB_ALIAS, Error, connections
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from redis import RedisError

from mentoring import heartbeat

Migrations = set[tuple[str, str]]


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
        return Probe(False, f"{missing} migrations have not been applied")
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
