"""From bytes or pasted text to one table with numbered rows."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePath
from string import ascii_uppercase
from typing import Final

from participants.engine import delimited, xlsx
from participants.engine.headers import is_known_header, normalise
from participants.engine.problems import Unreadable

MAX_BYTES: Final = 2 * 1024 * 1024
MAX_ROWS: Final = 5_000
MAX_COLUMNS: Final = 50
_EXTENSIONS: Final = {".csv", ".tsv", ".txt", ".xlsx", ""}
_ZIP: Final = b"PK\x03\x04"
_OLD_EXCEL: Final = b"\xd0\xcf\x11\xe0"
_NO_TEXT: Final = (
    b"%PDF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"\x1f\x8b",
    b"{\\rtf",
    b"<!DOCTYPE",
    b"<html",
)


@dataclass(frozen=True)
class Row:
    """One filled row. ``number`` counts as the spreadsheet does, the first line being 1."""

    number: int
    cells: tuple[str, ...]
    overflow: bool = False


@dataclass(frozen=True)
class Table:
    """Headers and filled rows; every row is as wide as the headers."""

    headers: tuple[str, ...]
    rows: tuple[Row, ...]

    @property
    def digest(self) -> str:
        """Stands for this set of headers in this order, whatever their capitals and blanks."""
        joined = "\x1f".join(normalise(header) for header in self.headers)
        return hashlib.sha256(joined.encode()).hexdigest()


def read_table(content: bytes, filename: str = "") -> Table:
    """The table in an uploaded file, or in pasted text (with no file name) encoded as UTF-8.

    Raises:
        Unreadable: what it is instead, or which limit it breaks.
    """
    if len(content) > MAX_BYTES:
        raise Unreadable("too_large", limit=MAX_BYTES // 1024 // 1024)
    if not content.strip():
        raise Unreadable("empty")
    return _table(_raw_rows(content, PurePath(filename).suffix.lower()))


def pack(table: Table) -> bytes:
    """A table as it is kept between two steps, so that a workbook is opened once and not at every page."""
    rows = [[row.number, row.overflow, *row.cells] for row in table.rows]
    return json.dumps([table.headers, *rows], ensure_ascii=False, separators=(",", ":")).encode()


def unpack(content: bytes) -> Table:
    """The table that ``pack`` made these bytes of."""
    headers, *rows = json.loads(content)
    return Table(tuple(headers), tuple(Row(row[0], tuple(row[2:]), row[1]) for row in rows))


def _raw_rows(content: bytes, extension: str) -> Iterable[list[str]]:
    if content.startswith(_OLD_EXCEL) or extension == ".xls":
        raise Unreadable("old_excel")
    if extension not in _EXTENSIONS or content.lstrip().startswith(_NO_TEXT):
        raise Unreadable("not_a_table")
    is_zip = content.startswith(_ZIP)
    if is_zip != (extension == ".xlsx") and extension:
        raise Unreadable("not_a_table")
    if is_zip:
        return xlsx.read_rows(content, max_rows=MAX_ROWS, max_columns=MAX_COLUMNS)
    return delimited.read_rows(delimited.decode(content), is_known_header)


def _table(raw: Iterable[list[str]]) -> Table:
    headers: tuple[str, ...] = ()
    rows: list[Row] = []
    for number, cells in enumerate(raw, start=1):
        if not any(cell.strip() for cell in cells):
            continue
        if not headers:
            headers = _headers(cells)
            continue
        if len(rows) == MAX_ROWS:
            raise Unreadable("too_many_rows", limit=MAX_ROWS)
        rows.append(_row(number, cells, len(headers)))
    if not rows:
        raise Unreadable("no_rows")
    return Table(headers, tuple(rows))


def _headers(cells: list[str]) -> tuple[str, ...]:
    while cells and not cells[-1].strip():
        cells = cells[:-1]
    if len(cells) > MAX_COLUMNS:
        raise Unreadable("too_many_columns", limit=MAX_COLUMNS)
    if len(cells) < 2:
        raise Unreadable("one_column")
    return tuple(" ".join(cell.split()) or f"({letter(index)})" for index, cell in enumerate(cells))


def _row(number: int, cells: list[str], width: int) -> Row:
    padded = [*cells, *[""] * (width - len(cells))]
    return Row(number, tuple(padded[:width]), any(cell.strip() for cell in padded[width:]))


def letter(index: int) -> str:
    """The spreadsheet's name of a column: 0 is A, 26 is AA."""
    first, second = divmod(index, 26)
    return (ascii_uppercase[first - 1] if first else "") + ascii_uppercase[second]
