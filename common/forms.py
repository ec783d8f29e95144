"""What forms of any door may carry beside their fields, and the widget that shows answers with consequences."""

from __future__ import annotations

from dataclasses import dataclass

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
class Choice:
    """The label of an answer that has a consequence, shown as a card to pick.

    Use it as the label in ``choices`` of a radio field: ``("yes", Choice(_("Yes"), _("You both get a date.")))``.
    """

    title: Text
    consequence: Text

    def __str__(self) -> str:
        return _("%(title)s: %(consequence)s") % {"title": self.title, "consequence": self.consequence}
