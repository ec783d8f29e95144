"""Starts a whole site as `make run` does, for whoever has to look at one from outside: tests and the smoke."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from mentoring.local.envfile import ROOT
from mentoring.local.http import fetch
from mentoring.local.layout import Layout
from mentoring.local.processes import command_line, is_gone


class SiteFailed(Exception):
    """The site did not do in time what was asked; the message holds the end of its output."""


class RunningSite:
    """A site in a process of its own, with servers and data of its own layout.

    Args:
        layout: where it lives; another name than "dev" leaves the developer's data alone.
        command: what starts it; by default `mentoring.local.run` for that layout, without sample data.
        environment: added to this process's environment.

    Use it as a context manager, or call `start` and `stop`. `address` is there once it has started.
    """

    def __init__(
        self,
        layout: str,
        *,
        command: list[str] | None = None,
        environment: Mapping[str, str] | None = None,
        root: Path = ROOT,
    ) -> None:
        self.layout = Layout(layout, root=root)
        self.command = command or [
            sys.executable,
            "-m",
            "mentoring.local.run",
            "--layout",
            layout,
            "--no-sample",
        ]
        self.environment = own_surroundings() | dict(environment or {})
        self.output = self.layout.data / "output.log"
        self.process: subprocess.Popen[bytes] | None = None
        self.address = ""
        self._seen_before = 0

    def start(self, seconds: float = 120) -> None:
        """Start it and wait until it serves.

        Raises:
            SiteFailed: it ended, or took too long.
        """
        self.layout.data.mkdir(parents=True, exist_ok=True)
        self._seen_before = self._address_written_at()
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                self.command,
                cwd=self.layout.root,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.wait_until(self._has_started, "to start", seconds)
        self.address = self.layout.address_file.read_text()

    def stop(self, signal_number: int = signal.SIGTERM, seconds: float = 40) -> int:
        """Ask it to stop, as Ctrl-C would; returns its exit code."""
        if self.process is None:
            return 0
        self.process.send_signal(signal_number)
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            raise SiteFailed(f"It took more than {seconds} s to stop.\n{self.said()}") from None

    def __enter__(self) -> "RunningSite":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self.process is not None and self.process.poll() is None:
            self.stop()

    def get(self, path: str, seconds: float = 20) -> tuple[int, str]:
        """Status and body of a page; redirections are followed. Status 0 when nobody answers."""
        return fetch(f"{self.address}{path}", seconds)

    def get_json(self, path: str) -> tuple[int, dict[str, Any]]:
        status, body = self.get(path)
        return status, json.loads(body or "{}")

    def pids(self) -> dict[str, int]:
        """The process of each program, by name."""
        noted = json.loads(self.layout.pids_file.read_text())
        return {name: pid for name, (pid, _started) in noted.items()}

    @contextmanager
    def without(self, program: str) -> Iterator[None]:
        """The site with one of its programs held down."""
        hold = self.layout.hold_file(program)
        hold.touch()
        try:
            yield
        finally:
            hold.unlink(missing_ok=True)

    def wait_until(self, condition: Callable[[], bool], what: str, seconds: float) -> float:
        """Wait for something to become true; returns the seconds it took.

        Raises:
            SiteFailed: it did not in time, or the site has ended.
        """
        started = time.monotonic()
        while not condition():
            if self.process is not None and self.process.poll() is not None:
                raise SiteFailed(f"The site ended while I waited for it {what}.\n{self.said()}")
            if time.monotonic() - started > seconds:
                raise SiteFailed(f"I waited {seconds} s for it {what}.\n{self.said()}")
            time.sleep(0.1)
        return time.monotonic() - started

    def wait_until_gone(self, pids: list[int], seconds: float) -> None:
        """Wait until these processes have ended.

        Raises:
            SiteFailed: one has not in time.
        """
        end = time.monotonic() + seconds
        while left := [pid for pid in pids if not is_gone(pid)]:
            if time.monotonic() > end:
                raise SiteFailed(f"Still there: {[command_line(pid) for pid in left]}")
            time.sleep(0.1)

    def said(self) -> str:
        """The end of its output."""
        return self.output.read_text(errors="replace")[-4000:] if self.output.exists() else ""

    def _has_started(self) -> bool:
        # The file of an earlier, killed run may still lie there.
        return self._address_written_at() not in (0, self._seen_before)

    def _address_written_at(self) -> int:
        try:
            return self.layout.address_file.stat().st_mtime_ns
        except FileNotFoundError:
            return 0


def own_surroundings() -> dict[str, str]:
    """This process's environment without what would point a site elsewhere than into its layout."""
    elsewhere = (
        "DATABASE_URL",
        "REDIS_URL",
        "EMAIL_HOST",
        "EMAIL_PORT",
        "SITE_URL",
        "PORT",
        "MENTORING_LAYOUT",
    )
    return {name: value for name, value in os.environ.items() if name not in elsewhere}
