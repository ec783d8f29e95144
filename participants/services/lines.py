"""What is told upwards when people come to stand in one line, or behind a barrier."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from common.hooks import declare


@dataclass(frozen=True)
class Stopped:
    """What could not go on because two people are kept apart now.

    Args:
        pairs: standing pairs that pause until a coordinator has looked at them.
        proposals: open proposals that were withdrawn.
    """

    pairs: int = 0
    proposals: int = 0


class _LinesSignature(Protocol):
    def __call__(self, *, person_ids: frozenset[int], now: datetime) -> Stopped: ...


#: Somebody else stands above people now, or a barrier has come between some: a pair may no longer be possible (A-29).
lines_changed = declare(
    "participants.lines_changed",
    purpose="lines or barriers between people have changed: pairs and proposals of people kept apart by it stop",
    signature=_LinesSignature.__call__,
)


def total(answers: Iterable[Stopped]) -> Stopped:
    """What all fillers together have stopped."""
    found = list(answers)
    return Stopped(sum(one.pairs for one in found), sum(one.proposals for one in found))
