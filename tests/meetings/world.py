"""People, cohorts and pairs for tests of pairs and dates, made through the services where one exists."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from meetings.models import Meeting
from meetings.services import plan_meeting
from outbox.models import Message
from pairings.models import Pairing
from pairings.services import confirm_pairing
from participants.models import Person
from programmes.choices import EnrolmentState, Role, Stage
from programmes.models import Cohort, Enrolment, Programme

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
#: A Monday morning; the cohort's first day.
NOW = datetime(2027, 1, 4, 9, 0, tzinfo=UTC)
_numbers = count(1)


def utc(text: str) -> datetime:
    """An instant from "2027-01-04 09:00", in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def local(text: str, zone: str = "Europe/Amsterdam") -> datetime:
    """An instant from a wall clock's time."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


def person(first_name: str = "", **fields: Any) -> Person:
    number = next(_numbers)
    values = {
        "hr_key": f"K{number}",
        "first_name": first_name or f"First{number}",
        "last_name": f"Last{number}",
        "email": f"person{number}@example.com",
        "country": "NL",
        "time_zone": "Europe/Amsterdam",
        **fields,
    }
    return Person.objects.create(**values)


def cohort(programme: Programme | None = None, **fields: Any) -> Cohort:
    number = next(_numbers)
    values = {
        "programme": programme or Programme.objects.create(name=f"Programme {number}"),
        "name": f"Cohort {number}",
        "stage": Stage.ACTIVE,
        "starts_on": date(2027, 1, 4),
        "ends_on": date(2027, 10, 1),
        "time_zone": "Europe/Amsterdam",
        **fields,
    }
    return Cohort.objects.create(**values)


def enrolment(within: Cohort, role: Role, who: Person | None = None, **fields: Any) -> Enrolment:
    grade = 2 if role == Role.MENTOR else 6
    values = {"state": EnrolmentState.ACCEPTED, "capacity": 1, **fields}
    return Enrolment.objects.create(cohort=within, person=who or person(grade=grade), role=role, **values)


def pair(
    within: Cohort | None = None,
    *,
    mentor: Enrolment | Person | None = None,
    mentee: Enrolment | Person | None = None,
    now: datetime = NOW,
) -> Pairing:
    within = within or cohort()
    sides = [
        given if isinstance(given, Enrolment) else enrolment(within, role, given, capacity=3)
        for given, role in ((mentor, Role.MENTOR), (mentee, Role.MENTEE))
    ]
    made = confirm_pairing(mentor=sides[0], mentee=sides[1], is_taster=False, now=now)
    return loaded(made)


def loaded(pairing: Pairing) -> Pairing:
    return Pairing.objects.with_people().get(pk=pairing.pk)


def meet(
    pairing: Pairing, starts_at: datetime, *, now: datetime = NOW, minutes: int = 60, **fields: Any
) -> Meeting:
    values = {"by": pairing.mentor.person, **fields}
    return plan_meeting(
        pairing=pairing,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=minutes),
        now=now,
        **values,
    )


def keys(kind: str = "") -> list[str]:
    """Keys of the mails queued, of one kind or all, in order."""
    rows = Message.objects.filter(kind=kind) if kind else Message.objects.all()
    return sorted(rows.values_list("key", flat=True))
