"""What answers mean, and how long a mail waits."""

from __future__ import annotations

from datetime import timedelta

import pytest

from outbox.engine import names
from outbox.engine.replies import WAITS, is_final, relay_wait, wait


@pytest.mark.parametrize(
    ("stage", "code", "text", "attempts", "final"),
    [
        ("rcpt", 550, "5.1.1 Unknown", 1, True),
        ("data", 554, "No", 1, True),
        ("end", 550, "Spam", 1, True),
        ("rcpt", 451, "Greylisted", 1, False),
        ("end", 421, "Closing", 5, False),
        ("mail", 550, "Not allowed to send", 1, False),
        ("rcpt", 554, "5.7.1 Relay access denied", 1, False),
        ("end", 552, "Too large", 1, False),
        ("end", 552, "Too large", 2, True),
    ],
)
def test_which_answers_are_final(stage, code, text, attempts, final):
    assert is_final(stage, code, text, attempts) is final


def test_waits_grow_and_end():
    waits = [wait(attempt, 451, 0.5) for attempt in range(1, len(WAITS) + 1)]
    assert waits == list(WAITS)
    assert wait(len(WAITS) + 1, 451, 0.5) is None


def test_waits_are_spread_by_a_fifth():
    assert wait(1, 451, 0.0) == timedelta(seconds=48)
    assert wait(1, 451, 1.0) == timedelta(seconds=72)


def test_too_many_connections_scatter_the_mails():
    """Exchange Online's 432: three connections at a time."""
    assert wait(3, 432, 0.0) == timedelta(seconds=30)
    assert wait(3, 432, 1.0) == timedelta(seconds=60)


def test_the_relay_is_left_alone_at_most_ten_minutes():
    assert [relay_wait(n).total_seconds() for n in (1, 2, 5, 6, 500)] == [30, 60, 480, 600, 600]


def test_a_message_id_comes_from_the_key_alone():
    assert names.message_id("a:1:2", "example.com") == names.message_id("a:1:2", "example.com")
    assert names.message_id("a:1:2", "example.com") != names.message_id("a:1:3", "example.com")
