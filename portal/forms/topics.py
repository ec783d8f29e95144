"""Suggesting a topic."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.forms import Who
from common.privacy import who_sees


class SuggestionForm(forms.Form):
    """A name, and a line about it if one likes."""

    name = forms.CharField(
        label=_("Which topic is missing?"),
        max_length=80,
        error_messages={"required": _("Give the topic a name.")},
    )
    why = forms.CharField(
        label=_("What it is about, in one line"),
        max_length=200,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.who = Who(*who_sees("programmes.TopicSuggestion", name))  # type: ignore[attr-defined]
