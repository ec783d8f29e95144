"""Which optional mail one gets."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.forms import Who
from common.privacy import who_sees
from outbox.choices import Choosable


class MailChoiceForm(forms.Form):
    """One box for each kind of mail that one may do without."""

    wanted = forms.MultipleChoiceField(
        label=_("Mail that you get"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_(
            "Always sent: dates made, moved or called off, matches, evaluations, and what you asked for."
        ),
    )

    def __init__(self, *args: Any, offered: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["wanted"]
        field.choices = [(one, Choosable(one).label) for one in offered]  # type: ignore[attr-defined]
        field.who = Who(*who_sees("outbox.MailRefusal", "choice"))  # type: ignore[attr-defined]
