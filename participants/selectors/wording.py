"""The engine's problems in words, in the language of whoever reads them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from participants.engine.problems import Problem

#: What our fields are called on the mapping screen and in sentences.
FIELD_NAMES: Final[Mapping[str, Promise]] = {
    "hr_key": _("HR key (personnel number)"),
    "first_name": _("first name"),
    "last_name": _("last name"),
    "email": _("e-mail address"),
    "job_title": _("job title"),
    "grade": _("grade"),
    "manager": _("manager’s HR key or e-mail address"),
    "appraiser": _("appraiser’s HR key or e-mail address"),
    "dotted": _("dotted-line managers’ HR keys or e-mail addresses"),
    "department": _("department"),
    "team": _("team"),
    "discipline": _("discipline"),
    "city": _("city"),
    "office": _("office"),
    "country": _("country"),
    "groups": _("barrier groups"),
    "time_zone": _("time zone"),
    "languages": _("working languages"),
    "state": _("state"),
}
#: Why a column is left out (B-04).
LEFT_OUT_REASONS: Final[Mapping[str, Promise]] = {
    "pay": _("pay is no business of a mentoring programme"),
    "dates": _("dates of employment are not needed: grade and career stage are what counts"),
    "birth": _("birth dates and ages are not needed: grade and career stage are what counts"),
    "origin": _("nationality, origin and belief are never kept"),
    "private": _("private, health and appraisal data are never kept"),
    "identity": _("identity and bank numbers are never kept"),
    "contact": _("private contact data are not needed"),
    "unneeded": _("not needed"),
}
_FILE: Final[Mapping[str, Promise]] = {
    "empty": _("There is nothing in it."),
    "too_large": _("The file is larger than %(limit)s MB."),
    "not_a_table": _(
        "This is not a table that can be read. Use a CSV file, an Excel workbook (.xlsx), or paste the rows."
    ),
    "old_excel": _(
        "This is a workbook of the old kind (.xls). Save it as .xlsx or as CSV, or paste the rows."
    ),
    "has_macros": _("This workbook holds macros. Save it as .xlsx without them, or paste the rows."),
    "workbook_too_large": _(
        "This workbook unpacks to far more than a roster. Save the one sheet as CSV, or paste the rows."
    ),
    "broken_workbook": _("This workbook cannot be opened. Save it again as .xlsx, or paste the rows."),
    "one_column": _(
        "Only one column was found. Separate the columns with semicolons, commas or tabs, with a header on top."
    ),
    "open_quote": _("A quotation mark that opens in line %(line)s is never closed."),
    "cell_too_long": _(
        "A cell that begins in line %(line)s is far too long; perhaps a quotation mark is open."
    ),
    "no_rows": _("There is a header and nothing below it."),
    "too_many_rows": _("There are more than %(limit)s rows."),
    "too_many_columns": _("There are more than %(limit)s columns."),
    "missing_column": _("No column is chosen for: %(field)s."),
    "nobody_wanted": _(
        "Only participants are kept, and nobody takes part yet. Give the intake file along with the roster, or "
        "choose to keep everybody in the file."
    ),
}
_CELL: Final[Mapping[str, Promise]] = {
    "no_key": _("The HR key is missing."),
    "duplicate_key": _("The HR key “%(value)s” stands also in %(rows)s."),
    "no_name": _("The first name is missing."),
    "name_control": _("A name cannot contain a line break or control character."),
    "name_link": _("A name cannot contain a web address."),
    "no_email": _("The e-mail address is missing."),
    "bad_email": _("“%(value)s” is not an e-mail address."),
    "duplicate_email": _("The e-mail address “%(value)s” stands also in %(rows)s."),
    "email_taken": _("This e-mail address belongs already to the person with HR key “%(value)s”."),
    "bad_grade": _("“%(value)s” is not a grade; use a whole number from 1 to 99."),
    "no_grade": _("No grade is known for the job title “%(value)s”."),
    "no_title": _("There is neither a grade nor a job title."),
    "unknown_manager": _("The manager “%(value)s” is neither in the file nor known."),
    "own_manager": _("This person is their own manager."),
    "unknown_superior": _("“%(value)s” is neither in the file nor known."),
    "own_superior": _("This person cannot stand above themselves."),
    "circle": _("The line of managers runs in a circle: %(names)s."),
    "line_broken": _(
        "The line of managers above this person leads through %(value)s, whose row is wrong (row %(row)s)."
    ),
    "unknown_country": _("“%(value)s” is not a known country."),
    "unknown_zone": _("“%(value)s” is not a known time zone; write it like “Europe/Amsterdam”."),
    "unknown_language": _("“%(value)s” is not a known language."),
    "formula": _("“%(value)s” looks like a formula. Write the value itself."),
    "too_long": _("This is longer than %(limit)s characters."),
    "too_many_cells": _("The row has more cells than the header; perhaps a separator stands inside a cell."),
    "email_kept": _(
        "%(value)s has a log-in and changes their address themselves; the one in the file is not taken over."
    ),
}


def rows_in_words(rows: list[int]) -> str:
    """ "row 7" or "rows 7, 9"; long lists are cut."""
    shown = ", ".join(str(row) for row in rows[:5])
    if len(rows) > 5:
        shown += "…"
    return ngettext("row %(rows)s", "rows %(rows)s", len(rows)) % {"rows": shown}


def sentence(problem: Problem, more: Mapping[str, Promise] | None = None) -> str:
    """What is wrong, as one sentence, without the place.

    Args:
        more: sentences of another package for its own codes.
    """
    params = dict(problem.params)
    if "rows" in params:
        params["rows"] = rows_in_words(params["rows"])
    if "names" in params:
        params["names"] = " → ".join(params["names"])
    if "field" in params:
        params["field"] = FIELD_NAMES.get(params["field"], params["field"])
    words = {**_FILE, **_CELL, **(more or {})}[problem.code]
    return str(words) % params


def place(problem: Problem) -> str:
    """Where it is: "Row 7, column “Grade”", "Row 7", or "The file"."""
    if not problem.row:
        return gettext("The file")
    if not problem.column:
        return gettext("Row %(row)s") % {"row": problem.row}
    return gettext("Row %(row)s, column “%(column)s”") % {"row": problem.row, "column": problem.column}
