"""The list outside the database of whoever was erased, so that a restored backup can be brought up to date (B-08).

A line is the number of a row and the instant at which it was made: together they name one row and tell nobody anything.
"""

from __future__ import annotations

import fcntl
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings

from participants.choices import ERASED_KEY
from participants.models import Person


@dataclass(frozen=True, order=True)
class Erased:
    """One line of the list.

    Args:
        person_id: the number of the row.
        made_at: when the row was made; a later row may bear the same number after a restore, and is somebody else.
    """

    person_id: int
    made_at: datetime

    def __str__(self) -> str:
        return f"{self.person_id} {self.made_at.astimezone(UTC).isoformat()}"


def erased_here() -> list[Erased]:
    """Everybody of whom this database keeps nothing but the row, as the list names them."""
    rows = Person.objects.filter(hr_key__startswith=ERASED_KEY).order_by("pk")
    return [Erased(*row) for row in rows.values_list("pk", "created_at")]


def read_list(text: str) -> list[Erased]:
    """The lines of a list, each once.

    Raises:
        ValueError: a line is not one of ours; nothing is guessed about whom to erase.
    """
    return sorted({_line(line) for line in text.splitlines() if line.strip()})


def _line(line: str) -> Erased:
    number, _space, instant = line.strip().partition(" ")
    made_at = datetime.fromisoformat(instant)
    if made_at.tzinfo is None:
        raise ValueError(f"a line without a time zone: {line!r}")
    return Erased(int(number), made_at)


def keep_list(*, now: datetime) -> int:
    """Add to the list whoever is erased here and missing in it; lines are never taken out. Twice is once.

    Returns:
        How many lines were added; 0 where no list is kept (``ERASURE_LIST``).

    Raises:
        OSError: the list cannot be written; the clock tries again, and ``doctor`` says so.
    """
    if not settings.ERASURE_LIST:
        return 0
    path = Path(settings.ERASURE_LIST)
    with path.open("a+", encoding="ascii") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        missing = sorted(set(erased_here()) - set(read_list(file.read())))
        file.writelines(f"{one}\n" for one in missing)
    return len(missing)
