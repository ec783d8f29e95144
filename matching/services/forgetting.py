"""What runs lose when somebody is erased."""

from __future__ import annotations

from datetime import datetime

from matching.models import MatchingRun
from matching.services.runs import forget_in_runs
from participants.models import Person
from participants.services import Traces


def forget_person(*, person: Person, traces: Traces, now: datetime) -> None:
    """Fills ``participants.person_erased``: no run leads to them, and none says that they asked for or released it."""
    forget_in_runs(person=person)
    for name in ("requested_by", "released_by"):
        MatchingRun.objects.filter(**{name: person}).update(**{name: None})
