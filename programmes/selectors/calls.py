"""An open call as somebody reads it: whether one can still sign up, for which role, and what it costs in time."""

from __future__ import annotations

import zoneinfo
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final

from django.db.models import Max, QuerySet
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from participants.models import Person, TitleGrade
from participants.querysets import PersonQuerySet
from programmes.choices import EnrolmentState, Role, Stage
from programmes.engine.eligibility import Rule, obstacle, usual_role
from programmes.engine.hours import Budget
from programmes.models import Cohort, Enrolment, OpenCall
from programmes.selectors.contacts import is_listener
from programmes.selectors.eligibility import Terms, people_in_scope, rule_of, terms_of_call
from programmes.selectors.texts import ShownText, budget_of, sponsor_letter

#: Said to whoever people of the programme may turn to: they take neither role (decision 3).
LISTENS: Final = _(
    "You are the named contact of this programme: people turn to somebody who takes no part in it."
)
#: Why a role is not for somebody, said to them.
OBSTACLES: Final[Mapping[str, Promise]] = {
    "department": _("This time it is for other departments. There will be another round."),
    "role_department": _("In this role it is for other departments."),
    "mentor_above": _("This time mentors come from the grades above yours."),
    "mentee_below": _("This time mentees come from the grades below yours."),
    "too_senior": _(
        "This time mentors come from the grades below yours. You would be very welcome as a mentee."
    ),
    "too_junior": _(
        "This time mentees come from the grades above yours. You would be very welcome as a mentor."
    ),
    "nobody_below": _(
        "A mentor here is always some grades below the mentee, and below your grade nobody is. "
        "That makes you exactly whom we look for: a mentor."
    ),
}
#: The parts of a time budget in words.
PARTS: Final[Mapping[str, Promise]] = {
    "meetings": _("conversations"),
    "preparation": _("preparing them"),
    "circles": _("mentor circles"),
    "training": _("training, at your own pace"),
    "events": _("kick-off and closing"),
    "actions": _("acting on what you heard"),
    "questions": _("questionnaires"),
}


#: Stands for a name in a letter that is put together once for many.
NAME: Final = "{name}"


@dataclass(frozen=True)
class RoleOffer:
    """One of the two roles, as it is offered to one person.

    Args:
        obstacle: why they cannot take it, in words for them; "" when they can.
        is_usual: whether people of their grade usually take it.
    """

    role: str
    hours: int
    obstacle: str | Promise = ""
    is_usual: bool = False


@dataclass(frozen=True)
class CallView:
    """What the page of a call says.

    Args:
        state: "open", "over" (its last day has passed) or "closed" (the cohort has moved on).
        budgets: what each role takes, mentor first.
        terms: who may take each role, mentor first.
        more_hours: what a second mentee adds for a mentor.
        offers: both roles for whoever reads it; empty for a stranger.
        enrolment: their own place in this cohort, if any.
    """

    call: OpenCall
    state: str
    budgets: tuple[Budget, Budget]
    terms: tuple[Terms, Terms]
    more_hours: int
    offers: Sequence[RoleOffer] = ()
    enrolment: Enrolment | None = None

    @property
    def cohort(self) -> Cohort:
        return self.call.cohort

    @property
    def refusal(self) -> str | Promise:
        """The one reason that keeps them from both roles, if it is one and the same."""
        reasons = {str(offer.obstacle): offer.obstacle for offer in self.offers}
        return next(iter(reasons.values())) if len(reasons) == 1 else ""

    @property
    def may_sign_up(self) -> bool:
        """Whether at least one role is free for them and they have no place yet, or may still change it."""
        is_free = self.enrolment is None or self.enrolment.state == EnrolmentState.APPLIED
        return self.state == "open" and is_free and any(not offer.obstacle for offer in self.offers)


def call_ends_at(call: OpenCall) -> datetime:
    """The end of its last day, where the cohort lives."""
    zone = zoneinfo.ZoneInfo(call.cohort.time_zone)
    return datetime.combine(call.closes_on + timedelta(days=1), time(), tzinfo=zone)


def call_state(call: OpenCall, now: datetime) -> str:
    """Whether one can sign up now: "open", "over" or "closed"."""
    if call.cohort.stage != Stage.OPEN:
        return "closed"
    return "open" if now < call_ends_at(call) else "over"


def hours_of(cohort: Cohort, role: str, partners: int = 1) -> Budget:
    """What a role takes in this cohort, from its dates and rhythm."""
    return budget_of(cohort, role, partners)


def call_view(call: OpenCall, person: Person | None, *, now: datetime) -> CallView:
    """A call as ``person`` reads it; None is somebody who holds a link and nothing else."""
    mentor, mentee = hours_of(call.cohort, Role.MENTOR), hours_of(call.cohort, Role.MENTEE)
    more = hours_of(call.cohort, Role.MENTOR, partners=2).hours - mentor.hours
    state = call_state(call, now)
    terms = (terms_of_call(call, Role.MENTOR), terms_of_call(call, Role.MENTEE))
    if person is None:
        return CallView(call, state, (mentor, mentee), terms, more)
    enrolment = (
        Enrolment.objects.filter(cohort=call.cohort, person=person)
        .select_related("assessment", "intake")
        .first()
    )
    return CallView(
        call, state, (mentor, mentee), terms, more, _offers(call, person, (mentor, mentee)), enrolment
    )


def _offers(call: OpenCall, person: Person, budgets: Sequence[Budget]) -> list[RoleOffer]:
    rule = rule_of(call)
    usual = usual_role(grade=person.grade, rule=rule, highest=highest_grade())
    listens = is_listener(programme_id=call.cohort.programme_id, person=person)
    found = []
    for one in budgets:
        code = obstacle_for(one.role, person, rule)
        reason = LISTENS if listens else OBSTACLES[code] if code else ""
        found.append(RoleOffer(one.role, one.hours, reason, one.role == usual))
    return found


def obstacle_for(role: str, person: Person, rule: Rule) -> str:
    """Why a role is not for somebody, as a code of ``OBSTACLES``; "" when it is."""
    return obstacle(role, grade=person.grade, department=person.department, team=person.team, rule=rule)


def letters_to_seniors(call: OpenCall) -> Callable[[Person], ShownText | None]:
    """What says for each person which letter of the sponsor asks them to take part (dossier 2.5, S3.35).

    None for whom people of their grade usually mentor, for whom nothing is known, and for everybody while nobody
    signs the letter. A few queries at first, and one for each language met.
    """
    signed, rule, highest = call.cohort.programme.signed_by, rule_of(call), highest_grade()
    letters: dict[str, ShownText] = {}

    def letter_to(person: Person) -> ShownText | None:
        usual = usual_role(grade=person.grade, rule=rule, highest=highest)
        if not signed or usual != Role.MENTEE:
            return None
        if person.language not in letters:
            with translation.override(person.language):
                letters[person.language] = sponsor_letter(call.cohort, person.language, name=NAME)
        text = letters[person.language]
        return text.filled({NAME[1:-1]: person.first_name})

    return letter_to


def highest_grade() -> int | None:
    """The highest grade that anybody known here has, or that a job title stands for."""
    grades = [
        Person.objects.active().known().aggregate(top=Max("grade"))["top"],
        TitleGrade.objects.aggregate(top=Max("grade"))["top"],
    ]
    return max((grade for grade in grades if grade is not None), default=None)


@dataclass(frozen=True)
class Audience:
    """Whom a coordinator writes to. Nobody browses the company for it: they see a number, never names.

    Args:
        departments, cities: only these; empty for all.
        grade_from, grade_to: grades, both included; None for no limit.
        named: only these people, by address or HR key; the rest is ignored then.
    """

    departments: tuple[str, ...] = ()
    cities: tuple[str, ...] = ()
    grade_from: int | None = None
    grade_to: int | None = None
    named: tuple[str, ...] = ()


def people_to_ask(call: OpenCall, audience: Audience) -> PersonQuerySet:
    """Of an audience, those whom the programme is for, with an address and no place here, who do not rest (B-09)."""
    reachable = people_in_scope(call.cohort.programme).exclude(email=None)
    resting = Enrolment.objects.filter(cohort__programme=call.cohort.programme_id).resting()
    people: PersonQuerySet = reachable.exclude(enrolments__cohort=call.cohort_id)
    people = people.exclude(pk__in=resting.values("person_id"))
    if audience.named:
        lower = [word.lower() for word in audience.named]
        by_key, by_address = people.filter(hr_key__in=audience.named), people.filter(email__in=lower)
        return (by_key | by_address).order_by("pk")
    if audience.departments:
        people = people.filter(department__in=audience.departments)
    if audience.cities:
        people = people.filter(city__in=audience.cities)
    if audience.grade_from is not None:
        people = people.filter(grade__gte=audience.grade_from)
    if audience.grade_to is not None:
        people = people.filter(grade__lte=audience.grade_to)
    return people.order_by("pk")


def places_of_company() -> tuple[list[str], list[str]]:
    """Departments and cities that a coordinator may choose from."""
    known = Person.objects.active().known().order_by()

    def values(name: str) -> list[str]:
        found = known.exclude(**{name: ""}).values_list(name, flat=True).distinct()
        return sorted(found)

    return values("department"), values("city")


def open_calls(person: Person, *, now: datetime) -> list[OpenCall]:
    """Calls that somebody could still answer: open today, and they have no place in that cohort, nor listen there."""
    calls: QuerySet[OpenCall] = OpenCall.objects.filter(cohort__stage=Stage.OPEN).exclude(
        cohort__enrolments__person=person
    )
    calls = calls.exclude(cohort__programme__contacts__person=person)
    calls = calls.select_related("cohort__programme").order_by("closes_on", "pk")
    return [call for call in calls if call_state(call, now) == "open"]


def call_still_open(*, call_id: int) -> bool:
    """Whether a mail about a call still makes sense at the moment it leaves."""
    call = OpenCall.objects.select_related("cohort").filter(pk=call_id).first()
    return call is not None and call_state(call, timezone.now()) == "open"
