"""Reading a file that somebody gave us, or saying in words why it cannot be read."""

from __future__ import annotations

from common.errors import DomainError
from participants.engine.problems import Unreadable
from participants.engine.tables import Table, read_table, unpack
from participants.models import ImportFile
from participants.selectors.wording import sentence


def read_content(content: bytes, filename: str = "") -> Table:
    """The table in a file or in pasted text.

    Raises:
        DomainError: it is none; the message says what it is instead, its code is the engine's.
    """
    try:
        return read_table(content, filename)
    except Unreadable as fault:
        raise DomainError(sentence(fault.problem), code=fault.code) from fault


def table_of(file: ImportFile) -> Table:
    """The table of a file that is kept."""
    return unpack(bytes(file.content))
