"""One PostgreSQL for all test runs of a checkout that go on at the same time.

Each run holds a shared lock. The first starts a keeper, a process of its own that owns the server; the keeper
waits until it can have the lock for itself, that is until the last run has ended, in whatever way, and then
stops the server. Nobody stops a server that others still use.
"""

import signal
import subprocess
import sys
import time
from typing import IO

from mentoring.local import locks
from mentoring.local.folders import make_folders, remove_sockets
from mentoring.local.layout import DATABASE, Layout
from mentoring.local.postgres import Postgres, ServerFailed, answers, stop_server

START_SECONDS = 60


def join(layout: Layout) -> IO[str]:
    """Have a server for as long as the returned file stays open.

    Raises:
        ServerFailed: the server does not start.
    """
    make_folders(layout)
    membership = locks.take(layout.users_file, shared=True)
    if not answers(layout):
        with locks.take(layout.data / "starting"):
            if not answers(layout):
                _start_keeper(layout)
    return membership


def claim_database_name(layout: Layout, suffix: str = "") -> tuple[str, IO[str]]:
    """A suffix for the test database that no other run of this checkout uses now, and the lock that says so.

    The first free one of `suffix`, `suffix_2`, `suffix_3` and so on.
    """
    for number in range(1, 100):
        candidate = suffix if number == 1 else f"{suffix}_{number}".lstrip("_")
        lock = locks.take_now(layout.data / "names" / (candidate or DATABASE))
        if lock:
            return candidate, lock
    raise ServerFailed("A hundred test runs at once? Remove .data/test/names.")


def keep(layout: Layout) -> None:
    """The keeper's life: start, wait for the last user, stop."""
    make_folders(layout)
    with locks.take(layout.data / "keeper"), layout.log_file("postgres").open("wb") as log:
        postgres = Postgres(layout, durable=False)
        process = _start(postgres, log)
        try:
            users = _wait_for_last_user(layout, process)
        finally:
            stop_server(process.pid)
            process.wait()
            remove_sockets(layout)
        if users:
            users.close()  # only now may the next run come in


def _start(postgres: Postgres, log: IO[bytes]) -> subprocess.Popen[bytes]:
    postgres.create()
    process = postgres.start(log)
    try:
        postgres.wait_ready(process, seconds=START_SECONDS / 2)
    except ServerFailed:
        # Nothing is flushed here, so a power cut may have torn the cluster. It holds nothing: once more.
        stop_server(process.pid)
        process.wait()
        postgres.wipe()
        postgres.create()
        process = postgres.start(log)
        postgres.wait_ready(process, seconds=START_SECONDS / 2)
    return process


def _wait_for_last_user(layout: Layout, process: subprocess.Popen[bytes]) -> IO[str] | None:
    """The lock for ourselves, or None when the server ended first."""
    while process.poll() is None:
        alone = locks.take_now(layout.users_file)
        if alone:
            return alone
        time.sleep(0.2)
    return None


def _start_keeper(layout: Layout) -> None:
    log = layout.log_file("keeper")
    with log.open("wb") as output:
        keeper = subprocess.Popen(
            [sys.executable, "-m", "mentoring.local.testserver", layout.name],
            cwd=layout.root,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    end = time.monotonic() + START_SECONDS
    while not answers(layout):
        if keeper.poll() is not None or time.monotonic() > end:
            raise ServerFailed(f"The test server does not start:\n{log.read_text()[-2000:]}")
        time.sleep(0.05)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    keep(Layout(sys.argv[1]))
