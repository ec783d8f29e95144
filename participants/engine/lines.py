"""Reporting lines: who reports to whom by key, where a line turns in a circle, and where it is torn.

Three kinds of line lead upwards: to the manager, to dotted-line managers, and to the appraiser (S0.2). Only the
first must not turn in a circle; the others may, and then everybody on the circle stands above everybody.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Set
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)


def chain(key: str, managers: Mapping[str, str]) -> Iterator[str]:
    """Everybody above ``key``, nearest first; stops before it would meet somebody again.

    Args:
        managers: key → the manager's key, empty at the top; a key that is missing ends the line.
    """
    seen = {key}
    above = managers.get(key, "")
    while above and above not in seen:
        yield above
        seen.add(above)
        above = managers.get(above, "")


def circles(managers: Mapping[str, str]) -> list[list[str]]:
    """Every circle once, each as the keys along it, beginning anywhere."""
    found: list[list[str]] = []
    settled: set[str] = set()
    for start in managers:
        path: list[str] = []
        place: dict[str, int] = {}
        key = start
        while key and key not in settled and key not in place:
            place[key] = len(path)
            path.append(key)
            key = managers.get(key, "")
        if key in place:
            found.append(path[place[key] :])
        settled.update(path)
    return found


def led_through(managers: Mapping[str, str], broken: Set[str]) -> dict[str, str]:
    """Key → the nearest broken key above it, for everybody whose line leads through one."""
    answer: dict[str, str] = {}
    for key in managers:
        for above in chain(key, managers):
            if above in broken:
                answer[key] = above
                break
    return answer


def closure(keys: Iterable[Key], above: Mapping[Key, Iterable[Key]]) -> set[Key]:
    """Everybody above any of these keys, at any depth.

    Args:
        above: key → everybody one step above it, by whichever kind of line.
    """
    found: set[Key] = set()
    waiting = list(keys)
    while waiting:
        for one in above.get(waiting.pop(), ()):
            if one not in found:
                found.add(one)
                waiting.append(one)
    return found
