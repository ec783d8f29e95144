"""Where the embedded servers of a checkout live: every path and address, computed without touching the disk.

Settings import this module, so it knows neither Django nor the servers themselves.
"""

import hashlib
import os
import re
import sys
from pathlib import Path
from typing import Any
from urllib.parse import quote

from mentoring.local.envfile import ROOT, read_env

DATABASE = "mentoring"
DATABASE_USER = "mentoring"

# A Unix socket's path holds at most 107 bytes and checkouts can be deep, so sockets get a short folder of
# their own. Not $TMPDIR or $XDG_RUNTIME_DIR: they differ between two shells of one person.
SOCKET_PARENT = Path("/tmp")  # noqa: S108 (a folder of ours, mode 0700, ownership checked before use)
OUTSIDE_PARENT = Path("/var/lib/mentoring-local")


def local_mode() -> bool:
    """Whether this checkout runs in local mode: `MENTORING_LOCAL=1`, in the environment or else in `.env`.

    `make` writes that line into `.env`; without it nothing is ever local. A test run is local unless the
    environment says otherwise.
    """
    value = os.environ.get("MENTORING_LOCAL")
    if value is None and "pytest" in sys.modules:
        return True
    if value is None:
        value = read_env().get("MENTORING_LOCAL", "")
    return value.strip() == "1"


class Layout:
    """All places of one set of embedded servers.

    `name` is "dev" for `make run`, "test" for the tests, or another word for a site of its own (the browser
    tests use one), so that none of them touches the other's data.
    """

    def __init__(self, name: str = "dev", *, root: Path = ROOT) -> None:
        if not re.fullmatch(r"[a-z][a-z0-9-]{0,15}", name):
            raise ValueError(f"no name for a layout: {name!r} (1-16 small letters, digits, hyphens)")
        self.name = name
        self.root = root
        tag = hashlib.sha256(f"{root}:{name}".encode()).hexdigest()[:10]
        self.data = root / ".data" / name
        self.run = SOCKET_PARENT / f"mentoring-{os.geteuid()}-{tag}"
        self.outside = OUTSIDE_PARENT / tag  # only where root can neither map users nor be Postgres

    @classmethod
    def current(cls) -> "Layout":
        """The layout of this process: "test" under pytest, else `MENTORING_LAYOUT`, else "dev"."""
        if "pytest" in sys.modules:
            return cls("test")
        return cls(os.environ.get("MENTORING_LAYOUT") or "dev")

    # --- database

    @property
    def database_url(self) -> str:
        """`postgresql://` form, with the socket folder as `host` in the query."""
        return f"postgresql://{DATABASE_USER}@/{DATABASE}?host={quote(str(self.run), safe='')}"

    def pg_settings(self) -> dict[str, Any]:
        """The same as an entry of Django's `DATABASES`.

        `TEST_DB_SUFFIX` names another test database, so that two test runs of one checkout do not meet.
        """
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": DATABASE,
            "USER": DATABASE_USER,
            "PASSWORD": "",
            "HOST": str(self.run),
            "PORT": "",
            "TEST": {"NAME": database_name_for_tests()},
        }

    # --- broker

    @property
    def broker_socket(self) -> Path:
        return self.run / "valkey.sock"

    @property
    def broker_url(self) -> str:
        """As kombu (Celery) spells it."""
        return f"redis+socket://{self.broker_socket}"

    @property
    def redis_url(self) -> str:
        """As redis-py spells it."""
        return f"unix://{self.broker_socket}"

    # --- mail

    @property
    def mail_dir(self) -> Path:
        """Where the SMTP sink keeps each mail as an `.eml` file."""
        return self.data / "mail"

    @property
    def smtp_port_file(self) -> Path:
        """Holds the port, in digits, on which the SMTP sink listens on the loopback address."""
        return self.data / "smtp-port"

    def smtp_address(self) -> tuple[str, int] | None:
        """Host and port of the SMTP sink, or None while there is none. Reads the port file."""
        try:
            return "127.0.0.1", int(self.smtp_port_file.read_text())
        except (OSError, ValueError):
            return None

    # --- what the supervisor keeps

    @property
    def lock_file(self) -> Path:
        return self.data / "lock"

    @property
    def users_file(self) -> Path:
        """Locked by every test run that uses the layout's database."""
        return self.data / "users"

    @property
    def pids_file(self) -> Path:
        return self.data / "pids.json"

    @property
    def address_file(self) -> Path:
        """Holds the site's address while it serves."""
        return self.data / "address"

    @property
    def people_file(self) -> Path:
        """The sample people to log in as, in words."""
        return self.data / "sample-people.txt"

    @property
    def unfinished_sample(self) -> Path:
        """There while a sample programme is being made."""
        return self.data / "sample-unfinished"

    def hold_file(self, program: str) -> Path:
        """While this file exists the supervisor keeps that program down: to see how the site does without."""
        return self.data / f"hold-{program}"

    def log_file(self, program: str) -> Path:
        return self.data / f"{program}.log"


def database_name_for_tests() -> str:
    """`test_mentoring`, with `TEST_DB_SUFFIX` behind it when that is set."""
    suffix = re.sub(r"[^a-z0-9_]", "", os.environ.get("TEST_DB_SUFFIX", "").lower())
    return f"test_{DATABASE}_{suffix}" if suffix else f"test_{DATABASE}"
