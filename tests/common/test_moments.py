"""Days and hours in the lists of the desk: short, unbroken, in the reader's language and zone."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone, translation

from common.admin import short_day, short_moment


@pytest.mark.parametrize(
    ("language", "expected"), [("en", "9 Nov 2026"), ("nl", "9 nov 2026"), ("de", "9. Nov. 2026")]
)
def test_a_day_is_written_as_its_reader_writes_it(language: str, expected: str) -> None:
    with translation.override(language):
        assert short_day(date(2026, 11, 9)) == expected.replace(" ", "\u00a0")


def test_a_moment_is_told_where_its_reader_is() -> None:
    late = datetime(2026, 11, 9, 23, 30, tzinfo=UTC)
    with translation.override("en"), timezone.override(ZoneInfo("Europe/Amsterdam")):
        assert short_moment(late) == "10\u00a0Nov\u00a02026, 00:30"
