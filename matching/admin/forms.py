"""What a coordinator may choose for the next run."""

from __future__ import annotations

from typing import Final

from django import forms
from django.utils.translation import gettext_lazy as _

from matching.choices import Coverage, Fairness

#: Points that a second partner costs: none, a band's worth, or more than any fit gains.
SPREAD: Final = [(0, _("does not matter")), (5_000, _("a little")), (20_000, _("as evenly as possible"))]
#: Points that a pair of the newest run is worth on top.
KEEP: Final = [
    (0, _("start afresh")),
    (5_000, _("keep pairs that are nearly as good")),
    (50_000, _("change as little as possible")),
]


class RunForm(forms.Form):
    """Settings of one run. Weights and the least distance are the cohort's own."""

    coverage = forms.ChoiceField(
        label=_("What counts first"), choices=Coverage.choices, initial=Coverage.PAIRS
    )
    fairness = forms.ChoiceField(label=_("Then"), choices=Fairness.choices, initial=Fairness.TOTAL)
    load_step = forms.TypedChoiceField(
        label=_("Spread over the mentors"), choices=SPREAD, coerce=int, initial=0
    )
    stickiness = forms.TypedChoiceField(label=_("Pairs of the last run"), choices=KEEP, coerce=int, initial=0)
    draws_again = forms.BooleanField(
        label=_("Draw lots anew among equally good sets"), required=False, initial=False
    )
