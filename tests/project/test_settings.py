"""Outside local mode nothing starts with a missing or unsafe setting (decision 13, C-26, C-27)."""

from __future__ import annotations

import base64
import os
import subprocess
import sys

import pytest

from tests.house.checks import ROOT

GOOD = {
    "MENTORING_LOCAL": "0",
    "SECRET_KEY": "k8#wV2!pQz7rT5yLm9nB4xC6vD1sF3gH0jK-aEuIoYtRqWz",
    "SEALING_KEY": base64.b64encode(bytes(range(32))).decode(),
    "SITE_URL": "https://mentoring.example.com",
    "ALLOWED_HOSTS": "mentoring.example.com",
    "DATABASE_URL": "postgres://app:secret@db.example.com/app",
    "REDIS_URL": "redis://broker.example.com/0",
    "EMAIL_HOST": "smtp.example.com",
    "DEFAULT_FROM_EMAIL": "mentoring@example.com",
}
GOOD["SECRET_KEY"] += "-and-some-more"


def start(**changes: str | None) -> subprocess.CompletedProcess[str]:
    """Load the settings in a process that has only these variables."""
    chosen = {name: value for name, value in (GOOD | changes).items() if value is not None}
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **chosen}
    code = "import mentoring.settings as s; print(s.DATABASES['default']['HOST'], s.SESSION_COOKIE_NAME)"
    return subprocess.run(
        [sys.executable, "-c", code], env=environment, cwd="/", capture_output=True, text=True, timeout=60
    )


@pytest.mark.covers("C-10")
def test_a_complete_environment_starts() -> None:
    done = start()
    assert done.stderr == ""
    assert done.stdout.split() == ["db.example.com", "__Host-session"]


@pytest.mark.covers("C-27")
@pytest.mark.parametrize("name", sorted(set(GOOD) - {"MENTORING_LOCAL"}))
def test_each_missing_setting_is_refused_by_name(name: str) -> None:
    done = start(**{name: None})
    assert done.returncode != 0
    assert name in done.stderr.splitlines()[-1]


@pytest.mark.covers("C-26", "C-27")
@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("SECRET_KEY", "short", "too short"),
        ("SECRET_KEY", "a" * 60, "too regular"),
        ("SEALING_KEY", "not base64!", "base64"),
        ("SEALING_KEY", base64.b64encode(b"too few").decode(), "32 bytes"),
        ("SITE_URL", "http://mentoring.example.com", "https"),
        ("ALLOWED_HOSTS", "*", "not accepted"),
        ("DATABASE_URL", "sqlite:///x.db", "PostgreSQL"),
    ],
)
def test_each_unsafe_setting_is_refused_in_words(name: str, value: str, says: str) -> None:
    done = start(**{name: value})
    assert done.returncode != 0
    assert says in done.stderr.splitlines()[-1]
