"""Coordinators' lists of pairs and dates: their own programmes, process only, actions that say what they do."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from meetings.models import Meeting
from pairings.models import Pairing, Pause
from participants.models import User
from programmes.models import Cohort, Coordinator
from tests.meetings.world import NOW, cohort, local, meet, pair, person

pytestmark = pytest.mark.django_db

PAIRS, MEETINGS = "admin:pairings_pairing_changelist", "admin:meetings_meeting_changelist"


@pytest.fixture(autouse=True)
def _frozen() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def within() -> Cohort:
    return cohort()


@pytest.fixture
def desk(within: Cohort) -> Client:
    who = person("Lotte")
    Coordinator.objects.create(programme=within.programme, person=who)
    client = Client()
    client.force_login(User.objects.create(email=who.email, person=who))
    return client


def act(desk: Client, action: str, *pairings: Pairing, **more: str) -> str:
    data = {"action": action, "_selected_action": [str(one.pk) for one in pairings], **more}
    return desk.post(reverse(PAIRS), data, follow=True).content.decode()


@pytest.mark.covers("C-02")
def test_lists_hold_the_coordinators_own_programmes_only(desk: Client, within: Cohort) -> None:
    mine, other = pair(within), pair()
    for one in (mine, other):
        meet(one, local("2027-01-20 12:00"), place="Secret room")
    for name in (PAIRS, MEETINGS):
        page = desk.get(reverse(name)).content.decode()
        assert mine.mentor.person.last_name in page
        assert other.mentor.person.last_name not in page
        assert "Secret room" not in page
    for model, row in (("pairings_pairing", other), ("meetings_meeting", Meeting.objects.get(pairing=other))):
        assert desk.get(reverse(f"admin:{model}_change", args=[row.pk])).status_code == 404
    assert act(desk, "end", other, confirm="yes")
    assert Pairing.objects.get(pk=other.pk).state == "active"


def test_the_list_of_pairs_shows_how_they_meet(desk: Client, within: Cohort) -> None:
    made = pair(within)
    meet(made, local("2027-01-20 12:00"))
    page = desk.get(reverse(PAIRS)).content.decode()
    assert "0 of 0" in page
    assert "20\u00a0Jan\u00a02027" in page


def test_pages_of_a_pair_and_a_meeting_open_read_only(desk: Client, within: Cohort) -> None:
    made = pair(within)
    meeting = meet(made, local("2027-01-20 12:00"), place="Secret room")
    for name, row in (("pairings_pairing", made), ("meetings_meeting", meeting)):
        page = desk.get(reverse(f"admin:{name}_change", args=[row.pk]))
        assert page.status_code == 200
        assert "Secret room" not in page.content.decode()
        assert 'name="_save"' not in page.content.decode()
    assert desk.get(reverse("admin:pairings_pairing_add")).status_code == 403


def test_ending_asks_first_says_what_happens_and_then_does_it(desk: Client, within: Cohort) -> None:
    first, second = pair(within), pair(within)
    page = act(desk, "end", first, second)
    assert "nine o’clock on the next day" in page
    assert str(first) in page
    assert set(Pairing.objects.values_list("state", flat=True)) == {"confirmed"}
    page = act(desk, "end", first, second, confirm="yes")
    assert "2 pairs have ended." in page
    assert set(Pairing.objects.values_list("state", flat=True)) == {"ended"}
    assert set(Pairing.objects.values_list("ended_by", flat=True)) == {None}


def test_pausing_takes_a_day_or_none_and_going_on_says_why_not(desk: Client, within: Cohort) -> None:
    first, second = pair(within), pair(within)
    assert "First day after the pause" in act(desk, "pause", first)
    assert "Enter a valid date" in act(desk, "pause", first, confirm="yes", resume_on="soon")
    assert "1 pair is paused." in act(desk, "pause", first, confirm="yes", resume_on="2027-02-01")
    assert str(Pause.objects.get().resume_on) == "2027-02-01"
    page = act(desk, "resume", first, second)
    assert "1 pair goes on." in page
    assert "Only a paused pair can go on." in page
    assert "1 pair is paused." in act(desk, "pause", second, confirm="yes", resume_on="")


def test_completing_asks_first(desk: Client, within: Cohort) -> None:
    made = pair(within)
    meet(made, local("2027-01-20 12:00"))
    assert "cannot be undone" in act(desk, "complete", made)
    assert "1 pair is completed." in act(desk, "complete", made, confirm="yes")
    assert Pairing.objects.get().state == "completed"


@pytest.mark.covers("D-15")
@pytest.mark.parametrize("name", [PAIRS, MEETINGS])
def test_lists_ask_no_more_for_more_rows(desk: Client, within: Cohort, name: str) -> None:
    def grow() -> None:
        meet(pair(within), local("2027-01-20 12:00"))

    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert desk.get(reverse(name)).status_code == 200
        return len(captured)

    grow()
    cost()
    few = cost()
    for _ in range(6):
        grow()
    assert cost() == few
