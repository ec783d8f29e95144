"""One reminder a day for one person, whichever package it comes from: the strongest goes (decision 22)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from outbox.choices import REMINDERS
from outbox.services import drain
from tests.outbox.conftest import NOW, state_of, write

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=6)


@pytest.fixture(autouse=True)
def same_texts(monkeypatch):
    """Every kind reads like the made-up one."""
    from outbox.services import rendering

    real = rendering.compose

    def compose(message, **more):
        kind, message.kind = message.kind, "monthly_meeting"
        try:
            return real(message, **more)
        finally:
            message.kind = kind

    monkeypatch.setattr(rendering, "compose", compose)


def test_of_two_on_one_day_the_stronger_goes_and_the_other_is_noted(smtp_server):
    nudge, ask = write("1"), write("2", kind="match_reminder")
    assert drain(now=NOW) == 1
    assert state_of(ask) == ("sent", "")
    assert state_of(nudge) == ("cancelled", "outdone")
    late = write("3", kind="meeting_upcoming", not_before=LATER)
    assert drain(now=LATER) == 0
    assert state_of(late) == ("cancelled", "outdone"), "one has gone today"
    tomorrow = write("4", not_before=NOW + timedelta(days=1))
    assert drain(now=NOW + timedelta(days=1)) == 1
    assert state_of(tomorrow) == ("sent", "")


def test_it_is_the_readers_own_day_that_counts(smtp_server):
    """Monday evening and Tuesday morning in UTC are both Tuesday in Kiritimati."""
    from outbox.services import Recipient

    far = Recipient(7, "far@example.com", "Far", "en", "Pacific/Kiritimati")
    evening = write("1", to=far, kind="match_reminder", not_before=NOW + timedelta(hours=4))
    morning = write("2", to=far, not_before=NOW + timedelta(hours=20))
    drain(now=NOW + timedelta(days=1))
    assert state_of(evening) == ("sent", "")
    assert state_of(morning) == ("cancelled", "outdone")


def test_others_people_and_other_mail_are_left_alone(smtp_server):
    from outbox.services import Recipient

    write("1", kind="match_reminder")
    other = write("2", to=Recipient(8, "b@example.com", "Bo", "en", "Europe/Amsterdam"))
    changed = write("3", kind="meeting_changed")
    alike = write("4", kind="match_reminder")
    assert drain(now=NOW) == 4
    assert {state_of(one)[0] for one in (other, changed, alike)} == {"sent"}
    assert "eval_reminder" not in REMINDERS, "it goes to everybody asked, alike (decision 23)"
