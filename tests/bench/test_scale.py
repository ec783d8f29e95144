"""5,000 people in one roster, 20,000 in a list: time as ratios taken in one run, printed with `make bench`."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from participants.models import Person
from programmes.models import Enrolment
from tests.bench.roster import rows
from tests.participants.files import as_csv
from tests.programmes.test_scale import imported
from tests.programmes.world import World, make_world

pytestmark = pytest.mark.django_db
PEOPLE, LISTED = 5_000, 20_000
Tell = Callable[[str], None]


@pytest.fixture
def tell(capsys: pytest.CaptureFixture[str]) -> Tell:
    """Write a line past pytest's capture."""

    def write(line: str) -> None:
        with capsys.disabled():
            sys.stdout.write(f"\n{line}\n")

    return write


def wall(act: Callable[[], object], rounds: int = 1) -> float:
    """The quickest of several, in seconds, the database's part included."""
    times = []
    for _round in range(rounds):
        started = time.perf_counter()
        act()
        times.append(time.perf_counter() - started)
    return min(times)


def bare_insert() -> None:
    """The same people by one plain bulk insert, undone."""
    with transaction.atomic():
        Person.objects.bulk_create(
            [
                Person(
                    hr_key=f"B{number}", first_name="Ann", last_name="Bell", email=f"b{number}@example.com", grade=3,
                    job_title="Analyst", department="Tax", team="Tax 1", city="Utrecht", office="1", country="NL",
                )
                for number in range(PEOPLE)
            ],
            batch_size=500,
        )  # fmt: skip
        transaction.set_rollback(True)


def test_a_roster_of_5000_beside_a_bare_bulk_insert(tell: Tell) -> None:
    world, content = make_world(), as_csv(rows(PEOPLE))
    bare = wall(bare_insert, 2)
    first = wall(lambda: imported(world, content))
    again = wall(lambda: imported(world, content))
    bare = min(bare, wall(bare_insert))
    tell(
        f"roster of {PEOPLE}: preview and import {first / bare:.1f} times a bare bulk insert (at most 15), "
        f"the same again {again / bare:.1f}"
    )
    assert first / bare <= 15


def crowd(world: World) -> None:
    people = Person.objects.bulk_create(
        [
            Person(
                hr_key=f"L{number}", first_name=f"Ann{number % 700}", last_name=f"Bell{number % 900}", grade=3,
                email=f"l{number}@example.com", job_title="Analyst", department=f"Unit {number % 12}", country="NL",
            )
            for number in range(LISTED)
        ],
        batch_size=1_000,
    )  # fmt: skip
    Enrolment.objects.bulk_create(
        [
            Enrolment(
                cohort=world.cohort, person=one, role="mentor" if place % 2 else "mentee", state="accepted"
            )
            for place, one in enumerate(people)
        ],
        batch_size=1_000,
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def test_lists_of_20000_people_beside_a_bare_view(tell: Tell) -> None:
    world, client = make_world(), Client()
    crowd(world)
    client.force_login(world.user)
    bare = wall(lambda: client.get("/help/"), 7)
    found = {}
    for name, address in {
        "roster": "/desk/participants/person/",
        "page 300": "/desk/participants/person/?p=300",
        "filtered": "/desk/participants/person/?department=Unit+3",
        "search by name": "/desk/participants/person/?q=Bell12",
        "participants": "/desk/programmes/enrolment/",
        "participants by name": "/desk/programmes/enrolment/?q=Bell12",
    }.items():
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        assert len(captured) <= 12, name
        found[name] = wall(lambda address=address: client.get(address), 7) / bare  # type: ignore[misc]
    words = ", ".join(f"{name} {ratio:.1f}" for name, ratio in found.items())
    tell(f"lists of {LISTED} people, times a bare view (at most 8): {words}")
    assert max(found.values()) <= 8
