"""Answer to a proposal: yes, a taster, or not this one."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from matching.choices import Answer


class AnswerForm(forms.Form):
    """A no needs no reason and is not shown to the other (S0.28, decision 31)."""

    answer = forms.ChoiceField(
        label=_("Your answer"),
        choices=[
            (Answer.YES, _("Yes")),
            (Answer.TASTER, _("A taster first")),
            (Answer.NO, _("Not this one")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of the three answers.")},
    )
