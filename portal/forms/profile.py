"""What a person sets for themselves."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.forms import Week, Who
from common.privacy import who_sees
from participants.choices import PARTS_OF_DAY, Block, Language
from participants.engine.places import time_zones
from participants.models import Person

#: Languages people work in, by ISO code; each in its own name.
WORKING_LANGUAGES = [
    ("cs", "Čeština"),
    ("da", "Dansk"),
    ("de", "Deutsch"),
    ("en", "English"),
    ("es", "Español"),
    ("fr", "Français"),
    ("it", "Italiano"),
    ("nl", "Nederlands"),
    ("pl", "Polski"),
    ("pt", "Português"),
    ("sv", "Svenska"),
    ("tr", "Türkçe"),
]


class ProfileForm(forms.Form):
    """Language, zone, working languages and the weekly times one is free."""

    language = forms.ChoiceField(label=_("Language of pages and mail"), choices=Language.choices)
    time_zone = forms.ChoiceField(label=_("Time zone"))
    languages = forms.MultipleChoiceField(
        label=_("Languages you can work in"),
        choices=WORKING_LANGUAGES,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("At the level of a good discussion (B2)."),
        error_messages={"required": _("Choose at least one language.")},
    )
    availability = forms.MultipleChoiceField(
        label=_("When you could usually meet"),
        choices=Block.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("In your own time zone. Suggested dates come from here."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        initial = {
            "language": person.language,
            "time_zone": person.time_zone,
            "languages": person.languages,
            "availability": person.availability,
            "version": person.version,
        }
        kwargs["initial"] = initial
        super().__init__(*args, **kwargs)
        zones = sorted(zone for zone in time_zones() if "/" in zone and zone[:3] != "Etc")
        self.fields["time_zone"].choices = [  # type: ignore[attr-defined]
            (zone, zone.replace("_", " ")) for zone in zones
        ]
        known = dict(WORKING_LANGUAGES)
        extra = [(code, code.upper()) for code in person.languages if code not in known]
        self.fields["languages"].choices = [*WORKING_LANGUAGES, *extra]  # type: ignore[attr-defined]
        self.fields["availability"].week = Week(PARTS_OF_DAY)  # type: ignore[attr-defined]
        self.fields["languages"].is_short = True  # type: ignore[attr-defined]
        for name in ("language", "time_zone", "languages", "availability"):
            self.fields[name].who = Who(*who_sees("participants.Person", name))  # type: ignore[attr-defined]
