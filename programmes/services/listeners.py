"""When somebody may have nobody left to turn to, those who run the programme hear it at once (decision 3)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from participants.models import Person
from participants.services import Stopped
from programmes import emails
from programmes.models import Cohort, NamedContact, Programme
from programmes.selectors.contacts import UNDER_WAY, mentors_without_contact


def warn_of_leaver(*, person: Person, now: datetime) -> None:
    """A named contact has gone, whether they left or were erased."""
    _warn(list(NamedContact.objects.filter(person=person).values_list("programme_id", flat=True)), now)


def warn_of_lines(*, person_ids: frozenset[int], now: datetime) -> Stopped:
    """Fills ``participants.lines_changed``: somebody's named contact may stand above them now. It stops nothing."""
    touched = Programme.objects.filter(cohorts__enrolments__person__in=person_ids).distinct()
    _warn(list(touched.values_list("pk", flat=True)), now)
    return Stopped()


def _warn(programme_ids: Collection[int], now: datetime) -> None:
    for programme in Programme.objects.filter(pk__in=programme_ids).order_by("pk"):
        if is_contact_missing(programme_id=programme.pk):
            emails.listener_missing(programme=programme, now=now)


def is_contact_missing(*, programme_id: int) -> bool:
    """Whether a cohort is under way in which somebody has no named contact outside their line."""
    if not Cohort.objects.filter(programme=programme_id, stage__in=UNDER_WAY).exists():
        return False
    stands_by = NamedContact.objects.filter(programme=programme_id).standing_by()
    return not stands_by.exists() or mentors_without_contact(programme_id).exists()
