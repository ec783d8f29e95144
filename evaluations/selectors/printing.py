"""Printed figures: the parts of a page of results, and how a number reads in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from evaluations.choices import RoundKind
from evaluations.engine.disclosure import ALL, DEPARTMENT, ROLE, role_cut
from evaluations.engine.figures import AT_LEAST, AT_MOST
from evaluations.engine.instruments import CHOICES
from evaluations.engine.segments import REST
from evaluations.selectors.answering import options

#: Short names of questions that stand for themselves in a table of scores.
SHORT: Final = {
    "p_worth": _lazy("Meetings worth the time"),
    "sat": _lazy("Value of the partnership"),
    "u_lasting": _lazy("Change that has lasted"),
    "stay": _lazy("Intention to stay"),
    "skl_solve": _lazy("Mentor skills: solving problems"),
    "skl_change": _lazy("Mentor skills: leading change"),
}
_OF_MENTORS: Final = ("skl_com", "skl_led", "skl_solve", "skl_change", "voi")
#: What a round shows of the mentors alone, part by part: scores and single questions.
DETAILS: Final[Mapping[str, tuple[str, ...]]] = {
    RoundKind.BASELINE: _OF_MENTORS,
    RoundKind.FINAL: _OF_MENTORS,
}
#: Questions where more is neither better nor worse.
NEUTRAL: Final = ("load", "lead_e")
#: The drawing of a change: where its line begins and how long it is, in units of the view box.
LINE_START: Final = 8
LINE_LENGTH: Final = 284


@dataclass(frozen=True)
class Group:
    """A group whose figures may be shown."""

    cut: str
    label: str


@dataclass(frozen=True)
class Cell:
    """One printed figure, in the reader's number format; ``n`` where the group's number may be told."""

    text: str
    n: int | None = None


#: Stands where a group was not asked; that is no secret, unlike a suppressed cell.
NOT_ASKED: Final = Cell("–")


@dataclass(frozen=True)
class Entry:
    """A cell with the name of its column, which a narrow page prints beside it."""

    label: str
    cell: Cell | None


@dataclass(frozen=True)
class Row:
    """A group's line of the headline table."""

    group: Group
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Share:
    """One bar of a distribution."""

    label: str
    percent: int
    text: str


@dataclass(frozen=True)
class Line:
    """One question: its figure per group, and its distribution over everybody asked, if there is one."""

    key: str
    text: str
    stem: str
    entries: tuple[Entry, ...]
    shares: tuple[Share, ...]


@dataclass(frozen=True)
class Slide:
    """A mean beside that of an earlier round.

    ``tone`` is "better", "worse" or ""; ``size`` is the change as a share of its scale, to compare scales by.
    """

    text: str
    group: str
    since: str
    before: str
    after: str
    change: str
    tone: str
    size: float
    x_before: int
    x_after: int


def asked_group(item: Mapping[str, Any]) -> str:
    """The group of everybody who was asked a question."""
    return ALL if len(item["roles"]) > 1 else role_cut(item["roles"][0])


def group_label(cut: str) -> str:
    """The group's name as a page shows it."""
    if cut == ALL:
        return _("Everybody asked")
    if cut.startswith(ROLE):
        return _("Mentors") if cut == role_cut("mentor") else _("Mentees")
    name = cut.removeprefix(DEPARTMENT)
    return _("Other departments") if name == REST else name


def bounded(text: str, bound: str) -> str:
    """A figure whose end is coded says so (A-09)."""
    if bound == AT_LEAST:
        return _("%(value)s or more") % {"value": text}
    return _("%(value)s or less") % {"value": text} if bound == AT_MOST else text


def share_text(share: Mapping[str, Any]) -> str:
    """A share of answers, as "40 %"."""
    return bounded(_("%(percent)s %%") % {"percent": number_format(share["percent"])}, share["bound"])


def leading_share(shares: list[Mapping[str, Any]], scale: Mapping[str, Any], language: str) -> str:
    """The share of "yes", or of what was chosen most."""
    labelled = list(zip(options(scale, language), shares, strict=True))
    (_value, label), share = (
        max(labelled, key=lambda pair: pair[1]["percent"]) if scale["kind"] == CHOICES else labelled[0]
    )
    return f"{label}: {share_text(share)}"


def tone(item: Mapping[str, Any], change: float) -> str:
    """Whether a change is "better" or "worse" than before; "" where more is neither."""
    if not change or item["key"] in NEUTRAL:
        return ""
    return "better" if (change > 0) != item["reverse"] else "worse"


def drawn_at(mean: float, steps: list[str]) -> int:
    """Where a mean lies on the drawn line of its scale, in units of the drawing."""
    low, high = int(steps[0]), int(steps[-1])
    return round(LINE_START + (mean - low) / (high - low) * LINE_LENGTH)
