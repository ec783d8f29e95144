"""Finding a colleague of one's own cohort by exact name or address, without listing anybody."""

from __future__ import annotations

from django.db.models import QuerySet, Value
from django.db.models.functions import Concat, Lower, Trim

from participants.models import Person
from programmes.choices import TAKING_PART, EnrolmentState
from programmes.models import Enrolment

#: In these states somebody is of the cohort; who only asked to join, or was not chosen, leaves no mark (decision 30).
_OF_THE_COHORT = (*TAKING_PART, EnrolmentState.PAUSED)


def colleagues_called(person: Person, word: str) -> QuerySet[Person]:
    """Whoever of one's own cohorts has exactly this address, or exactly this first and last name.

    Half a name finds nobody, so the list of participants cannot be drawn out of it; capitals and blanks do not count.
    """
    word = " ".join(word.split()).lower()
    cohorts = Enrolment.objects.filter(person=person, state__in=_OF_THE_COHORT).values("cohort_id")
    enrolled = Enrolment.objects.filter(cohort__in=cohorts, state__in=_OF_THE_COHORT).values("person_id")
    people = Person.objects.active().filter(pk__in=enrolled).exclude(pk=person.pk)
    if "@" in word:
        return people.with_email(word)
    whole = Lower(Trim(Concat("first_name", Value(" "), "last_name")))
    return people.annotate(_whole=whole).filter(_whole=word) if word else people.none()
