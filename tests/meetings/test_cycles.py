"""Periods in the database: laid out ahead, frozen once begun, following the cohort until then."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest
from django.db import IntegrityError, transaction

from meetings.models import Cycle
from meetings.selectors import lamps
from meetings.services import plan_cycles
from pairings.models import Pairing
from pairings.services import end_pairing
from programmes.models import Cohort
from tests.meetings.world import NOW, cohort, loaded, local, meet, pair, utc

pytestmark = pytest.mark.django_db


def laid(pairing: Pairing) -> list[tuple[int, str, str]]:
    rows = Cycle.objects.filter(pairing=pairing).order_by("ordinal")
    return [(row.ordinal, str(row.starts_on), str(row.ends_on)) for row in rows]


@pytest.mark.covers("S1.15")
def test_three_periods_lie_ahead_of_the_one_that_runs_and_a_second_run_adds_none() -> None:
    made = pair()
    assert laid(made) == [
        (1, "2027-01-04", "2027-01-31"),
        (2, "2027-02-01", "2027-02-28"),
        (3, "2027-03-01", "2027-03-31"),
        (4, "2027-04-01", "2027-04-30"),
    ]
    assert plan_cycles(now=NOW) == 0
    assert plan_cycles(now=utc("2027-02-01 12:00")) == 1


def test_a_clock_that_stood_still_for_months_lays_out_what_was_missed() -> None:
    made = pair()
    assert plan_cycles(now=utc("2027-06-15 12:00")) == 5
    assert [row[0] for row in laid(made)] == list(range(1, 10))
    assert laid(made)[-1] == (9, "2027-09-01", "2027-09-30")


def test_the_pairs_clock_starts_with_the_cohort_and_ends_with_it() -> None:
    early = pair(cohort(starts_on=date(2027, 2, 1), ends_on=date(2027, 4, 20)))
    assert laid(early)[0] == (1, "2027-02-01", "2027-02-28")
    plan_cycles(now=utc("2027-04-01 12:00"))
    assert laid(early)[-1] == (3, "2027-04-01", "2027-04-30")
    short = pair(cohort(starts_on=date(2027, 2, 1), ends_on=date(2027, 4, 10)))
    plan_cycles(now=utc("2027-04-01 12:00"))
    assert laid(short)[-1] == (2, "2027-03-01", "2027-03-31")


def test_another_rhythm_changes_what_is_to_come_and_nothing_that_has_begun() -> None:
    made = pair()
    Cohort.objects.update(cadence="fortnightly")
    plan_cycles(now=utc("2027-02-10 12:00"))
    rows = laid(made)
    assert rows[:2] == [(1, "2027-01-04", "2027-01-31"), (2, "2027-02-01", "2027-02-28")]
    assert rows[2][1] == "2027-03-01"
    assert [row[0] for row in rows] == [1, 2, 3, 4, 5]
    for before, after in pairwise(rows):
        assert (date.fromisoformat(after[1]) - date.fromisoformat(before[2])).days == 1


def test_a_clock_set_back_takes_no_period_away() -> None:
    made = pair()
    plan_cycles(now=utc("2027-06-15 12:00"))
    before = laid(made)
    assert plan_cycles(now=utc("2027-02-10 12:00")) == 0
    assert laid(made) == before


def test_a_cohort_that_ends_sooner_loses_the_periods_after_it() -> None:
    made = pair()
    Cohort.objects.update(ends_on=date(2027, 2, 28))
    plan_cycles(now=NOW)
    assert [row[0] for row in laid(made)] == [1, 2]


def test_ended_pairs_get_no_more_periods() -> None:
    made = pair()
    end_pairing(pairing=made, by=None, now=NOW)
    assert plan_cycles(now=utc("2027-03-15 12:00")) == 0
    assert len(laid(made)) == 4


@pytest.mark.covers("D-15")
def test_queries_do_not_grow_with_pairs(django_assert_num_queries) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    within = cohort()
    pair(within)
    with CaptureQueriesContext(
        connection,
    ) as few:
        plan_cycles(now=utc("2027-02-01 12:00"))
    for _ in range(7):
        pair(within)
    with django_assert_num_queries(len(few)):
        plan_cycles(now=utc("2027-03-01 12:00"))


def test_the_database_refuses_overlapping_and_repeated_periods() -> None:
    made = pair()
    for ordinal, first, last in (
        (5, date(2027, 4, 30), date(2027, 5, 31)),
        (4, date(2027, 6, 1), date(2027, 6, 2)),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Cycle.objects.create(pairing=made, ordinal=ordinal, starts_on=first, ends_on=last)


@pytest.mark.covers("S1.18")
def test_the_lamps_show_the_whole_year_in_two_queries(django_assert_num_queries) -> None:
    made = pair()
    meet(made, local("2027-01-20 12:00"))
    with django_assert_num_queries(2):
        found = lamps(loaded_once(made), now=NOW)
    assert [lamp.state for lamp in found] == ["planned", *["later"] * 8]
    assert [lamp.label_on.month for lamp in found] == list(range(1, 10))
    assert found[0].meeting is not None
    asked = lamps(loaded_once(made), now=local("2027-02-02 09:00"))
    assert [lamp.state for lamp in asked[:3]] == ["ask", "open", "later"]


def loaded_once(made: Pairing) -> Pairing:
    return made if "cohort" in made._state.fields_cache else loaded(made)
