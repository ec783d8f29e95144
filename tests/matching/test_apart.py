"""Barriers and "never with" in matching: "not available" and nothing more, from the run to the last yes."""

from __future__ import annotations

import json

import pytest
from auditlog.models import LogEntry

from common.errors import Conflict
from matching.models import MatchingRun, Proposal
from matching.selectors import proposal_page
from matching.selectors.problem import cohort_input, default_settings
from matching.services import answer_proposal, release
from outbox.models import Message
from pairings.models import Pairing
from participants.models import BarrierGroup, GroupMembership, NeverWith, Person
from participants.services import ask_never_with, mark_left, set_barrier, take_back_never_with
from programmes.models import Enrolment
from tests.matching.world import NOW, cohort, matched, mentee, mentor, proposed
from tests.refusals import refused

pytestmark = pytest.mark.django_db


def apart(one: Enrolment, other: Enrolment) -> None:
    for side, name in ((one, "Falcon"), (other, "Heron")):
        group, _new = BarrierGroup.objects.get_or_create(name=name)
        GroupMembership.objects.create(person=side.person, group=group)
    falcon, heron = BarrierGroup.objects.get(name="Falcon"), BarrierGroup.objects.get(name="Heron")
    set_barrier(one=heron, other=falcon, by=None, now=NOW)


def never(one: Enrolment, other: Enrolment) -> None:
    ask_never_with(person=one.person, other=other.person, now=NOW)


def never_back(one: Enrolment, other: Enrolment) -> None:
    never(other, one)


def why(run: MatchingRun, role: str) -> dict[str, object]:
    [found] = [one for one in run.result["unmatched"].values() if one["role"] == role]
    return dict(found)


@pytest.mark.parametrize("keep", [apart, never, never_back])
def test_the_two_are_not_available_whatever_keeps_them_apart(keep) -> None:
    within = cohort()
    ann, cas = mentor(within, "Ann"), mentee(within, "Cas")
    keep(ann, cas)
    run = matched(within)
    assert run.matched == 0
    assert why(run, "mentee")["removed"] == why(run, "mentor")["removed"] == {"not_available": 1}
    assert why(run, "mentee")["opens"] == []


def test_a_run_tells_a_barrier_a_wish_and_its_author_from_nothing() -> None:
    """The three causes leave results that are the same to the last byte."""
    stored = []
    for keep in (apart, never, never_back):
        within = cohort()
        ann, cas = mentor(within, "Ann"), mentee(within, "Cas")
        keep(ann, cas)
        run = matched(within)
        whys = sorted(json.dumps(one, sort_keys=True) for one in run.result["unmatched"].values())
        stored.append((*whys, json.dumps([run.result["effects"], run.result["unjudged"]])))
    assert len(set(stored)) == 1


def test_names_of_groups_do_not_go_in_and_wishes_have_no_direction() -> None:
    within = cohort()
    ann, cas = mentor(within, "Ann"), mentee(within, "Cas")
    apart(ann, cas)
    never(ann, cas)
    one = cohort_input(within, settings=default_settings(within), tie_seed=1)
    assert "Falcon" not in repr(one.problem)
    take_back_never_with(row=NeverWith.objects.get())
    never(cas, ann)
    run = matched(within)
    assert run.problem["blocked"] == [sorted(run.keys)]


@pytest.mark.parametrize("keep", [apart, never, never_back])
def test_a_run_made_before_is_not_released_with_such_a_pair(keep) -> None:
    within = cohort()
    ann, cas = mentor(within, "Ann"), mentee(within, "Cas")
    run = matched(within)
    keep(ann, cas)
    with refused("pin_breaks_rule", "they are not available for each other", kind=Conflict):
        release(run=run, by=None, now=NOW)
    assert not Proposal.objects.exists()
    assert not Message.objects.exists()


@pytest.mark.parametrize("keep", [apart, never, never_back])
def test_the_last_yes_finds_out_too(keep) -> None:
    within = cohort()
    mentor(within, "Ann"), mentee(within, "Cas")
    [proposal] = proposed(within)
    keep(proposal.mentor, proposal.mentee)
    proposal.refresh_from_db()
    if proposal.state == "open":
        answer_proposal(proposal=proposal, by=proposal.mentor.person, answer="yes", now=NOW)
        with refused("impossible", kind=Conflict):
            answer_proposal(proposal=proposal, by=proposal.mentee.person, answer="yes", now=NOW)
    assert not Pairing.objects.exists()


def test_a_wish_answers_an_open_proposal_with_the_authors_own_silent_no() -> None:
    within = cohort()
    mentor(within, "Ann"), mentee(within, "Cas")
    [proposal] = proposed(within)
    answer_proposal(proposal=proposal, by=proposal.mentor.person, answer="yes", now=NOW)
    before = Message.objects.count(), LogEntry.objects.count()
    partner_sees = proposal_page(Proposal.objects.with_people().get(), proposal.mentee.person, now=NOW)
    never(proposal.mentor, proposal.mentee)
    proposal.refresh_from_db()
    assert (proposal.state, proposal.mentor_answer) == ("open", "no")
    assert (Message.objects.count(), LogEntry.objects.count()) == before
    after = proposal_page(Proposal.objects.with_people().get(), proposal.mentee.person, now=NOW)
    assert (after.is_open, after.own_answer) == (partner_sees.is_open, partner_sees.own_answer)


def test_a_departure_erases_the_wish_on_either_side() -> None:
    within = cohort()
    ann, cas, eve = mentor(within, "Ann"), mentee(within, "Cas"), mentee(within, "Eve")
    never(ann, cas)
    never(eve, ann)
    mark_left(person=Person.objects.get(pk=ann.person_id), now=NOW)
    assert not NeverWith.objects.exists()
    assert not LogEntry.objects.filter(content_type__model="neverwith").exists()
