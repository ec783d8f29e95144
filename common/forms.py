"""What forms of any door may carry beside their fields, and the widget that shows answers with consequences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.dates import WEEKDAYS
from django.utils.functional import Promise
from django.utils.translation import gettext as _

Text = str | Promise


@dataclass(frozen=True)
class Who:
    """The badge under a field: an eye for who reads it, a lock for what is sealed or yours alone (decision 9).

    Set it as ``field.who``; the form pack draws it and ties it to the control.
    """

    icon: str
    text: Text


@dataclass(frozen=True)
class Week:
    """How check boxes for parts of a week stand: a row a day, a column a part of the day.

    Set it as ``field.week``; the answers come day by day, each with as many as there are parts.
    """

    parts: Sequence[Text]

    def rows(self, options: Sequence[Any]) -> list[tuple[str, Sequence[Any]]]:
        """Each day's name with its options, Monday first."""
        size = len(self.parts)
        days = [options[start : start + size] for start in range(0, len(options), size)]
        return [(str(WEEKDAYS[number]), day) for number, day in enumerate(days)]


@dataclass(frozen=True)
class Choice:
    """The label of an answer that has a consequence, shown as a card to pick.

    Use it as the label in ``choices`` of a radio field: ``("yes", Choice(_("Yes"), _("You both get a date.")))``.
    """

    title: Text
    consequence: Text

    def __str__(self) -> str:
        return _("%(title)s: %(consequence)s") % {"title": self.title, "consequence": self.consequence}
