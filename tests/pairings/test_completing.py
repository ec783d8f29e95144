"""The good end, and what a cohort's next stage asks of its pairs."""

from __future__ import annotations

from datetime import timedelta

import pytest

from common.errors import IllegalTransition
from meetings.models import Meeting
from pairings.models import Pairing, Pause
from pairings.selectors import pairing_gates
from pairings.services import complete_pairing, end_pairing, pause_pairing
from programmes.choices import EnrolmentState, Role, Stage
from programmes.models import Enrolment
from tests.meetings.world import NOW, cohort, enrolment, local, meet, pair, person

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(days=2)


def test_a_pair_that_met_is_completed_once_and_so_are_its_people() -> None:
    mentor = person(grade=1)
    within = cohort()
    made = pair(within, mentor=mentor)
    other = pair(within, mentor=Enrolment.objects.get(person=mentor))
    meet(made, local("2027-01-20 12:00"))
    complete_pairing(pairing=made, by=None, now=LATER)
    assert complete_pairing(pairing=made, by=None, now=LATER + timedelta(days=1)).ended_at == LATER
    assert Meeting.objects.get().state == "cancelled"
    states = dict(Enrolment.objects.values_list("pk", "state"))
    assert states[made.mentee_id] == EnrolmentState.COMPLETED
    assert states[made.mentor_id] == EnrolmentState.MATCHED, "the mentor has another pair"
    assert Pairing.objects.get(pk=other.pk).state == "confirmed"


def test_a_pair_that_never_met_or_has_ended_is_not_completed() -> None:
    never, ended = pair(), pair()
    end_pairing(pairing=ended, by=None, now=NOW)
    for made in (never, ended):
        with pytest.raises(IllegalTransition):
            complete_pairing(pairing=made, by=None, now=LATER)


def test_completing_a_paused_pair_closes_its_pause() -> None:
    made = pair()
    meet(made, local("2027-01-06 12:00"))
    pause_pairing(pairing=made, by=None, now=NOW)
    complete_pairing(pairing=made, by=None, now=LATER)
    assert not Pause.objects.open().exists()


def test_a_cohort_prepares_when_it_has_pairs_and_closes_when_none_stands() -> None:
    within = cohort()

    def gate(to: Stage) -> list[bool]:
        return [one.is_met for one in pairing_gates(cohort=within, to=to)]

    assert gate(Stage.PREPARING) == [False]
    made = pair(within)
    assert gate(Stage.PREPARING) == [True]
    assert gate(Stage.CLOSED) == [False]
    end_pairing(pairing=made, by=None, now=NOW)
    assert gate(Stage.CLOSED) == [True]
    assert gate(Stage.ACTIVE) == []


@pytest.mark.parametrize(("paired", "is_open"), [(18, False), (19, True)])
def test_a_cohort_prepares_when_95_of_100_mentees_have_a_pair(paired: int, is_open: bool) -> None:
    within = cohort()
    for _number in range(paired):
        pair(within)
    for _number in range(20 - paired):
        enrolment(within, Role.MENTEE)
    (gate,) = pairing_gates(cohort=within, to=Stage.PREPARING)
    assert (gate.is_met, gate.note) == (is_open, f"{paired} of 20")
    assert gate.owner_name == "the pairs"
