"""Nothing outlives the supervisor, and what ends by itself is started again."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

import pytest

from mentoring.local.envfile import ROOT
from mentoring.local.layout import Layout
from mentoring.local.processes import is_gone, start_time

# A site of three programs: one that obeys, one that ignores SIGTERM, one that leaves a child behind.
SITE = """
import subprocess, sys, signal
from pathlib import Path
from mentoring.local.layout import Layout
from mentoring.local.processes import die_with_parent
from mentoring.local.supervisor import Program, Stopped, Supervisor, stop_order

layout = Layout("try", root=Path(sys.argv[1]))

def python(code, death=signal.SIGTERM):
    return lambda: subprocess.Popen(
        [sys.executable, "-c", code, str(layout.root)], start_new_session=True, preexec_fn=die_with_parent(death)
    )

SLEEP = "import time; time.sleep(600)"
DEAF = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN);" + SLEEP
PARENT = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {SLEEP!r}, sys.argv[1]]);" + SLEEP

supervisor = Supervisor(layout, lambda text: print(text, flush=True))
supervisor.heed_signals()
supervisor.clear_previous(gentle=())
supervisor.add(Program("obedient", python(SLEEP), restart_after=0.1))
supervisor.add(Program("deaf", python(DEAF, death=signal.SIGKILL), ask=[(signal.SIGTERM, 0.3)]))
supervisor.add(Program("parent", python(PARENT)))
print("all up", flush=True)
try:
    supervisor.serve()
finally:
    supervisor.stop_all(stop_order("obedient parent", "deaf"))
"""


class Site:
    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.start()

    def start(self) -> None:
        command = [sys.executable, "-c", SITE, str(self.layout.root)]
        self.process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        while (line := self.process.stdout.readline()) and "all up" not in line:
            pass
        wait_for(lambda: len(self.everybody()) == 4)

    def pids(self) -> dict[str, int]:
        return {name: pid for name, (pid, _) in json.loads(self.layout.pids_file.read_text()).items()}

    def everybody(self) -> list[int]:
        """All processes that run for this site, the child of one of them included."""
        found = []
        for name in filter(str.isdigit, os.listdir("/proc")):
            try:
                with open(f"/proc/{name}/cmdline") as file:
                    words = file.read()
            except OSError:
                continue
            if str(self.layout.root) in words and not is_gone(int(name)) and int(name) != self.process.pid:
                found.append(int(name))
        return found


def wait_for(condition: Callable[[], bool], seconds: float = 8) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.05)


@pytest.fixture
def site(layout) -> Iterator[Site]:
    made = Site(layout)
    yield made
    made.process.kill()
    made.process.wait()
    for pid in made.everybody():
        os.kill(pid, signal.SIGKILL)


@pytest.mark.parametrize("asked", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_asked_to_stop_it_leaves_nobody_not_even_the_deaf(site, asked):
    site.process.send_signal(asked)
    assert site.process.wait(8) == 0
    assert site.everybody() == []
    assert not site.layout.pids_file.exists()


def test_killed_it_takes_its_programs_along(site):
    programs = list(site.pids().values())
    assert len(programs) == 3
    site.process.kill()
    site.process.wait()
    wait_for(lambda: all(is_gone(pid) for pid in programs))
    assert not set(site.everybody()) & set(programs)


def test_the_next_start_clears_what_a_killed_run_left(site):
    orphan = (set(site.everybody()) - set(site.pids().values())).pop()
    os.kill(site.pids()["parent"], signal.SIGSTOP)  # cannot even die of its parent's death
    site.process.kill()
    site.process.wait()
    assert not is_gone(orphan)
    site.start()
    assert is_gone(orphan)
    assert len(site.everybody()) == 4


def test_a_number_that_now_belongs_to_a_stranger_is_left_alone(layout):
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"]) as stranger:
        layout.pids_file.write_text(json.dumps({"web": [stranger.pid, "1"]}))
        site = Site(layout)
        site.process.terminate()
        site.process.wait(8)
        assert stranger.poll() is None
        assert start_time(stranger.pid) != "1"
        stranger.kill()


def test_what_ends_is_started_again_and_its_child_is_not_forgotten(site):
    first, parent = site.pids()["obedient"], site.pids()["parent"]
    os.kill(first, signal.SIGKILL)
    os.kill(parent, signal.SIGKILL)
    wait_for(lambda: site.pids()["obedient"] != first and site.pids()["parent"] != parent)
    wait_for(lambda: len(site.everybody()) == 4)  # not five: the orphan went with its parent
    assert is_gone(first)
    assert is_gone(parent)


def test_a_program_can_be_held_down_and_let_go(site):
    first = site.pids()["obedient"]
    site.layout.hold_file("obedient").touch()
    wait_for(lambda: is_gone(first))
    time.sleep(0.5)
    assert site.pids()["obedient"] == first
    site.layout.hold_file("obedient").unlink()
    wait_for(lambda: site.pids()["obedient"] != first)
