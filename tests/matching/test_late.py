"""Late joiners, leavers and the waiting list: matched into what stands, which no run touches (build item 7)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from matching.models import MatchingRun
from matching.selectors import places
from matching.services import answer_proposal, release
from pairings.models import Pairing
from pairings.services import confirm_pairing
from programmes.models import Cohort, Enrolment, OpenCall
from programmes.services import leave, move_up
from tests.matching.world import NOW, cohort, coordinator, matched, mentee, mentor, pairs
from tests.programmes.test_wizard import text

pytestmark = pytest.mark.django_db


def standing(within: Cohort) -> dict[int, tuple[object, ...]]:
    """The pairs that exist, to the last column."""
    return {row[0]: row for row in Pairing.objects.standing().filter(cohort=within).values_list()}


def agreed(run: MatchingRun) -> None:
    """Proposals of a run, released and answered with yes by both."""
    release(run=run, by=None, now=NOW)
    for proposal in run.proposals.with_people():
        answer_proposal(proposal=proposal, by=proposal.mentor.person, answer="yes", now=NOW)
        answer_proposal(proposal=proposal, by=proposal.mentee.person, answer="yes", now=NOW)


@pytest.fixture
def within() -> Cohort:
    """A cohort whose two pairs meet already."""
    made = cohort(stage="active")
    for one, other in (("Ann", "Bea"), ("Cas", "Dee")):
        confirm_pairing(mentor=mentor(made, one), mentee=mentee(made, other), is_taster=False, now=NOW)
    return made


@pytest.mark.covers("S1.17", "D-05")
def test_late_joiners_are_matched_with_free_places_and_nobody_else_moves(within: Cohort) -> None:
    before = standing(within)
    mentor(within, "Late mentor"), mentee(within, "Late mentee")
    run = matched(within, coverage="people", fairness="floor", load_step=20_000)
    assert pairs(run) == {("Late mentor", "Late mentee")}
    assert set(run.result["unmatched"]) <= set(run.keys)
    agreed(run)
    after = standing(within)
    assert len(after) == 3
    assert {pk: after[pk] for pk in before} == before


def test_a_mentor_with_a_second_place_takes_in_a_late_joiner_beside_the_first(within: Cohort) -> None:
    before = standing(within)
    Enrolment.objects.filter(person__first_name="Ann").update(capacity=2)
    mentee(within, "Late mentee")
    run = matched(within)
    assert pairs(run) == {("Ann", "Late mentee")}
    agreed(run)
    assert before.items() <= standing(within).items()


def test_whoever_is_left_behind_by_a_leaver_gets_somebody_else(within: Cohort) -> None:
    ann = Enrolment.objects.get(person__first_name="Ann")
    leave(enrolment=ann, by=None, now=NOW)
    kept = standing(within)
    assert len(kept) == 1
    assert matched(within).matched == 0
    mentor(within, "New")
    run = matched(within)
    assert pairs(run) == {("New", "Bea")}
    agreed(run)
    assert kept.items() <= standing(within).items()


def test_a_seat_that_falls_free_is_filled_from_the_waiting_list_and_matched(within: Cohort) -> None:
    OpenCall.objects.create(cohort=within, closes_on=NOW.date(), mentor_seats=2, mentee_seats=2)
    waiting = mentee(within, "Waiting", state="waitlisted")
    [found] = places([within])
    assert (found.without, found.free, found.standing, found.listed) == (0, 0, 2, 1)
    assert matched(within).matched == 0
    dee = Enrolment.objects.get(person__first_name="Dee")
    leave(enrolment=dee, by=None, now=NOW)
    move_up(cohort_id=within.pk, now=NOW + timedelta(minutes=1))
    waiting.refresh_from_db()
    assert waiting.state == "accepted"
    [found] = places([within])
    assert (found.without, found.free, found.standing, found.listed) == (1, 1, 1, 0)
    kept = standing(within)
    run = matched(within)
    assert pairs(run) == {("Cas", "Waiting")}
    agreed(run)
    assert kept.items() <= standing(within).items()


def test_an_open_proposal_keeps_its_places_until_it_has_come_to_nothing(within: Cohort) -> None:
    mentor(within, "Late mentor"), mentee(within, "Late mentee")
    release(run=matched(within), by=None, now=NOW)
    [found] = places([within])
    assert (found.without, found.free, found.standing) == (0, 0, 2)
    assert matched(within).matched == 0


def test_the_pages_say_what_is_open_and_that_pairs_stay(client: Client, within: Cohort) -> None:
    mentor(within, "Late mentor", capacity=2), mentee(within, "Late mentee")
    client.force_login(coordinator(within.programme))
    page = text(client.get(reverse("admin:matching_matchingrun_changelist")))
    assert "1 mentee is without a mentor, mentors have 2 free places" in page
    assert "2 pairs stand and stay as they are" in page
    assert "waiting list" not in page
    run = matched(within)
    page = text(client.get(reverse("admin:matching_workbench", args=[run.pk])))
    assert "2 pairs stood already and were left as they are." in page
    assert {"Bea", "Dee"}.isdisjoint(name for two in pairs(run) for name in two)


def test_places_are_counted_in_as_many_queries_for_many_cohorts_as_for_one(within: Cohort) -> None:
    def asked(*cohorts: Cohort) -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            places(cohorts)
        return len(captured)

    more = [cohort(stage="active") for _number in range(5)]
    for one in more:
        mentor(one), mentee(one)
    assert asked(within) == asked(within, *more) == 4
