"""Days and hours as a column of a list has room for them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext

NO_BREAK: Final = "\u00a0"


def short_day(value: date) -> str:
    """A day in short, never broken: 9 Nov 2026."""
    return date_format(value, gettext("j M Y")).replace(" ", NO_BREAK)


def short_moment(value: datetime) -> str:
    """A day and its hour, at most on two lines; local to the reader: 9 Nov 2026, 14:30."""
    local = localtime(value)
    return f"{short_day(local)}, {date_format(local, 'TIME_FORMAT')}"
