"""Pausing, with a day on which it goes on by itself."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.forms import Who
from common.privacy import who_sees


class PauseForm(forms.Form):
    """Until when; left empty, until they say so."""

    resume_on = forms.DateField(
        label=_("Until"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Leave it empty to pause until you go on yourself."),
        error_messages={"invalid": _("Give the day as in 2027-01-31.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["resume_on"].who = Who(*who_sees("programmes.Break", "resume_on"))  # type: ignore[attr-defined]
