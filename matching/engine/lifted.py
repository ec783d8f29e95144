"""The weakest pair of a large cohort as good as it can be without losing coverage.

Every step of the search is a best plan of its own among the pairs from some score on, with its own proof: so it is
proven that the floor keeps the coverage, and that a point above it does not.
"""

from __future__ import annotations

from dataclasses import replace

from matching.engine.codes import SCORE_MAX
from matching.engine.encode import Cohort
from matching.engine.layout import Layout
from matching.engine.pairs import Pairs
from matching.engine.priced import Priced, solve_priced
from matching.engine.reservoir import Watch


def solve_lifted(
    cohort: Cohort, watch: Watch, *, layout: Layout | None = None, keep: int | None = None
) -> tuple[Priced, int | None]:
    """The best choice above the highest floor, and that floor; ``None`` where nobody but the pinned has somebody.

    Args:
        layout: the cohort's own, where it has been laid out already.
        watch: told which step of at most how many it is; may raise to stop.
        keep: see ``solve_priced``.

    Raises:
        EngineError, CertificateError: see ``solve_priced``.
    """
    search = _Search(cohort, watch, layout, keep)
    whole = search.best(None)
    if not whole.chosen.rows.size:
        return whole, None
    floor = search.highest(whole)
    lifted = solve_priced(cohort, watch, layout=layout, keep=keep, floor=floor)
    return replace(lifted, allowed=whole.allowed), floor


class _Search:
    """Looks for the highest floor between one that a plan keeps and one that none does."""

    def __init__(self, cohort: Cohort, watch: Watch, layout: Layout | None, keep: int | None) -> None:
        self._cohort, self._watch, self._layout, self._keep = cohort, watch, layout, keep
        self._pairs = Pairs(cohort, layout=layout)
        self._step, self._steps = 0, SCORE_MAX.bit_length() + 1

    def best(self, floor: int | None) -> Priced:
        """A best choice from this score on."""
        self._step += 1
        return solve_priced(
            self._cohort, self._told, layout=self._layout, keep=self._keep, floor=floor, is_probe=True
        )

    def highest(self, whole: Priced) -> int:
        """The highest score from which on a choice covers as many as the whole one does."""
        low, high = self._weakest(whole), SCORE_MAX + 1
        while high - low > 1:
            found = self.best((low + high) // 2)
            if _coverage(found) < _coverage(whole):
                high = (low + high) // 2
            else:
                low = self._weakest(found)
        return low

    def _weakest(self, found: Priced) -> int:
        return int(self._pairs.at(found.chosen.rows, found.chosen.columns).min())

    def _told(self, _what: str, _done: int, _of: int) -> None:
        self._watch("floor", self._step, self._steps)


def _coverage(found: Priced) -> tuple[int, int]:
    reached = found.network.scale.read(found.proof.primal)
    return reached.people, reached.pairs
