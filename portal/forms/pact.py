"""A goal of one's own in a pair."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from common.forms import Who
from common.privacy import who_sees
from pairings.models import MOST_STEPS
from programmes.choices import Dimension, GoalKind


class PairGoalForm(forms.Form):
    """What one wants to reach with the other, and in how many steps (S0.9)."""

    text = forms.CharField(
        label=_("What do you want to reach?"),
        max_length=200,
        help_text=_("For instance: to work with generative AI myself."),
        error_messages={"required": _("Say in a few words what you want to reach.")},
    )
    measure = forms.CharField(
        label=_("How will you notice?"),
        max_length=200,
        required=False,
        help_text=_("For instance: from “heard of it” to “use it”."),
    )
    kind = forms.ChoiceField(label=_("What it is about"), choices=GoalKind.choices, initial=GoalKind.FREE)
    outcome = forms.ChoiceField(label=_("What it serves"), choices=Dimension.choices)
    steps_total = forms.TypedChoiceField(label=_("In how many steps"), coerce=int, initial=4)
    due_on = forms.DateField(
        label=_("Until when"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Give the day as in 2027-01-31.")},
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["steps_total"].choices = [  # type: ignore[attr-defined]
            (n, ngettext("%(n)s step", "%(n)s steps", n) % {"n": n}) for n in range(1, MOST_STEPS + 1)
        ]
        for name, stored in (("measure", "closed"), ("due_on", "due_on")):
            self.fields[name].who = Who(*who_sees("pairings.PairGoal", stored))  # type: ignore[attr-defined]
