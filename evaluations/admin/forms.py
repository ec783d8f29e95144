"""The few things a coordinator decides about a round."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.forms import Who
from evaluations.choices import SHORTEST_ROUND
from evaluations.models import Round
from evaluations.selectors import closing_time, may_be_sent


class RoundForm(forms.ModelForm):
    """Cohort and kind, chosen once, and the last day to answer, which may be moved until the launch."""

    closes_on = forms.DateField(
        label=_("Last day to answer"),
        help_text=_("Two weeks are usual, one for a pulse. At least two days."),
        widget=forms.DateInput(attrs={"type": "date"}),
    )

    class Meta:
        model = Round
        fields = ("cohort", "kind")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            zone = ZoneInfo(self.instance.cohort.time_zone)
            self.initial["closes_on"] = self.instance.closes_at.astimezone(zone).date()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        cohort = cleaned.get("cohort") or getattr(self.instance, "cohort", None)
        day = cleaned.get("closes_on")
        if cohort and day:
            self.closes_at = closing_time(cohort, day)
            if self.closes_at < timezone.now() + SHORTEST_ROUND:
                self.add_error("closes_on", _("Give people two days or more to answer."))
        kind = cleaned.get("kind")
        if cohort and kind and not may_be_sent(cohort, kind):
            self.add_error(
                "kind", _("The works council’s agreement does not cover this kind in this programme.")
            )
        return cleaned


class LaunchForm(forms.Form):
    """Launching; with few people it has to be said that totals are all there will be (A-14)."""

    totals_only = forms.BooleanField(
        label=_("Launch it as “confidential, totals only”"),
        help_text=_("No groups, no comments: only figures about everybody together."),
    )

    def __init__(self, *args: Any, few: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not few:
            del self.fields["totals_only"]


class PublishForm(forms.Form):
    """What follows from the results; it stands above the figures and is kept as it is (S0.39)."""

    changes = forms.CharField(
        label=_("What do you change because of it?"),
        help_text=_("Or why you change nothing. Everybody in the cohort reads it above the figures."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["changes"].who = Who("eye", _("Who reads this: everybody in the cohort."))  # type: ignore[attr-defined]
