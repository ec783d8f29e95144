"""Counts by group in which nobody stands out: small groups are counted together (decision 30)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

#: A group smaller than this is never shown by itself.
LEAST: Final = 5

Row = tuple[str, tuple[int, ...]]


def folded(counts: Mapping[str, Sequence[int]], *, least: int = LEAST) -> list[Row]:
    """Groups by size, small ones together under "".

    The first number of a group is its size. Where the small ones together are still too few, the smallest of the
    others joins them: otherwise subtracting from the total would lay them open again.

    Returns:
        (name, numbers), the largest first and the rest last.
    """
    ordered = sorted(counts.items(), key=lambda item: (-item[1][0], item[0]))
    kept = [(name, tuple(numbers)) for name, numbers in ordered if name and numbers[0] >= least]
    rest = [tuple(numbers) for name, numbers in ordered if not name or numbers[0] < least]
    while rest and sum(numbers[0] for numbers in rest) < least and kept:
        rest.append(kept.pop()[1])
    together = [("", tuple(map(sum, zip(*rest, strict=True))))] if rest else []
    return [*kept, *together]
