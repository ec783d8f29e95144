"""`make run`: the whole site in the foreground, one owner, nothing left behind."""

import argparse
import os
import shlex
import signal
import socket
import subprocess
import sys
import time
from typing import IO

from mentoring.local import locks
from mentoring.local.envfile import load_env
from mentoring.local.folders import NotOurs, empty_data, make_folders, remove_sockets
from mentoring.local.http import fetch
from mentoring.local.layout import Layout, local_mode
from mentoring.local.ports import PortTaken, listen_anywhere, listen_for_web, port_of
from mentoring.local.postgres import Postgres, ServerFailed
from mentoring.local.processes import die_with_parent, end_with_parent
from mentoring.local.supervisor import Process, Program, Stopped, Supervisor, own_environment, stop_order
from mentoring.local.translations import compile_messages
from mentoring.local.valkey import start_valkey

WEB = shlex.split("gunicorn mentoring.wsgi --workers 1 --graceful-timeout 4 --log-level warning")
WORKER = shlex.split(
    "celery -q -A mentoring.celery worker --concurrency 2 --hostname worker@local"
    " --without-gossip --without-mingle --loglevel WARNING --include mentoring.local.worker"
)
BEAT = shlex.split("celery -q -A mentoring.celery beat --pidfile= --loglevel WARNING")
ORDER = stop_order("web beat", "worker", "mail", "valkey postgres")
# Long enough to see what the health pages say when a server has been stopped by hand.
SERVER_PAUSE = 15.0


class CannotRun(Exception):
    """The site cannot start; the message says why and what to do."""


def say(text: str) -> None:
    print(f"[run] {text}", flush=True)


class Site:
    """One site from start to stop."""

    def __init__(self, layout: Layout, *, sample: bool = True) -> None:
        self.layout = layout
        self.sample = sample
        self.supervisor = Supervisor(layout, say)
        self.logs: list[IO[bytes]] = []
        self.sockets: list[socket.socket] = []
        self.environment = own_environment(
            DJANGO_SETTINGS_MODULE="mentoring.settings",
            MENTORING_LOCAL="1",
            MENTORING_LAYOUT=layout.name,
            PYTHONWARNINGS="ignore:You're running the worker",  # as root; here that is as good as any user
        )

    def run(self) -> None:
        """Start everything, serve until asked to stop, stop everything."""
        started = time.monotonic()
        self.supervisor.heed_signals()
        try:
            self.supervisor.clear_previous(gentle=("postgres",))
            self._start(self._listen())
            say(f"started in {time.monotonic() - started:.1f} s")
            self._welcome()
            self.supervisor.serve()
        except Stopped:
            pass
        finally:
            self._stop()

    # --- starting

    def _listen(self) -> socket.socket:
        listener = listen_for_web(os.environ.get("PORT", "").strip())
        self.sockets.append(listener)
        self.environment["PORT"] = str(port_of(listener))
        self.environment.setdefault("SITE_URL", self.address)
        return listener

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.environment['PORT']}"

    def _start(self, listener: socket.socket) -> None:
        self._start_servers()
        compile_messages()
        arguments = [] if self.sample else ["--no-sample"]
        if self._python_to_end("mentoring.local.prepare", *arguments):
            raise CannotRun("the database could not be prepared; the reason stands above")
        self._start_programs(listener)
        self._wait_for_web()
        self.layout.address_file.write_text(self.address)

    def _start_servers(self) -> None:
        if not self._is_given("REDIS_URL"):
            log = self._log("valkey")
            self.supervisor.add(
                Program("valkey", lambda: start_valkey(self.layout, log), restart_after=SERVER_PAUSE)
            )
        if not self._is_given("EMAIL_HOST"):
            self._start_mail_sink()
        if not self._is_given("DATABASE_URL"):
            self._start_postgres()

    def _start_postgres(self) -> None:
        log = self._log("postgres")
        postgres = Postgres(self.layout)
        postgres.create()
        ask = [(signal.SIGINT, 10.0), (signal.SIGQUIT, 4.0)]
        program = Program("postgres", lambda: postgres.start(log), ask=ask, restart_after=SERVER_PAUSE)
        process = self.supervisor.add(program)
        postgres.wait_ready(process, meanwhile=self.supervisor.check)

    def _start_mail_sink(self) -> None:
        known = self.layout.smtp_address()
        listener = listen_anywhere(known[1] if known else 0)
        self.sockets.append(listener)
        port = str(port_of(listener))
        self.layout.smtp_port_file.write_text(port)
        self.environment |= {"EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": port}
        command = ["mentoring.local.mailsink", "--fd", str(listener.fileno())]
        command += ["--folder", str(self.layout.mail_dir)]
        self.supervisor.add(Program("mail", lambda: self._python(*command, inherit=listener)))

    def _start_programs(self, listener: socket.socket) -> None:
        web = [*WEB, "--bind", f"fd://{listener.fileno()}", "--worker-tmp-dir", str(self.layout.data)]
        if os.environ.get("RELOAD") == "1":
            web.append("--reload")
        self.supervisor.add(Program("web", lambda: self._python(*web, inherit=listener)))
        self.supervisor.add(Program("worker", self._worker, ask=[(signal.SIGTERM, 10), (signal.SIGQUIT, 3)]))
        self.supervisor.add(Program("beat", lambda: self._python(*BEAT)))

    def _worker(self) -> Process:
        # One that lost its supervisor has lost its broker too and could only wait. What it was doing has a row
        # in the database whose lease runs out.
        return self._python(*WORKER, death_signal=signal.SIGKILL)

    def _wait_for_web(self) -> None:
        end = time.monotonic() + 60
        while fetch(f"{self.address}/healthz", seconds=5)[0] != 200:
            self.supervisor.check()
            if not self.supervisor.programs["web"].runs or time.monotonic() > end:
                raise CannotRun("the web server did not start; the reason stands above")
            time.sleep(0.1)

    def _welcome(self) -> None:
        if self.layout.people_file.exists():
            print(f"\n{self.layout.people_file.read_text().rstrip()}")
        print(f"\n  The site:          {self.address}/")
        if "mail" in self.supervisor.programs:
            print(f"  The mail it sends: {self.address}/local/mail/")
        print("  Ctrl-C stops everything.\n", flush=True)

    # --- stopping

    def _stop(self) -> None:
        started = time.monotonic()
        anything_ran = bool(self.supervisor.programs)
        self.layout.address_file.unlink(missing_ok=True)
        for listener in self.sockets:
            listener.close()
        self.supervisor.stop_all(ORDER)
        remove_sockets(self.layout)
        for log in self.logs:
            log.close()
        if anything_ran:
            say(f"stopped in {time.monotonic() - started:.1f} s")

    # --- programs

    def _python(
        self,
        *arguments: str,
        inherit: socket.socket | None = None,
        death_signal: int = signal.SIGTERM,
    ) -> Process:
        return subprocess.Popen(
            [sys.executable, "-m", *arguments],
            cwd=self.layout.root,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            pass_fds=[inherit.fileno()] if inherit else [],
            preexec_fn=die_with_parent(death_signal),
        )

    def _python_to_end(self, *arguments: str) -> int:
        return self.supervisor.run_to_end([sys.executable, "-m", *arguments], self.environment)

    def _is_given(self, name: str) -> bool:
        return bool(os.environ.get(name, "").strip())

    def _log(self, program: str) -> IO[bytes]:
        log = self.layout.log_file(program).open("ab")
        self.logs.append(log)
        return log


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--layout", default="dev", help="which set of servers and data; others do not collide"
    )
    parser.add_argument("--no-sample", action="store_true", help="leave an empty database empty")
    parser.add_argument("--fresh", action="store_true", help="begin with no data at all")
    parser.add_argument("--die-with-parent", action="store_true", help="stop when whoever started it ends")
    arguments = parser.parse_args()
    load_env(os.environ)
    if arguments.die_with_parent:
        end_with_parent(signal.SIGTERM)
    try:
        _run(Layout(arguments.layout), sample=not arguments.no_sample, fresh=arguments.fresh)
    except (CannotRun, NotOurs, PortTaken, ServerFailed) as error:
        raise SystemExit(f"[run] {error}") from None


def _run(layout: Layout, *, sample: bool, fresh: bool) -> None:
    if not local_mode():
        raise CannotRun("this checkout is not in local mode: .env says otherwise, or MENTORING_LOCAL does")
    make_folders(layout)
    lock = locks.take_now(layout.lock_file)
    if lock is None:
        where = layout.address_file.read_text() if layout.address_file.exists() else "it is still starting"
        raise CannotRun(f"this checkout runs already: {where}")
    with lock:
        layout.address_file.unlink(missing_ok=True)  # a killed run's
        if fresh:
            empty_data(layout)
        Site(layout, sample=sample).run()


if __name__ == "__main__":
    main()
