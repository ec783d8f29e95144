"""Starts programs, restarts what ends, and stops everything in order. Nothing it started outlives it.

Each program leads a session of its own, so Ctrl-C reaches the supervisor alone, which then orders the stop. If
the supervisor is killed, the kernel tells the programs, and the next start clears what is left.
"""

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from mentoring.local.layout import Layout
from mentoring.local.processes import (
    command_line,
    die_with_parent,
    group_members,
    signal_group,
    signal_process,
    start_time,
    wait_gone,
)

Process = subprocess.Popen[bytes]

LONGEST_PAUSE = 60.0
FORGIVEN_AFTER = 300.0


class Stopped(Exception):
    """Somebody asked for the stop while something was still starting."""


@dataclass
class Program:
    """One program to keep running.

    Args:
        start: starts it and returns at once.
        ask: the signals that ask it to stop, each with the seconds to wait before the next; SIGKILL comes last.
        restart_after: seconds before it is started again when it ends by itself; doubles with every further end.
    """

    name: str
    start: Callable[[], Process]
    ask: Sequence[tuple[int, float]] = ((signal.SIGTERM, 6),)
    restart_after: float = 1
    process: Process | None = None
    _starts: list[float] = field(default_factory=list)
    _due: float | None = None

    @property
    def runs(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def launch(self) -> Process:
        now = time.monotonic()
        self._starts = [then for then in self._starts if now - then < FORGIVEN_AFTER] + [now]
        self._due = None
        self.process = self.start()
        return self.process

    def plan_restart(self, pause: float | None = None) -> float:
        """Plan to start it again, by default the later the more often it ended; returns the seconds."""
        if pause is None:
            pause = min(self.restart_after * 2 ** (len(self._starts) - 1), LONGEST_PAUSE)
        self._due = time.monotonic() + pause
        return pause

    @property
    def waits(self) -> bool:
        return self._due is not None

    @property
    def is_due(self) -> bool:
        return self._due is not None and time.monotonic() >= self._due


class Supervisor:
    """Keeps the programs of one layout. `say` prints a line for the person at the terminal."""

    def __init__(self, layout: Layout, say: Callable[[str], None]) -> None:
        self.layout = layout
        self.say = say
        self.stopping = False
        self.programs: dict[str, Program] = {}

    # --- starting

    def heed_signals(self) -> None:
        """Let Ctrl-C, SIGTERM and a closed terminal ask for the stop; under `nohup` a terminal may close."""
        for signal_number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(signal_number, self._ask_to_stop)
        if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:
            signal.signal(signal.SIGHUP, self._ask_to_stop)

    def add(self, program: Program) -> Process:
        """Start a program and keep it running."""
        self.check()
        self.programs[program.name] = program
        process = program.launch()
        self._record()
        return process

    def run_to_end(self, command: list[str], environment: dict[str, str]) -> int:
        """Run one command; returns its exit code.

        Raises:
            Stopped: the stop was asked for meanwhile; the command has been ended.
        """
        self.check()
        process = subprocess.Popen(
            command,
            cwd=self.layout.root,
            env=environment,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=die_with_parent(signal.SIGKILL),
        )
        try:
            while process.poll() is None:
                self.check()
                time.sleep(0.05)
        finally:
            signal_group(process.pid, signal.SIGKILL)
            process.wait()
        return process.returncode

    def check(self) -> None:
        """Raise `Stopped` once the stop was asked for."""
        if self.stopping:
            raise Stopped

    # --- running

    def serve(self) -> None:
        """Watch until the stop is asked for."""
        while not self.stopping:
            for program in self.programs.values():
                self._watch(program)
            time.sleep(0.2)

    def _watch(self, program: Program) -> None:
        if self.layout.hold_file(program.name).exists():
            self._hold_down(program)
        elif program.is_due:
            program.launch()
            self._record()
        elif not program.runs and not program.waits and program.process is not None:
            self._mourn(program, program.process)

    def _hold_down(self, program: Program) -> None:
        if program.runs:
            self.say(f"{program.name} is held down while {self.layout.hold_file(program.name)} exists")
            self._end([program])
        program.plan_restart(pause=0)

    def _mourn(self, program: Program, process: Process) -> None:
        signal_group(process.pid, signal.SIGKILL)  # its orphans
        pause = program.plan_restart()
        self.say(f"{program.name} has ended ({_how(process.returncode)}); starting it again in {pause:g} s")

    # --- stopping

    def stop_all(self, order: list[list[str]]) -> None:
        """Stop all programs, those of one step together. A second Ctrl-C does not cut it short."""
        for signal_number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(signal_number, signal.SIG_IGN)
        for step in order:
            self._end([self.programs[name] for name in step if name in self.programs])
        self.layout.pids_file.unlink(missing_ok=True)

    def _end(self, programs: list[Program]) -> None:
        live = [(each, each.process) for each in programs if each.process and each.process.poll() is None]
        for program, process in live:
            signal_process(process.pid, program.ask[0][0])  # the leader only: it tells its own children
        for program, process in live:
            self._insist(program, process)

    def _insist(self, program: Program, process: Process) -> None:
        for number, (signal_number, seconds) in enumerate(program.ask):
            if number:
                self.say(f"{program.name} is slow to stop; {signal.Signals(signal_number).name}")
                signal_process(process.pid, signal_number)
            try:
                process.wait(seconds)
                break
            except subprocess.TimeoutExpired:
                continue
        signal_group(process.pid, signal.SIGKILL)
        process.wait()

    def _ask_to_stop(self, *_: object) -> None:
        self.stopping = True

    # --- what a killed run left

    def _record(self) -> None:
        """Note who runs: pid and kernel start time together name a process for ever."""
        live = [(name, each.process.pid) for name, each in self.programs.items() if each.process]
        noted = {name: [pid, start_time(pid)] for name, pid in live}
        temporary = self.layout.pids_file.with_suffix(".tmp")
        temporary.write_text(json.dumps(noted))
        temporary.replace(self.layout.pids_file)

    def clear_previous(self, gentle: tuple[str, ...]) -> None:
        """End what a killed run left. Programs named in `gentle` have a way of their own and are passed over."""
        try:
            noted = json.loads(self.layout.pids_file.read_text())
        except (OSError, ValueError):
            return
        for name, (pid, started) in noted.items():
            if name not in gentle:
                self._clear(name, pid, started)
        self.layout.pids_file.unlink(missing_ok=True)

    def _clear(self, name: str, pid: int, started: str) -> None:
        if started and start_time(pid) == started:
            self.say(f"ending {name} ({pid}), left by a run that was killed")
            signal_process(pid, signal.SIGTERM)
            wait_gone(pid, 5)
        # The leader may be gone and members of its group not. The group's number may since have become another
        # group's, so only those that run from this checkout are meant.
        for member in group_members(pid):
            if str(self.layout.root) in command_line(member):
                signal_process(member, signal.SIGKILL)


def stop_order(*steps: str) -> list[list[str]]:
    """`stop_order("web beat", "worker")`: each argument is a step, its programs separated by blanks."""
    return [step.split() for step in steps]


def _how(code: int) -> str:
    return f"exit {code}" if code >= 0 else signal.strsignal(-code) or f"signal {-code}"


def own_environment(**extra: str) -> dict[str, str]:
    """This process's environment with more in it, for a program to start."""
    return dict(os.environ) | {"PYTHONUNBUFFERED": "1"} | extra
