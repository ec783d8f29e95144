"""Which pairs began a pause or went on again in a stretch of time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from pairings.choices import RUNNING
from pairings.models import Pause


@dataclass(frozen=True)
class Turns:
    """How many pairs began a pause that lasts, how many of these until further notice, and how many went on."""

    began: int
    endless: int
    went_on: int

    def __bool__(self) -> bool:
        return bool(self.began or self.went_on)


def turned_since(moment: datetime) -> list[Pause]:
    """Pauses that began or ended since then, with pair and cohort. One query."""
    rows = Pause.objects.filter(Q(started_at__gte=moment) | Q(ended_at__gte=moment))
    return list(rows.select_related("pairing__cohort").order_by("pk"))


def turns_within(pauses: Iterable[Pause], since: datetime, until: datetime) -> Turns:
    """What became of pairs after ``since`` and up to ``until``. A pause that came and went in between is none; one
    that ended with its pair is no going on.
    """
    began = [one for one in pauses if since < one.started_at <= until and _lasts(one, until)]
    went_on = [
        one
        for one in pauses
        if one.ended_at is not None
        and since < one.ended_at <= until
        and one.started_at <= since
        and one.pairing.state in RUNNING
    ]
    return Turns(len(began), sum(one.resume_on is None for one in began), len(went_on))


def _lasts(pause: Pause, until: datetime) -> bool:
    return pause.ended_at is None or pause.ended_at > until
