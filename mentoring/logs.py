"""One event, one line: a line break in somebody's input cannot forge a second entry (C-29)."""

from __future__ import annotations

import logging
import time


class OneLineFormatter(logging.Formatter):
    """UTC time, level, logger, message; control characters written as escapes."""

    converter = staticmethod(time.gmtime)

    def __init__(self) -> None:
        super().__init__("%(asctime)sZ %(levelname)s %(name)s %(message)s", "%Y-%m-%dT%H:%M:%S")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 (logging's own name)
        message = record.getMessage()
        record.message = "".join(
            c if c.isprintable() else c.encode("unicode_escape").decode() for c in message
        )
        return super().formatMessage(record)
