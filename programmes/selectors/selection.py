"""The selection of a cohort on one page: candidates, seats, and how it came out by unit and office."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import BooleanField, Case, Count, F, Prefetch, Q, QuerySet, Value, When
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from programmes.choices import SEATED, Criterion, EnrolmentState, Fulfilment, Role
from programmes.engine.folding import folded
from programmes.models import Assessment, Cohort, Enrolment, Intake, Nomination, OpenCall, SelectionTally

#: Whoever is or was a candidate; who withdrew has no part in it.
_ANSWERED: Final = (EnrolmentState.WAITLISTED, EnrolmentState.DECLINED)
#: Of an intake, what is nobody's at the desk.
_UNREAD: Final = ("intake__draft", "intake__words", "intake__craft_missed")
_OTHERS: Final = _("others, together")
#: The units that an outcome is counted by; nothing protected is among them.
UNITS: Final[Mapping[str, str | Promise]] = {"department": _("Departments"), "city": _("Offices")}


@dataclass(frozen=True)
class Mark:
    """One criterion of one candidate: how a coordinator, they themselves and their nominators see it."""

    criterion: Criterion
    value: str
    own: str
    named: Sequence[str]

    @property
    def label(self) -> str:
        return str(self.criterion.label)

    @property
    def words(self) -> str:
        return str(Fulfilment(self.value).label)

    @property
    def own_words(self) -> str:
        return str(Fulfilment(self.own).label) if self.own else ""

    @property
    def named_words(self) -> str:
        return ", ".join(str(Fulfilment(value).label) for value in self.named)


@dataclass(frozen=True)
class Candidate:
    """One row: the enrolment, the checklist on it, and what others said.

    Args:
        openness: how open they say they are to the other's view, once their intake is sent (S0.28).
        is_sent: whether it is; somebody whom a file brought may be complete without.
    """

    enrolment: Enrolment
    marks: Sequence[Mark]
    nominations: Sequence[Nomination]
    version: int
    reason: str
    is_complete: bool
    openness: str
    is_sent: bool


@dataclass(frozen=True)
class Seats:
    """The seats of one role: how many there are (None for as many as come), are taken, and who waits."""

    role: Role
    seats: int | None
    taken: int
    applied: int
    waiting: int

    @property
    def free(self) -> int | None:
        return None if self.seats is None else max(0, self.seats - self.taken)


@dataclass(frozen=True)
class OutcomeRow:
    """How many of one unit came forward, are in, wait, and are not in this time."""

    name: str | Promise
    applied: int
    accepted: int
    waitlisted: int
    declined: int


@dataclass(frozen=True)
class SelectionPage:
    """What the page of a selection needs beside its candidates."""

    cohort: Cohort
    call: OpenCall | None
    seats: Sequence[Seats]
    outcome: Mapping[str, Sequence[OutcomeRow]]
    is_over: bool
    strangers: Sequence[Nomination]


@dataclass(frozen=True)
class Filters:
    """What a coordinator looks at: "" for all."""

    role: str = ""
    state: str = ""
    department: str = ""
    city: str = ""
    complete: str = ""


def candidates(cohort: Cohort, filters: Filters) -> QuerySet[Enrolment]:
    """Whoever came forward, undecided first, then by name."""
    complete = Enrolment.objects.filter(cohort=cohort).with_complete_intake().values("pk")
    rows = Enrolment.objects.filter(cohort=cohort).exclude(state=EnrolmentState.WITHDRAWN)
    rows = rows.select_related("person", "assessment", "intake")
    rows = rows.defer("perspectives_offered", "perspective_wanted", *_UNREAD)
    rows = rows.annotate(
        is_complete=Case(When(pk__in=complete, then=Value(True)), default=False, output_field=BooleanField())
    )
    if filters.role:
        rows = rows.filter(role=filters.role)
    if filters.state == "in":
        rows = rows.exclude(state__in=(EnrolmentState.APPLIED, *_ANSWERED))
    elif filters.state:
        rows = rows.filter(state=filters.state)
    if filters.department:
        rows = rows.filter(person__department=filters.department)
    if filters.city:
        rows = rows.filter(person__city=filters.city)
    if filters.complete:
        rows = rows.filter(is_complete=filters.complete == "yes")
    undecided = Case(When(state=EnrolmentState.APPLIED, then=0), default=1)
    named = Prefetch("person__nominations", Nomination.objects.filter(cohort=cohort), to_attr="named_here")
    found: QuerySet[Enrolment] = rows.prefetch_related(named).order_by(
        undecided, "person__last_name", "person__first_name", "pk"
    )
    return found


def as_candidates(rows: Sequence[Enrolment]) -> list[Candidate]:
    """Rows of ``candidates`` with their checklists in words."""
    return [_candidate(row) for row in rows]


def _candidate(row: Any) -> Candidate:
    assessment: Assessment | None = getattr(row, "assessment", None)
    named: list[Nomination] = row.person.named_here
    intake: Intake | None = getattr(row, "intake", None)
    is_sent = intake is not None and intake.completed_at is not None
    marks = []
    for criterion in Criterion:
        own = getattr(assessment, f"own_{criterion.value}") if assessment else ""
        value = getattr(assessment, criterion.value) if assessment else Fulfilment.NOT_KNOWN
        said = [getattr(one, criterion.value) for one in named]
        known = [word for word in said if word != Fulfilment.NOT_KNOWN]
        marks.append(Mark(criterion, value, own, known))
    return Candidate(
        row,
        marks,
        named,
        assessment.version if assessment else 0,
        assessment.reason if assessment else "",
        row.is_complete,
        intake.openness if intake and is_sent else "",
        is_sent,
    )


def candidate_units(cohort: Cohort) -> tuple[list[str], list[str]]:
    """Departments and offices that candidates come from, for the filters."""
    rows = Enrolment.objects.filter(cohort=cohort).exclude(state=EnrolmentState.WITHDRAWN).order_by()
    found = list(rows.values_list("person__department", "person__city").distinct())
    departments, cities = {one for one, _city in found if one}, {one for _department, one in found if one}
    return sorted(departments), sorted(cities)


def selection_page(cohort: Cohort) -> SelectionPage:
    """Seats and outcome; a number of queries that does not grow with candidates."""
    call = OpenCall.objects.filter(cohort=cohort).first()
    tally = SelectionTally.objects.filter(cohort=cohort).first()
    figures = tally.figures if tally else outcome_figures(cohort)
    strangers = Nomination.objects.filter(cohort=cohort).exclude(nominee__enrolments__cohort=cohort)
    return SelectionPage(
        cohort=cohort,
        call=call,
        seats=_seats(cohort, call),
        outcome={
            str(title): [OutcomeRow(name or _OTHERS, *numbers) for name, numbers in figures.get(unit, [])]
            for unit, title in UNITS.items()
        },
        is_over=tally is not None,
        strangers=list(strangers.select_related("nominee", "nominator")),
    )


def _seats(cohort: Cohort, call: OpenCall | None) -> list[Seats]:
    states = Enrolment.objects.filter(cohort=cohort).order_by().values_list("role", "state")
    counts: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for role, state, number in states.annotate(number=Count("pk")):
        counts[role][state] = number
    return [
        Seats(
            role=role,
            seats=call.seats_of(role) if call else None,
            taken=sum(counts[role][state] for state in SEATED),
            applied=counts[role][EnrolmentState.APPLIED],
            waiting=counts[role][EnrolmentState.WAITLISTED],
        )
        for role in Role
    ]


def outcome_figures(cohort: Cohort) -> dict[str, list[list[Any]]]:
    """How a selection comes out by unit and office, small groups together; fit to be kept (decision 30)."""
    found = {}
    for unit in UNITS:
        rows = Enrolment.objects.counted().filter(cohort=cohort).order_by()
        rows = rows.exclude(state=EnrolmentState.WITHDRAWN)
        waiting, declined = Q(state=EnrolmentState.WAITLISTED), Q(state=EnrolmentState.DECLINED)
        is_in = ~Q(state__in=(EnrolmentState.APPLIED, *_ANSWERED))
        counted = rows.values(name=F(f"person__{unit}")).annotate(
            applied=Count("pk"),
            accepted=Count("pk", filter=is_in),
            waitlisted=Count("pk", filter=waiting),
            declined=Count("pk", filter=declined),
        )
        numbers = {
            row["name"]: (row["applied"], row["accepted"], row["waitlisted"], row["declined"])
            for row in counted
        }
        found[unit] = [[name, list(values)] for name, values in folded(numbers)]
    return found
