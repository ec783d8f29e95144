"""What the pages about topics show."""

from __future__ import annotations

from collections.abc import Sequence

from participants.models import Person
from programmes.models import Enrolment, TopicSuggestion


def suggestions_of(person: Person, enrolment: Enrolment) -> Sequence[TopicSuggestion]:
    """What this person suggested in the programme of an enrolment, the newest first, with what became of it."""
    mine = TopicSuggestion.objects.filter(person=person, programme_id=enrolment.cohort.programme_id)
    return list(mine.select_related("topic").order_by("-created_at", "-pk")[:20])
