"""The `.env` file beside `manage.py`: `NAME=value` lines that fill what the environment leaves unset."""

import os
import secrets
from collections.abc import MutableMapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
ENV_FILE = ROOT / ".env"


def read_env(path: Path = ENV_FILE) -> dict[str, str]:
    """The names and values of an env file; empty when there is none.

    Blank lines and lines that begin with `#` are skipped, an `export ` in front is allowed, and one pair of
    quotes around a value is taken off. Nothing is expanded.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (FileNotFoundError, NotADirectoryError):
        return {}
    pairs = (line.strip().removeprefix("export ").partition("=") for line in lines if _is_assignment(line))
    return {name.strip(): _unquoted(value.strip()) for name, _, value in pairs}


def load_env(environ: MutableMapping[str, str], path: Path = ENV_FILE) -> None:
    """Fill `environ` from an env file; what is set already wins."""
    for name, value in read_env(path).items():
        environ.setdefault(name, value)


def ensure_env(path: Path = ENV_FILE) -> bool:
    """Write a file that puts this checkout in local mode, with a secret of its own; False if there is one."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return False
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write("# Written by make. Local mode: embedded servers, sample data; see .env.example.\n")
        file.write(f"MENTORING_LOCAL=1\nSECRET_KEY={secrets.token_urlsafe(48)}\n")
    return True


def _is_assignment(line: str) -> bool:
    return "=" in line and not line.lstrip().startswith("#")


def _unquoted(value: str) -> str:
    if len(value) >= 2 and value[0] == value[-1] and value[0] in "'\"":
        return value[1:-1]
    return value


if __name__ == "__main__":
    ensure_env()
