"""Cohorts for tests of matching: people by hand, the personnel file of Oracle's sample company, and runs of them."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

from django.conf import settings

from matching.models import MatchingRun, Proposal
from matching.services import release, start_run
from operations.services import run as run_job
from participants.models import Person, User
from programmes.choices import EnrolmentState, Role, Stage
from programmes.models import Cohort, Coordinator, Enrolment, Programme, Topic, TopicOffer, TopicWish

#: A Monday morning.
NOW = datetime(2027, 1, 4, 9, 0, tzinfo=UTC)
DATA = Path(__file__).resolve().parents[1] / "data" / "oracle-hr"
WEEK = ["mon_am", "tue_pm", "wed_lunch"]
_numbers = count(1)


def person(first_name: str = "", **fields: Any) -> Person:
    number = next(_numbers)
    values = {
        "hr_key": f"M{number}",
        "first_name": first_name or f"First{number}",
        "last_name": f"Last{number}",
        "email": f"match{number}@example.com",
        "country": "NL",
        "city": "Utrecht",
        "department": f"Department {number}",
        "time_zone": "Europe/Amsterdam",
        "languages": ["en"],
        "availability": WEEK,
        **fields,
    }
    return Person.objects.create(**values)


def cohort(programme: Programme | None = None, **fields: Any) -> Cohort:
    number = next(_numbers)
    values = {
        "programme": programme
        or Programme.objects.create(name=f"Programme {number}", purpose="Learn from juniors."),
        "name": f"Cohort {number}",
        "stage": Stage.MATCHING,
        "starts_on": date(2027, 2, 1),
        "ends_on": date(2027, 11, 1),
        **fields,
    }
    return Cohort.objects.create(**values)


def enrolment(
    within: Cohort,
    role: Role,
    who: Person | None = None,
    *,
    offers: Mapping[str, int] | None = None,
    wants: Mapping[str, int] | None = None,
    **fields: Any,
) -> Enrolment:
    grade = 2 if role == Role.MENTOR else 6
    values = {"state": EnrolmentState.ACCEPTED, "capacity": 1, **fields}
    made = Enrolment.objects.create(cohort=within, person=who or person(grade=grade), role=role, **values)
    topics = {code: _topic(code) for code in {*(offers or {}), *(wants or {})}}
    TopicOffer.objects.bulk_create(
        TopicOffer(enrolment=made, topic=topics[code], level=level) for code, level in (offers or {}).items()
    )
    TopicWish.objects.bulk_create(
        TopicWish(enrolment=made, topic=topics[code], priority=rank) for code, rank in (wants or {}).items()
    )
    return made


def _topic(code: str) -> Topic:
    """A shipped topic; tests that commit empty the table that migrations have filled."""
    names = {f"name_{language}": code for language in ("en", "nl", "de")}
    return Topic.objects.get_or_create(programme=None, code=code, defaults=names)[0]


def mentor(within: Cohort, name: str = "", **fields: Any) -> Enrolment:
    return _side(within, Role.MENTOR, name, 2, fields)


def mentee(within: Cohort, name: str = "", **fields: Any) -> Enrolment:
    return _side(within, Role.MENTEE, name, 6, fields)


def _side(within: Cohort, role: Role, name: str, grade: int, fields: dict[str, Any]) -> Enrolment:
    own = {key: fields.pop(key) for key in list(fields) if key in _PERSON_FIELDS}
    return enrolment(within, role, person(name, **{"grade": grade, **own}), **fields)


_PERSON_FIELDS = {
    "grade", "department", "team", "discipline", "city", "country", "time_zone", "languages", "availability",
    "manager", "email", "last_name", "language", "job_title",
}  # fmt: skip


def coordinator(programme: Programme, **fields: Any) -> User:
    """Somebody who runs a programme, with a log-in."""
    who = person(**fields)
    Coordinator.objects.create(programme=programme, person=who)
    return User.objects.create(email=who.email, person=who)


def matched(within: Cohort, **chosen: Any) -> MatchingRun:
    """A run, worked out as a worker does."""
    made = start_run(cohort=within, by=None, **chosen)
    run_job(job_id=made.job_id)
    return MatchingRun.objects.get(pk=made.pk)


def pairs(run: MatchingRun) -> set[tuple[str, str]]:
    """(mentor's first name, mentee's first name) of a run."""
    people = {one.pk: one.person.first_name for one in Enrolment.objects.select_related("person")}
    return {(people[mentor_id], people[mentee_id]) for mentor_id, mentee_id in run.links()}


def proposed(within: Cohort, now: datetime = NOW) -> list[Proposal]:
    """The proposals of a new run, released."""
    made = matched(within)
    release(run=made, by=None, now=now)
    return list(Proposal.objects.filter(run=made).with_people().order_by("pk"))


# --- the personnel file ---------------------------------------------------------------------------------


@cache
def rows(name: str) -> tuple[Mapping[str, str], ...]:
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


@cache
def employees() -> Mapping[str, Mapping[str, str]]:
    return {row["employee_id"]: row for row in rows("employees")}


@cache
def grades() -> Mapping[str, int]:
    return {row["job_title"]: int(row["grade"]) for row in rows("grades")}


def chain(employee: str) -> list[str]:
    """Managers upwards, walked in the file."""
    above = []
    while boss := employees()[employee]["manager_id"]:
        above.append(boss)
        employee = boss
    return above


def oracle_cohort(**fields: Any) -> Cohort:
    """The whole file as people, its intake as enrolments."""
    people = {
        key: Person.objects.create(
            hr_key=key,
            first_name=row["first_name"],
            last_name=row["last_name"],
            email=row["email"],
            job_title=row["job_title"],
            grade=grades()[row["job_title"]],
            department=row["department"],
            city=row["city"],
            country=row["country"],
            time_zone=row["timezone"] or settings.TIME_ZONE,
        )
        for key, row in employees().items()
    }
    for key, row in employees().items():
        Person.objects.filter(pk=people[key].pk).update(manager=people.get(row["manager_id"]))
    within = cohort(starts_on=date(2026, 11, 2), ends_on=date(2027, 8, 2), **fields)
    for row in rows("intake"):
        who = people[row["employee_id"]]
        Person.objects.filter(pk=who.pk).update(
            languages=row["languages"].split(), availability=row["availability"].split()
        )
        enrolment(
            within,
            Role(row["role"]),
            Person.objects.get(pk=who.pk),
            capacity=int(row["capacity"]),
            is_cross_border=row["cross_border"] == "yes",
            offers=entered(row["offers"]),
            wants=entered(row["wants"]),
        )
    return within


def entered(text: str) -> dict[str, int]:
    return {topic: int(value) for topic, value in (item.split(":") for item in text.split())}


def names(enrolments: Iterable[Enrolment]) -> set[str]:
    return {one.person.first_name for one in enrolments}
