"""Passkeys in plain words: each has a name that its owner chose, and each opens the door by itself."""

from __future__ import annotations

from typing import Any

from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django import forms
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

NAME_LENGTH = 60


def usual_name() -> str:
    """What a passkey is called when its owner says nothing."""
    day = date_format(timezone.localdate(), "DATE_FORMAT")
    return gettext("Passkey of %(day)s") % {"day": day}


def _name_field(*, required: bool) -> forms.CharField:
    return forms.CharField(
        label=_("Name"),
        max_length=NAME_LENGTH,
        required=required,
        help_text=_("To tell your passkeys apart, for instance “work laptop”."),
        error_messages={"required": _("Give it a name.")},
    )


class AddPasskeyForm(AddWebAuthnForm):
    """A new passkey. It always logs in by itself: nobody here should have to know the difference."""

    name = _name_field(required=False)
    #: The page says yes for everybody; the device then asks for finger, face or its own code.
    passwordless = forms.BooleanField(required=False, initial=True, widget=forms.CheckboxInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {})["name"] = usual_name()
        super().__init__(*args, **kwargs)

    def clean_name(self) -> str:
        """A name left empty must not cost the passkey that the device has made already."""
        return str(self.cleaned_data["name"]) or usual_name()


class RenamePasskeyForm(EditWebAuthnForm):
    """Another name for a passkey."""

    name = _name_field(required=True)
