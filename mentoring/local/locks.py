"""Locks on files. The kernel lets go of them when their holder ends, however it ends."""

import fcntl
from pathlib import Path
from typing import IO


def take(path: Path, *, shared: bool = False) -> IO[str]:
    """Wait for the lock; it is held until the returned file is closed or this process ends."""
    handle = _open(path)
    fcntl.flock(handle, fcntl.LOCK_SH if shared else fcntl.LOCK_EX)
    return handle


def take_now(path: Path) -> IO[str] | None:
    """The lock for ourselves alone, or None when somebody holds it."""
    handle = _open(path)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        handle.close()
        return None
    return handle


def _open(path: Path) -> IO[str]:
    path.parent.mkdir(parents=True, exist_ok=True)
    return path.open("a+")  # never inherited by a program we start, so the lock is ours alone
