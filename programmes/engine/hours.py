"""What taking part costs in time, part by part, from a cohort's own settings (dossier 2.2, S2b.5)."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import Final

DAYS_A_MONTH: Final = 365.25 / 12
CIRCLE: Final = 90
#: Minutes that do not depend on how long a cohort lasts.
TRAINING: Final = {"mentor": 90, "mentee": 66}
BOTH_EVENTS: Final = 180
#: Minutes before each meeting: whoever leads prepares longer.
PREPARATION: Final = {"mentor": 30, "mentee": 15}
#: Minutes in each quarter of a year.
QUESTIONS: Final = 15
ACTIONS: Final = 40


@dataclass(frozen=True)
class Part:
    """One thing that takes time: its short name, how often and how many minutes in all."""

    code: str
    minutes: int
    times: int = 1


@dataclass(frozen=True)
class Budget:
    """What one role takes in all."""

    role: str
    parts: tuple[Part, ...]

    @property
    def minutes(self) -> int:
        return sum(part.minutes for part in self.parts)

    @property
    def hours(self) -> int:
        """To the nearest whole hour, as one says it."""
        return round(self.minutes / 60)


def months_of(days: int) -> int:
    """A length in whole months, one at least."""
    return max(1, round(days / DAYS_A_MONTH))


def meetings_of(days: int, cadence: str) -> int:
    """How many meetings a pair has in so many days."""
    months = months_of(days)
    found = {
        "weekly": days // 7,
        "fortnightly": days // 14,
        "monthly": months,
        "two_monthly": ceil(months / 2),
    }
    return max(1, found[cadence])


def budget(
    role: str, *, days: int, cadence: str, meeting_minutes: int, partners: int = 1, has_circles: bool = True
) -> Budget:
    """What one role takes from the first day to the last.

    Args:
        role: "mentor" or "mentee".
        days: from the first day to the last.
        cadence: a value of ``Cadence``.
        partners: with each further one, meetings and their preparation come again.
        has_circles: whether the mentors meet each quarter.
    """
    meetings = meetings_of(days, cadence) * partners
    quarters = months_of(days) / 3
    parts = [
        Part("meetings", meetings * meeting_minutes, meetings),
        Part("preparation", meetings * PREPARATION[role], meetings),
    ]
    if role == "mentor":
        circles = int(quarters) if has_circles else 0
        parts.append(Part("circles", circles * CIRCLE, circles))
        parts.append(Part("training", TRAINING[role]))
    else:
        parts.append(Part("training", TRAINING[role]))
        parts.append(Part("events", BOTH_EVENTS, 2))
        parts.append(Part("actions", round(quarters * ACTIONS)))
    parts.append(Part("questions", round(quarters * QUESTIONS)))
    return Budget(role, tuple(part for part in parts if part.minutes))
