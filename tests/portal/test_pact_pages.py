"""The pages of a pair's goals and agreement."""

from __future__ import annotations

from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from pairings.models import Agreement, PairGoal, Pairing
from pairings.services import add_goal, change_goal
from participants.models import Person
from participants.services import open_log_in
from tests.meetings.world import NOW, pair

pytestmark = pytest.mark.django_db
VALUES = {"text": "See how a partner decides", "kind": "free", "outcome": "talent", "steps_total": "3"}


@pytest.fixture(autouse=True)
def monday() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def two() -> Pairing:
    made = pair()
    made.cohort.programme.purpose = "To hear what is not heard."
    made.cohort.programme.save()
    return made


def logged_in(who: Person) -> Client:
    client = Client()
    client.force_login(open_log_in(person=who), backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.mark.covers("S0.9")
def test_a_goal_is_set_read_by_both_ticked_and_taken_away(two: Pairing) -> None:
    mentor, mentee = logged_in(two.mentor.person), logged_in(two.mentee.person)
    answer = mentor.post(reverse("portal:pair-goal-add", args=[two.pk]), VALUES, follow=True)
    assert "See how a partner decides" in answer.content.decode()
    mine = PairGoal.objects.get()
    page = mentee.get(reverse("portal:pair", args=[two.pk])).content.decode()
    assert "See how a partner decides" in page
    assert reverse("portal:pair-goal", args=[mine.pk]) not in page, "it is the other's to change"
    assert mentee.get(reverse("portal:pair-goal", args=[mine.pk])).status_code == 404
    for _click in range(2):
        mentor.post(reverse("portal:pair-goal-steps", args=[mine.pk]), {"done": "1"})
    page = mentor.get(reverse("portal:pair", args=[two.pk])).content.decode()
    assert "1 of 3 steps" in page
    mentor.post(reverse("portal:pair-goal-remove", args=[mine.pk]))
    assert not PairGoal.objects.exists()


def test_a_goal_without_words_comes_back_with_what_was_typed(two: Pairing) -> None:
    typed = {**VALUES, "text": "", "measure": "I say one thing a month", "due_on": "soon"}
    answer = logged_in(two.mentor.person).post(reverse("portal:pair-goal-add", args=[two.pk]), typed)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "I say one thing a month" in page
    assert "Say in a few words" in page
    assert "Give the day as in 2027-01-31." in page
    assert not PairGoal.objects.exists()


def test_the_second_window_to_save_sees_what_the_first_saved_and_keeps_its_own(two: Pairing) -> None:
    who = two.mentor.person
    mine = add_goal(pairing=two, by=who, text="first", kind="free", outcome="talent")
    change_goal(goal=mine, by=who, version=1, text="from the other window", kind="free", outcome="talent")
    client, address = logged_in(who), reverse("portal:pair-goal", args=[mine.pk])
    answer = client.post(address, {**VALUES, "version": "1"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "from the other window" in page
    assert VALUES["text"] in page
    assert client.post(address, {**VALUES, "version": "2"}).status_code == 302


@pytest.mark.covers("S0.32", "S3.12")
def test_both_accept_the_agreement_and_see_where_it_stands(two: Pairing) -> None:
    address = reverse("portal:pair-agreement", args=[two.pk])
    mentor, mentee = logged_in(two.mentor.person), logged_in(two.mentee.person)
    page = mentor.get(address)
    assert "To hear what is not heard." in page.content.decode()
    digest = page.context["page"].digest
    page = mentor.post(address, {"digest": digest}, follow=True).content.decode()
    assert "It holds once" in page
    assert "has accepted it already" in mentee.get(address).content.decode()
    assert (
        "You both accepted these words"
        in mentee.post(address, {"digest": digest}, follow=True).content.decode()
    )
    pair_page = mentee.get(reverse("portal:pair", args=[two.pk])).content.decode()
    assert "Agreement accepted by both, 4 January 2027" in pair_page
    assert "To hear what is not heard." in pair_page, "the programme's purpose stands on the pair's page"


def test_a_yes_to_words_that_have_changed_is_asked_again(two: Pairing) -> None:
    address = reverse("portal:pair-agreement", args=[two.pk])
    client = logged_in(two.mentor.person)
    digest = client.get(address).context["page"].digest
    add_goal(pairing=two, by=two.mentee.person, text="ask more", kind="free", outcome="talent")
    page = client.post(address, {"digest": digest}, follow=True).content.decode()
    assert "Read it once more, then agree." in page
    assert not Agreement.objects.exists()
