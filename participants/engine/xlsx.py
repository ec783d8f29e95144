"""Workbooks, looked at from outside before they are opened: a small file can hold hours of work (C-22)."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Iterator
from typing import Any, Final
from xml.etree.ElementTree import ParseError

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from participants.engine.problems import Unreadable

MAX_ENTRIES: Final = 200
MAX_UNZIPPED: Final = 24 * 1024 * 1024
MAX_SUPPORT: Final = 8 * 1024 * 1024
MAX_RATIO: Final = 100
#: Ratios of small entries say nothing: an empty style sheet packs tenfold and harms nobody.
RATIO_FROM: Final = 512 * 1024
_CHUNK: Final = 256 * 1024


def read_rows(content: bytes, *, max_rows: int, max_columns: int) -> Iterator[list[str]]:
    """The rows of the first sheet that holds anything, formulas as they are written and never computed.

    Raises:
        Unreadable: not a workbook, or one that is too large once it is unpacked.
    """
    inspect(content, max_cells=(max_rows + 2) * max_columns)
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
        for sheet in book.worksheets:
            sheet.reset_dimensions()
            rows = _sheet_rows(sheet, max_rows=max_rows, max_columns=max_columns)
            first = next((row for row in rows if any(row)), None)
            if first is not None:
                yield first
                yield from rows
                return
    except (InvalidFileException, KeyError, ValueError, ParseError, zipfile.BadZipFile, OSError) as error:
        raise Unreadable("broken_workbook") from error


def _sheet_rows(sheet: Any, *, max_rows: int, max_columns: int) -> Iterator[list[str]]:
    # One row and one column more than allowed, so that the caller can tell "too many" from "just enough".
    for row in sheet.iter_rows(max_row=max_rows + 1000, max_col=max_columns + 1, values_only=True):
        yield [_text(value) for value in row]


def _text(value: object) -> str:
    """A cell as a person would type it: dates as ISO days, whole numbers without a fraction."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, dt.datetime):
        midnight = value.time() == dt.time(0)
        return value.date().isoformat() if midnight else value.isoformat(sep=" ", timespec="minutes")
    return str(value)


def inspect(content: bytes, *, max_cells: int) -> None:
    """Refuse a workbook by its table of contents and by a quick count, before any XML is parsed.

    Raises:
        Unreadable: "not_a_table", "workbook_too_large" or "broken_workbook".
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        entries = archive.infolist()
    except (zipfile.BadZipFile, OSError) as error:
        raise Unreadable("broken_workbook") from error
    names = {entry.filename for entry in entries}
    if "[Content_Types].xml" not in names or not any(name.startswith("xl/") for name in names):
        raise Unreadable("not_a_table")
    if len(entries) > MAX_ENTRIES or any(name.endswith("vbaProject.bin") for name in names):
        raise Unreadable("workbook_too_large" if len(entries) > MAX_ENTRIES else "has_macros")
    _check_sizes(entries)
    _count(archive, entries, max_cells)


def _check_sizes(entries: list[zipfile.ZipInfo]) -> None:
    # What an entry declares is also the most that zipfile will unpack of it, so a lie only breaks the file.
    total = 0
    for entry in entries:
        total += entry.file_size
        packed_hard = entry.file_size > max(entry.compress_size, 1) * MAX_RATIO
        support = not entry.filename.startswith("xl/worksheets/") and entry.file_size > MAX_SUPPORT
        if total > MAX_UNZIPPED or support or (packed_hard and entry.file_size > RATIO_FROM):
            raise Unreadable("workbook_too_large")


def _count(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo], max_cells: int) -> None:
    cells = 0
    for entry in entries:
        if not entry.filename.endswith((".xml", ".rels")):
            continue
        try:
            for chunk in _chunks(archive, entry):
                if b"<!DOCTYPE" in chunk or b"<!ENTITY" in chunk:
                    raise Unreadable("broken_workbook")
                cells += chunk.count(b"<c ") + chunk.count(b"<c>") + chunk.count(b"<si>")
                if cells > 2 * max_cells:
                    raise Unreadable("workbook_too_large")
        except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError, EOFError) as error:
            raise Unreadable("broken_workbook") from error


def _chunks(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    with archive.open(entry) as stream:
        tail = b""
        while chunk := stream.read(_CHUNK):
            yield tail + chunk
            tail = chunk[-8:]
