"""A test database as the migrations leave it, kept in the tests' own cluster so that the next is copied from it.

Carrying out every migration takes much longer than most test files; the copy takes a moment, and Django still asks
it for migrations that it has not seen.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import psycopg2
from django.conf import settings
from django.db import connection
from psycopg2 import errors, sql

from mentoring.local import locks
from mentoring.local.layout import DATABASE, Layout

ROOT = Path(__file__).resolve().parent.parent
PREFIX = f"template_{DATABASE}_"
#: What a migrated database is made of, beside the migrations: the versions of packages, and texts that are loaded.
SOURCES = ("*/migrations/*.py", "*/*/migrations/*.py", "requirements.txt", "*/**/*.json")


@cache
def name() -> str:
    """The template's name: other migrations, another name."""
    digest = hashlib.sha256()
    for pattern in SOURCES:
        for path in sorted(ROOT.glob(pattern)):
            parts = path.relative_to(ROOT).parts
            if not parts[0].startswith(".") and parts[0] not in ("static", "tests"):
                digest.update(path.name.encode() + path.read_bytes())
    return PREFIX + digest.hexdigest()[:16]


def exists() -> bool:
    """Whether there is a database to copy from."""
    with _server() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name()])
        return cursor.fetchone() is not None


def keep() -> None:
    """Make the template from this run's database, which no test has touched yet; a second time does nothing."""
    own = str(connection.settings_dict["NAME"])
    connection.close()
    with locks.take(Layout("test").data / "template"):
        if exists():
            return
        with _server() as cursor:
            cursor.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [PREFIX])
            for (old,) in cursor.fetchall():
                _drop(cursor, old)
            copy = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
            cursor.execute(copy.format(sql.Identifier(name()), sql.Identifier(own)))


def _drop(cursor: psycopg2.extensions.cursor, old: str) -> None:
    try:
        cursor.execute(sql.SQL("DROP DATABASE {}").format(sql.Identifier(old)))
    except errors.ObjectInUse:
        return  # another run copies from it at this moment


@contextmanager
def _server() -> Iterator[psycopg2.extensions.cursor]:
    """A cursor in the cluster itself, outside any transaction: databases are made and dropped there."""
    given = settings.DATABASES["default"]
    link = psycopg2.connect(dbname="postgres", user=given["USER"], host=given["HOST"])
    link.autocommit = True
    try:
        yield link.cursor()
    finally:
        link.close()
