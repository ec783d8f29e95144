"""Naming somebody by key or address: nobody browses the whole company to enrol one colleague."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from participants.models import Person


class PersonField(forms.CharField):
    """Takes an HR key or an e-mail address, gives the person."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("HR key or e-mail address"))
        kwargs.setdefault(
            "help_text", _("Exactly as in the roster. Import the person first if they are new.")
        )
        super().__init__(max_length=254, **kwargs)

    def clean(self, value: Any) -> Any:
        word = super().clean(value)
        if not word:
            return None
        person = Person.objects.named_by(word).first()
        if person is None:
            raise forms.ValidationError(_("Nobody is known by this key or address."), code="unknown")
        return person
