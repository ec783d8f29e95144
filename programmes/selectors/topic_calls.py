"""A topic call as it stands: who is asked, who has named a topic, and what they named (S4.9)."""

from __future__ import annotations

import zoneinfo
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from django.conf import settings
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from outbox.models import Message
from participants.models import Person
from participants.querysets import PersonQuerySet
from programmes.choices import INTAKE_OVER, Stage, SuggestionState, TopicCallState
from programmes.engine.folding import folded
from programmes.engine.topic_days import remind_day
from programmes.models import (
    ColleagueTopic,
    Enrolment,
    Programme,
    TopicCall,
    TopicCallPass,
    TopicOffer,
    TopicSuggestion,
)
from programmes.querysets import EnrolmentQuerySet
from programmes.selectors.eligibility import for_person, people_in_scope

#: Cohorts whose people and topics are no longer of this day.
PAST: Final = (Stage.CLOSED, Stage.ARCHIVED)


def topic_call_ends_at(call: TopicCall) -> datetime:
    """The end of its last day, where the installation lives."""
    zone = zoneinfo.ZoneInfo(settings.TIME_ZONE)
    return datetime.combine(call.closes_on + timedelta(days=1), time(), tzinfo=zone)


def topic_call_state(call: TopicCall, now: datetime) -> str:
    """ "prepared", "open", "over" (its last day has passed) or "closed"."""
    if call.state == TopicCallState.OPEN and now >= topic_call_ends_at(call):
        return "over"
    return str(call.state)


def remind_day_of(call: TopicCall) -> date | None:
    """The day of its reminder; None before it is open, and where it is too short for one."""
    if call.opened_at is None:
        return None
    opened = call.opened_at.astimezone(zoneinfo.ZoneInfo(settings.TIME_ZONE)).date()
    return remind_day(opened, call.closes_on)


# --- who ------------------------------------------------------------------------------------------------


def current_enrolments(programme_id: Any) -> EnrolmentQuerySet:
    """Everybody who came forward for or takes part in a cohort that is not past; ``OuterRef`` works too."""
    rows: EnrolmentQuerySet = Enrolment.objects.filter(cohort__programme=programme_id)
    return rows.exclude(state__in=INTAKE_OVER).exclude(cohort__stage__in=PAST)


def at_rest(programme_id: Any) -> Any:
    """Keys of whoever pauses or objects in a programme: no mail, and in no figure."""
    return Enrolment.objects.filter(cohort__programme=programme_id).resting().values("person_id")


def colleagues_of(programme: Programme) -> PersonQuerySet:
    """Everybody whom a programme asks: whom it is for, and whoever takes part."""
    taking_part = current_enrolments(programme).values("person")
    known = Person.objects.active().known()
    found: PersonQuerySet = known.filter(
        Q(pk__in=people_in_scope(programme).values("pk")) | Q(pk__in=taking_part)
    )
    return found


def has_topic(programme: Any, person: Any) -> Q:
    """Whether somebody's topic is known in a programme: named, offered in an intake, or suggested as theirs.

    Args:
        programme, person: an object or its key, or an ``OuterRef`` to it.
    """
    here = {"programme": programme, "person": person}
    offered = TopicOffer.objects.filter(enrolment__cohort__programme=programme, enrolment__person=person)
    offered = offered.exclude(enrolment__state__in=INTAKE_OVER).exclude(enrolment__cohort__stage__in=PAST)
    suggested = TopicSuggestion.objects.filter(**here, is_offered=True)
    return (
        Q(Exists(ColleagueTopic.objects.filter(**here)))
        | Q(Exists(offered))
        | Q(Exists(suggested.exclude(state=SuggestionState.DECLINED)))
    )


def people_to_ask_for_topics(call: TopicCall) -> PersonQuerySet:
    """Who gets the question now: reachable, without a topic, not pausing, and not asked before."""
    asked = Message.objects.about("topic_call", call.pk).exclude(state="cancelled")
    people: PersonQuerySet = _reachable(call).exclude(pk__in=_ids(asked))
    return people


def people_to_remind_of_topics(call: TopicCall) -> PersonQuerySet:
    """Who is reminded: asked, still without a topic, and they did not say that they have none."""
    asked = Message.objects.about("topic_call", call.pk).exclude(state="cancelled")
    passed = TopicCallPass.objects.filter(call=call).values("person")
    people: PersonQuerySet = _reachable(call).filter(pk__in=_ids(asked)).exclude(pk__in=passed)
    return people


def _ids(messages: Any) -> Any:
    return messages.exclude(recipient_id=None).values("recipient_id")


def _reachable(call: TopicCall) -> PersonQuerySet:
    """Nobody who pauses or objects in this programme is written to (B-09)."""
    people = (
        colleagues_of(call.programme)
        .exclude(email=None)
        .exclude(has_topic(call.programme_id, OuterRef("pk")))
    )
    found: PersonQuerySet = people.exclude(pk__in=at_rest(call.programme_id)).order_by("pk")
    return found


def _put_to(person: Person) -> Q:
    """Of calls: those that are put to somebody, because it is for them or they take part."""
    taking_part = current_enrolments(OuterRef("programme")).filter(person=person)
    return for_person(person, "programme__") | Q(Exists(taking_part))


def topic_calls_for(person: Person) -> QuerySet[TopicCall]:
    """The calls that somebody may answer or could have answered."""
    asked = TopicCall.objects.exclude(state=TopicCallState.PREPARED)
    rows: QuerySet[TopicCall] = asked.filter(_put_to(person)).select_related("programme")
    return rows.order_by("closes_on", "pk")


def open_topic_calls(person: Person, *, now: datetime) -> list[TopicCall]:
    """Calls that somebody could still answer and has not; one query."""
    passed = TopicCallPass.objects.filter(call=OuterRef("pk"), person=person)
    rows = topic_calls_for(person).filter(state=TopicCallState.OPEN).exclude(Exists(passed))
    rows = rows.exclude(has_topic(OuterRef("programme"), person))
    return [call for call in rows if topic_call_state(call, now) == "open"]


def topic_mail_holds(*, call_id: int, person_id: int) -> bool:
    """Whether a mail of a call still makes sense at the moment it leaves."""
    person = Person.objects.active().filter(pk=person_id).first()
    return person is not None and any(
        call.pk == call_id for call in open_topic_calls(person, now=timezone.now())
    )


# --- what was named -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Named:
    """What one person has named in a programme.

    Args:
        suggested: topics in their own words that the list does not have (yet).
        offered: what their intake offers already.
    """

    topics: Sequence[ColleagueTopic]
    suggested: Sequence[TopicSuggestion]
    offered: Sequence[TopicOffer]

    @property
    def count(self) -> int:
        return len(self.topics) + len(self.suggested)


def named_by(programme_id: int, person: Person, *, takes_part: bool = True) -> Named:
    """What somebody named here, the newest last.

    Args:
        takes_part: False for somebody known to have no enrolment: then no intake is looked for.
    """
    mine = {"programme": programme_id, "person": person}
    suggested = TopicSuggestion.objects.filter(**mine, is_offered=True, state=SuggestionState.OPEN)
    offers = TopicOffer.objects.filter(enrolment__in=current_enrolments(programme_id).filter(person=person))
    return Named(
        list(ColleagueTopic.objects.filter(**mine).select_related("topic")),
        list(suggested),
        list(offers.select_related("topic").order_by("pk")) if takes_part else [],
    )


def colleague_topics(programme_id: int) -> QuerySet[ColleagueTopic]:
    """Everything that was named in a programme, by topic, for its coordinators."""
    rows: QuerySet[ColleagueTopic] = ColleagueTopic.objects.filter(
        programme=programme_id, person__state="active"
    )
    return rows.select_related("topic", "person").order_by(
        "topic__code", "person__last_name", "person__first_name", "pk"
    )


@dataclass(frozen=True)
class Turnout:
    """How a call is answered, in numbers: nobody learns who has not named a topic.

    Args:
        asked: to how many the question went.
        departments: (name, colleagues, with a topic), small ones together under "".
    """

    people: int
    with_topic: int
    asked: int
    departments: Sequence[tuple[str, int, int]]

    @property
    def without(self) -> int:
        return self.people - self.with_topic


def turnout(call: TopicCall) -> Turnout:
    """Three queries, whatever the size of the company."""
    people = colleagues_of(call.programme).exclude(pk__in=at_rest(call.programme_id))
    named = people.filter(has_topic(call.programme_id, OuterRef("pk"))).values("pk")
    counted = (
        people.order_by().values("department").annotate(n=Count("pk"), k=Count("pk", filter=Q(pk__in=named)))
    )
    numbers: Mapping[str, tuple[int, int]] = {row["department"]: (row["n"], row["k"]) for row in counted}
    asked = Message.objects.about("topic_call", call.pk).filter(kind="topic_call")
    return Turnout(
        people=sum(n for n, _k in numbers.values()),
        with_topic=sum(k for _n, k in numbers.values()),
        asked=asked.exclude(state="cancelled").count(),
        departments=[(name, n, k) for name, (n, k) in folded(numbers)],
    )
