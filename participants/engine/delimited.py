"""Text tables as Excel, Google and HR systems write them: four separators, four encodings."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable
from typing import Final

from participants.engine.problems import Unreadable

SEPARATORS: Final = (";", ",", "\t", "|")
_SAMPLE_ROWS: Final = 60
_MARKS: Final = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
csv.field_size_limit(64 * 1024)


def decode(content: bytes) -> str:
    """The text, by its byte-order mark, else as UTF-8, else as Western European Windows text.

    Raises:
        Unreadable: "not_a_table" for anything else.
    """
    encodings = [name for mark, name in _MARKS if content.startswith(mark)] or ["utf-8", "cp1252"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeError:
            continue
        if "\0" in text:
            break
        return text
    raise Unreadable("not_a_table")


def read_rows(text: str, is_known: Callable[[str], bool]) -> list[list[str]]:
    """All records of the text, blank ones included so that row numbers stay those of the spreadsheet.

    Args:
        text: decoded; a first line "sep=;" as Excel writes it names the separator and is no row.
        is_known: tells a header that we know from other text; the separator that finds most of them wins.

    Raises:
        Unreadable: "one_column", "open_quote", "cell_too_long" or "not_a_table".
    """
    named, body, skipped = _named_separator(text)
    separator = named or best_separator(body, is_known)
    rows = _parse(body, separator)
    return [[] for _ in range(skipped)] + rows


def _named_separator(text: str) -> tuple[str, str, int]:
    first, newline, rest = text.partition("\n")
    first = first.strip()
    if newline and first.lower().startswith("sep=") and len(first) == 5 and first[4] in SEPARATORS:
        return first[4], rest, 1
    if newline and first.lower() == "sep=" and "\t" in rest:  # a tab that strip() took away
        return "\t", rest, 1
    return "", text, 0


def best_separator(text: str, is_known: Callable[[str], bool]) -> str:
    """The separator under which the text looks most like a table.

    Raises:
        Unreadable: "one_column" when none makes two columns of it.
    """
    scores = {separator: _score(text, separator, is_known) for separator in SEPARATORS}
    best = max(SEPARATORS, key=lambda separator: scores[separator])
    if scores[best][2] < 2:
        raise Unreadable("one_column")
    return best


def _score(text: str, separator: str, is_known: Callable[[str], bool]) -> tuple[int, float, int]:
    """(headers that we know, share of rows as wide as the header, width): the larger, the likelier."""
    rows: list[list[str]] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                rows.append(row)
            if len(rows) > _SAMPLE_ROWS:
                break
    except csv.Error:
        return (0, 0.0, 0)
    if not rows or len(rows[0]) < 2:
        return (0, 0.0, 0)
    widths = Counter(len(row) for row in rows)
    known = sum(1 for cell in rows[0] if is_known(cell))
    return (known, round(widths[len(rows[0])] / len(rows), 1), len(rows[0]))


def _parse(text: str, separator: str) -> list[list[str]]:
    """Strictly first, to catch a quotation mark left open; stray ones inside a cell are let pass."""
    rows: list[list[str]] = []
    begun = 1
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        for row in reader:
            rows.append(row)
            begun = reader.line_num + 1
    except csv.Error as error:
        if "unexpected end" in str(error):
            raise Unreadable("open_quote", line=begun) from error
        if "field larger" in str(error):
            raise Unreadable("cell_too_long", line=begun) from error
        return _parse_kindly(text, separator)
    return rows


def _parse_kindly(text: str, separator: str) -> list[list[str]]:
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    except csv.Error as error:
        raise Unreadable("not_a_table") from error
