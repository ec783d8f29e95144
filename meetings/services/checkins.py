"""When a rule of the desk first names a pair, its two people are asked whether a word would help (dossier 5.5)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from common.workdays import fixed_hour, local_day, working_day_from
from meetings import emails
from meetings.choices import LIVE_STAGES
from meetings.selectors.desk import attention_list
from outbox.services import Draft, queue_many
from pairings.models import Pairing
from participants.models import Person
from programmes.models import Cohort

#: How long the offer stands.
LASTS: Final = timedelta(days=14)


@transaction.atomic
def offer_checkins(*, now: datetime) -> int:
    """Offer help to both of each pair that a rule names for the first time, alike, once for ever.

    The rules read process data alone, and only where they are in force (decisions 6, 27). The mail says neither
    which rule it was nor whose doing: what it offers is the quiet help behind every reminder.

    Returns:
        How many mails were queued.
    """
    cohorts = Cohort.objects.filter(stage__in=LIVE_STAGES).select_related("programme")
    named = [one.pairing for one in attention_list(list(cohorts), now=now)]
    return queue_many([draft for pairing in named for draft in _drafts(pairing, now)], now=now)


def _drafts(pairing: Pairing, now: datetime) -> Iterator[Draft]:
    for person in (pairing.mentor.person, pairing.mentee.person):
        due_at = _morning(person, now)
        draft = emails.checkin_offer(pairing=pairing, to=person, due_at=due_at, until=due_at + LASTS)
        if draft is not None:
            yield draft


def _morning(person: Person, now: datetime) -> datetime:
    """The next nine o'clock of a day on which this person works."""
    day = working_day_from(local_day(now, person.time_zone), person.country)
    hour = fixed_hour(day, person.time_zone)
    if hour >= now:
        return hour
    return fixed_hour(working_day_from(day + timedelta(days=1), person.country), person.time_zone)
