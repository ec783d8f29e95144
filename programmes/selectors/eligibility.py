"""Who may take part in which role: the charter says it, a call may narrow it for its cohort (S2b.3, S3.1)."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from participants.models import Person
from participants.querysets import PersonQuerySet
from programmes.choices import Role, Scope
from programmes.engine.eligibility import Rule
from programmes.models import OpenCall, Programme


@dataclass(frozen=True)
class Terms:
    """The rule for one role. Months in the company are asked of people, never read: the roster has no such date."""

    role: str
    lowest_grade: int | None
    highest_grade: int | None
    departments: tuple[str, ...]
    min_months: int

    @property
    def sentences(self) -> list[str]:
        """The rule in words; empty when everybody may."""
        found = []
        if self.lowest_grade and self.highest_grade:
            values = {"low": self.lowest_grade, "high": self.highest_grade}
            found.append(_("grades %(low)s to %(high)s") % values)
        elif self.lowest_grade:
            found.append(_("grade %(low)s or higher") % {"low": self.lowest_grade})
        elif self.highest_grade:
            found.append(_("grade %(high)s or lower") % {"high": self.highest_grade})
        if self.departments:
            found.append(", ".join(self.departments))
        if self.min_months:
            text = ngettext("%(n)s month in the company", "%(n)s months in the company", self.min_months)
            found.append(text % {"n": self.min_months})
        return found


def terms_for(programme: Programme, role: str) -> Terms:
    """What the charter asks of a role."""
    return Terms(
        role=role,
        lowest_grade=getattr(programme, f"{role}_lowest_grade"),
        highest_grade=getattr(programme, f"{role}_highest_grade"),
        departments=tuple(getattr(programme, f"{role}_departments")),
        min_months=getattr(programme, f"{role}_min_months"),
    )


def terms_of_call(call: OpenCall, role: str) -> Terms:
    """What holds for a role in a call: the charter's terms, narrower where the call is, and never wider."""
    charter = terms_for(call.cohort.programme, role)
    lowest, highest = charter.lowest_grade, charter.highest_grade
    if role == Role.MENTOR:
        highest = min(_known(highest, call.mentor_grade_to), default=None)
    else:
        lowest = max(_known(lowest, call.mentee_grade_from), default=None)
    both = tuple(one for one in charter.departments if one in call.departments)
    departments = both or tuple(call.departments) or charter.departments
    return replace(charter, lowest_grade=lowest, highest_grade=highest, departments=departments)


def _known(*grades: int | None) -> list[int]:
    return [grade for grade in grades if grade is not None]


def rule_of(call: OpenCall) -> Rule:
    """The same for the engine that says why a role is not for somebody."""
    programme = call.cohort.programme
    mentor, mentee = (terms_of_call(call, role) for role in (Role.MENTOR, Role.MENTEE))
    return Rule(
        distance=call.cohort.min_grade_distance,
        mentor_from=mentor.lowest_grade,
        mentor_to=mentor.highest_grade,
        mentee_from=mentee.lowest_grade,
        mentee_to=mentee.highest_grade,
        departments=tuple(call.departments),
        mentor_departments=tuple(programme.mentor_departments),
        mentee_departments=tuple(programme.mentee_departments),
        scope=programme.scope,
        scope_name=programme.scope_name,
    )


def people_in_scope(programme: Programme) -> PersonQuerySet:
    """Everybody on the roster whom the programme is for: the whole organisation, a department or a team (S0.1).

    A roster holds whom it was imported with; by default those who take part alone (decision 28).
    """
    people: PersonQuerySet = Person.objects.active().known()
    if programme.scope == Scope.DEPARTMENT:
        return people.filter(department__iexact=programme.scope_name)
    if programme.scope == Scope.TEAM:
        return people.filter(team__iexact=programme.scope_name)
    return people


def for_person(person: Person, prefix: str = "") -> Q:
    """The same seen from programmes: those that are for somebody.

    Args:
        prefix: the path to the programme, ending in "__".
    """
    places = [(Scope.DEPARTMENT, person.department), (Scope.TEAM, person.team)]
    found = Q(**{f"{prefix}scope": Scope.ORGANISATION})
    for scope, name in places:
        found |= Q(**{f"{prefix}scope": scope, f"{prefix}scope_name__iexact": name})
    return found


def eligible_people(programme: Programme, role: str) -> QuerySet[Person]:
    """Everybody on the roster who may take part in this role, without a look at the months in the company."""
    terms = terms_for(programme, role)
    people: QuerySet[Person] = people_in_scope(programme)
    if terms.lowest_grade:
        people = people.filter(grade__gte=terms.lowest_grade)
    if terms.highest_grade:
        people = people.filter(grade__lte=terms.highest_grade)
    if terms.departments:
        people = people.filter(department__in=terms.departments)
    return people


def is_eligible(programme: Programme, role: str, person: Person) -> bool:
    """Whether the charter lets this person take part in this role."""
    return role in Role.values and eligible_people(programme, role).filter(pk=person.pk).exists()
