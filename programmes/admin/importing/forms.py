"""The forms of the import's three steps."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from common.errors import DomainError
from common.forms import Choice
from participants.choices import RosterScope
from participants.engine.grades import read_grades
from participants.engine.tables import MAX_BYTES, Table
from participants.selectors import place, read_content, sentence
from programmes.models import Cohort
from programmes.services.programmes import TAKES_PEOPLE

_ACCEPT = ".csv,.tsv,.txt,.xlsx"


def _file_field(label: Any, help_text: Any = "") -> forms.FileField:
    widget = forms.FileInput(attrs={"accept": _ACCEPT})
    return forms.FileField(label=label, required=False, help_text=help_text, widget=widget)


def _text_field(label: Any) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 4, "spellcheck": "false", "autocomplete": "off"})
    return forms.CharField(
        label=label,
        required=False,
        strip=False,
        widget=widget,
        help_text=_("With the header row, straight from the spreadsheet."),
    )


class FilesForm(forms.Form):
    """Step 1: a roster, an intake, or both, each uploaded or pasted."""

    roster_file = _file_field(_("Roster file"), _("CSV or Excel (.xlsx), at most 2 MB and 5,000 rows."))
    roster_text = _text_field(_("Or paste the rows of the roster"))
    scope = forms.ChoiceField(
        label=_("Whom to keep"),
        widget=forms.RadioSelect,
        initial=RosterScope.PARTICIPANTS,
        choices=[
            (
                RosterScope.PARTICIPANTS,
                Choice(
                    _("Only participants"),
                    _("People in the intake or enrolled already; their line of managers as mere keys."),
                ),
            ),
            (
                RosterScope.FULL,
                Choice(_("Everybody in the file"), _("For an open call, when anybody may join later.")),
            ),
        ],
    )
    intake_file = _file_field(
        _("Intake file"), _("Who takes part in which role, with topics and free times.")
    )
    intake_text = _text_field(_("Or paste the rows of the intake"))
    cohort = forms.ModelChoiceField(
        Cohort.objects.none(), label=_("Cohort that the intake is for"), required=False
    )

    def __init__(self, *args: Any, user: Any, kept: Sequence[str] = (), **kwargs: Any) -> None:
        """``kept`` names the parts ("roster", "intake") that are here already and may stay as they are."""
        super().__init__(*args, **kwargs)
        self.kept = kept
        cohorts = Cohort.objects.visible_to(user).filter(stage__in=TAKES_PEOPLE).select_related("programme")
        self.fields["cohort"].queryset = cohorts  # type: ignore[attr-defined]

    def content(self, part: str) -> tuple[bytes, str] | None:
        """(bytes, file name) of "roster" or "intake"; None when it was not given."""
        upload = self.cleaned_data.get(f"{part}_file")
        if upload:
            return upload.read(), upload.name
        text = self.cleaned_data.get(f"{part}_text") or ""
        return (text.encode(), "") if text.strip() else None

    def clean(self) -> Any:
        cleaned = super().clean() or {}
        for part in ("roster", "intake"):
            upload = cleaned.get(f"{part}_file")
            if upload and upload.size > MAX_BYTES:
                self.add_error(f"{part}_file", _("The file is larger than 2 MB."))
        given = {part for part in ("roster", "intake") if self._is_given(part)}
        if not given:
            self.add_error("roster_file", _("Choose a file, or paste rows."))
        if "intake" in given and not cleaned.get("cohort"):
            self.add_error("cohort", _("Say which cohort the intake is for."))
        return cleaned

    def _is_given(self, part: str) -> bool:
        typed = self.cleaned_data.get(f"{part}_text") or ""
        return part in self.kept or bool(self.cleaned_data.get(f"{part}_file")) or bool(typed.strip())

    def refuse(self, part: str, refusal: DomainError) -> None:
        """Put why a file cannot be read at the field it came from."""
        came_from = "file" if self.cleaned_data.get(f"{part}_file") else "text"
        self.add_error(f"{part}_{came_from}", refusal.message)


class ColumnsForm(forms.Form):
    """Step 2, first half: which column means what, for one file."""

    def __init__(
        self,
        *args: Any,
        table: Table,
        names: Mapping[str, str | Promise],
        mapping: Mapping[str, int],
        needed: Sequence[str],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.needed = needed
        columns: list[tuple[str, Any]] = [("", _("– not in the file –"))]
        columns += [(str(index), header) for index, header in enumerate(table.headers)]
        for name, label in names.items():
            start = mapping.get(name)
            self.fields[name] = forms.ChoiceField(
                label=_capital(label),
                choices=columns,
                required=name in needed,
                initial="" if start is None else str(start),
                help_text=_example(table, start),
                error_messages={"required": _("No column is chosen.")},
            )

    @property
    def mapping(self) -> dict[str, int]:
        return {name: int(value) for name, value in self.cleaned_data.items() if value != ""}

    def clean(self) -> Any:
        cleaned = super().clean() or {}
        taken: dict[str, str] = {}
        for name, value in list(cleaned.items()):
            if value and value in taken:
                self.add_error(name, _("This column is chosen twice."))
            taken.setdefault(value, name)
        return cleaned


def _capital(label: str | Promise) -> str:
    text = str(label)
    return text[:1].upper() + text[1:]


def _example(table: Table, column: int | None) -> str:
    if column is None:
        return ""
    value = next((row.cells[column].strip() for row in table.rows if row.cells[column].strip()), "")
    return _now("for instance “%(value)s”") % {"value": value[:40]} if value else ""


class GradesForm(forms.Form):
    """Step 2, second half: the grade of each job title that stands in the file, typed or from a file."""

    grades_file = _file_field(_("File of job titles and grades"))
    grades_text = _text_field(_("Or paste job titles and grades"))

    def __init__(self, *args: Any, titles: Sequence[tuple[str, int, int | None]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.titles = {field_name(title): title for title, _count, _grade in titles}
        for title, count, grade in titles:
            self.fields[field_name(title)] = forms.IntegerField(
                label=title,
                required=False,
                min_value=1,
                max_value=99,
                initial=grade,
                help_text=_now("%(count)s in the file") % {"count": count},
            )

    def clean(self) -> Any:
        cleaned = super().clean() or {}
        self.from_file = dict(self._read())
        return cleaned

    def _read(self) -> Iterator[tuple[str, int]]:
        upload = self.cleaned_data.get("grades_file")
        text = self.cleaned_data.get("grades_text") or ""
        if not upload and not text.strip():
            return
        where = "grades_file" if upload else "grades_text"
        content, name = (upload.read(), upload.name) if upload else (text.encode(), "")
        try:
            grades = read_grades(read_content(content, name))
        except DomainError as refusal:
            self.add_error(where, refusal.message)
            return
        for problem in grades.problems[:20]:
            self.add_error(where, f"{place(problem)}: {sentence(problem)}")
        yield from grades.titles.items()

    @property
    def grades(self) -> dict[str, int]:
        typed = {
            title: self.cleaned_data[name]
            for name, title in self.titles.items()
            if self.cleaned_data.get(name) is not None
        }
        return {**typed, **self.from_file}


def field_name(title: str) -> str:
    """A form field's name for a job title, whatever signs it holds."""
    return f"title_{hashlib.sha256(title.casefold().encode()).hexdigest()[:12]}"


class ConfirmForm(forms.Form):
    """Step 3: what the preview showed is what is agreed to."""

    digest = forms.CharField(widget=forms.HiddenInput)
    skips_wrong = forms.BooleanField(
        label=_("Leave the wrong rows out and import the others"), required=False
    )
    left = forms.MultipleChoiceField(
        label=_("Who of them has left the company?"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(
        self, *args: Any, missing: Sequence[tuple[int, str]] = (), has_problems: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["left"].choices = missing  # type: ignore[attr-defined]
        if not missing:
            del self.fields["left"]
        if not has_problems:
            del self.fields["skips_wrong"]
        else:
            self.fields["skips_wrong"].required = True
            self.fields["skips_wrong"].error_messages["required"] = _(
                "Tick this, or correct the rows and give the file again."
            )

    @property
    def gone(self) -> frozenset[int]:
        return frozenset(int(pk) for pk in self.cleaned_data.get("left", ()))
