"""A pair's clock stands still and goes on (S3.19)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from common.errors import DomainError, IllegalTransition
from meetings.models import Meeting
from outbox.models import Message
from pairings.models import Pairing, Pause
from pairings.services import is_still_valid, pause_pairing, resume_due_pairings, resume_pairing
from programmes.choices import EnrolmentState
from programmes.models import Enrolment
from tests.meetings.world import NOW, keys, local, meet, pair, utc

pytestmark = pytest.mark.django_db


@pytest.mark.covers("S3.19")
def test_a_pause_keeps_the_seat_tells_both_and_goes_on_as_before() -> None:
    made = pair()
    meet(made, local("2027-01-06 12:00"))
    Message.objects.all().delete()
    pause = pause_pairing(pairing=made, by=made.mentee.person, now=NOW)
    made.refresh_from_db()
    assert (made.state, pause.resumes_as, pause.resume_on) == ("paused", "active", None)
    assert len(keys("pause")) == 2
    assert Enrolment.objects.get(pk=made.mentor_id).state == EnrolmentState.ACTIVE
    with pytest.raises(IllegalTransition):
        pause_pairing(pairing=made, by=None, now=NOW)
    resume_pairing(pairing=made, by=None, now=NOW + timedelta(days=9))
    made.refresh_from_db()
    pause.refresh_from_db()
    assert (made.state, pause.ended_at) == ("active", NOW + timedelta(days=9))
    with pytest.raises(IllegalTransition):
        resume_pairing(pairing=made, by=None, now=NOW)


def test_dates_in_the_pause_are_called_off_those_after_it_stay() -> None:
    made = pair()
    inside, after = meet(made, local("2027-01-20 12:00")), meet(made, local("2027-03-02 12:00"))
    pause_pairing(pairing=made, by=None, now=NOW, resume_on=date(2027, 3, 1))
    states = dict(Meeting.objects.values_list("pk", "state"))
    assert states == {inside.pk: "cancelled", after.pk: "planned"}
    methods = Message.objects.filter(about_id=inside.pk, valid_while__sequence=1).values_list(
        "calendar__method"
    )
    assert list(methods) == [("CANCEL",), ("CANCEL",)]


def test_a_pause_ends_by_itself_on_its_day_and_says_so_a_week_before() -> None:
    made = pair()
    pause = pause_pairing(pairing=made, by=None, now=NOW, resume_on=date(2027, 2, 1))
    assert resume_due_pairings(now=local("2027-01-24 23:00")) == 0
    assert len(keys("pause")) == 2
    assert resume_due_pairings(now=local("2027-01-25 09:00")) == 0
    assert resume_due_pairings(now=local("2027-01-26 09:00")) == 0
    assert len(keys("pause")) == 4
    assert resume_due_pairings(now=local("2027-02-01 00:10")) == 1
    assert resume_due_pairings(now=local("2027-02-01 00:20")) == 0
    assert Pairing.objects.get().state == "confirmed"
    pause.refresh_from_db()
    assert pause.ended_at == local("2027-02-01 00:10")


def test_a_mail_about_a_pause_holds_while_it_lasts() -> None:
    made = pair()
    pause = pause_pairing(pairing=made, by=None, now=NOW)
    facts = {"kind": "pause", "about": ("pairing", made.pk), "valid_while": {"pause": pause.pk}}
    assert is_still_valid(**facts)
    resume_pairing(pairing=made, by=None, now=NOW)
    assert not is_still_valid(**facts)


@pytest.mark.parametrize("day", [date(2027, 1, 4), date(2026, 12, 31)])
def test_a_pause_ends_on_a_day_to_come(day: date) -> None:
    with pytest.raises(DomainError, check=lambda error: error.code == "resume_on"):
        pause_pairing(pairing=pair(), by=None, now=utc("2027-01-04 12:00"), resume_on=day)
    assert not Pause.objects.exists()
