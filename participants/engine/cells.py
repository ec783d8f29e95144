"""Rules for single cells: what looks like a formula, what a name may not hold, what a whole number is."""

from __future__ import annotations

import re

#: First characters that a spreadsheet program may take for the beginning of a formula, wide forms included.
_FORMULA_STARTS = frozenset("=+-@\t\r\n\0＝＋－＠")
_NUMBER = re.compile(r"[+-]\s?\d[\d\s.,]*\Z")
_WHOLE = re.compile(r"\d{1,3}\Z")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]")
_LINK_LIKE = re.compile(
    r"https?:|www\.|[\w-]{2,}\.(com|net|org|info|biz|nl|de|be|at|ch|uk|fr|eu|io|co|me|app|dev)\b",
    re.IGNORECASE,
)
_EMAIL = re.compile(
    r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])\Z"
)


def is_formula_like(raw: str) -> bool:
    """Whether a spreadsheet could run this cell (C-18); a leading sign before a number is a number.

    Leading spaces, quotes and byte-order marks hide a formula from the eye, not from a spreadsheet.
    """
    bare = raw.lstrip(" \"'\ufeff\u00a0\u200b")
    if not bare or bare[0] not in _FORMULA_STARTS or is_dash(bare):
        return False
    return _NUMBER.match(bare.strip()) is None


def name_fault(value: str) -> str | None:
    """Why this cannot be a name: "control", "link", or None. Names go into mail headers (C-19)."""
    if _CONTROL.search(value):
        return "control"
    return "link" if _LINK_LIKE.search(value) else None


def is_email(value: str) -> bool:
    """Whether this is one plain address, as a mail server takes it."""
    local, _, domain = value.rpartition("@")
    return len(value) <= 254 and len(local) <= 64 and bool(domain) and bool(_EMAIL.match(value.lower()))


def whole_number(value: str) -> int | None:
    """A grade as spreadsheets write it: "7", "7.0", "07"; None when it is something else."""
    text = value.strip()
    if text.endswith((".0", ",0")):
        text = text[:-2]
    return int(text) if _WHOLE.match(text) else None


def is_dash(value: str) -> bool:
    """A cell that only holds dashes, as people write "nothing"."""
    return bool(value) and not value.strip("-–— ")


def tidy(raw: str) -> str:
    """A text cell without the blanks around it and with single ones inside; dashes alone are nothing."""
    text = " ".join(raw.replace("\u00a0", " ").split())
    return "" if is_dash(text) else text
