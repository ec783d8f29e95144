"""Shared weekly windows of many pairs at once; ``hours.shared`` says the same of one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from matching.engine.encode import Bools, Cohort, Ints, incidence, product
from matching.engine.hours import WEEK_MINUTES, Span

Floats32 = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Weeks:
    """Hours of both sides as factors of one or two products, mentees first.

    Args:
        counted: blocks of a mentee, and which blocks a mentor's own meet.
        returned: the other way round; ``None`` where every block meets itself alone, which gives the same count.
    """

    counted: tuple[Bools, Bools]
    returned: tuple[Bools, Bools] | None

    def table(self) -> Ints:
        """Number of shared windows of every pair: both sides count their own blocks that meet one of the other,
        and the lower count holds."""
        found = product(*self.counted)
        return found if self.returned is None else np.minimum(found, product(*self.returned))


def weeks(cohort: Cohort) -> Weeks:
    """Lay the hours of a cohort out."""
    mentees = len(cohort.mentees)
    slots, has = incidence((*cohort.mentees.people, *cohort.mentors.people), cohort.calendar.slots)
    ours, theirs = has[:mentees], has[mentees:]
    meets = _meets([cohort.calendar.span(slot) for slot in slots], cohort.calendar.least_minutes)
    if (meets == np.eye(len(slots), dtype=bool)).all():
        return Weeks((ours, theirs), None)
    return Weeks((ours, product(theirs, meets) > 0), (product(ours, meets) > 0, theirs))


def _meets(spans: Sequence[Span], least: int) -> Bools:
    """Which spans share so many minutes; ``hours.overlap`` for all at once."""
    start, end = np.array(spans, dtype=np.int64).reshape(-1, 2).T
    length = end - start
    later = (start[None, :] - start[:, None] + WEEK_MINUTES // 2) % WEEK_MINUTES - WEEK_MINUTES // 2
    shared = np.minimum(length[:, None], later + length[None, :]) - np.maximum(later, 0)
    return np.asarray(shared >= least)
