"""The whole clock, day by day through nine months of 122 mentors and 200 mentees, beside the calculation by hand."""

from __future__ import annotations

import sys
import time

import pytest
from django.db import transaction

from mentoring.schedule import run_all
from outbox.models import Message
from outbox.services import queueing
from tests.meetings.nine_months import ORDER, days, expected, sent, set_up

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def no_doorbell(monkeypatch: pytest.MonkeyPatch) -> None:
    """No worker listens here; knocking in vain would cost more than everything else."""
    monkeypatch.setattr(queueing, "ring", lambda: False)


def test_all_jobs_day_by_day_with_gaps_and_twice_a_day(capsys: pytest.CaptureFixture[str]) -> None:
    within = set_up(mentors=122, mentees=200)
    wanted = expected(within, days())
    Message.objects.all().delete()
    started = time.process_time()
    for now in days():
        failed = [outcome for outcome in run_all(now=now) if outcome.error]
        assert not failed, failed
    assert sent() == wanted
    states = set(Message.objects.filter(kind__in=ORDER).values_list("state", flat=True))
    assert states == {"sent"}
    with capsys.disabled():
        sys.stdout.write(f"\nnine months of 122 by 200: {len(wanted)} reminders as calculated by hand, ")
        sys.stdout.write(f"all sent, in {time.process_time() - started:.0f} s of the processor\n")


@pytest.mark.parametrize(("step", "times"), [(3, ("15:30",)), (1, ("06:30", "15:30"))])
def test_the_same_set_however_the_clock_is_wound(step: int, times: tuple[str, ...]) -> None:
    from meetings.services import plan_cycles, remind

    within = set_up(mentors=30, mentees=48)
    instants = sorted(at for hour in times for at in days(step, hour))
    with transaction.atomic():
        for now in instants:
            plan_cycles(now=now)
            remind(now=now)
        assert sent() == expected(within, instants)
