"""How often, how long and how a pair meets."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from common.forms import Who
from common.privacy import who_sees
from pairings.choices import Mode
from pairings.models import LONGEST_PLACE, Pairing, Rhythm

#: Lengths offered, in minutes.
LENGTHS: Final = (30, 45, 60, 75, 90, 120)


class RhythmForm(forms.Form):
    """A rhythm within what the cohort allows, and the usual way of meeting (S3.8)."""

    cadence = forms.ChoiceField(label=_("How often"), widget=forms.RadioSelect)
    minutes = forms.TypedChoiceField(label=_("How long"), coerce=int)
    mode = forms.ChoiceField(label=_("How you usually meet"), choices=Mode.choices, widget=forms.RadioSelect)
    place = forms.CharField(
        label=_("Usual place or link"),
        max_length=LONGEST_PLACE,
        required=False,
        help_text=_("It is proposed whenever one of you enters a date. You may choose otherwise each time."),
    )

    @property
    def rhythm(self) -> Rhythm:
        """What was chosen; of a valid form."""
        return Rhythm(**self.cleaned_data)

    def __init__(self, *args: Any, pairing: Pairing, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        way = getattr(pairing, "usual_way", None)
        self.initial = {
            "cadence": pairing.cadence,
            "minutes": pairing.meeting_minutes,
            "mode": way.mode if way else Mode.EITHER,
            "place": way.place if way else "",
        }
        cadence, minutes = self.fields["cadence"], self.fields["minutes"]
        cadence.choices = [(one.value, one.label) for one in pairing.cohort.cadences]  # type: ignore[attr-defined]
        lengths = sorted({*LENGTHS, pairing.meeting_minutes})
        minutes.choices = [(n, _("%(minutes)s minutes") % {"minutes": n}) for n in lengths]  # type: ignore[attr-defined]
        for name in ("cadence", "minutes"):  # as a suggestion the two see it; once agreed coordinators do too
            self.fields[name].who = Who(*who_sees("pairings.Pairing", f"own_{name}"))  # type: ignore[attr-defined]
        for name in ("mode", "place"):
            self.fields[name].who = Who(*who_sees("pairings.UsualWay", name))  # type: ignore[attr-defined]
