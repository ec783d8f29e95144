"""Planning a cohort costs as many queries for ten pairs as for two hundred."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from meetings.models import Cycle, Meeting
from meetings.selectors.forecast import reminders_planned
from meetings.services import plan_cycles, remind
from outbox.models import Message
from pairings.models import Pairing
from participants.models import Person
from programmes.choices import EnrolmentState, Role
from programmes.models import Cohort, Enrolment
from tests.meetings.world import NOW, cohort, utc

pytestmark = pytest.mark.django_db


def fill(within: Cohort, number: int) -> None:
    """So many pairs, every second of which has met and has a date."""
    pairs = Pairing.objects.bulk_create(
        Pairing(cohort=within, mentor=mentor, mentee=mentee, confirmed_at=NOW)
        for mentor, mentee in zip(
            enrolled(within, Role.MENTOR, number), enrolled(within, Role.MENTEE, number), strict=True
        )
    )
    Meeting.objects.bulk_create(row for n, pairing in enumerate(pairs) if n % 2 for row in dates(pairing))


def enrolled(within: Cohort, role: Role, number: int) -> list[Enrolment]:
    people = Person.objects.bulk_create(
        Person(
            hr_key=f"{role}{within.pk}-{n}", first_name="First", last_name="Last", country="NL",
            email=f"{role}{within.pk}-{n}@example.com", time_zone="Europe/Amsterdam",
        )
        for n in range(number)
    )  # fmt: skip
    return Enrolment.objects.bulk_create(
        Enrolment(cohort=within, person=one, role=role, state=EnrolmentState.ACCEPTED, capacity=1)
        for one in people
    )


def dates(pairing: Pairing) -> list[Meeting]:
    def at(day: str, state: str) -> Meeting:
        return Meeting(
            pairing=pairing, ical_uid=f"{pairing.pk}-{day}", organizer="m@example.com", state=state,
            starts_at=utc(f"{day} 12:00"), ends_at=utc(f"{day} 13:00"), time_zone="UTC", revised_at=NOW,
        )  # fmt: skip

    return [at("2027-01-27", "held"), at("2027-02-05", "planned")]


def cost(step: Callable[[], Any]) -> int:
    with CaptureQueriesContext(connection) as queries:
        step()
    return len(queries)


@pytest.mark.covers("D-15")
@pytest.mark.parametrize("step", ["lay out", "lay out again", "remind", "remind again", "foresee"])
def test_ten_pairs_and_two_hundred_cost_the_same(step: str) -> None:
    costs = []
    for number in (10, 200):
        with transaction.atomic():
            fill(cohort(), number)
            costs.append(cost_of(step, number))
            transaction.set_rollback(True)
    assert costs[0] == costs[1]
    assert costs[0] <= 25


def cost_of(step: str, number: int) -> int:
    """Queries of one step of the clock; what it did is looked at, so that nothing cheap passes for something."""
    due: datetime = utc("2027-02-03 09:00")
    if step != "lay out":
        plan_cycles(now=due)
    if step == "lay out":
        queries = cost(lambda: plan_cycles(now=due))
        assert Cycle.objects.filter(starts_on=date(2027, 2, 1)).count() >= number
        return queries
    if step == "lay out again":
        return cost(lambda: plan_cycles(now=due))
    if step == "foresee":
        return cost(lambda: list(reminders_planned(programme_ids=None, now=NOW, until=due)))
    first = cost(lambda: remind(now=due))
    assert Message.objects.count() == 2 * number
    return first if step == "remind" else cost(lambda: remind(now=due))
