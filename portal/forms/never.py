"""Name a colleague with whom one never wants to be paired."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from common.forms import Who


class NeverWithForm(forms.Form):
    """One exact name or address; half a name finds nobody."""

    word = forms.CharField(
        label=_("Full name or e-mail address"),
        max_length=200,
        help_text=_("Exactly as they write it, for instance “Ann de Wit” or their work address."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": _("Write a full name or an e-mail address.")},
    )
    word.who = Who("lock", _("Only you see this."))  # type: ignore[attr-defined]
