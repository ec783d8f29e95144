"""The real servers of a drill: PostgreSQL with durable commits, Valkey, a mail server, workers, the clock.

Everything is started here and ended here, by its own number; a layout of its own keeps it away from the
developer's data and from the tests'.
"""

from __future__ import annotations

import json
import os
import signal
import smtplib
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import IO, Any

from mentoring.local.folders import empty_data, make_folders, remove_sockets
from mentoring.local.layout import Layout
from mentoring.local.ports import listen_anywhere, port_of
from mentoring.local.postgres import Postgres, stop_server
from mentoring.local.processes import die_with_parent
from mentoring.local.valkey import start_valkey

Process = subprocess.Popen[bytes]


class DrillFailed(Exception):
    """What a drill saw is not what must be."""


class Stage:
    """The servers, while used as a context manager. Django is set up on them inside.

    Args:
        name: of the layout.
        broker: whether Valkey is wanted.
    """

    def __init__(self, name: str, *, broker: bool = True) -> None:
        self.layout = Layout(name)
        self.broker = broker
        self.processes: list[Process] = []
        self.logs: dict[str, IO[bytes]] = {}

    def __enter__(self) -> Stage:
        make_folders(self.layout)
        empty_data(self.layout)
        self.postgres = Postgres(self.layout)
        self.postgres.create()
        self.start_postgres()
        if self.broker:
            self.start_valkey()
        self._set_up_django()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        from django.db import connections

        connections.close_all()
        for process in reversed(self.processes):
            kill(process, signal.SIGKILL) if process is not self.server else stop_server(process.pid)
            process.wait()
        for log in self.logs.values():
            log.close()
        remove_sockets(self.layout)

    # --- servers

    def start_postgres(self) -> None:
        self.server = self.postgres.start(self.log("postgres"))
        self.processes.append(self.server)
        self.postgres.wait_ready(self.server)

    def crash_postgres(self) -> None:
        """As `pg_ctl -m immediate stop`: nothing is written out, and the next start replays the log."""
        self.server.send_signal(signal.SIGQUIT)
        self.server.wait(30)
        self.start_postgres()

    def start_valkey(self) -> None:
        self.valkey = start_valkey(self.layout, self.log("valkey"))
        self.processes.append(self.valkey)
        self.wait_for(self.layout.broker_socket.exists, "Valkey", 20)

    def crash_valkey(self) -> None:
        """Killed, and started again with nothing in it."""
        self.valkey.kill()
        self.valkey.wait(10)
        for path in (self.layout.data / "valkey").rglob("*"):
            if path.is_file():
                path.unlink()
        self.start_valkey()

    @contextmanager
    def mail_server(
        self,
        name: str,
        *,
        seconds: float = 0.0,
        chances: Mapping[str, float] | None = None,
        certificate: Path | None = None,
    ) -> Iterator[MailServer]:
        """A mail server with an empty log; the settings of this process and of those to come lead to it."""
        log = self.layout.data / f"arrived-{name}.jsonl"
        log.unlink(missing_ok=True)
        log.touch()
        listener = listen_anywhere()
        command = ["tests.drill.sink", "--fd", str(listener.fileno()), "--log", str(log)]
        command += ["--seconds", str(seconds), "--chances", json.dumps(dict(chances or {}))]
        if certificate:
            command += ["--certificate", str(certificate)]
        process = self.python(*command, inherit=listener)
        port = port_of(listener)
        listener.close()
        self._use(port)
        try:
            self.wait_for(lambda: answers(port), "the mail server", 30)
            yield MailServer(port, log)
        finally:
            process.terminate()
            process.wait(10)

    # --- programs of the project

    def worker(self, *, processes: int = 2) -> Process:
        """A Celery worker for everything, as `make run` has one."""
        return self.python(
            "celery", "-q", "-A", "tests.drill.hands", "worker", "--concurrency", str(processes), "--hostname",
            f"drill{time.monotonic_ns()}@local", "--without-gossip", "--without-mingle", "--loglevel", "ERROR",
            log="worker",
        )  # fmt: skip

    def beat(self) -> Process:
        return self.python(
            "celery",
            "-q",
            "-A",
            "tests.drill.hands",
            "beat",
            "--pidfile=",
            "--loglevel",
            "ERROR",
            "--schedule",
            str(self.layout.data / f"beat-{time.monotonic_ns()}"),
            log="beat",
        )

    def outbox_loop(self) -> Process:
        """`manage.py run_outbox --loop`: sending without broker, by a command."""
        return self.python("tests.drill.hands", "run_outbox", "--loop", "--every", "0.2", log="run_outbox")

    def python(self, *arguments: str, inherit: socket.socket | None = None, log: str = "programs") -> Process:
        """Start a Python module, in a session of its own."""
        process = subprocess.Popen(
            [sys.executable, "-m", *arguments],
            cwd=self.layout.root,
            env=os.environ | {"PYTHONWARNINGS": "ignore"},
            stdin=subprocess.DEVNULL,
            stdout=self.log(log),
            stderr=self.log(log),
            start_new_session=True,
            pass_fds=[inherit.fileno()] if inherit else [],
            preexec_fn=die_with_parent(signal.SIGKILL),
        )
        self.processes.append(process)
        return process

    # --- small things

    def log(self, name: str) -> IO[bytes]:
        if name not in self.logs:
            self.logs[name] = self.layout.log_file(name).open("ab")
        return self.logs[name]

    def wait_for(self, condition: Callable[[], Any], what: str, seconds: float) -> None:
        """Wait until something is true.

        Raises:
            DrillFailed: it was not, in time.
        """
        end = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > end:
                raise DrillFailed(f"waited {seconds:.0f} s for {what}")
            time.sleep(0.05)

    def _set_up_django(self) -> None:
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", interactive=False, verbosity=0)

    def _use(self, port: int) -> None:
        from django.conf import settings

        os.environ["EMAIL_HOST"], os.environ["EMAIL_PORT"] = "localhost", str(port)
        settings.EMAIL_HOST, settings.EMAIL_PORT = "localhost", port
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"


class MailServer:
    """Where it listens and what has arrived."""

    def __init__(self, port: int, log: Path) -> None:
        self.port = port
        self.log = log

    def arrived(self) -> list[dict[str, Any]]:
        """Every mail taken over so far."""
        lines = self.log.read_text().splitlines()
        return [json.loads(line) for line in lines if line.endswith("}")]


def choose(name: str) -> None:
    """Lead this process and all it starts to the layout of this name, whatever the surroundings say."""
    for given in ("DATABASE_URL", "REDIS_URL", "EMAIL_HOST", "EMAIL_PORT"):
        os.environ.pop(given, None)
    os.environ.update(
        MENTORING_LOCAL="1", MENTORING_LAYOUT=name, DJANGO_SETTINGS_MODULE="mentoring.settings", SITE_URL="",
    )  # fmt: skip
    os.environ.pop("SITE_URL")


def answers(port: int) -> bool:
    """Whether a mail server speaks there."""
    try:
        with smtplib.SMTP("localhost", port, timeout=2) as line:
            return line.noop()[0] == 250
    except (OSError, smtplib.SMTPException):
        return False


def kill(process: Process, signal_number: int) -> None:
    """Tell a program and its children; each leads a session, so nobody else is meant."""
    try:
        os.killpg(process.pid, signal_number)
    except ProcessLookupError:
        return


def words(rows: Sequence[Sequence[Any]]) -> str:
    """A table in Markdown; the first row is its head."""
    head, *rest = [[str(cell) for cell in row] for row in rows]
    lines = [head, ["---"] * len(head), *rest]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
