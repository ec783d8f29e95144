"""Two people at one form: the second to save is shown both versions (D-06)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import FieldDoesNotExist
from django.utils.translation import gettext_lazy as _


class VersionCheck(forms.ModelForm):
    """A form that knows which version it was opened with; a late save is shown both versions (D-06)."""

    seen_version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._stored = {name: self._words(name) for name in self.fields if name != "seen_version"}
        self._stored_version = self.instance.version
        self.initial["seen_version"] = self._stored_version

    def clean(self) -> Any:
        cleaned = super().clean()
        seen = self.cleaned_data.get("seen_version")
        if seen is not None and seen != self._stored_version and self.instance.pk:
            self._show_both()
        return cleaned

    def _show_both(self) -> None:
        self.add_error(
            None,
            _(
                "Somebody else saved this while you were working on it. Where the two differ, their version is "
                "named at the field and yours stands in it. Save again to keep what you see."
            ),
        )
        for name in [name for name in self.changed_data if name in self._stored]:
            self.add_error(name, _("Saved in between: “%(theirs)s”.") % {"theirs": self._stored[name]})
        data: Any = self.data
        self.data = data = data.copy()
        data[self.add_prefix("seen_version")] = str(self._stored_version)

    def _words(self, name: str) -> str:
        """What is stored in a field, as one reads it."""
        try:
            self.instance._meta.get_field(name)
        except FieldDoesNotExist:
            return str(self.get_initial_for_field(self.fields[name], name))
        show = getattr(self.instance, f"get_{name}_display", None)
        value = show() if show else getattr(self.instance, name, None)
        return "–" if value in (None, "") else str(value)
