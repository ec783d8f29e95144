"""The sample's open call: a cohort that looks for people, with applications in every state."""

from __future__ import annotations

from datetime import datetime, timedelta

from dateutil.relativedelta import relativedelta

from participants.models import Person
from programmes.choices import Stage
from programmes.models import Cohort, OpenCall, Programme
from programmes.services import (
    answer_candidate,
    assess,
    create_cohort,
    describe_self,
    move_stage,
    nominate,
    publish_call,
    sign_up,
)


def open_cohort(*, programme: Programme, by: Person, now: datetime, months: int) -> OpenCall:
    """A cohort that opened last week and takes applications for another three."""
    begins = now + timedelta(weeks=16)
    cohort: Cohort = create_cohort(
        programme=programme,
        name=f"{begins.year} · 3",
        starts_on=begins.date(),
        ends_on=(begins + relativedelta(months=months)).date(),
        by=by,
    )
    values = {"closes_on": (now + timedelta(weeks=3)).date(), "mentor_seats": 12, "mentee_seats": 16}
    call = publish_call(cohort=cohort, values=values, by=by)
    move_stage(cohort=cohort, to=Stage.OPEN, by=by, now=now - timedelta(weeks=1))
    call.refresh_from_db()
    _come_forward(call, by, now)
    return call


def _come_forward(call: OpenCall, by: Person, now: datetime) -> None:
    """A few of each grade sign up; some are answered already, one each way, and one is named by a colleague."""
    cohort = call.cohort
    juniors = Person.objects.active().known().filter(grade__lte=2).exclude(email=None).order_by("-pk")[:9]
    seniors = Person.objects.active().known().filter(grade__gte=6).exclude(email=None).order_by("-pk")[:6]
    mentors = [sign_up(call=call, person=one, role="mentor", now=now - timedelta(days=4)) for one in juniors]
    mentees = [sign_up(call=call, person=one, role="mentee", now=now - timedelta(days=3)) for one in seniors]
    for line in (mentors, mentees):
        for enrolment, answer in zip(line, ("accepted", "waitlisted", "declined"), strict=False):
            answer_candidate(
                enrolment=enrolment, to=answer, seen="applied", by=by, now=now - timedelta(days=1)
            )
    for enrolment in mentors[3:5]:
        ratings = {"digital": "met", "innovative": "partly"}
        describe_self(enrolment=enrolment, ratings=ratings, by=enrolment.person)
        assess(enrolment=enrolment, ratings=ratings, reason="", version=0, by=by)
    others = Person.objects.active().known().filter(grade=3).exclude(email=None)
    others = others.exclude(enrolments__cohort=cohort).order_by("pk")
    for nominee in others[:1]:
        words = "Explains a new tool so that one wants to try it at once."
        nominate(call=call, address=str(nominee.email), role="mentor", words=words, by=by, now=now)
