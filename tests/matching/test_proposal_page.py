"""The page of a proposal as each of the two reads it."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from matching.models import Proposal
from matching.selectors import ProposalPage, proposal_page
from matching.services import answer_proposal, expire_proposals
from participants.services import open_log_in
from programmes.models import Topic
from tests.matching.world import NOW, cohort, coordinator, mentee, mentor, person, proposed

pytestmark = pytest.mark.django_db


@pytest.fixture
def proposal() -> Proposal:
    within = cohort(answer_days=7, meeting_minutes=45)
    coordinator(within.programme, first_name="Lotte", last_name="Brandsma")
    mentor(
        within, "Tomasz", city="Dublin", style="hands_on", offers={"gen_ai": 5, "digital_skills": 4},
        wants={"leadership": 3}, perspectives_offered=["consumer"],
    )  # fmt: skip
    mentee(
        within, "Sabine", city="Hamburg", style="hands_on", wants={"gen_ai": 3, "digital_skills": 1},
        offers={"leadership": 5}, perspective_wanted="consumer",
    )  # fmt: skip
    return proposed(within)[0]


def read(proposal: Proposal, side: str, now=NOW) -> ProposalPage:
    fresh = Proposal.objects.of_person(getattr(proposal, side).person_id).get(pk=proposal.pk)
    return proposal_page(fresh, getattr(proposal, side).person, now=now)


def sentence(page: ProposalPage, title: str) -> str:
    return next(one.sentence for one in page.reasons if one.title == title)


@pytest.mark.covers("S4.16")
def test_each_reads_who_why_until_when_and_what_follows(proposal: Proposal) -> None:
    page = read(proposal, "mentee")
    assert (page.role, page.partner_role, page.partner.first_name) == ("mentee", "mentor", "Tomasz")
    assert (page.purpose, page.minutes, page.months) == ("Learn from juniors.", 45, 9)
    assert (page.is_open, page.own_answer, page.answer_by) == (True, "", proposal.answer_by)
    assert sentence(page, "What you want to learn") == (
        "“Generative AI” is among your first wishes, and Tomasz is ahead of you there. Also: Digital skills."
    )
    assert sentence(page, "What you can give") == (
        "Tomasz wants to learn about “Leading and deciding”, where you are ahead."
    )
    assert sentence(page, "Distance") == "You come from: another department, another office."
    assert sentence(page, "Way of working") == "You both like to learn in the same way."
    assert sentence(page, "Time") == "You share 3 half-days or lunches in the week."


def test_the_mentor_reads_the_same_from_the_other_side(proposal: Proposal) -> None:
    page = read(proposal, "mentor")
    assert sentence(page, "What you want to learn").startswith(
        "“Leading and deciding” is among your first wishes"
    )
    assert "Sabine wants to learn about “Generative AI”" in sentence(page, "What you can give")


@pytest.mark.covers("B-05")
def test_no_perspective_is_named_or_banded_for_either(proposal: Proposal) -> None:
    for side in ("mentor", "mentee"):
        page = read(proposal, side)
        assert {one.title for one in page.reasons} == {
            "What you want to learn", "What you can give", "Distance", "Way of working", "Time",
        }  # fmt: skip
        assert "consumer" not in str(page.reasons) + str(page.checks) + str(page.who_sees)


def test_who_sees_what_names_the_coordinators_and_says_that_a_manager_sees_nothing(
    proposal: Proposal,
) -> None:
    told = dict(read(proposal, "mentor").who_sees)
    assert told["Your answer below"] == "Lotte Brandsma. Sabine only ever sees a yes."
    assert told["Your line manager"] == "Nothing"


def test_what_one_has_answered_stands_there_until_the_last_moment(proposal: Proposal) -> None:
    answer_proposal(proposal=proposal, by=proposal.mentor.person, answer="taster", now=NOW)
    assert read(proposal, "mentor").own_answer == "taster"
    assert read(proposal, "mentee").own_answer == ""
    assert read(proposal, "mentor", proposal.answer_by).is_open
    late = proposal.answer_by + timedelta(seconds=1)
    before_the_clock = read(proposal, "mentor", late)
    expire_proposals(now=late)
    after = read(proposal, "mentor", late)
    assert (before_the_clock.is_open, before_the_clock.outcome) == (after.is_open, after.outcome)
    assert after.outcome == "This pair did not come about. We go on looking for you."


def test_only_what_could_be_looked_at_is_called_checked(proposal: Proposal) -> None:
    full = ["not in your reporting line, at any depth", "at least 2 grades apart"]
    full += ["a shared working language", "a shared time in the week"]
    assert read(proposal, "mentee").checks == full[1:]  # nobody in this cohort has a manager on file
    within, boss = cohort(), person()
    mentor(within, languages=[], manager=boss), mentee(within, languages=[], manager=boss)
    assert read(proposed(within)[0], "mentor").checks == [*full[:2], full[3]]


@pytest.mark.parametrize("other", ["none", "yes", "no"])
def test_whoever_has_answered_finds_the_way_back_and_nothing_about_the_other(
    client: Client, proposal: Proposal, other: str
) -> None:
    me = proposal.mentee.person
    mine = "no" if other == "yes" else "taster"
    with time_machine.travel(NOW):
        client.force_login(open_log_in(person=me))
        assert "Look at the proposal" in client.get("/").content.decode()
        Proposal.objects.filter(pk=proposal.pk).update(
            mentor_answer=other, mentee_answer="taster" if other != "yes" else "no"
        )
        page = client.get("/").content.decode()
    assert reverse("portal:proposal", args=[proposal.pk]) in page
    assert "Look again, or change it" in page
    assert {"no": "You said: not this one.", "taster": "You said: a taster first."}[mine] in page
    assert "Your pair will stand here" not in page


def test_a_pair_that_came_about_is_told(proposal: Proposal) -> None:
    for side in (proposal.mentor, proposal.mentee):
        answer_proposal(proposal=proposal, by=side.person, answer="yes", now=NOW)
    assert read(proposal, "mentor").outcome == "You both said yes."


def test_topics_are_named_in_the_readers_language_retired_ones_too(proposal: Proposal) -> None:
    Topic.objects.filter(code="gen_ai").update(is_retired=True, name_de="Generative KI")
    with translation.override("de"):
        assert "Generative KI" in sentence_of_topics(read(proposal, "mentee"))


def sentence_of_topics(page: ProposalPage) -> str:
    return page.reasons[0].sentence


def test_nothing_in_common_is_said_kindly() -> None:
    within = cohort()
    mentor(within, "Ann"), mentee(within, "Cas", style="dialogue", department="", city="")
    [proposal] = proposed(within)
    page = read(proposal, "mentee")
    assert (
        sentence(page, "What you want to learn")
        == "Nothing from your list; you may find other things to learn."
    )
    assert sentence(page, "Way of working") == "How you like to learn is not known of both."
    assert "not known" in sentence(page, "Distance")


def test_a_proposal_is_found_by_its_two_people_alone(proposal: Proposal) -> None:
    stranger = mentor(proposal.cohort)
    assert not Proposal.objects.of_person(stranger.person_id).exists()
    assert list(Proposal.objects.waiting_for(proposal.mentor.person_id)) == [proposal]
    answer_proposal(proposal=proposal, by=proposal.mentor.person, answer="no", now=NOW)
    assert not Proposal.objects.waiting_for(proposal.mentor.person_id).exists()


def test_the_page_asks_few_queries(proposal: Proposal) -> None:
    with CaptureQueriesContext(connection) as captured:
        read(proposal, "mentee")
    assert len(captured) <= 4
