"""The questions we ship, in three languages, and which of them a round asks (dossier 4.2 to 4.8).

``instruments.json`` is the source. A round copies what it asks when it is launched, so that a later edition of
this file never changes a question that somebody has answered (A-13).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

MENTOR: Final = "mentor"
MENTEE: Final = "mentee"
ROLES: Final = (MENTOR, MENTEE)

#: What a scale counts for: numbers in order, one choice, several choices, or the person's own words.
STEPS: Final = "steps"
CHOICE: Final = "choice"
CHOICES: Final = "choices"
TEXT: Final = "text"

#: Scores made of several questions (dossier 4.11). A score belongs to the group whose people were all asked.
SCORES: Final[Mapping[str, tuple[str, ...]]] = {
    "psi": ("psy_differ", "psy_gap", "psy_rank", "psy_after"),
    "rqi": ("q_hands", "equal", "balance"),
    "dig": ("dig_choose", "dig_ai", "dig_async", "dig_customer", "dig_explain"),
    "skl": ("skl_explain", "skl_ask", "skl_lead", "skl_candour", "skl_solve", "skl_change"),
    "skl_com": ("skl_explain", "skl_ask"),
    "skl_led": ("skl_lead", "skl_candour"),
    "opn": ("open_view", "open_change"),
    "gen": ("gen_ease", "gen_friction"),
    "voi": ("voice_picked", "voice_route"),
    "crf": ("nrg_joy", "nrg_energy", "nrg_ambition"),
    "pul_m": ("p_worth", "p_speak", "p_listened"),
    "pul_e": ("p_worth", "p_notknow", "p_new"),
}
#: A score whose first question both roles answer, but which is meant for one of them.
SCORE_OF_ROLE: Final[Mapping[str, str]] = {"pul_m": MENTOR, "pul_e": MENTEE}


@cache
def shipped() -> Mapping[str, Any]:
    """The file as it is: ``scales`` and ``stems`` by code, ``items`` in reading order."""
    data: dict[str, Any] = json.loads(Path(__file__).with_suffix(".json").read_text(encoding="utf-8"))
    return data


def questions(
    kind: str,
    *,
    is_first: bool,
    invited: Mapping[str, int],
    k: int,
    comment_k: int,
    totals_only: bool = False,
) -> dict[str, Any]:
    """What a round of this kind asks, ready to be frozen. What could never be shown is not asked.

    Args:
        kind: "baseline", "pulse", "quarterly", "final" or "followup".
        is_first: whether it is the cohort's first round of the kind; some questions are asked only then.
        invited: how many people of each role are invited.
        k, comment_k: the least group for a figure, and for comments.
        totals_only: nothing but figures about everybody: no questions to one role, no comments (A-14).

    Returns:
        ``items`` (each with ``key``, ``part``, ``roles``, ``scale``, ``stem``, ``reverse``, ``text`` by language),
        and the ``scales`` and ``stems`` that they use.
    """
    items = [
        _frozen(item, kind)
        for item in shipped()["items"]
        if _belongs(item, kind, is_first) and _can_be_shown(item, invited, k, comment_k, totals_only)
    ]
    items.sort(key=lambda item: item["part"])
    return {
        "items": items,
        "scales": {code: shipped()["scales"][code] for code in sorted({item["scale"] for item in items})},
        "stems": {
            code: shipped()["stems"][code] for code in sorted({item["stem"] for item in items}) if code
        },
    }


def _belongs(item: Mapping[str, Any], kind: str, is_first: bool) -> bool:
    return kind in item["asked_in"] and (is_first or kind not in item.get("first_only", ()))


def _can_be_shown(
    item: Mapping[str, Any], invited: Mapping[str, int], k: int, comment_k: int, totals_only: bool
) -> bool:
    is_text = shipped()["scales"][item["scale"]]["kind"] == TEXT
    if totals_only and (is_text or len(item["roles"]) == 1):
        return False
    return sum(invited.get(role, 0) for role in item["roles"]) >= (comment_k if is_text else k)


def _frozen(item: Mapping[str, Any], kind: str) -> dict[str, Any]:
    kept = ("key", "roles", "scale", "stem", "reverse", "text")
    return {**{name: item[name] for name in kept}, "part": item["asked_in"][kind]}


def minutes_for(sheet: Mapping[str, Any], role: str) -> int:
    """How long somebody of this role needs for a round, rounded up: 12 seconds a mark, 35 a text."""
    asked = [item for item in sheet["items"] if role in item["roles"]]
    seconds = sum(35 if sheet["scales"][item["scale"]]["kind"] == TEXT else 12 for item in asked)
    return max(1, -(-seconds // 60))
