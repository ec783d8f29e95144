"""How often and how long a pair meets."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from common.forms import Who
from common.privacy import who_sees
from pairings.models import Pairing

#: Lengths offered, in minutes.
LENGTHS: Final = (30, 45, 60, 75, 90, 120)


class RhythmForm(forms.Form):
    """A rhythm within what the cohort allows (S3.8)."""

    cadence = forms.ChoiceField(label=_("How often"), widget=forms.RadioSelect)
    minutes = forms.TypedChoiceField(label=_("How long"), coerce=int)

    def __init__(self, *args: Any, pairing: Pairing, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cadence, minutes = self.fields["cadence"], self.fields["minutes"]
        cadence.choices = [(one.value, one.label) for one in pairing.cohort.cadences]  # type: ignore[attr-defined]
        lengths = sorted({*LENGTHS, pairing.meeting_minutes})
        minutes.choices = [(n, _("%(minutes)s minutes") % {"minutes": n}) for n in lengths]  # type: ignore[attr-defined]
        cadence.initial, minutes.initial = pairing.cadence, pairing.meeting_minutes
        minutes.who = Who(*who_sees("pairings.RhythmProposal", "minutes"))  # type: ignore[attr-defined]
