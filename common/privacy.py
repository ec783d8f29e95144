"""The privacy register: what every stored field is for, who sees it, how long it stays, how it leaves (B-01).

Each package fills it in its ``privacy`` room. The badges in the portal, the export, the erasure, the
retention job and the works-council pack read it (decision 9); a field without a line fails the house tests.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

PURPOSES: Final[Mapping[str, Promise]] = {
    "run": _("running the programme"),
    "match": _("finding pairs"),
    "meet": _("planning meetings"),
    "mail": _("sending programme mail"),
    "evaluate": _("improving the programme"),
    "account": _("logging in safely"),
    "operate": _("operating and securing the service"),
    "safety": _("a safe place to turn to"),
}
BASES: Final[Mapping[str, Promise]] = {
    "interest": _("legitimate interest in a voluntary programme (GDPR art. 6(1)(f))"),
    "agreement": _("works agreement or the programme's rules (GDPR art. 6(1)(f), 88)"),
    "security": _("security of processing (GDPR art. 32)"),
    "none": _("not personal data"),
}
CATEGORIES: Final = (
    "none",
    "contact",
    "organisation",
    "preference",
    "process",
    "content",
    "answer",
    "security",
)
VIEWERS: Final[Mapping[str, Promise]] = {
    "self": _("you"),
    "partner": _("your partner"),
    "proposed": _("a proposed partner"),
    "chosen": _("a proposed partner, each only after your yes"),
    "coordinator": _("the programme's coordinators"),
    "sponsor": _("the sponsor"),
    "council": _("the works council"),
    "contact": _("the named contact"),
    "delegate": _("the delegate"),
    "group": _("nobody singly; grouped results only"),
    "nobody": _("nobody"),
    "operator": _("the people who operate the server"),
    "everyone": _("everybody who is logged in"),
}
ERASURES: Final = ("keep", "delete_row", "blank", "detach", "tombstone")
RETENTIONS: Final[Mapping[str, Promise]] = {
    "programme": _("12 months after the programme closes"),
    "cohort_start": _("until the cohort begins"),
    "pair_90": _("90 days after the pair ends"),
    "day_1": _("24 hours"),
    "files_7": _("7 days"),
    "mail_30": _("content 30 days, proof of sending 400 days"),
    "links_14": _("until used or expired, at most 14 days"),
    "round_close": _("until the round is sealed"),
    "answers_24": _("24 months, sealed"),
    "log_12": _("12 months"),
    "account_30": _("30 days after the account is closed"),
    "session": _("until log-out, at most 7 days"),
    "forever": _("as long as the programme's documents"),
}
#: How many days each of these means, counted from the event that its words name; None: no end is set.
#: An agreement with a works council keeps them, so that a later version that keeps longer is noticed.
RETENTION_DAYS: Final[Mapping[str, int | None]] = {
    "programme": 365,
    "cohort_start": 0,
    "pair_90": 90,
    "day_1": 1,
    "files_7": 7,
    "mail_30": 400,
    "links_14": 14,
    "round_close": 0,
    "answers_24": 730,
    "log_12": 365,
    "account_30": 30,
    "session": 7,
    "forever": None,
}
#: Categories that say something about a person; the one left over is keys and settings.
PERSONAL: Final = frozenset(CATEGORIES) - {"none"}


@dataclass(frozen=True)
class Line:
    """What the register says about one field.

    Args:
        purpose: a key of ``PURPOSES``.
        basis: a key of ``BASES``.
        category: one of ``CATEGORIES``.
        retention: a key of ``RETENTIONS``.
        visible: keys of ``VIEWERS``.
        export: whether the person's own export carries it (B-06).
        erase: one of ``ERASURES``: what erasing the person does to it (B-07).
    """

    purpose: str
    basis: str
    category: str
    retention: str
    visible: tuple[str, ...]
    export: bool = False
    erase: str = "keep"

    def __post_init__(self) -> None:
        unknown = [viewer for viewer in self.visible if viewer not in VIEWERS]
        known = (
            self.purpose in PURPOSES
            and self.basis in BASES
            and self.category in CATEGORIES
            and self.retention in RETENTIONS
            and self.retention in RETENTION_DAYS
            and self.erase in ERASURES
        )
        if unknown or not known or not self.visible:
            raise ValueError(f"privacy line with an unknown word: {self}")


_register: dict[str, dict[str, Line]] = {}


def declare(model: str, *groups: tuple[str, Line]) -> None:
    """Declare lines for a model.

    Args:
        model: "app_label.ModelName".
        groups: pairs of a space-separated list of field names and the line they share.

    Raises:
        ValueError: a field is declared twice.
    """
    lines = _register.setdefault(model.lower(), {})
    for names, line in groups:
        for name in names.split():
            if name in lines:
                raise ValueError(f"{model}.{name} has two privacy lines")
            lines[name] = line


def lines_of(model: str) -> Mapping[str, Line]:
    """The declared lines of a model by field name; empty when it has none."""
    return _register.get(model.lower(), {})


def declared_models() -> Iterable[str]:
    """Labels of all models in the register, in order."""
    return sorted(_register)


def who_sees(model: str, field: str) -> tuple[str, str]:
    """The badge for a form field: an icon name and a translated sentence (decision 9).

    Raises:
        KeyError: the field has no line.
    """
    from django.utils.text import format_lazy

    line = _register[model.lower()][field]
    if line.visible == ("self",):
        return "lock", str(_("Only you see this."))
    names = ", ".join(str(VIEWERS[viewer]) for viewer in line.visible)
    return "eye", str(format_lazy(_("Who sees this: {names}."), names=names))


#: Lines shared by many models: keys and technical columns that say nothing about anybody.
TECHNICAL: Final = Line("operate", "none", "none", "programme", ("operator",))
