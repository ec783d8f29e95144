"""Test runs that overlap share one server; the last one out turns it off, however it leaves."""

import subprocess
import sys
import time

import psycopg2
import pytest

from mentoring.local import locks, testserver
from mentoring.local.envfile import ROOT
from mentoring.local.folders import remove_data
from mentoring.local.layout import Layout
from mentoring.local.postgres import answers, client_program

# Joins, says so, and stays until it is told to go or killed.
RUN = """
import sys
from mentoring.local import testserver
from mentoring.local.layout import Layout
membership = testserver.join(Layout(sys.argv[1]))
print("in", flush=True)
sys.stdin.readline()
"""


def start_run(layout: Layout) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", RUN, layout.name]
    return subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def said(run: subprocess.Popen[str]) -> str:
    assert run.stdout is not None
    return run.stdout.readline().strip()


def wait_until_off(layout: Layout) -> None:
    end = time.monotonic() + 15
    while answers(layout) or layout.run.exists():
        assert time.monotonic() < end, "the server still runs"
        time.sleep(0.1)


@pytest.fixture
def shared():
    """A layout in this checkout that no real test run uses."""
    layout = Layout("try-shared")
    yield layout
    wait_until_off(layout)
    with locks.take(layout.data / "keeper"):
        remove_data(layout)


def test_the_server_lives_as_long_as_its_last_user(shared):
    first, second = start_run(shared), start_run(shared)  # at the same moment
    assert (said(first), said(second)) == ("in", "in")
    first.communicate("go\n")
    time.sleep(0.5)
    assert answers(shared)
    second.kill()
    second.wait()
    wait_until_off(shared)
    third = start_run(shared)
    assert said(third) == "in"
    assert answers(shared)
    third.communicate("go\n")


def test_each_run_gets_a_database_name_of_its_own(layout):
    first, lock = testserver.claim_database_name(layout)
    second, other = testserver.claim_database_name(layout)
    mine, third = testserver.claim_database_name(layout, "anna")
    again, fourth = testserver.claim_database_name(layout, "anna")
    assert (first, second, mine, again) == ("", "2", "anna", "anna_2")
    lock.close()
    assert testserver.claim_database_name(layout)[0] == ""
    for each in (other, third, fourth):
        each.close()


@pytest.mark.django_db
def test_the_servers_own_client_programs_are_at_hand(settings):
    database = settings.DATABASES["default"]
    dump = [str(client_program("pg_dump")), "-h", database["HOST"], "-U", database["USER"], "--schema-only"]
    with psycopg2.connect(host=database["HOST"], user=database["USER"], dbname="postgres") as connection:
        version = connection.server_version
    answer = subprocess.run([*dump, "postgres"], capture_output=True, text=True, check=True)
    assert f"-- Dumped from database version {version // 10000}." in answer.stdout
