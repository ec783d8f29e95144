"""After a taster both decide, each alone (S3.37): who is asked when, what each answer leads to, what nobody sees."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from common.errors import DomainError, NotAllowed
from matching.models import TasterChoice
from matching.services import answer_proposal, ask_after_tasters, go_on_after_taster, leave_after_taster
from meetings.choices import MeetingState
from meetings.models import Meeting
from outbox.models import Message
from outbox.services import drain
from pairings.models import Pairing
from participants.services import open_log_in
from tests.matching.world import NOW, cohort, mentee, mentor, proposed
from tests.meetings.world import meet

pytestmark = pytest.mark.django_db

#: A Thursday afternoon; the working day after it is a Friday.
TALK = datetime(2027, 1, 14, 14, 0, tzinfo=UTC)


@pytest.fixture
def pairing() -> Pairing:
    """Two who agreed on one conversation first."""
    within = cohort()
    mentor(within, "Ann"), mentee(within, "Cas")
    proposal = proposed(within)[0]
    for side, answer in ((proposal.mentor, "taster"), (proposal.mentee, "yes")):
        found = answer_proposal(proposal=proposal, by=side.person, answer=answer, now=NOW)
    assert found.pairing is not None
    assert found.pairing.is_taster
    return found.pairing


def talked(pairing: Pairing) -> Meeting:
    """They have met."""
    made = meet(pairing, TALK)
    Meeting.objects.filter(pk=made.pk).update(state=MeetingState.HELD)
    return made


def asked() -> dict[int, int]:
    """How many mails wait for whom: the desk only counts them, and their keys tell nobody anything."""
    return dict(Counter(Message.objects.filter(kind="taster_decide").values_list("recipient_id", flat=True)))


@pytest.mark.covers("S3.37")
def test_both_are_asked_on_the_working_day_after_their_talk_and_once_more(pairing: Pairing) -> None:
    friday = datetime(2027, 1, 15, 8, 0, tzinfo=UTC)
    assert ask_after_tasters(now=friday) == 0
    talked(pairing)
    assert [ask_after_tasters(now=friday - timedelta(minutes=1)), ask_after_tasters(now=friday)] == [0, 2]
    assert ask_after_tasters(now=friday + timedelta(days=3)) == 0
    go_on_after_taster(pairing=pairing, by=pairing.mentor.person, now=friday)
    assert ask_after_tasters(now=friday + timedelta(days=8)) == 1
    assert ask_after_tasters(now=friday + timedelta(days=80)) == 0
    assert asked() == {pairing.mentor.person_id: 1, pairing.mentee.person_id: 2}


def test_whoever_has_chosen_meanwhile_gets_no_mail(pairing: Pairing) -> None:
    talked(pairing)
    friday = datetime(2027, 1, 15, 8, 0, tzinfo=UTC)
    ask_after_tasters(now=friday)
    go_on_after_taster(pairing=pairing, by=pairing.mentor.person, now=friday)
    drain(now=friday)
    states = list(Message.objects.filter(kind="taster_decide").values_list("state", flat=True))
    assert len(states) == 2
    assert states.count("sent") == 1


@pytest.mark.covers("S3.37")
def test_when_both_go_on_they_are_a_pair_like_any_other(pairing: Pairing) -> None:
    talked(pairing)
    one, other = pairing.mentor.person, pairing.mentee.person
    assert not go_on_after_taster(pairing=pairing, by=one, now=NOW)
    assert not go_on_after_taster(pairing=pairing, by=one, now=NOW)
    assert go_on_after_taster(pairing=pairing, by=other, now=NOW)
    pairing.refresh_from_db()
    assert not pairing.is_taster
    assert not TasterChoice.objects.exists()
    assert go_on_after_taster(pairing=pairing, by=other, now=NOW)
    with pytest.raises(DomainError):
        leave_after_taster(pairing=pairing, by=one, now=NOW)


@pytest.mark.covers("S3.37")
def test_whoever_leaves_it_at_that_is_free_at_once_and_leaves_no_trace(pairing: Pairing) -> None:
    talked(pairing)
    go_on_after_taster(pairing=pairing, by=pairing.mentee.person, now=NOW)
    leave_after_taster(pairing=pairing, by=pairing.mentor.person, now=NOW)
    pairing.refresh_from_db()
    assert pairing.state == "ended"
    assert not TasterChoice.objects.exists()


def test_nothing_is_decided_before_the_talk_nor_by_anybody_else(pairing: Pairing) -> None:
    with pytest.raises(DomainError, match="one conversation"):
        go_on_after_taster(pairing=pairing, by=pairing.mentor.person, now=NOW)
    stranger = mentor(cohort()).person
    for act in (go_on_after_taster, leave_after_taster):
        with pytest.raises(NotAllowed):
            act(pairing=pairing, by=stranger, now=NOW)
    assert not TasterChoice.objects.exists()


def test_the_pages_ask_once_and_never_show_the_other_ones_choice(client: Client, pairing: Pairing) -> None:
    address = reverse("portal:taster", args=[pairing.pk])
    client.force_login(
        open_log_in(person=pairing.mentor.person), backend="django.contrib.auth.backends.ModelBackend"
    )
    assert client.get(address).status_code == 302
    assert address not in client.get("/").content.decode()
    talked(pairing)
    before = client.get(address).content.decode().split("<main", 1)[1]
    go_on_after_taster(pairing=pairing, by=pairing.mentee.person, now=NOW)
    after = client.get(address).content.decode().split("<main", 1)[1]
    assert after.split("csrfmiddlewaretoken")[0] == before.split("csrfmiddlewaretoken")[0]
    assert address in client.get("/").content.decode()
    refused = client.post(address, {"answer": "perhaps"}, follow=True)
    assert "Choose one of the two answers." in refused.content.decode()
    done = client.post(address, {"answer": "go_on"}, follow=True)
    assert "You both want to go on." in done.content.decode()
    assert address not in client.get("/").content.decode()
