"""Forms that save through services, and the field that takes one entry a line."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from common.admin import ScopedModelAdmin


class ServiceFormAdmin(ScopedModelAdmin):
    """Saves through services, which lock, check and count the version."""

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        names = [name for name in form.changed_data if name != "seen_version"] if change else form.values()
        values = {name: value for name, value in form.values().items() if name in names}
        stored = self.store(request, obj if change else None, values)
        obj.__dict__.update(stored.__dict__)

    def store(self, request: HttpRequest, obj: Any, values: dict[str, Any]) -> Any:
        raise NotImplementedError


class ServiceForm(forms.ModelForm):
    """A form that gives its service the fields it names, and those alone."""

    given: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():  # those declared by hand begin as the model's own do
            field.label = capfirst(field.label)

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.given if name in self.cleaned_data}


class LinesField(forms.CharField):
    """Several entries, one a line: names of departments hold commas."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": 2}))
        kwargs.setdefault("help_text", _("One a line; empty means all."))
        super().__init__(required=False, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> list[str]:  # type: ignore[override]
        lines = [line.strip() for line in (super().to_python(value) or "").splitlines()]
        return list(dict.fromkeys(line for line in lines if line))

    def has_changed(self, initial: Any, data: Any) -> bool:
        return self.to_python(data) != list(initial or [])


def codes(choices: Any, label: Any, help_text: Any = "") -> forms.MultipleChoiceField:
    """Several codes of a list, as boxes to tick."""
    return forms.MultipleChoiceField(
        choices=choices.choices, label=label, help_text=help_text, widget=forms.CheckboxSelectMultiple
    )
