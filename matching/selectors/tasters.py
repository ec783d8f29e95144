"""Whose taster is over, and who has still to decide (S3.37)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol

from common.hooks import declare
from common.workdays import fixed_hour, local_day, working_day_from
from matching.models import TasterChoice
from pairings.models import Pairing
from programmes.choices import TAKING_PART
from programmes.models import Enrolment

#: After so many days one is asked a second time, and never again.
AGAIN_AFTER: Final = timedelta(days=7)


class _FirstSignature(Protocol):
    def __call__(self, *, pairing_ids: Collection[int]) -> Mapping[int, datetime]: ...


had_first_talk = declare(
    "matching.had_first_talk",
    purpose="when the first conversation of each of these pairs ended, of those that have had one",
    signature=_FirstSignature.__call__,
)


@dataclass(frozen=True)
class Question:
    """One mail to one of the two; ``time`` is 1, or 2 for the second and last."""

    pairing: Pairing
    to: Enrolment
    time: int


def first_talks(pairing_ids: Collection[int]) -> dict[int, datetime]:
    """When the first conversation of each pair ended; pairs without one are not there."""
    found: dict[int, datetime] = {}
    for one in had_first_talk(pairing_ids=pairing_ids) if pairing_ids else ():
        found.update(one)
    return found


def undecided(pairings: Sequence[Pairing], person_id: int) -> list[Pairing]:
    """Of somebody's pairs, the tasters that are over and wait for their word. No query where there is no taster."""
    tasters = [one for one in pairings if one.is_taster]
    over = first_talks({one.pk for one in tasters})
    if not over:
        return []
    chosen = set(
        TasterChoice.objects.filter(pairing__in=over, person=person_id).values_list("pairing_id", flat=True)
    )
    return [one for one in tasters if one.pk in over and one.pk not in chosen]


def due_questions(*, now: datetime) -> list[Question]:
    """Who is to be asked at ``now``, those asked already included: the outbox knows them by their key."""
    tasters = list(Pairing.objects.running().filter(is_taster=True).with_people().order_by("pk"))
    over = first_talks({one.pk for one in tasters})
    chosen = set(TasterChoice.objects.filter(pairing__in=over).values_list("pairing_id", "person_id"))
    return [
        question
        for pairing in tasters
        if pairing.pk in over
        for question in _questions(pairing, over[pairing.pk], now)
        if (pairing.pk, question.to.person_id) not in chosen
    ]


def _questions(pairing: Pairing, ended_at: datetime, now: datetime) -> Iterator[Question]:
    for enrolment in (pairing.mentor, pairing.mentee):
        if enrolment.state not in TAKING_PART:
            continue
        person = enrolment.person
        first = working_day_from(local_day(ended_at, person.time_zone) + timedelta(days=1), person.country)
        second = working_day_from(first + AGAIN_AFTER, person.country)
        come = [n for n, day in ((1, first), (2, second)) if fixed_hour(day, person.time_zone) <= now]
        if come:
            yield Question(pairing, enrolment, max(come))
