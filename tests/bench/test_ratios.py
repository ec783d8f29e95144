"""Speed as ratios taken in one run, printed with `make bench`; no time of day is ever a test's verdict."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from statistics import median

import pytest
from django.test import Client

from participants.services import open_log_in
from tests.meetings.world import cohort, pair


def cpu(act: Callable[[], object], rounds: int = 5) -> float:
    """Median processor time of an act, in seconds."""
    times = []
    for _round in range(rounds):
        started = time.process_time()
        act()
        times.append(time.process_time() - started)
    return median(times)


@pytest.mark.django_db
def test_the_first_page_beside_a_page_without_data(capsys: pytest.CaptureFixture[str]) -> None:
    within = cohort()
    who = pair(within).mentor.person
    for _one in range(60):
        pair(within)
    client = Client()
    client.force_login(open_log_in(person=who), backend="django.contrib.auth.backends.ModelBackend")
    home, bare = cpu(lambda: client.get("/"), 9), cpu(lambda: client.get("/help/"), 9)
    with capsys.disabled():
        sys.stdout.write(f"\nfirst page: {home / bare:.1f} times a page without data\n")
    assert client.get("/").status_code == 200
