"""What is told upwards when people come to stand in one line, or behind a barrier."""

from __future__ import annotations

from datetime import datetime

from common.hooks import declare


def _lines_signature(*, person_ids: frozenset[int], now: datetime) -> int:
    raise NotImplementedError  # the signature only; fillers answer


#: People report to somebody else, or a barrier has come between some. A pair may no longer be possible (A-29).
lines_changed = declare(
    "participants.lines_changed",
    purpose="lines or barriers between people have changed; answers how many standing pairs had to pause for it",
    signature=_lines_signature,
)
