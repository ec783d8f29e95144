"""Coordinators hear in the morning which pairs pause and which go on, in numbers (dossier 5.5)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from outbox.models import Message
from outbox.services.rendering import compose
from pairings.services import end_pairing, pause_pairing, resume_pairing, tell_of_pauses
from programmes.models import Coordinator
from tests.meetings.world import NOW, cohort, keys, local, pair, person

pytestmark = pytest.mark.django_db
TUESDAY = local("2027-01-05 09:00")


@pytest.mark.covers("S3.19")
def test_a_morning_tells_of_the_working_day_before_once_and_names_nobody() -> None:
    within = cohort()
    lotte = person("Lotte")
    Coordinator.objects.create(programme=within.programme, person=lotte)
    Coordinator.objects.create(programme=cohort().programme, person=person())
    rests, waits, back, gone = (pair(within) for _ in range(4))
    pause_pairing(pairing=rests, by=None, now=NOW, resume_on=date(2027, 3, 1))
    for one in (waits, back, gone):
        pause_pairing(pairing=one, by=None, now=NOW)
    resume_pairing(pairing=back, by=None, now=NOW + timedelta(hours=1))
    assert tell_of_pauses(now=TUESDAY - timedelta(minutes=1)) == 0
    assert tell_of_pauses(now=TUESDAY) == 1
    assert tell_of_pauses(now=TUESDAY + timedelta(minutes=15)) == 0
    assert keys("pairs_resting") == [f"pairs_resting:{within.programme_id}:2027-01-05:{lotte.pk}"]
    mail = Message.objects.get(kind="pairs_resting")
    assert mail.context == {"began": 3, "endless": 2, "went_on": 0}, "one came and went in between"
    assert rests.mentor.person.last_name not in compose(mail, now=TUESDAY).text
    # Friday to Monday is one stretch; what ended for good does not go on.
    resume_pairing(pairing=waits, by=None, now=local("2027-01-08 18:00"))
    end_pairing(pairing=gone, by=None, now=local("2027-01-09 18:00"))
    tell_of_pauses(now=local("2027-01-14 12:00"))
    last = Message.objects.filter(kind="pairs_resting").latest("pk")
    assert last.not_before == local("2027-01-11 09:00"), "a clock that stood still catches up"
    assert last.context == {"began": 0, "endless": 0, "went_on": 1}


def test_a_morning_costs_as_much_for_ten_pairs_as_for_one() -> None:
    within = cohort()
    Coordinator.objects.create(programme=within.programme, person=person())

    def cost() -> int:
        Message.objects.all().delete()
        with CaptureQueriesContext(connection) as seen:
            assert tell_of_pauses(now=TUESDAY) == 1
        return len(seen)

    pause_pairing(pairing=pair(within), by=None, now=NOW)
    one = cost()
    for _ in range(9):
        pause_pairing(pairing=pair(within), by=None, now=NOW)
    assert cost() == one
