"""What a participant may answer now, and the questions in their language."""

from __future__ import annotations

from django.db.models import Q

from evaluations.choices import RoundState
from evaluations.models import Round
from evaluations.querysets import RoundQuerySet
from participants.models import Person
from programmes.choices import TAKING_PART, EnrolmentState
from programmes.models import Enrolment

#: Who belongs to a cohort whether or not they are asked this time.
MEMBERS = (*TAKING_PART, EnrolmentState.PAUSED, EnrolmentState.COMPLETED)


def rounds_of_person(person: Person) -> RoundQuerySet:
    """Rounds that this person was invited to, and published ones of the cohorts they take part in (C-02)."""
    cohorts = Enrolment.objects.filter(person=person, state__in=MEMBERS).values("cohort_id")
    invited = ~Q(state=RoundState.DRAFT) & Q(audience__contains=[{"person": person.pk}])
    found: RoundQuerySet = Round.objects.filter(
        invited | Q(state=RoundState.PUBLISHED, cohort_id__in=cohorts)
    )
    return found
