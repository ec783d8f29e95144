"""Figures of one group, blunted so that nobody's answer can be read off them (A-09), and scores made of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any, Final

from evaluations.engine.instruments import CHOICES, SCORE_OF_ROLE, SCORES, STEPS

#: Below this many answers the ends of a figure are coded "or more" and "or less".
FEW: Final = 20
#: A score counts when this share of its questions has a figure (dossier 4.1).
SCORE_SHARE: Final = Fraction(60, 100)
AT_LEAST: Final = "ge"
AT_MOST: Final = "le"
NPS_INDICATIVE: Final = 30
#: The question behind the recommendation score.
NPS_KEY: Final = "nps"

Cell = dict[str, Any]


def cell(values: Sequence[Any], scale: Mapping[str, Any], *, spread: bool) -> Cell | None:
    """What may be printed about one group's answers to one question.

    Args:
        values: the answers as stored: a scale's value, or a list of them where several may be chosen.
        scale: the frozen scale, with ``kind`` and ``values``.
        spread: whether the group is large enough for a distribution.

    Returns:
        ``n``; ``mean`` with one decimal and ``bound`` ("", "ge", "le") where the scale has steps; ``shares``, one
        ``{"percent", "bound"}`` per value, where a distribution is allowed. None when nothing is left to print:
        a yes or no has no mean that is not its distribution.
    """
    if scale["kind"] != STEPS and not spread:
        return None
    printed: Cell = {"n": len(values), "mean": None, "bound": "", "shares": None}
    if scale["kind"] == STEPS:
        printed["mean"], printed["bound"] = _mean(values, scale["values"])
    if spread:
        printed["shares"] = _shares(values, scale)
    return printed


def _mean(values: Sequence[str], steps: Sequence[str]) -> tuple[float, str]:
    low, high = Fraction(steps[0]), Fraction(steps[-1])
    mean = Fraction(sum(int(value) for value in values), len(values))
    margin = (high - low) / 10
    if len(values) < FEW and mean >= high - margin:
        return _tenth(high - margin), AT_LEAST
    if len(values) < FEW and mean <= low + margin:
        return _tenth(low + margin), AT_MOST
    return _tenth(mean), ""


def _tenth(value: Fraction) -> float:
    """Rounded half away from zero to one decimal: what a reader would do on paper."""
    tenths = (abs(value) * 20 + 1) // 2
    return float(tenths if value >= 0 else -tenths) / 10


def _shares(values: Sequence[Any], scale: Mapping[str, Any]) -> list[dict[str, Any]]:
    chosen = Counter(
        one for value in values for one in (value if scale["kind"] == CHOICES else (value,)) if value
    )
    return [_share(Fraction(chosen[value] * 100, len(values)), len(values)) for value in scale["values"]]


def _share(percent: Fraction, n: int) -> dict[str, Any]:
    if n < FEW and percent >= 90:
        return {"percent": 90, "bound": AT_LEAST}
    if n < FEW and percent <= 10:
        return {"percent": 10, "bound": AT_MOST}
    return {"percent": int((percent * 2 + 1) // 2), "bound": ""}


def recommendation(values: Sequence[str]) -> dict[str, Any]:
    """Share of 9 and 10 minus share of 0 to 6, from -100 to 100; give it only where a distribution may stand."""
    marks = [int(value) for value in values]
    balance = sum(mark >= 9 for mark in marks) - sum(mark <= 6 for mark in marks)
    score = round(Fraction(balance * 100, len(marks)))
    edge = 80 if len(marks) < FEW else 100
    return {"score": max(-edge, min(edge, score)), "indicative": len(marks) < NPS_INDICATIVE}


def scores(items: Sequence[Mapping[str, Any]], means: Mapping[str, Mapping[str, float]]) -> dict[str, Any]:
    """Scores from 0 to 100 per cut, made of printed means alone, so that they tell nothing new.

    Nobody's answers hang together, so a score is the mean of its questions' means; where everybody answered
    every question that is the mean of persons' scores.

    Args:
        items: the frozen questions, with ``key``, ``roles`` and ``reverse``.
        means: printed means by question key and cut.

    Returns:
        Score code → cut → whole number; only scores with 60 % of their questions in that cut.
    """
    asked = {item["key"]: item for item in items}
    made: dict[str, Any] = {}
    for code, keys in SCORES.items():
        parts = [asked[key] for key in keys if key in asked]
        for cut in _cuts_of(code, parts, means):
            known = [
                _upright(item, means[item["key"]][cut]) for item in parts if cut in means.get(item["key"], {})
            ]
            if len(known) >= SCORE_SHARE * len(keys):
                made.setdefault(code, {})[cut] = round((sum(known) / len(known) - 1) / 4 * 100)
    return made


def _cuts_of(
    code: str, parts: Sequence[Mapping[str, Any]], means: Mapping[str, Mapping[str, float]]
) -> list[str]:
    """Cuts of people who were all asked every question of the score."""
    if code in SCORE_OF_ROLE:
        return [f"role:{SCORE_OF_ROLE[code]}"]
    return sorted({cut for item in parts for cut in means.get(item["key"], {})})


def _upright(item: Mapping[str, Any], mean: float) -> float:
    """On a scale where more is better: reversed questions count as ``6 - x``."""
    return 6 - mean if item["reverse"] else mean


def comparable(before: frozenset[int], after: frozenset[int], k: int) -> bool:
    """Whether two rounds of a group may be compared: the same people, or at least ``k`` of them differ (A-07)."""
    return not 0 < len(before ^ after) < k
