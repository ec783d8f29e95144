"""Coming in through an open call: an address, the code that was sent there, and for somebody new their name."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.forms import Who
from common.privacy import who_sees
from participants.validators import validate_name


class AddressForm(forms.Form):
    email = forms.CharField(
        label=_("Your work address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "autocapitalize": "none"}),
        error_messages={"required": _("Enter your work address.")},
    )


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("Code"),
        max_length=32,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autocapitalize": "characters"}),
        error_messages={"required": _("Enter the code from the mail.")},
    )


class NameForm(forms.Form):
    first_name = forms.CharField(label=_("First name"), max_length=80, validators=[validate_name])
    last_name = forms.CharField(label=_("Last name"), max_length=80, validators=[validate_name])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field_name, hint in (("first_name", "given-name"), ("last_name", "family-name")):
            field: Any = self.fields[field_name]
            field.widget.attrs["autocomplete"] = hint
            field.who = Who(*who_sees("participants.Person", field_name))
