"""Compiles translations with Babel, so that no system gettext is needed (decision 38)."""

import io
import os
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from mentoring.local.envfile import ROOT

LOCALE = ROOT / "locale"

# Babel would write the moment of compiling; the same texts shall give the same bytes.
_ANY_DAY = datetime(2000, 1, 1, tzinfo=UTC)


def compile_messages(folder: Path = LOCALE) -> list[Path]:
    """Compile every catalogue that is newer than what was compiled from it; returns those written.

    Fuzzy entries are left out, so a doubtful translation is never shown.
    """
    stale = [catalogue for catalogue in catalogues(folder) if _is_older(_compiled(catalogue), catalogue)]
    for catalogue in stale:
        _write_whole(_compiled(catalogue), compiled_bytes(catalogue))
    return [_compiled(catalogue) for catalogue in stale]


def catalogues(folder: Path = LOCALE) -> list[Path]:
    return sorted(folder.glob("*/LC_MESSAGES/*.po"))


def out_of_date(folder: Path = LOCALE) -> list[Path]:
    """The catalogues whose compiled form is missing or is not what compiling gives now."""
    return [each for each in catalogues(folder) if _read(_compiled(each)) != compiled_bytes(each)]


def compiled_bytes(catalogue: Path) -> bytes:
    """The `.mo` form of a `.po` file."""
    language = catalogue.parent.parent.name
    with catalogue.open("rb") as source:
        messages = read_po(source, locale=language)
    messages.creation_date = messages.revision_date = _ANY_DAY
    output = io.BytesIO()
    write_mo(output, messages)
    return output.getvalue()


def _compiled(catalogue: Path) -> Path:
    return catalogue.with_suffix(".mo")


def _is_older(compiled: Path, catalogue: Path) -> bool:
    return not compiled.exists() or compiled.stat().st_mtime < catalogue.stat().st_mtime


def _read(path: Path) -> bytes:
    return path.read_bytes() if path.exists() else b""


def _write_whole(path: Path, content: bytes) -> None:
    # Renamed into place: a process that reads at this moment sees the old file or the new one.
    temporary = path.with_suffix(f".{os.getpid()}.tmp")
    temporary.write_bytes(content)
    temporary.replace(path)


if __name__ == "__main__":
    for written in compile_messages():
        print(f"compiled {written.relative_to(ROOT)}")
