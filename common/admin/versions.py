"""Two people at one form: the second to save is shown both versions, and nothing typed is lost (D-06)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import FieldDoesNotExist
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class TwoVersions:
    """One field in which the two differ.

    Args:
        kind: "both" changed it, or only "theirs" or "mine".
        theirs, mine: what each wrote, as one reads it.
    """

    name: str
    label: str
    kind: str
    theirs: str
    mine: str


class VersionCheck(forms.ModelForm):
    """A form that knows what it was opened with; a late save is shown both versions, field by field.

    What only the other one changed is taken over, what only this one changed stays, and where both did the words of
    the second stand in the field until they choose the others.
    """

    seen_version = forms.IntegerField(widget=forms.HiddenInput)
    seen_values = forms.CharField(widget=forms.HiddenInput, required=False)

    #: What was posted; a copy, so that fields can be filled with what is stored.
    data: Any
    #: What the page shows after a late save.
    versions: tuple[TwoVersions, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = [name for name in self.fields if name not in ("seen_version", "seen_values")]
        self._stored = {name: self._words(name) for name in names}
        self._stored_raw = {name: self._raw(name) for name in names}
        self._stored_version = self.instance.version
        self.initial["seen_version"] = self._stored_version
        self.initial["seen_values"] = json.dumps(self._stored_raw)
        if self.is_bound:
            self.data = self.data.copy()
            for name in self.data.getlist("take_theirs"):
                if name in self._stored_raw:
                    self._put(name, self._stored_raw[name])

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
                "Somebody else saved this while you were working on it. Both versions stand below, and nothing of "
                "yours is lost. Save again to keep what you see."
            ),
        )
        seen = self._seen()
        self.versions = tuple(found for name in self._stored if (found := self._compare(name, seen)))
        for one in self.versions:
            if one.kind == "both":
                self.add_error(one.name, _("Saved in between: “%(theirs)s”.") % {"theirs": one.theirs})
            elif one.kind == "theirs":
                self._put(one.name, self._stored_raw[one.name])
        self._put("seen_version", [str(self._stored_version)])
        self._put("seen_values", [json.dumps(self._stored_raw)])

    def _compare(self, name: str, seen: dict[str, list[str]]) -> TwoVersions | None:
        theirs, mine = self._stored_raw[name], self._posted(name)
        if theirs == mine:
            return None
        i_did = name not in seen or seen[name] != mine
        they_did = name not in seen or seen[name] != theirs
        kind = ("both" if they_did else "mine") if i_did else "theirs"
        label = str(self.fields[name].label or name)
        return TwoVersions(name, label, kind, self._stored[name], self._mine(name, mine))

    def _seen(self) -> dict[str, list[str]]:
        """The values that the form was opened with; without them every difference counts as both people's."""
        try:
            found = json.loads(self.cleaned_data.get("seen_values") or "{}")
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}

    # --- a field's value as the browser sends it -----------------------------------------------------------

    def _raw(self, name: str) -> list[str]:
        field, widget = self.fields[name], self._widget(name)
        value = field.prepare_value(self.get_initial_for_field(field, name))
        if isinstance(widget, forms.CheckboxInput):
            return ["on"] if value else []
        return _listed(widget.format_value(value))

    def _posted(self, name: str) -> list[str]:
        widget = self._widget(name)
        if isinstance(widget, forms.CheckboxInput):
            return ["on"] if widget.value_from_datadict(self.data, self.files, self.add_prefix(name)) else []
        return _listed(self.data.getlist(self.add_prefix(name)))

    def _widget(self, name: str) -> Any:
        """The control itself: Django wraps the choice of a related row."""
        widget = self.fields[name].widget
        return getattr(widget, "widget", widget)

    def _put(self, name: str, raw: list[str]) -> None:
        self.data.setlist(self.add_prefix(name), raw)

    def _mine(self, name: str, raw: list[str]) -> str:
        choices = {str(value): str(label) for value, label in getattr(self.fields[name], "choices", ())}
        words = ["✓" if one == "on" else choices.get(one, one) for one in raw]
        return ", ".join(words) or "–"

    def _words(self, name: str) -> str:
        """What is stored in a field, as one reads it."""
        try:
            self.instance._meta.get_field(name)
        except FieldDoesNotExist:
            return str(self.get_initial_for_field(self.fields[name], name))
        value = getattr(self.instance, name, None)
        if isinstance(value, (bool, list)):
            return self._mine(name, self._raw(name))
        show = getattr(self.instance, f"get_{name}_display", None)
        value = show() if show else value
        return "–" if value in (None, "") else str(value)


def _listed(value: Any) -> list[str]:
    found = value if isinstance(value, (list, tuple)) else [value]
    words = [str(one).replace("\r\n", "\n") for one in found if one is not None]
    return [one for one in words if one != ""]
