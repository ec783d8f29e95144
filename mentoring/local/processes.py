"""What Linux lets a supervisor know and say about processes."""

import contextlib
import ctypes
import os
import time
from collections.abc import Callable
from pathlib import Path

LIBC = ctypes.CDLL(None, use_errno=True)
PR_SET_PDEATHSIG = 1


def die_with_parent(signal_number: int) -> Callable[[], None]:
    """A `preexec_fn`: the kernel sends the child this signal when the *thread* that started it ends.

    Changing the user clears the setting; `subprocess` changes the user before it calls this. Start children
    from the main thread. Without `prctl` (not Linux) it does nothing.
    """
    parent = os.getpid()

    def set_death_signal() -> None:
        end_with_parent(signal_number)
        if os.getppid() != parent:  # it died before we asked
            os._exit(1)

    return set_death_signal


def end_with_parent(signal_number: int) -> None:
    """Let this process get the signal when whoever started it ends."""
    if hasattr(LIBC, "prctl"):
        LIBC.prctl(PR_SET_PDEATHSIG, int(signal_number), 0, 0, 0)


def start_time(pid: int) -> str:
    """The kernel's start tick: with the pid it names one process for ever. Empty when there is none."""
    try:
        return _stat_fields(pid)[19]
    except (OSError, IndexError):
        return ""


def command_line(pid: int) -> str:
    """The process's arguments, separated by blanks; empty when there is none or it is not ours to see."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""


def is_gone(pid: int) -> bool:
    """Whether the process has ended, a zombie included."""
    try:
        return _stat_fields(pid)[0] == "Z"
    except (OSError, IndexError):
        return True


def wait_gone(pid: int, seconds: float) -> bool:
    """Wait until the process has ended; False when it has not in time."""
    end = time.monotonic() + seconds
    while not is_gone(pid):
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


def group_members(group: int) -> list[int]:
    """The pids of a process group."""
    return [pid for pid in _all_pids() if _group_of(pid) == group]


def signal_process(pid: int, signal_number: int) -> None:
    """Send a signal; no complaint when the process has gone."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.kill(pid, signal_number)


def signal_group(group: int, signal_number: int) -> None:
    """Send a signal to a whole group; no complaint when it has gone."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, signal_number)


def _stat_fields(pid: int) -> list[str]:
    # The program's name stands in brackets and may hold anything; the fields start behind the last bracket.
    return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()


def _all_pids() -> list[int]:
    return [int(name) for name in os.listdir("/proc") if name.isdigit()]


def _group_of(pid: int) -> int:
    try:
        return os.getpgid(pid)
    except ProcessLookupError:
        return -1
