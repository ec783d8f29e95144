"""Release: all proposals of a run or none, once, and only while every pair of it still holds."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from django.db import connection

from common.errors import Conflict
from matching.models import MatchingRun, Proposal
from matching.services import answer_proposal, release, set_decision, withdraw_proposal
from outbox.models import Message
from pairings.models import Pairing
from pairings.services import confirm_pairing
from participants.models import Person
from participants.services import mark_left
from programmes.choices import EnrolmentState, Stage
from programmes.models import Cohort, Enrolment
from tests.matching.world import NOW, cohort, matched, mentee, mentor, proposed
from tests.refusals import refused

pytestmark = pytest.mark.django_db


def nothing_happened() -> bool:
    return not Proposal.objects.exists() and not Message.objects.filter(kind="match_proposed").exists()


def test_a_release_proposes_every_pair_and_writes_to_both_people() -> None:
    within = cohort()
    for _ in range(3):
        mentor(within), mentee(within)
    run = matched(within)
    by = within.enrolments.first().person
    assert release(run=run, by=by, now=NOW) == 3
    run.refresh_from_db()
    assert (run.state, run.released_by, run.released_at) == ("released", by, NOW)
    proposals = list(Proposal.objects.all())
    assert {(one.mentor_id, one.mentee_id) for one in proposals} == set(run.links())
    assert {one.state for one in proposals} == {"open"}
    keys = {
        f"match_proposed:{one.pk}:{side.person_id}" for one in proposals for side in (one.mentor, one.mentee)
    }
    assert set(Message.objects.filter(kind="match_proposed").values_list("key", flat=True)) == keys


def test_the_last_day_for_an_answer_is_a_working_day_of_both_in_the_cohorts_zone() -> None:
    within = cohort(answer_days=4, time_zone="Europe/Amsterdam")
    mentor(within), mentee(within)
    thursday = datetime(2027, 1, 7, 23, 30, tzinfo=UTC)  # already Friday in Amsterdam
    [proposal] = proposed(within, thursday)
    assert proposal.answer_by == datetime(2027, 1, 12, 22, 59, tzinfo=UTC)
    other = cohort(answer_days=2)
    mentor(other), mentee(other)
    [proposal] = proposed(other, datetime(2027, 1, 7, 9, tzinfo=UTC))
    assert proposal.answer_by == datetime(2027, 1, 11, 22, 59, tzinfo=UTC)


def test_reasons_travel_as_codes_without_points_or_perspective() -> None:
    within = cohort()
    mentor(within, offers={"gen_ai": 5}, perspectives_offered=["consumer"])
    mentee(within, wants={"gen_ai": 3}, perspective_wanted="consumer")
    [proposal] = proposed(within)
    assert set(proposal.reasons) == {
        "bands", "facts", "learns", "gives_back", "windows", "languages", "distance",
    }  # fmt: skip
    assert proposal.reasons["learns"] == [["gen_ai", 3]]
    assert "perspective" not in str(proposal.reasons)
    assert "consumer" not in str(proposal.reasons)


CHANGES = {
    "gone": lambda one, other: Enrolment.objects.filter(pk=one.pk).update(state=EnrolmentState.WITHDRAWN),
    "pin_breaks_rule": lambda one, other: Person.objects.filter(pk=one.person_id).update(
        manager=other.person
    ),
    "pin_over_capacity": lambda one, other: confirm_pairing(
        mentor=one, mentee=mentee(one.cohort), is_taster=False, now=NOW
    ),
    "pin_rejected": lambda one, other: set_decision(
        cohort=one.cohort, mentor=one, mentee=other, kind="reject", by=None
    ),
    "stage": lambda one, other: Cohort.objects.filter(pk=one.cohort_id).update(stage=Stage.SELECTING),
}


@pytest.mark.covers("D-05", "S2.11")
@pytest.mark.parametrize("code", CHANGES)
def test_what_changed_since_the_run_stops_the_whole_release_by_name(code: str) -> None:
    within = cohort()
    one, other = mentor(within, "Ann", last_name="Bell"), mentee(within)
    mentor(within), mentee(within)
    run = matched(within)
    assert run.matched == 2
    pair = next(link for link in run.links() if link[0] == one.pk)
    other = Enrolment.objects.select_related("person").get(pk=pair[1])
    CHANGES[code](one, other)
    with refused(code) as raised:
        release(run=run, by=None, now=NOW)
    if code != "stage":
        assert "Ann Bell" in str(raised.value)
    assert nothing_happened()
    run.refresh_from_db()
    assert run.state == "done"


def test_an_older_run_cannot_be_released_over_a_newer_release() -> None:
    within = cohort()
    mentor(within), mentee(within)
    old, new = matched(within), matched(within)
    release(run=new, by=None, now=datetime.now(UTC))
    with refused("overtaken"):
        release(run=old, by=None, now=datetime.now(UTC))
    assert Proposal.objects.count() == 1


def test_a_refused_pair_is_never_proposed_again_in_any_later_run() -> None:
    within = cohort()
    ann = mentor(within, "Ann", offers={"gen_ai": 5})
    cas = mentee(within, "Cas", wants={"gen_ai": 3})
    [proposal] = proposed(within)
    answer_proposal(proposal=proposal, by=cas.person, answer="no", now=NOW)
    assert matched(within).matched == 0
    bob = mentor(within, "Bob")
    run = matched(within)
    assert run.links() == [(bob.pk, cas.pk)]
    release(run=run, by=None, now=NOW)
    proposal.refresh_from_db()
    assert proposal.state == "refused"
    dan = mentee(within, "Dan")
    assert matched(within).links() == [(ann.pk, dan.pk)]


def test_after_mere_silence_two_people_may_be_asked_once_more() -> None:
    within = cohort()
    mentor(within), mentee(within)
    [proposal] = proposed(within)
    Proposal.objects.filter(pk=proposal.pk).update(state="expired", closed_at=NOW)
    assert matched(within).matched == 1


def test_a_withdrawn_proposal_frees_both_places_and_its_mail_does_not_leave() -> None:
    within = cohort()
    mentor(within), mentee(within)
    [proposal] = proposed(within)
    withdraw_proposal(proposal=proposal, by=None, now=NOW)
    assert set(Message.objects.values_list("state", flat=True)) == {"cancelled"}
    assert matched(within).matched == 1
    with refused("illegal_transition"):
        withdraw_proposal(proposal=proposal, by=None, now=NOW)


def test_whoever_leaves_the_company_leaves_no_proposal_behind() -> None:
    within = cohort()
    ann, _cas = mentor(within), mentee(within)
    [proposal] = proposed(within)
    mark_left(person=ann.person, now=NOW)
    proposal.refresh_from_db()
    assert (proposal.state, proposal.closed_at) == ("withdrawn", NOW)


@pytest.mark.covers("D-05")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("runs", [1, 2])
def test_of_two_coordinators_who_release_at_once_one_wins_and_the_other_is_told(runs: int) -> None:
    within = cohort()
    for _ in range(4):
        mentor(within), mentee(within)
    made = [matched(within) for _ in range(runs)]
    people = [mentor(within, f"Boss{number}").person for number in range(2)]

    def press(number: int) -> str:
        try:
            release(
                run=MatchingRun.objects.get(pk=made[number % runs].pk),
                by=people[number],
                now=datetime.now(UTC),
            )
        except Conflict as refusal:
            return str(refusal)
        finally:
            connection.close()
        return ""

    with ThreadPoolExecutor(2) as pool:
        told = sorted(pool.map(press, range(2)))
    assert told[0] == ""
    assert told[1] != ""
    assert Proposal.objects.count() == 4
    assert Message.objects.filter(kind="match_proposed").count() == 8
    assert MatchingRun.objects.filter(state="released").count() == 1
    assert not Pairing.objects.exists()
