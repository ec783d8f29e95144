"""A questionnaire as a form. Nothing of it is stored before it is sent (A-20)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from evaluations.selectors import Questionnaire, names_in_comments
from evaluations.selectors.answering import Field


class EvaluationForm(forms.Form):
    """One part of a round. Every question may be left out; "can't say" is an answer like any other."""

    names_are_meant = forms.BooleanField(
        label=_("Send it as it stands, with these names"), required=False, widget=forms.HiddenInput
    )

    def __init__(self, *args: Any, questionnaire: Questionnaire, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.questionnaire = questionnaire
        for question in questionnaire.fields:
            self.fields[question.name] = _field(question)

    @property
    def blocks(self) -> list[tuple[str, list[tuple[Field, forms.BoundField]]]]:
        """The questions in reading order under their lead-ins, each with its bound field."""
        return [
            (block.stem, [(field, self[field.name]) for field in block.fields])
            for block in self.questionnaire.blocks
        ]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("names_are_meant"):
            found = names_in_comments(self.questionnaire.round, data)
            for name, words in found.items():
                self.add_error(
                    name,
                    _("This names somebody: %(words)s. Change it, or tick the box below to send it so.")
                    % {"words": ", ".join(words)},
                )
            if found:
                self.fields["names_are_meant"].widget = forms.CheckboxInput()
        return data

    def answers(self) -> dict[str, Any]:
        """Question key → value, as the service takes it."""
        return {field.name: self.cleaned_data.get(field.name) for field in self.questionnaire.fields}


def _field(question: Field) -> forms.Field:
    if question.kind == "text":
        return forms.CharField(
            label=question.label,
            required=False,
            max_length=question.max_length,
            widget=forms.Textarea(attrs={"rows": 4}),
        )
    if question.kind == "choices":
        return forms.MultipleChoiceField(
            label=question.label,
            required=False,
            choices=question.options,
            widget=forms.CheckboxSelectMultiple,
        )
    choices = [*question.options]
    if question.offers_cannot_say:
        choices.append(("", str(_("Can’t say"))))
    return forms.ChoiceField(label=question.label, required=False, choices=choices, widget=forms.RadioSelect)
