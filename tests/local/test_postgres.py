"""The embedded PostgreSQL comes up after whatever happened to it, and keeps what was stored."""

import os
import pwd
import signal
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg2
import pytest

from mentoring.local.identity import SYSTEM_USER
from mentoring.local.layout import Layout
from mentoring.local.postgres import Postgres, recreate_database, stop_server

only_root = pytest.mark.skipif(os.geteuid() != 0, reason="root's way round")


@contextmanager
def running(layout: Layout) -> Iterator[Postgres]:
    postgres = Postgres(layout)
    postgres.create()
    with layout.log_file("postgres").open("ab") as log:
        process = postgres.start(log)
        try:
            postgres.wait_ready(process)
            yield postgres
        finally:
            stop_server(process.pid)
            process.wait()


def execute(layout: Layout, statement: str) -> list[tuple[object, ...]]:
    connection = psycopg2.connect(layout.database_url)
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall() if cursor.description else []
    finally:
        connection.close()


@pytest.mark.covers("D-16")
def test_data_survives_a_stop_a_kill_and_a_pid_file_that_names_somebody_else(layout):
    with running(layout) as postgres:
        execute(layout, "CREATE TABLE kept AS SELECT 1 AS number")
        assert execute(layout, "SHOW server_encoding") == [("UTF8",)]
        assert execute(layout, "SHOW listen_addresses") == [("",)]
    pid_file = postgres.data / "postmaster.pid"
    with running(layout):
        execute(layout, "INSERT INTO kept VALUES (2)")
        pid = int(pid_file.read_text().split()[0])
        os.kill(pid, signal.SIGKILL)
    # The number now belongs to a living process of the same user: PostgreSQL by itself refuses to start.
    pid_file.write_text(pid_file.read_text().replace(str(pid), str(os.getpid()), 1))
    with running(layout):
        assert execute(layout, "SELECT number FROM kept ORDER BY 1") == [(1,), (2,)]


def test_a_server_that_lost_its_supervisor_is_replaced(layout):
    with running(layout) as postgres:
        first = (postgres.data / "postmaster.pid").read_text().split()[0]
        with running(layout):
            assert (postgres.data / "postmaster.pid").read_text().split()[0] != first
            assert execute(layout, "SELECT 1") == [(1,)]


def test_the_database_can_be_begun_anew_while_somebody_is_connected(layout):
    with running(layout):
        execute(layout, "CREATE TABLE gone (number int)")
        connection = psycopg2.connect(layout.database_url)
        recreate_database(layout)
        connection.close()
        assert execute(layout, "SELECT to_regclass('gone')") == [(None,)]


def test_an_interrupted_creation_is_made_again(layout):
    postgres = Postgres(layout)
    postgres.data.mkdir(mode=0o700)
    (postgres.data / "PG_VERSION").write_text("18\n")
    with running(layout):
        assert execute(layout, "SELECT 1") == [(1,)]


@only_root
def test_without_user_namespaces_root_runs_it_as_a_system_user(layout, monkeypatch):
    monkeypatch.setenv("MENTORING_PG_MODE", "copy")
    with running(layout) as postgres:
        pid = int((postgres.data / "postmaster.pid").read_text().split()[0])
        assert os.stat(f"/proc/{pid}").st_uid == pwd.getpwnam(SYSTEM_USER).pw_uid
        assert execute(layout, "SELECT 1") == [(1,)]
        assert layout.outside in postgres.data.parents
        assert os.stat(layout.outside).st_uid == 0


@only_root
def test_the_way_round_is_remembered(layout, monkeypatch):
    monkeypatch.delenv("MENTORING_PG_MODE", raising=False)
    first = Postgres(layout).identity.mode
    monkeypatch.setattr("mentoring.local.identity.Identity._namespace_works", lambda _: first == "copy")
    assert Postgres(layout).identity.mode == first
