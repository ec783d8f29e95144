"""Yes, a taster, not this one: who is free when, who is told what, and that a no leaves no trace."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from common.errors import Conflict, DomainError, IllegalTransition, NotAllowed
from matching.models import PairDecision, Proposal
from matching.selectors import proposal_page
from matching.services import answer_proposal, expire_proposals, withdraw_proposal
from outbox.models import Message
from outbox.services import still_valid
from pairings.models import Pairing
from pairings.services import confirm_pairing
from participants.models import Person
from programmes.choices import EnrolmentState, Stage
from programmes.models import Cohort, Enrolment
from tests.matching.world import NOW, cohort, mentee, mentor, person, proposed
from tests.refusals import refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def proposal() -> Proposal:
    within = cohort()
    mentor(within, "Ann", offers={"gen_ai": 5}, wants={"leadership": 3})
    mentee(within, "Cas", wants={"gen_ai": 3}, offers={"leadership": 5})
    return proposed(within)[0]


def answer(proposal: Proposal, side: str, what: str, now=NOW):
    return answer_proposal(proposal=proposal, by=getattr(proposal, side).person, answer=what, now=now)


@pytest.mark.covers_part("S3.37")
@pytest.mark.parametrize(
    ("first", "second", "is_taster"),
    [("yes", "yes", False), ("taster", "yes", True), ("yes", "taster", True)],
)
def test_two_willing_answers_make_a_pair(
    proposal: Proposal, first: str, second: str, is_taster: bool
) -> None:
    assert answer(proposal, "mentor", first).pairing is None
    outcome = answer(proposal, "mentee", second)
    assert outcome.pairing is not None
    assert (outcome.pairing.mentor_id, outcome.pairing.is_taster) == (proposal.mentor_id, is_taster)
    proposal.refresh_from_db()
    assert (proposal.state, proposal.closed_at) == ("confirmed", NOW)
    assert Message.objects.filter(kind="match_confirmed").count() == 2


def test_the_same_answer_twice_is_one(proposal: Proposal) -> None:
    for _ in range(2):
        answer(proposal, "mentor", "yes")
    first = answer(proposal, "mentee", "yes").pairing
    assert answer(proposal, "mentee", "yes").pairing == first
    assert answer(proposal, "mentor", "yes").pairing == first
    with pytest.raises(IllegalTransition):
        answer(proposal, "mentor", "no")
    assert Pairing.objects.count() == 1


def test_an_answer_may_change_while_the_proposal_is_open(proposal: Proposal) -> None:
    answer(proposal, "mentor", "no")
    answer(proposal, "mentor", "yes")
    proposal.refresh_from_db()
    assert (proposal.state, proposal.mentor_answer) == ("open", "yes")
    assert answer(proposal, "mentee", "yes").pairing is not None


@pytest.mark.covers("A-27", "B-05")
def test_a_no_shows_on_no_page_mail_or_answer_of_the_other(proposal: Proposal) -> None:
    """Whatever the mentee says or leaves unsaid, the mentor's world is the same to the byte."""
    mentor_person = proposal.mentor.person

    def world() -> tuple:
        fresh = Proposal.objects.with_people().get(pk=proposal.pk)
        page = proposal_page(fresh, mentor_person, now=NOW + timedelta(hours=1))
        mails = [
            all(still_valid(kind=one.kind, about=one.about, valid_while=one.valid_while))
            for one in Message.objects.filter(recipient_id=mentor_person.pk)
        ]
        waiting = list(Proposal.objects.waiting_for(mentor_person.pk))
        shown = (page.is_open, page.own_answer, page.outcome, page.reasons, page.who_sees, page.checks)
        return shown, mails, waiting

    silence = world()
    answer(proposal, "mentee", "no")
    assert world() == silence
    outcome = answer(proposal, "mentor", "yes")
    assert (outcome.pairing, world()[0][:3]) == (None, (True, "yes", ""))
    assert not Message.objects.filter(kind="match_confirmed").exists()


@pytest.mark.covers("A-27")
def test_however_a_proposal_ends_without_a_pair_both_read_the_same(proposal: Proposal) -> None:
    ways = {
        "silence": lambda: expire_proposals(now=proposal.answer_by + timedelta(minutes=1)),
        "no": lambda: (
            answer(proposal, "mentee", "no"),
            expire_proposals(now=proposal.answer_by + timedelta(minutes=1)),
        ),
        "withdrawn": lambda: withdraw_proposal(proposal=proposal, by=None, now=NOW),
    }
    told = set()
    for way in ways.values():
        mark = transaction.savepoint()
        way()
        page = proposal_page(
            Proposal.objects.with_people().get(pk=proposal.pk),
            proposal.mentor.person,
            now=NOW + timedelta(days=30),
        )
        told.add((page.is_open, page.outcome, tuple(page.reasons), tuple(page.who_sees)))
        transaction.savepoint_rollback(mark)
    assert len(told) == 1
    assert next(iter(told))[:2] == (False, "This pair did not come about. We go on looking for you.")


def test_places_are_counted_again_under_lock(proposal: Proposal) -> None:
    answer(proposal, "mentor", "yes")
    other = mentee(proposal.cohort)
    confirm_pairing(mentor=proposal.mentor, mentee=other, is_taster=False, now=NOW)
    with refused("impossible", kind=Conflict):
        answer(proposal, "mentee", "yes")
    proposal.refresh_from_db()
    assert proposal.state == "withdrawn"
    assert Pairing.objects.get().mentee == other


@pytest.mark.parametrize(
    "change",
    [
        lambda one: Person.objects.filter(pk=one.mentor.person_id).update(manager=one.mentee.person),
        lambda one: Person.objects.filter(pk=one.mentor.person_id).update(grade=6),
        lambda one: Enrolment.objects.filter(pk=one.mentor_id).update(state=EnrolmentState.PAUSED),
    ],
)
@pytest.mark.covers("S2.11")
def test_what_has_changed_since_withdraws_the_proposal_in_neutral_words(proposal: Proposal, change) -> None:
    answer(proposal, "mentor", "yes")
    change(proposal)
    with refused("impossible") as raised:
        answer(proposal, "mentee", "yes")
    assert (
        str(raised.value)
        == "This pair is no longer possible. It is nobody’s fault; we go on looking for you."
    )
    assert Proposal.objects.get().state == "withdrawn"


def test_while_the_cohort_forms_no_pairs_the_answer_waits(proposal: Proposal) -> None:
    answer(proposal, "mentor", "yes")
    Cohort.objects.filter(pk=proposal.cohort_id).update(stage=Stage.SELECTING)
    with refused("stage"):
        answer(proposal, "mentee", "yes")
    proposal.refresh_from_db()
    assert (proposal.state, proposal.mentee_answer) == ("open", "none")


def test_only_the_two_may_answer_in_time_and_in_the_three_ways(proposal: Proposal) -> None:
    with pytest.raises(NotAllowed):
        answer_proposal(proposal=proposal, by=person(), answer="yes", now=NOW)
    for wrong in ("maybe", "none", ""):
        with refused("answer"):
            answer(proposal, "mentor", wrong)
    with pytest.raises(IllegalTransition):
        answer(proposal, "mentor", "yes", now=proposal.answer_by + timedelta(seconds=1))
    withdraw_proposal(proposal=proposal, by=None, now=NOW)
    with pytest.raises(IllegalTransition):
        answer(proposal, "mentor", "yes")


def test_expiry_tells_a_no_from_silence_for_coordinators_and_takes_back_a_refused_pin(
    proposal: Proposal,
) -> None:
    late = proposal.answer_by + timedelta(minutes=1)
    PairDecision.objects.create(
        cohort=proposal.cohort, mentor=proposal.mentor, mentee=proposal.mentee, kind="pin"
    )
    assert expire_proposals(now=proposal.answer_by) == 0
    answer(proposal, "mentor", "no")
    assert (expire_proposals(now=late), expire_proposals(now=late)) == (1, 0)
    proposal.refresh_from_db()
    assert (proposal.state, proposal.closed_at) == ("refused", late)
    assert not PairDecision.objects.exists()


@pytest.mark.covers("D-08")
@pytest.mark.parametrize(
    "change",
    ["state = 'confirmed'", "state = 'lost'", "mentor_answer = 'maybe'", "closed_at = now()"],
)
def test_the_database_refuses_what_no_service_does(proposal: Proposal, change: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE matching_proposal SET {change} WHERE id = %s", [proposal.pk])


def test_a_closed_proposal_stays_closed_by_sql_too(proposal: Proposal) -> None:
    withdraw_proposal(proposal=proposal, by=None, now=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        Proposal.objects.filter(pk=proposal.pk).update(state="open", closed_at=None)


def test_two_people_are_asked_about_each_other_once_at_a_time(proposal: Proposal) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Proposal.objects.create(
            cohort=proposal.cohort, run=proposal.run, mentor=proposal.mentor, mentee=proposal.mentee,
            proposed_at=NOW, answer_by=NOW,
        )  # fmt: skip


# --- several at once ------------------------------------------------------------------------------------


def at_once(*calls) -> list[str]:
    def call(act) -> str:
        try:
            act()
        except DomainError as refusal:
            return refusal.code
        finally:
            connection.close()
        return "ok"

    with ThreadPoolExecutor(len(calls)) as pool:
        return sorted(pool.map(call, calls))


@pytest.mark.covers("D-05")
@pytest.mark.django_db(transaction=True)
def test_both_saying_yes_at_once_makes_one_pair(proposal: Proposal) -> None:
    told = at_once(*[lambda side=side: answer(proposal, side, "yes") for side in ("mentor", "mentee") * 3])
    assert told == ["ok"] * 6
    assert Pairing.objects.count() == 1
    assert Message.objects.filter(kind="match_confirmed").count() == 2


@pytest.mark.covers("D-05", "S1.17")
@pytest.mark.django_db(transaction=True)
def test_two_last_yeses_for_one_place_make_one_pair() -> None:
    within = cohort()
    ann, first, second = mentor(within, capacity=2), mentee(within), mentee(within)
    proposals = proposed(within)
    for one in proposals:
        answer(one, "mentor", "yes")
    Enrolment.objects.filter(pk=ann.pk).update(capacity=1)
    told = at_once(*[lambda one=one: answer(one, "mentee", "yes") for one in proposals])
    assert told == ["impossible", "ok"]
    assert Pairing.objects.count() == 1
    assert sorted(Proposal.objects.values_list("state", flat=True)) == ["confirmed", "withdrawn"]
    assert {first.pk, second.pk} > set(Pairing.objects.values_list("mentee_id", flat=True))
