"""`make run` from outside: what it serves, what it says when a part is away, and that nothing stays behind."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator

import psycopg2
import pytest

from mentoring.local.envfile import ROOT
from mentoring.local.folders import remove_data
from mentoring.local.processes import is_gone
from mentoring.local.site import RunningSite, own_surroundings


@pytest.fixture
def site() -> Iterator[RunningSite]:
    """A site beside the developer's; its static files are kept from one test run to the next."""
    static = {"STATIC_ROOT": str(ROOT / ".data" / "static-for-tests")}
    made = RunningSite(f"try-{os.getpid() % 10**6}", environment=static)
    remove_data(made.layout)
    yield made
    try:
        if made.process is not None and made.process.poll() is None:
            made.stop()
    finally:
        remove_data(made.layout)


def test_the_whole_site(site):
    site.start()
    _serves(site)
    _is_refused_a_second_time(site)
    _does_without_a_broker(site)
    _marks(site)
    programs = list(site.pids().values())
    _killed(site)
    site.wait_until_gone(programs, 15)
    site.start()
    _has_kept_the_mark(site)
    programs = list(site.pids().values())
    assert site.stop() == 0
    assert all(is_gone(pid) for pid in programs)
    assert not site.layout.run.exists()


def _serves(site: RunningSite) -> None:
    assert site.get("/healthz")[0] == 200
    assert site.get("/readyz")[0] == 200
    status, page = site.get("/")
    assert status == 200
    assert 'name="email"' in page
    site.wait_until(lambda: site.get("/statusz")[0] == 200, "to be well", 40)


def _is_refused_a_second_time(site: RunningSite) -> None:
    again = subprocess.run(
        site.command, cwd=ROOT, env=site.environment, capture_output=True, text=True, check=False
    )
    assert again.returncode == 1
    assert "runs already" in again.stderr
    port = site.address.rpartition(":")[2]
    elsewhere = [sys.executable, "-m", "mentoring.local.run", "--layout", "try-port", "--no-sample"]
    taken = subprocess.run(
        elsewhere,
        cwd=ROOT,
        env=own_surroundings() | {"PORT": port},
        capture_output=True,
        text=True,
        check=False,
    )
    assert taken.returncode == 1
    assert f"Port {port} is already taken" in taken.stderr


def _does_without_a_broker(site: RunningSite) -> None:
    with site.without("valkey"):
        site.wait_until(
            lambda: site.get_json("/statusz")[1]["broker"]["ok"] is False, "to miss its broker", 10
        )
        assert site.get("/readyz")[0] == 200
        assert site.get("/")[0] == 200


def _marks(site: RunningSite) -> None:
    with psycopg2.connect(site.layout.database_url) as connection, connection.cursor() as cursor:
        cursor.execute("CREATE TABLE mark AS SELECT 7 AS number")


def _killed(site: RunningSite) -> None:
    assert site.process is not None
    site.process.send_signal(signal.SIGKILL)
    site.process.wait()


def _has_kept_the_mark(site: RunningSite) -> None:
    with psycopg2.connect(site.layout.database_url) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT number FROM mark")
        assert cursor.fetchall() == [(7,)]
