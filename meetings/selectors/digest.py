"""A coordinator's week in numbers: process data only, no names (decisions 6, 10)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from meetings.choices import MeetingState
from meetings.models import Meeting
from meetings.selectors.desk import cohort_figures
from outbox.models import Message
from programmes.choices import ContactState, ContactTarget, Stage
from programmes.models import ContactRequest, Programme

_WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Week:
    """What waits in a programme, and what the week holds.

    Args:
        calls: pairs that may need a call; 0 where the attention rules are off (decision 27).
        requests: people who asked a coordinator to get in touch.
        dates: meetings of the coming seven days.
        undecided: dates that have passed and of which nobody has said whether they took place.
        mails: mails that failed or whose fate is unknown.
    """

    calls: int
    requests: int
    dates: int
    undecided: int
    mails: int

    @property
    def is_quiet(self) -> bool:
        return not (self.calls or self.requests or self.mails)


def week_of(programme: Programme, *, now: datetime) -> Week:
    """The numbers of one programme, over its cohorts that are under way."""
    cohorts = programme.cohorts.filter(stage__in=[Stage.PREPARING, Stage.ACTIVE, Stage.CLOSING])
    planned = Meeting.objects.filter(pairing__cohort__in=cohorts, state=MeetingState.PLANNED)
    asked = ContactRequest.objects.filter(
        programme=programme, target=ContactTarget.COORDINATOR, state=ContactState.OPEN
    )
    return Week(
        calls=sum(len(cohort_figures(one, now=now).attention or ()) for one in cohorts),
        requests=asked.count(),
        dates=planned.filter(starts_at__gt=now, starts_at__lte=now + _WEEK).count(),
        undecided=planned.filter(ends_at__lte=now).count(),
        mails=Message.objects.in_trouble().filter(programme_id=programme.pk).count(),
    )
