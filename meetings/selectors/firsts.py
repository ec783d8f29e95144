"""First conversations of pairs."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from django.db.models import Min

from meetings.models import Meeting


def first_talks_of(*, pairing_ids: Collection[int]) -> Mapping[int, datetime]:
    """Fills ``matching.had_first_talk``: when each pair's first conversation ended, of those that have had one."""
    rows = Meeting.objects.held().filter(pairing__in=pairing_ids).order_by()
    return dict(rows.values_list("pairing").annotate(first=Min("ends_at")))
