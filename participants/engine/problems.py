"""What is wrong with a file, as data: where, which kind, with what. The words are made on the Django side."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Problem:
    """One wrong cell, row or file.

    Args:
        row: the row's number in the spreadsheet, the header being 1; 0 means the file as a whole.
        column: the header as it stands in the file; empty when the row or the file is meant.
        code: a short stable name.
        params: values for the sentence.
    """

    row: int
    column: str
    code: str
    params: Mapping[str, Any] = field(default_factory=dict, hash=False)


class Unreadable(Exception):
    """The bytes are not a table that we take; nothing of them is looked at further."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.params = params

    @property
    def problem(self) -> Problem:
        return Problem(0, "", self.code, self.params)
