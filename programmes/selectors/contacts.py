"""Whether everybody who teaches has somebody to turn to outside their line (decision 3)."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef

from participants.models import Person
from programmes.choices import SEATED, EnrolmentState, Role, Stage
from programmes.models import Enrolment, NamedContact, Programme
from programmes.querysets import EnrolmentQuerySet

#: Stages in which people take part and so have somebody to turn to.
UNDER_WAY = tuple(stage for stage in Stage if stage not in (Stage.DRAFT, Stage.CLOSED, Stage.ARCHIVED))

#: States that no longer tie somebody to a cohort.
_OVER = (EnrolmentState.DECLINED, EnrolmentState.WITHDRAWN, EnrolmentState.COMPLETED)


def is_listener(*, programme_id: int, person: Person) -> bool:
    """Whether people of this programme may turn to somebody, who so takes no part in it (decision 3)."""
    return NamedContact.objects.filter(programme=programme_id, person=person).exists()


def takes_part_in(programme: Programme, person: Person) -> bool:
    """Whether somebody is, or may yet become, the partner of whoever would turn to them."""
    parts = Enrolment.objects.filter(cohort__programme=programme, person=person)
    return parts.exclude(state__in=_OVER).exists()


def mentors_without_contact(programme: Any) -> EnrolmentQuerySet:
    """Mentors with a place in a cohort under way whom every named contact has left, or stands above.

    Args:
        programme: a programme, its id, or a reference to one from an outer query.
    """
    own = NamedContact.objects.filter(programme=OuterRef("cohort__programme"))
    seated = Enrolment.objects.filter(cohort__programme=programme, role=Role.MENTOR, state__in=SEATED)
    found: EnrolmentQuerySet = seated.filter(
        ~Exists(own.open_to(OuterRef("person_id"))), cohort__stage__in=UNDER_WAY
    )
    return found
