"""How long what stays, what is dropped at once, and what erasing a person leaves."""

from __future__ import annotations

from datetime import timedelta

import pytest

from outbox.models import ActionLink, Message
from outbox.services import Link, cancel_about, drain, forget_recipient, purge
from tests.outbox.conftest import NOW, state_of, write

pytestmark = pytest.mark.django_db

EMPTY = {
    "address": "",
    "first_name": "",
    "context": None,
    "raw": None,
    "links": {},
    "calendar": None,
    "valid_while": {},
    "last_error": "",
    "smtp_reply": "",
}


def content_of(message: Message) -> dict[str, object]:
    return Message.objects.filter(pk=message.pk).values(*EMPTY).get()


@pytest.mark.covers("B-01")
@pytest.mark.covers_part("B-10")
def test_content_stays_thirty_days_and_the_key_four_hundred(smtp_server):
    message = write(valid_while={"a": 1})
    drain(now=NOW)
    assert purge(now=NOW + timedelta(days=29)) == 0
    assert purge(now=NOW + timedelta(days=30)) == 1
    assert content_of(message) == EMPTY
    assert state_of(message) == ("sent", "")
    assert message.recipient_id == 7, "the proof that it was sent to somebody"
    assert purge(now=NOW + timedelta(days=399)) == 1, "its way out, which mail programs show for long"
    purge(now=NOW + timedelta(days=400))
    assert not Message.objects.exists()


def test_what_still_waits_keeps_its_content(smtp_server):
    message = write(not_before=NOW + timedelta(days=100))
    assert purge(now=NOW + timedelta(days=90)) == 0
    assert drain(now=NOW + timedelta(days=100)) == 1
    assert state_of(message) == ("sent", "")


@pytest.mark.covers("A-28")
def test_a_discreet_mail_keeps_nothing_after_delivery(smtp_server):
    """Decision 23: neither text nor recipient."""
    message = write(kind="eval_open", about=("round", 12))
    drain(now=NOW)
    assert smtp_server.mails[0].recipients == ["person1@example.com"]
    assert content_of(message) == EMPTY
    message.refresh_from_db()
    assert (message.recipient_id, message.about, message.state) == (None, None, "sent")
    assert "person1" not in str(vars(message))


def test_a_discreet_mail_that_is_withdrawn_or_failed_keeps_nothing_for_long(smtp_server):
    smtp_server.answer("550 5.1.1 Unknown", at="RCPT", recipient="person1@example.com")
    failed = write("1", kind="eval_open", expires_at=NOW + timedelta(days=7))
    withdrawn = write("2", kind="eval_open", about=("round", 12), not_before=NOW + timedelta(days=1))
    drain(now=NOW)
    cancel_about(about=("round", 12), now=NOW)
    assert content_of(withdrawn) == EMPTY
    purge(now=NOW)
    assert content_of(failed) != EMPTY, "it can still be sent again"
    purge(now=NOW + timedelta(days=7))
    assert content_of(failed) == EMPTY


def test_a_log_in_code_leaves_no_trace(smtp_server):
    message = write(kind="login_code", context={"code": "ABC-DEF"}, expires_at=NOW + timedelta(minutes=10))
    smtp_server.answer("451 4.3.0 Try later", at="RCPT", times=1)
    drain(now=NOW)
    drain(now=NOW + timedelta(minutes=10))
    assert state_of(message) == ("cancelled", "expired")
    assert content_of(message) == EMPTY


@pytest.mark.covers_part("B-10")
def test_dead_links_go_after_a_fortnight(smtp_server):
    write(kind="with_link", links={"yes": Link("accept", None, NOW + timedelta(days=7), "/yes/{token}/")})
    drain(now=NOW)
    purge(now=NOW + timedelta(days=21))
    assert ActionLink.objects.count() == 1
    purge(now=NOW + timedelta(days=21, seconds=1))
    assert ActionLink.objects.count() == 0


@pytest.mark.covers_part("B-07")
def test_erasing_a_person_keeps_the_keys_and_nothing_else(smtp_server):
    sent = write("1", kind="with_link", links={"yes": Link("accept", None, NOW, "/yes/{token}/")})
    drain(now=NOW)
    waiting = write("2")
    keys = set(Message.objects.values_list("key", flat=True))
    forget_recipient(person_id=7, now=NOW)
    assert drain(now=NOW) == 0
    assert content_of(sent) == content_of(waiting) == EMPTY
    assert state_of(waiting) == ("cancelled", "recipient_gone")
    assert not Message.objects.filter(recipient_id=7).exists()
    assert not ActionLink.objects.exists()
    assert set(Message.objects.values_list("key", flat=True)) == keys
