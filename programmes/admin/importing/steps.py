"""What the pages of the import share: which file stands for it, and the forms of its second step."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from participants.choices import FileKind, RosterScope
from participants.engine.headers import REQUIRED
from participants.models import ImportFile
from participants.selectors import FIELD_NAMES, title_grades
from participants.services import choose_columns, choose_grades
from programmes.admin.importing.forms import ColumnsForm, GradesForm
from programmes.selectors import INTAKE_FIELD_NAMES, Sources, sentence, sources_of

_PEOPLE_FIELDS = {name: label for name, label in FIELD_NAMES.items() if name != "state"}


def head_of(file: ImportFile) -> ImportFile:
    """The file that stands for the whole import: the roster, or an intake that came by itself."""
    return file.goes_with or file


def intake_of(head: ImportFile) -> ImportFile | None:
    return head if head.kind == FileKind.INTAKE else getattr(head, "companion", None)


def address(step: str, head_id: int) -> str:
    """Where a step of an import has its page."""
    return reverse(f"admin:participants_importfile_{step}", args=[head_id])


def kept(head: ImportFile | None) -> list[str]:
    if head is None:
        return []
    return [head.kind, *([FileKind.INTAKE.value] if getattr(head, "companion", None) else [])]


def start(head: ImportFile | None, request: HttpRequest) -> dict[str, Any]:
    if head is None:
        return {"cohort": request.GET.get("cohort")}
    intake = intake_of(head)
    return {"scope": head.scope, "cohort": intake.cohort_id if intake else None}


def column_forms(head: ImportFile, sources: Sources, request: HttpRequest) -> dict[str, Any]:
    data, files = request.POST or None, request.FILES or None
    forms: dict[str, Any] = {}
    if sources.roster is not None:
        roster = sources.roster
        forms["roster"] = ColumnsForm(
            data, prefix="roster", table=roster.table, names=_PEOPLE_FIELDS, mapping=roster.mapping,
            needed=REQUIRED,
        )  # fmt: skip
        titles = title_grades(roster, wanted_of(sources))
        forms["grades"] = GradesForm(data, files, prefix="grades", titles=titles)
    if sources.intake is not None:
        intake = sources.intake
        forms["intake"] = ColumnsForm(
            data, prefix="intake", table=intake.table, names=INTAKE_FIELD_NAMES, mapping=intake.mapping,
            needed=("role",),
        )  # fmt: skip
    return forms


def are_valid(forms: dict[str, Any]) -> bool:
    """Whether all are; each is asked, so that all their errors stand on the page at once."""
    return [form.is_valid() for form in forms.values()].count(False) == 0


def save_choices(head: ImportFile, sources: Sources, forms: dict[str, Any]) -> bool:
    """Keep what was chosen. Columns still missing are told at the forms, and then it is False."""
    for part, file in (("roster", head), ("intake", intake_of(head))):
        source = getattr(sources, part)
        if source is not None and file is not None:
            choose_columns(file=file, mapping=forms[part].mapping, width=len(source.table.headers))
    if "grades" in forms:
        choose_grades(file=head, grades=forms["grades"].grades)
    missing = lacking(sources_of(ImportFile.objects.get(pk=head.pk)))
    for part, problem in missing:
        forms[part].add_error(problem.params["field"], sentence(problem))
    return not missing


def unseen_titles(head: ImportFile, forms: dict[str, Any]) -> list[str]:
    """Job titles without a grade that the form just sent did not ask about."""
    sources = sources_of(ImportFile.objects.get(pk=head.pk))
    if sources.roster is None:
        return []
    asked = {title.casefold() for title in forms["grades"].titles.values()}
    return [
        title
        for title, _count, grade in title_grades(sources.roster, wanted_of(sources))
        if grade is None and title.casefold() not in asked
    ]


def wanted_of(sources: Sources) -> set[str] | None:
    """Whose grade matters beside people with a part already; None for everybody."""
    return None if sources.scope == RosterScope.FULL else sources.wanted


def lacking(sources: Sources) -> list[tuple[str, Any]]:
    parts = (("roster", sources.roster), ("intake", sources.intake))
    return [(part, problem) for part, source in parts if source for problem in source.missing_columns]
