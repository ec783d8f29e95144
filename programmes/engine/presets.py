"""Ready-made programmes to begin with; every value can be changed afterwards (dossier 2.2, S0.1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final


@dataclass(frozen=True)
class Preset:
    """Values of a charter, and how many people its first cohort is planned for.

    Args:
        charter: fields of ``Programme``.
        mentors, mentees: planned for a cohort; None when nothing is said.
    """

    charter: Mapping[str, Any] = field(default_factory=dict)
    mentors: int | None = None
    mentees: int | None = None


def _months(number: int) -> Preset:
    return Preset({"months": number})


PRESETS: Final[Mapping[str, Preset]] = {
    "six": _months(6),
    "nine": _months(9),
    "twelve": _months(12),
    # One team of finance people tries it: short, few pairs, at lunch, without circles.
    "finance_pilot": Preset(
        {
            "months": 6,
            "scope": "team",
            "formats": ["lunch", "one_to_one"],
            "has_circles": False,
            "perspectives": ["innovation", "craft"],
            "outcomes": ["digital", "perspectives"],
        },
        mentors=10,
        mentees=15,
    ),
    # A firm's partners learn from its juniors: 122 mentors for 200 partners, and a circle each quarter.
    "partners": Preset(
        {"months": 9, "scope": "organisation", "has_circles": True, "formats": ["one_to_one", "shadowing"]},
        mentors=122,
        mentees=200,
    ),
}
DEFAULT: Final = "nine"


def charter_of(code: str, hierarchy: str) -> dict[str, Any]:
    """The charter of a preset; where seniors rarely meet juniors the mentors get their circles in any case (S4.17)."""
    values = dict(PRESETS[code].charter)
    if hierarchy == "strong":
        values["has_circles"] = True
    return {**values, "hierarchy": hierarchy}
