"""One programme on one page: its charter, what the next step lacks, its texts and its cohorts side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Q

from programmes.choices import TAKING_PART, EnrolmentState, Role, Stage, TextKey
from programmes.engine.hours import Budget
from programmes.models import Cohort, Enrolment, Goal, Programme, ProgrammeText
from programmes.selectors.eligibility import Terms, eligible_people, terms_for
from programmes.selectors.gates import Gate
from programmes.selectors.stages import gates, next_stages
from programmes.selectors.texts import budget_of

#: Whoever takes part, or did so to the end.
_IN = (*TAKING_PART, EnrolmentState.COMPLETED)


@dataclass(frozen=True)
class TextLine:
    """A text of the programme, and whether it is settled."""

    key: str
    name: str
    is_settled: bool


@dataclass(frozen=True)
class RoleLine:
    """Who may take part in a role, and how many on the roster that are."""

    role: Role
    terms: Terms
    eligible: int


@dataclass(frozen=True)
class CohortLine:
    """One cohort among the others (S1.16).

    Args:
        again: how many took part in an earlier cohort of the programme as well.
        read: how many have read what their role asks for, of those who take part.
    """

    cohort: Cohort
    mentors: int
    mentees: int
    again: int
    read: int


@dataclass(frozen=True)
class Overview:
    """Everything on the page of a programme.

    Args:
        cohort: whose next step ``gates`` are about; the youngest that is not over.
        another_hours: what each further mentee adds for a mentor.
        next_stage: that step, None at the end.
    """

    programme: Programme
    goals: Sequence[Goal]
    roles: Sequence[RoleLine]
    budgets: Mapping[str, Budget]
    another_hours: int
    texts: Sequence[TextLine]
    cohorts: Sequence[CohortLine]
    cohort: Cohort | None
    next_stage: Stage | None
    gates: Sequence[Gate]

    @property
    def missing(self) -> int:
        """How much the next step lacks."""
        return sum(1 for gate in self.gates if not gate.is_met)


def overview(programme: Programme, *, now: datetime) -> Overview:
    """A number of queries that does not grow with people, goals or cohorts."""
    lines = _cohorts(programme)
    cohort = next((line.cohort for line in lines if line.cohort.stage in _AHEAD), None)
    following = next_stages(cohort) if cohort else []
    budgets = {role.value: budget_of(programme, role) for role in Role}
    settled = set(ProgrammeText.objects.filter(programme=programme).values_list("key", flat=True))
    return Overview(
        programme=programme,
        goals=list(programme.goals.all()),
        roles=[
            RoleLine(Role(role), terms_for(programme, role), eligible_people(programme, role).count())
            for role in Role.values
        ],
        budgets=budgets,
        another_hours=budget_of(programme, Role.MENTOR, 2).hours - budgets[Role.MENTOR].hours,
        texts=[TextLine(key.value, str(key.label), key in settled) for key in TextKey],
        cohorts=lines,
        cohort=cohort,
        next_stage=following[0] if following else None,
        gates=gates(cohort, following[0], now=now) if cohort and following else (),
    )


_AHEAD = tuple(stage for stage in Stage if stage not in (Stage.CLOSED, Stage.ARCHIVED))


def _cohorts(programme: Programme) -> list[CohortLine]:
    inside = Q(enrolments__in=Enrolment.objects.counted().filter(state__in=_IN))
    rows = Cohort.objects.filter(programme=programme).annotate(
        mentors=Count("enrolments", filter=inside & Q(enrolments__role=Role.MENTOR)),
        mentees=Count("enrolments", filter=inside & Q(enrolments__role=Role.MENTEE)),
        read=Count("enrolments", filter=inside & Q(enrolments__brief_reading__is_current=True)),
    )
    again = _again(programme)
    cohorts = list(rows.order_by("-starts_on", "-pk"))
    for cohort in cohorts:
        cohort.programme = programme
    return [CohortLine(one, one.mentors, one.mentees, again.get(one.pk, 0), one.read) for one in cohorts]


def _again(programme: Programme) -> dict[int, int]:
    """How many in each cohort took part in an earlier one of the same programme."""
    earlier = Enrolment.objects.filter(
        person=OuterRef("person"),
        cohort__programme=programme,
        cohort__starts_on__lt=OuterRef("cohort__starts_on"),
    ).exclude(state__in=[EnrolmentState.DECLINED, EnrolmentState.WITHDRAWN, EnrolmentState.WAITLISTED])
    counted = (
        Enrolment.objects.counted()
        .filter(Exists(earlier), cohort__programme=programme)
        .order_by()
        .values("cohort")
        .annotate(number=Count("pk"))
    )
    return {row["cohort"]: row["number"] for row in counted}
