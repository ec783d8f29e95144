"""A small programme to ask questions in: people with a log-in of their own, a coordinator, a round."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db import connection

from evaluations import services
from evaluations.choices import RoundKind
from evaluations.models import Round
from evaluations.selectors.answering import invitation, items_for
from participants.models import Person, User
from programmes.choices import EnrolmentState, Role
from programmes.models import Cohort, Coordinator, Enrolment, Programme

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
CLOSES = NOW + timedelta(days=14)
AFTER = CLOSES + timedelta(hours=1)
Answerer = Callable[[Mapping[str, Any], Mapping[str, Any]], Any]


class World:
    """One cohort with so many mentors and mentees, spread over departments in turn."""

    def __init__(
        self,
        mentors: int = 12,
        mentees: int = 12,
        departments: Sequence[str] = ("Finance",),
        name: str = "Second Light",
    ) -> None:
        self.programme = Programme.objects.create(name=name)
        self.cohort = Cohort.objects.create(
            programme=self.programme, name="2026", starts_on=date(2026, 7, 1), ends_on=date(2027, 6, 30)
        )
        self.people: list[Person] = []
        roles = [Role.MENTOR] * mentors + [Role.MENTEE] * mentees
        within = [*range(mentors), *range(mentees)]
        self._add([(role, departments[n % len(departments)]) for role, n in zip(roles, within, strict=True)])

    def add(self, role: Role, department: str = "Finance", *, with_login: bool = True) -> Person:
        """One person more."""
        return self._add([(role, department)], with_login=with_login)[0]

    def _add(self, wanted: Sequence[tuple[Role, str]], *, with_login: bool = True) -> list[Person]:
        first = Person.objects.count() + 1
        people = Person.objects.bulk_create(
            Person(
                hr_key=f"hr{number}",
                first_name=f"Vorname{number}",
                last_name=f"Nachname{number}",
                email=f"p{number}@example.com",
                department=department,
            )
            for number, (_role, department) in enumerate(wanted, first)
        )
        if with_login:
            User.objects.bulk_create(User(email=person.email, person=person) for person in people)
        Enrolment.objects.bulk_create(
            Enrolment(cohort=self.cohort, person=person, role=role, state=EnrolmentState.ACTIVE)
            for person, (role, _department) in zip(people, wanted, strict=True)
        )
        self.people += people
        return people

    def coordinator(self, person: Person | None = None) -> User:
        """A coordinator; somebody from outside the cohort unless a person is given."""
        if person is None:
            person = Person.objects.create(hr_key="hr-c", first_name="Lotte", email="lotte@example.com")
            User.objects.create(email=person.email, person=person)
        Coordinator.objects.create(programme=self.programme, person=person)
        return User.objects.get(person=person)

    def draft(self, kind: str = RoundKind.QUARTERLY, closes_at: datetime = CLOSES) -> Round:
        return services.prepare_round(cohort=self.cohort, kind=kind, closes_at=closes_at, now=NOW)

    def open(
        self, kind: str = RoundKind.QUARTERLY, *, now: datetime = NOW, totals_only: bool = False
    ) -> Round:
        round = services.prepare_round(
            cohort=self.cohort, kind=kind, closes_at=now + timedelta(days=14), now=now
        )
        return services.launch_round(round=round, now=now, totals_only=totals_only)


def middling(item: Mapping[str, Any], scale: Mapping[str, Any]) -> Any:
    """An answer in the middle of any scale, and no text."""
    if scale["kind"] == "text":
        return ""
    if scale["kind"] == "choices":
        return [scale["values"][0]]
    return scale["values"][len(scale["values"]) // 2]


def always(mark: str, text: str = "") -> Answerer:
    """The same mark on every five-step scale, the middle elsewhere, and perhaps a text."""

    def answer(item: Mapping[str, Any], scale: Mapping[str, Any]) -> Any:
        if scale["kind"] == "text":
            return text
        return mark if len(scale["values"]) == 5 and scale["kind"] == "steps" else middling(item, scale)

    return answer


def sheet(round: Round, person: Person, by: Answerer = middling, part: int = 1) -> dict[str, Any]:
    """What a filled-in form would hold."""
    role = invitation(round, person)["role"]
    items = items_for(round, role, part)
    return {item["key"]: by(item, round.questions["scales"][item["scale"]]) for item in items}


def answer(
    round: Round, people: Sequence[Person], by: Answerer = middling, part: int = 1, now: datetime = NOW
) -> None:
    for person in people:
        answers = sheet(round, person, by, part)
        services.submit_answers(
            round=round, person=person, part=part, answers=answers, now=now + timedelta(days=1)
        )


def finish(round: Round, now: datetime = AFTER) -> Round:
    """Close, seal and count, as the worker does; without rewriting tables, which a test may not be able to."""
    services.close_round(round=round, now=now)
    services.seal_round(round=round, now=now)
    services.freeze_results(round=round)
    round.refresh_from_db()
    return round


def published(round: Round, now: datetime = AFTER) -> Round:
    finish(round, now)
    return services.publish_round(round=round, changes="Replies within three weeks.", now=now)


def everything_stored() -> dict[str, str]:
    """All rows of every table as text: where a canary would be found."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
        tables = [row[0] for row in cursor.fetchall()]
        found = {}
        for table in tables:
            cursor.execute(f"SELECT coalesce(string_agg(t::text, chr(10)), '') FROM \"{table}\" t")
            found[table] = cursor.fetchone()[0]
    return found


def spelt(content: Any) -> str:
    return json.dumps(content, sort_keys=True)
