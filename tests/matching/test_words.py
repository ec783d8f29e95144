"""A mentor's own words, shown to one proposed mentee at the confirmation of the match, after a yes (S2.20)."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from matching.models import Proposal
from matching.selectors import words_card
from matching.services import (
    answer_proposal,
    expire_proposals,
    read_words,
    release_words,
    take_back_words,
)
from outbox.models import Message
from participants.models import Person, User
from participants.services import open_log_in
from programmes.models import WordsRelease
from programmes.services import change_intake
from tests.matching.world import NOW, cohort, coordinator, mentee, mentor, proposed
from tests.refusals import refused

pytestmark = [pytest.mark.django_db, pytest.mark.covers("S2.20")]
CANARY = "Three languages at the kitchen table"


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def proposal() -> Proposal:
    within = cohort(answer_days=7)
    junior = mentor(within, "Tomasz", offers={"gen_ai": 5})
    mentee(within, "Sabine", wants={"gen_ai": 3})
    write(junior, CANARY)
    return Proposal.objects.with_people().get(pk=proposed(within)[0].pk)


def write(junior, words: str) -> None:
    values = {"offered": [], "words": words, "consent": bool(words)}
    change_intake(enrolment=junior, step=3, values=values, by=junior.person, now=NOW)


def page(who: Person, proposal: Proposal, name: str = "proposal") -> str:
    return client_of(who).get(reverse(f"portal:{name}", args=[proposal.pk])).content.decode()


def client_of(who: Person) -> Client:
    client = Client()
    client.force_login(open_log_in(person=who), backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_nothing_is_shown_and_nothing_tells_of_it_before_a_yes(proposal: Proposal) -> None:
    html = page(proposal.mentee.person, proposal)
    assert CANARY not in html
    assert "own words" not in html
    assert "sealed" in page(proposal.mentor.person, proposal)
    with refused("not_allowed"):
        read_words(proposal=proposal, by=proposal.mentee.person, now=NOW)


def test_yes_read_and_take_back_on_the_pages(proposal: Proposal) -> None:
    junior, senior = proposal.mentor.person, proposal.mentee.person
    own = reverse("portal:proposal-words", args=[proposal.pk])
    assert CANARY in page(junior, proposal, "proposal-words")
    client_of(junior).post(own, {"action": "release"})
    before = page(senior, proposal)
    assert CANARY not in before  # looking is not reading
    assert "lets you read them" in before
    assert WordsRelease.objects.get().state == "released"
    client_of(senior).post(own, {"action": "read"})
    assert CANARY in page(senior, proposal)
    assert "Sabine has read your words" in page(junior, proposal, "proposal-words")
    client_of(junior).post(own, {"action": "take_back"})
    assert CANARY not in page(senior, proposal)
    log = page(junior, proposal, "proposal-words")
    assert "You said yes:" in log
    assert "Taken back:" in log


def test_taken_back_before_it_is_read_it_never_is(proposal: Proposal) -> None:
    release_words(proposal=proposal, by=proposal.mentor.person, now=NOW)
    release_words(proposal=proposal, by=proposal.mentor.person, now=NOW + timedelta(hours=1))
    take_back_words(proposal=proposal, by=proposal.mentor.person, now=NOW)
    take_back_words(proposal=proposal, by=proposal.mentor.person, now=NOW)
    row = WordsRelease.objects.get()
    assert (row.state, row.read_at, row.released_at) == ("taken_back", None, NOW)
    with refused("not_allowed"):
        read_words(proposal=proposal, by=proposal.mentee.person, now=NOW)
    release_words(proposal=proposal, by=proposal.mentor.person, now=NOW)
    assert read_words(proposal=proposal, by=proposal.mentee.person, now=NOW) == CANARY


def test_a_yes_is_for_one_person(proposal: Proposal) -> None:
    second = mentee(proposal.cohort, "Wim", wants={"gen_ai": 3})
    other = Proposal.objects.create(
        run=proposal.run, cohort=proposal.cohort, mentor=proposal.mentor, mentee=second,
        proposed_at=NOW, answer_by=NOW + timedelta(days=7), reasons=proposal.reasons,
    )  # fmt: skip
    release_words(proposal=proposal, by=proposal.mentor.person, now=NOW)
    assert not words_card(other, second.person).has_anything
    with refused("not_allowed"):
        read_words(proposal=proposal, by=second.person, now=NOW)
    with refused("not_allowed"):
        release_words(proposal=proposal, by=proposal.mentee.person, now=NOW)


def test_other_words_need_another_yes(proposal: Proposal) -> None:
    release_words(proposal=proposal, by=proposal.mentor.person, now=NOW)
    read_words(proposal=proposal, by=proposal.mentee.person, now=NOW)
    write(proposal.mentor, CANARY)  # sent again as they stand
    assert words_card(proposal, proposal.mentee.person).text == CANARY
    write(proposal.mentor, "Something else")
    assert not words_card(proposal, proposal.mentee.person).has_anything
    write(proposal.mentor, "")
    with refused("no_words"):
        release_words(proposal=proposal, by=proposal.mentor.person, now=NOW)


def test_with_the_proposal_it_is_over_unless_it_became_a_pair(proposal: Proposal) -> None:
    release_words(proposal=proposal, by=proposal.mentor.person, now=NOW)
    read_words(proposal=proposal, by=proposal.mentee.person, now=NOW)
    for who in (proposal.mentor, proposal.mentee):
        answer_proposal(proposal=proposal, by=who.person, answer="yes", now=NOW)
    assert CANARY in page(proposal.mentee.person, proposal)
    Proposal.objects.filter(pk=proposal.pk).delete()
    fresh = Proposal.objects.create(
        run=proposal.run, cohort=proposal.cohort, mentor=proposal.mentor, mentee=proposal.mentee,
        proposed_at=NOW, answer_by=NOW + timedelta(days=7), reasons=proposal.reasons,
    )  # fmt: skip
    expire_proposals(now=NOW + timedelta(days=8))
    fresh = Proposal.objects.with_people().get(pk=fresh.pk)
    assert CANARY not in page(proposal.mentee.person, fresh)
    with refused("illegal_transition"):
        release_words(proposal=fresh, by=proposal.mentor.person, now=NOW)


@pytest.mark.covers("A-28", "C-01")
def test_no_mail_no_desk_page_and_no_stranger_reads_them(proposal: Proposal) -> None:
    before = Message.objects.count()
    release_words(proposal=proposal, by=proposal.mentor.person, now=NOW)
    read_words(proposal=proposal, by=proposal.mentee.person, now=NOW)
    assert Message.objects.count() == before
    staff = coordinator(proposal.cohort.programme)
    client = Client()
    client.force_login(staff, backend="django.contrib.auth.backends.ModelBackend")
    address = reverse("portal:proposal-words", args=[proposal.pk])
    assert client.get(address).status_code == 404
    assert client.post(address, {"action": "read"}).status_code == 404
    stranger = mentee(proposal.cohort, "Wim").person
    assert client_of(stranger).post(address, {"action": "read"}).status_code == 404
    desk = Client()
    desk.force_login(
        User.objects.create(email="root@example.com", is_superuser=True, is_staff=True),
        backend="django.contrib.auth.backends.ModelBackend",
    )
    kept = reverse("admin:programmes_enrolment_change", args=[proposal.mentor_id])
    assert CANARY not in desk.get(kept).content.decode()


def test_the_database_refuses_a_step_that_there_is_not(proposal: Proposal) -> None:
    row = release_words(proposal=proposal, by=proposal.mentor.person, now=NOW)
    take_back_words(proposal=proposal, by=proposal.mentor.person, now=NOW)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE programmes_wordsrelease SET state = 'read', read_at = now() WHERE id = %s", [row.pk]
        )
