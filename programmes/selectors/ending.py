"""Programmes that are over for good, and people whom none that runs needs any more (B-10)."""

from __future__ import annotations

from datetime import date

from django.db.models import Exists, OuterRef, Q

from participants.choices import PersonState
from participants.models import Person
from participants.querysets import PersonQuerySet
from programmes.choices import Stage
from programmes.models import Cohort, Coordinator, CouncilMember, Enrolment, NamedContact, Programme, Sponsor
from programmes.querysets import ProgrammeQuerySet

_CLOSED = (Stage.CLOSED, Stage.ARCHIVED)
_STAFF = (Coordinator, Sponsor, CouncilMember, NamedContact)


def programmes_over(day: date) -> ProgrammeQuerySet:
    """Programmes all of whose cohorts are closed and ended before a day; one without a cohort is still to begin."""
    of_it = Cohort.objects.filter(programme=OuterRef("pk"))
    alive = of_it.filter(~Q(stage__in=_CLOSED) | Q(ends_on__gte=day))
    found: ProgrammeQuerySet = Programme.objects.filter(Exists(of_it)).exclude(Exists(alive))
    return found


def people_of_the_past(day: date) -> PersonQuerySet:
    """People with no part in any programme that is not over, who once had one or left the company before a day.

    Whoever is only in a full roster stays with the roster; whoever is erased already is not asked again.
    """
    over = programmes_over(day).values("pk")
    mine = Enrolment.objects.filter(person=OuterRef("pk"))
    alive = mine.exclude(cohort__programme__in=over)
    staff = [
        Exists(model._default_manager.filter(person=OuterRef("pk")).exclude(programme__in=over))
        for model in _STAFF
    ]
    past = Q(Exists(mine)) | Q(state=PersonState.LEFT, left_on__lt=day)
    people: PersonQuerySet = Person.objects.known().filter(past).exclude(Exists(alive))
    people = people.exclude(user__is_superuser=True)  # who operates the server keeps the key to it
    for role in staff:
        people = people.exclude(role)
    return people.order_by("pk")
