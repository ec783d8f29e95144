"""What happens to a yes to read one's own words when the words themselves change (decision 32)."""

from __future__ import annotations

from datetime import datetime

from programmes.choices import WordsState
from programmes.models import Enrolment, WordsRelease


def stop_showing_words(*, enrolment: Enrolment, now: datetime) -> int:
    """A yes was to the words as they stood: other words, or none, are shown to nobody until it is said again.

    Returns:
        How many people read or could have read them.
    """
    shown = WordsRelease.objects.filter(mentor=enrolment).exclude(state=WordsState.TAKEN_BACK)
    return shown.update(state=WordsState.TAKEN_BACK, taken_back_at=now, updated_at=now)
