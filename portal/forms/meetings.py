"""Dates of a pair, typed in the person's own time zone."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from common.forms import Who
from common.privacy import who_sees
from meetings.choices import MeetingFormat
from participants.models import Person

MINUTES = (15, 30, 45, 60, 75, 90)
#: What becomes of each field, so that the badge under it says who reads that.
STORED_AS = {
    "day": "starts_at",
    "at": "starts_at",
    "minutes": "ends_at",
    "format": "format",
    "place": "place",
}


class MeetingForm(forms.Form):
    """A date that the two have agreed. Either of them may enter it (decision 26)."""

    day = forms.DateField(
        label=_("Day"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": _("Choose a day."), "invalid": _("Give the day as in 2027-01-31.")},
    )
    at = forms.TimeField(
        label=_("Time"),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"required": _("Choose a time."), "invalid": _("Give the time as in 12:30.")},
    )
    minutes = forms.TypedChoiceField(label=_("Length"), coerce=int)
    format = forms.ChoiceField(label=_("How you meet"), choices=MeetingFormat.choices)
    place = forms.CharField(
        label=_("Place or link"),
        max_length=200,
        required=False,
        help_text=_("A room, a café, a video link. It goes into both calendars, so no topics here."),
    )
    sequence = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, *args: Any, person: Person, now: datetime, default_minutes: int, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.zone, self.now = ZoneInfo(person.time_zone), now
        lengths = sorted({*MINUTES, default_minutes})
        self.fields["minutes"].choices = [  # type: ignore[attr-defined]
            (minutes, _("%(minutes)s minutes") % {"minutes": minutes}) for minutes in lengths
        ]
        self.fields["minutes"].initial = default_minutes
        self.fields["at"].help_text = _("In your time zone, %(zone)s.") % {
            "zone": person.time_zone.replace("_", " ")
        }
        for name, stored in STORED_AS.items():
            self.fields[name].who = Who(*who_sees("meetings.Meeting", stored))  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        day, at = data.get("day"), data.get("at")
        if day is not None and at is not None:
            data["starts_at"] = self._instant(day, at)
            minutes = data.get("minutes")
            if data["starts_at"] is not None and minutes:
                data["ends_at"] = data["starts_at"] + timedelta(minutes=minutes)
        return data

    def _instant(self, day: date, at: time) -> datetime | None:
        """The moment in UTC; a time that the clocks skip is an error, not a guess (D-09)."""
        local = datetime.combine(day, at, tzinfo=self.zone)
        instant = local.astimezone(ZoneInfo("UTC"))
        if instant.astimezone(self.zone).replace(tzinfo=None) != local.replace(tzinfo=None):
            self.add_error("at", _("The clocks go forward that night: this time does not exist."))
            return None
        return instant


class PlanForm(MeetingForm):
    """A date to come."""

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        starts_at = data.get("starts_at")
        if starts_at is not None and starts_at <= self.now:
            self.add_error("day", _("This moment has passed. Choose one to come."))
        return data


class HeldForm(MeetingForm):
    """A conversation that took place without having been planned here."""

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        ends_at = data.get("ends_at")
        if ends_at is not None and ends_at > self.now:
            self.add_error("day", _("This moment is still to come. Plan it instead."))
        return data


class CancelForm(forms.Form):
    """Calling a date off; the page offers to move it first."""

    sequence = forms.IntegerField(widget=forms.HiddenInput)
