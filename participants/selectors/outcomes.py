"""The import log in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from participants.engine.problems import Problem
from participants.selectors.wording import FIELD_NAMES, sentence

_OUTCOMES: Final[Mapping[str, Promise]] = {
    "new": _("new"),
    "opened": _("new"),
    "changed": _("changed"),
    "moved": _("moved"),
    "same": _("unchanged"),
    "link": _("kept as a key only"),
    "relinked": _("moved"),
    "reduced": _("no longer kept by name"),
    "dropped": _("removed"),
    "left": _("left the company"),
    "wrong": _("left out: wrong"),
}
#: Lines by their short names; the long ones are for the choice of columns.
_LINES: Final[Mapping[str, Promise]] = {
    "manager": _("manager"),
    "appraiser": _("appraiser"),
    "dotted": _("dotted lines"),
}
_TAGS: Final = {
    "new": "ok",
    "opened": "ok",
    "wrong": "bad",
    "left": "wait",
    "moved": "info",
    "changed": "info",
}
_COUNTED: Final = ("new", "changed", "moved", "left", "same", "wrong")


@dataclass(frozen=True)
class OutcomeLine:
    """What became of one row, as the page shows it."""

    row: int
    key: str
    text: str
    tag: str
    details: str


def outcome_lines(outcomes: Iterable[Sequence[Any]]) -> list[OutcomeLine]:
    """Rows of the log in words; problems are named without the value that was wrong."""
    return [
        OutcomeLine(
            row, key, str(_OUTCOMES.get(outcome, outcome)), _TAGS.get(outcome, ""), _details(outcome, what)
        )
        for row, key, outcome, what in outcomes
    ]


def _details(outcome: str, what: Sequence[str]) -> str:
    if outcome in ("new", "opened", "link", "reduced", "dropped"):
        return ""
    if outcome == "wrong":
        return " ".join(_told(code) for code in what)
    return ", ".join(str({**FIELD_NAMES, **_LINES}.get(name, name)) for name in what)


def _told(code: str) -> str:
    """The problem's sentence with its values left open: they went with the file."""
    blanks = dict.fromkeys(("value", "limit", "line", "row", "names", "field"), "…")
    return sentence(Problem(0, "", code, {**blanks, "names": ["…"], "rows": []}))


def counts_in_words(counts: Mapping[str, Any]) -> str:
    """ "12 new, 3 changed, 1 moved" with what there is; an intake counts its roles."""
    if "mentors" in counts:
        return (
            _now("%(mentors)s mentors, %(mentees)s mentees; %(new)s newly enrolled, %(changed)s changed")
            % counts
        )
    found = {**counts, "new": counts.get("new", 0) + counts.get("opened", 0)}
    told = [f"{found[name]} {_OUTCOMES[name]}" for name in _COUNTED if found.get(name)]
    return ", ".join(told) or _now("nothing")
