"""Uploaded and pasted files on their way in: kept a week with all choices, so that nothing is typed twice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from common.errors import DomainError, IllegalTransition
from participants.choices import FILE_TRANSITIONS, FileKind, FileState, RosterScope
from participants.engine.headers import ROSTER_FIELDS
from participants.engine.tables import Table, pack
from participants.models import ColumnMapping, ImportFile, ImportLog, Person
from participants.selectors import read_content, remembered_mapping, table_of

KEPT_FOR: Final = timedelta(days=7)
#: "12 months" in the register of fields.


@transaction.atomic
def store_file(
    *,
    kind: FileKind,
    content: bytes,
    filename: str,
    by: Person | None,
    now: datetime,
    scope: str = RosterScope.PARTICIPANTS,
    cohort_id: int | None = None,
    goes_with: ImportFile | None = None,
    fields: Mapping[str, Sequence[str]] = ROSTER_FIELDS,
) -> ImportFile:
    """Keep a file with the columns as they were chosen for its headers before, or as they can be guessed.

    Args:
        content: the file's bytes, or pasted text in UTF-8 with an empty ``filename``.
        goes_with: the roster that an intake was given along with.
        fields: the fields that its kind knows, with their headers.

    Raises:
        DomainError: this is no table that can be read.
    """
    table = read_content(content, filename)
    return ImportFile.objects.create(
        kind=kind,
        content=pack(table),
        filename=filename[:200],
        scope=scope,
        mapping=remembered_mapping(table, kind, fields),
        cohort_id=cohort_id,
        goes_with=goes_with,
        uploaded_by=by,
        purge_at=now + KEPT_FOR,
    )


@transaction.atomic
def replace_content(
    *,
    file: ImportFile,
    content: bytes,
    filename: str,
    fields: Mapping[str, Sequence[str]] = ROSTER_FIELDS,
) -> ImportFile:
    """Put a corrected file in the place of one that is on its way; columns chosen for the same headers hold.

    Raises:
        DomainError: this is no table that can be read, or the file is imported or put aside already.
    """
    table = read_content(content, filename)
    file = _held(file)
    _check_open(file)
    if table_of(file).digest != table.digest:
        file.mapping = remembered_mapping(table, FileKind(file.kind), fields)
    file.content, file.filename, file.state = pack(table), filename[:200], FileState.UPLOADED
    file.save(update_fields=["content", "filename", "mapping", "state", "updated_at"])
    return file


@transaction.atomic
def choose_columns(*, file: ImportFile, mapping: Mapping[str, int], width: int) -> ImportFile:
    """Keep which column means what.

    Args:
        mapping: field → column index.
        width: how many columns the file has.

    Raises:
        DomainError: one column is chosen twice, or there is no such column.
    """
    columns = list(mapping.values())
    if len(columns) != len(set(columns)) or not all(0 <= column < width for column in columns):
        raise DomainError(_("Each column can be chosen once."), code="column_twice")
    file = _held(file)
    _check_open(file)
    file.mapping = dict(mapping)
    file.save(update_fields=["mapping", "updated_at"])
    return file


@transaction.atomic
def choose_grades(*, file: ImportFile, grades: Mapping[str, int]) -> ImportFile:
    """Keep the grades given for job titles; they are remembered once the file is imported.

    Raises:
        DomainError: a grade is out of range.
    """
    if not all(1 <= grade <= 99 for grade in grades.values()):
        raise DomainError(_("A grade is a whole number from 1 to 99."), code="grade")
    file = _held(file)
    _check_open(file)
    file.title_grades = {**file.title_grades, **grades}
    file.save(update_fields=["title_grades", "updated_at"])
    return file


@transaction.atomic
def settle_columns(*, file: ImportFile) -> ImportFile:
    """Columns and grades are chosen; the preview may be shown. Twice is once."""
    found = _held(file)
    return _move(found, FileState.MAPPED) if found.state == FileState.UPLOADED else found


@transaction.atomic
def put_aside(*, file: ImportFile) -> ImportFile:
    """Give a file up; it stays to be looked at until its week is over.

    Raises:
        IllegalTransition: it is imported already.
    """
    return _move(file, FileState.CANCELLED)


@transaction.atomic
def mark_imported(
    *, file: ImportFile, report: Mapping[str, Any], outcomes: Sequence[Sequence[Any]] = ()
) -> ImportFile:
    """The file's plan is carried out; its choice of columns is remembered for the next file like it."""
    file = _move(file, FileState.CONFIRMED)
    file.report, file.outcomes = dict(report), list(outcomes)
    file.save(update_fields=["report", "outcomes", "updated_at"])
    remember_columns(table=table_of(file), kind=file.kind, mapping=file.mapping)
    return file


@transaction.atomic
def remember_columns(*, table: Table, kind: str, mapping: Mapping[str, int]) -> None:
    """Find these columns again the next time this header row comes by. Writes only what differs."""
    known, is_new = ColumnMapping.objects.get_or_create(
        kind=kind, header_digest=table.digest, defaults={"mapping": dict(mapping)}
    )
    if not is_new and known.mapping != dict(mapping):
        known.mapping = dict(mapping)
        known.save(update_fields=["mapping", "updated_at"])


@transaction.atomic
def log_import(
    *,
    filename: str,
    counts: Mapping[str, Any],
    by: Person | None,
    now: datetime,
    file: ImportFile | None = None,
) -> ImportLog:
    """Keep who imported what, and what it did, for a year.

    Args:
        by: who confirmed; None for the command line.
        file: the file while it is kept; what became of each row stands with it.
    """
    return ImportLog.objects.create(
        filename=filename[:200], counts=dict(counts), by=by, imported_at=now, file=file
    )


def purge_files(*, now: datetime) -> int:
    """Delete the files whose week is over (B-10)."""
    _total, per_model = ImportFile.objects.filter(purge_at__lte=now).delete()
    return per_model.get(ImportFile._meta.label, 0)


def _held(file: ImportFile) -> ImportFile:
    found: ImportFile = ImportFile.objects.select_for_update().get(pk=file.pk)
    return found


def _check_open(file: ImportFile) -> None:
    if file.state not in (FileState.UPLOADED, FileState.MAPPED):
        raise IllegalTransition(_("This file is imported or put aside already."))


def _move(file: ImportFile, to: FileState) -> ImportFile:
    file = _held(file)
    if to not in FILE_TRANSITIONS[file.state]:
        raise IllegalTransition(_("This file is imported or put aside already."))
    file.state = to
    file.save(update_fields=["state", "updated_at"])
    return file
