"""Texts made ahead of sending: the same mail, made once, and nothing leaves that must not."""

from __future__ import annotations

from datetime import timedelta

import pytest

from outbox.models import ActionLink, Message
from outbox.services import Claim, Link, cancel_about, drain, open_link, outdated, prepare, settling
from tests.outbox.conftest import NOW, state_of, write

pytestmark = pytest.mark.django_db
HALF_AN_HOUR = timedelta(minutes=30)


@pytest.mark.covers("D-16")
def test_what_was_made_ahead_leaves_byte_for_byte(smtp_server):
    soon, later = write("1", not_before=NOW + HALF_AN_HOUR), write("2", not_before=NOW + 2 * HALF_AN_HOUR)
    assert prepare(now=NOW) == 1
    assert prepare(now=NOW) == 0
    later.refresh_from_db()
    assert state_of(soon) == ("queued", "")
    assert (later.raw, soon.attempts) == (None, 0)
    made = bytes(soon.raw)
    assert drain(now=NOW + 2 * HALF_AN_HOUR) == 2
    first, second = smtp_server.mails
    assert first.content == made
    assert first.message["Date"].datetime == soon.not_before, "not the hour at which it was made"
    assert second.message["Date"].datetime == NOW + 2 * HALF_AN_HOUR


def test_links_made_ahead_work_once_the_mail_is_there(smtp_server):
    link = Link("held", ("meeting", 3), NOW + timedelta(days=1), "/one/{token}/")
    write(links={"yes": link}, kind="with_link")
    assert prepare(now=NOW) == 1
    assert drain(now=NOW) == 1
    text = smtp_server.mails[0].message.get_body(("plain",)).get_content()
    token = text.split("/one/")[1].split("/")[0]
    assert open_link(token, "held", now=NOW).about == ("meeting", 3)
    assert ActionLink.objects.count() == 1
    assert Message.objects.get().raw is None, "bytes with links in them do not lie about"


def test_a_link_exists_before_anybody_can_have_it(smtp_server, monkeypatch):
    """Its row is committed with the mark, before the final dot."""
    seen = []
    mark = settling.mark_sending
    monkeypatch.setattr(
        settling, "mark_sending", lambda row: (mark(row), seen.append(ActionLink.objects.count()))
    )
    write(links={"yes": Link("held", None, NOW + timedelta(days=1), "/one/{token}/")}, kind="with_link")
    assert drain(now=NOW) == 1
    assert seen == [1]


@pytest.mark.covers("D-03")
def test_what_cannot_be_made_is_left_to_sending_which_says_why(smtp_server):
    broken, good = write("1", kind="broken"), write("2")
    assert prepare(now=NOW) == 1
    assert state_of(broken) == ("queued", "")
    assert drain(now=NOW) == 1
    assert state_of(broken) == ("dead", "template")
    assert state_of(good) == ("sent", "")


def test_what_is_withdrawn_while_its_text_is_made_stays_withdrawn(monkeypatch):
    message = write(about=("meeting", 8))
    ours = settling.still_ours

    def withdraw_first(rows):
        cancel_about(about=("meeting", 8), now=NOW)
        return ours(rows)

    monkeypatch.setattr(settling, "still_ours", withdraw_first)
    assert prepare(now=NOW) == 0
    assert state_of(message) == ("cancelled", "overtaken")
    assert message.raw is None


def test_what_a_batch_takes_for_granted_is_asked_at_once(smtp_server, fill):
    asked = []

    def answer(*, claims: list[Claim]) -> list[int]:
        asked.append(len(claims))
        return [claim.id for claim in claims if claim.valid_while.get("sequence") == 1]

    fill(outdated, answer)
    moved = write("1", valid_while={"sequence": 1})
    for name in range(2, 12):
        write(str(name))
    assert drain(now=NOW) == 10
    assert asked == [11]
    assert state_of(moved) == ("cancelled", "overtaken")


@pytest.mark.covers("D-03")
def test_one_mail_that_upsets_the_question_spoils_no_batch(smtp_server, fill):
    fill(outdated, lambda *, claims: [claim.id for claim in claims if claim.valid_while["n"] == 1])
    poison, moved, good = write("1"), write("2", valid_while={"n": 1}), write("3", valid_while={"n": 2})
    assert drain(now=NOW) == 1
    assert state_of(poison) == ("queued", "later")
    assert state_of(moved) == ("cancelled", "overtaken")
    assert state_of(good) == ("sent", "")
