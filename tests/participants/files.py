"""Roster files as tests want them: small ones made by hand, the real one from disk."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from openpyxl import Workbook

ORACLE = Path(__file__).resolve().parent.parent / "data" / "oracle-hr"
HEADER = ("employee_id", "first_name", "last_name", "email", "job_title", "grade", "manager_id", "department")
#: A company of five: Ann over Bo and Cas, Bo over Dee, Cas over Eva.
COMPANY = (
    ("1", "Ann", "Top", "ann@example.com", "Director", "9", "", "Board"),
    ("2", "Bo", "Middle", "bo@example.com", "Manager", "6", "1", "Sales"),
    ("3", "Cas", "Middle", "cas@example.com", "Manager", "6", "1", "Finance"),
    ("4", "Dee", "Young", "dee@example.com", "Analyst", "3", "2", "Sales"),
    ("5", "Eva", "Young", "eva@example.com", "Analyst", "3", "3", "Finance"),
)


def oracle(name: str) -> bytes:
    return (ORACLE / name).read_bytes()


def as_text(rows: Iterable[Sequence[str]], separator: str = ",") -> str:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=separator).writerows(rows)
    return out.getvalue()


def as_csv(rows: Iterable[Sequence[str]], separator: str = ",", encoding: str = "utf-8") -> bytes:
    return as_text(rows, separator).encode(encoding)


def as_xlsx(rows: Iterable[Sequence[object]], *, blank_sheet_first: bool = False) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    if blank_sheet_first:
        sheet = book.create_sheet("People")
    for row in rows:
        sheet.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def company(
    changes: dict[tuple[str, str], str] | None = None, without: Iterable[str] = ()
) -> list[list[str]]:
    """The company with header, some cells changed ((key, column) → value) and some people left out."""
    rows = [list(HEADER)]
    for person in COMPANY:
        if person[0] in without:
            continue
        row = list(person)
        for (key, column), value in (changes or {}).items():
            if key == person[0]:
                row[HEADER.index(column)] = value
        rows.append(row)
    return rows


def bomb() -> bytes:
    """A workbook of some 150 KiB that unpacks to 28 MB: ten cells in each of 60,000 rows."""
    cell = '<c t="inlineStr"><is><t>aaaaaaaa</t></is></c>'
    sheet = (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        + ("<row>" + cell * 10 + "</row>") * 60_000
        + "</sheetData></worksheet>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        plain = zipfile.ZipFile(io.BytesIO(as_xlsx([("a", "b"), ("1", "2")])))
        for name in plain.namelist():
            archive.writestr(name, sheet if name.startswith("xl/worksheets/") else plain.read(name))
    return out.getvalue()
