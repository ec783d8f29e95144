"""Naming the assistant who plans one's dates."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class DelegateForm(forms.Form):
    """An address is enough; the first name is for the greeting."""

    address = forms.EmailField(
        label=_("E-mail address of your assistant"),
        max_length=254,
        error_messages={
            "required": _("Give the address."),
            "invalid": _("Give an address as name@company.com."),
        },
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    first_name = forms.CharField(label=_("First name"), max_length=80, required=False)
