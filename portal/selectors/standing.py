"""What a person is here, in one question that every page asks: their parts, their pair, whom they may turn to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Concat, Trim

from pairings.models import Pairing
from participants.models import Delegation, Person
from programmes.models import (
    BriefReading,
    Coordinator,
    CouncilMember,
    Enrolment,
    NamedContact,
    Programme,
    Sponsor,
)


@dataclass(frozen=True)
class ProgrammePeople:
    """Whom a participant of a programme may turn to, by name: nobody above them, nobody who has left."""

    programme: Programme
    coordinators: Sequence[str]
    contacts: Sequence[str]


@dataclass(frozen=True)
class Standing:
    """A person's parts in programmes, newest cohort first, and what else they are.

    Args:
        pair_id: their first pair, as far as they have been told.
        plans_dates: they plan the dates of a leader.
        sponsored_ids, watched_ids: programmes that they stand behind, or follow for the works council: their ids.
    """

    enrolments: Sequence[Enrolment]
    pair_id: int | None
    is_contact: bool
    is_coordinator: bool
    plans_dates: bool
    sponsored_ids: Sequence[int] = ()
    watched_ids: Sequence[int] = ()

    @property
    def newest(self) -> Enrolment | None:
        return next(iter(self.enrolments), None)

    @property
    def programmes(self) -> Sequence[ProgrammePeople]:
        """Each programme once, with the people behind it."""
        found = {}
        for one in self.enrolments:
            programme = one.cohort.programme
            found[programme.pk] = ProgrammePeople(programme, one.coordinator_names, one.contact_names)  # type: ignore[attr-defined]
        return tuple(found.values())

    def people_of(self, programme_id: int) -> ProgrammePeople:
        """Whom to turn to in a programme in which the person takes part."""
        return next(one for one in self.programmes if one.programme.pk == programme_id)


#: The words of their role as they stand have been read (S0.31).
_READ = BriefReading.objects.filter(enrolment=OuterRef("pk"), is_current=True)


def standing_of(person: Person, user: Any) -> Standing:
    """One query for somebody who takes part, two for somebody who does not.

    Args:
        user: the person's log-in.
    """
    what = _what_they_are(person, user)
    enrolments = list(
        Enrolment.objects.filter(person=person)
        .select_related("cohort__programme", "cohort__call")
        .annotate(
            has_read=Exists(_READ),
            coordinator_names=_names(Coordinator),
            contact_names=_names(NamedContact),
            **what,
        )
        .order_by("-cohort__starts_on", "-pk")
    )
    if enrolments:
        known: Mapping[str, Any] = vars(enrolments[0])
    else:
        known = Person.objects.filter(pk=person.pk).values(**what)[0]
    return Standing(enrolments=enrolments, **{name: known[name] for name in what})


def _what_they_are(person: Person, user: Any) -> dict[str, Any]:
    pairs = Pairing.objects.shown_to(person.pk)
    return {
        "pair_id": Subquery(pairs.order_by("pk").values("pk")[:1]),
        "is_contact": Exists(NamedContact.objects.filter(person=person)),
        "is_coordinator": Exists(Coordinator.objects.filter(person=person)),
        "sponsored_ids": ArraySubquery(_programmes(Sponsor, person)),
        "watched_ids": ArraySubquery(_programmes(CouncilMember, person)),
        "plans_dates": Exists(Delegation.objects.of_user(user)),
    }


def _programmes(staff: type[Sponsor] | type[CouncilMember], person: Person) -> QuerySet[Any]:
    rows: QuerySet[Any] = staff.objects.filter(person=person).order_by("programme__name")
    return rows.values("programme_id")


def _names(staff: type[Coordinator] | type[NamedContact]) -> ArraySubquery:
    name = Trim(Concat("person__first_name", Value(" "), "person__last_name"))
    those: QuerySet[Any] = staff.objects.filter(programme=OuterRef("cohort__programme")).order_by("pk")
    those = those.open_to(OuterRef("person_id"))  # type: ignore[attr-defined]
    return ArraySubquery(those.values_list(name))
