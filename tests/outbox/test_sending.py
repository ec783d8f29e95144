"""What is due leaves once, as one mail to one person, and what must not leave stays."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, transaction

from outbox.models import Message
from outbox.services import Recipient, cancel_about, drain, prepare, programme_name, settling, still_valid
from tests.outbox.conftest import ANNA, NOW, end_lease, state_of, write

pytestmark = pytest.mark.django_db


@pytest.mark.covers("D-01")
def test_a_due_mail_leaves_once(smtp_server, fill):
    fill(programme_name, lambda *, programme_id: f"Programme {programme_id}")
    message = write(to=ANNA)
    assert drain(now=NOW) == 1
    assert drain(now=NOW) == 0
    (mail,) = smtp_server.mails
    assert (mail.sender, mail.recipients) == ("mentoring@example.com", ["anna@example.com"])
    assert state_of(message) == ("sent", "")
    assert message.sent_at == message.settled_at == NOW
    assert message.raw is None, "a way out stood in it, and its token must not lie about"
    head = mail.message
    assert head["From"] == "Programme 1 <mentoring@example.com>"
    assert head["To"] == "anna@example.com"
    assert head["Subject"] == "Time for February’s conversation"
    assert head["Message-ID"] == message.message_id
    assert head["Date"].datetime == NOW
    assert head["Auto-Submitted"] == "auto-generated"
    assert "this is Programme 1 at https://mentoring.example" in head.get_body(("plain",)).get_content()
    assert "<p>Hello Anna</p>" in head.get_body(("html",)).get_content()


def test_the_recipients_own_language_and_zone(smtp_server):
    to = Recipient(7, "anna@example.com", "Anna", "de", "America/New_York")
    write(kind="appointment", to=to, context={"month": "Februar", "starts_at": NOW})
    drain(now=NOW)
    mail = smtp_server.mails[0].message
    assert mail["Subject"] == "Donnerstag: Februar"
    local = NOW.astimezone(ZoneInfo("America/New_York"))
    assert f"{local:%H:%M}" in mail.get_body(("plain",)).get_content()
    assert mail["Content-Language"] == "de"


@pytest.mark.covers("C-19")
def test_names_keep_their_apostrophes_in_text_and_are_escaped_in_html(smtp_server):
    write(first_name="Sinéad O’Brien <b>'&")
    drain(now=NOW)
    mail = smtp_server.mails[0].message
    assert "Hello Sinéad O’Brien <b>'&, this" in mail.get_body(("plain",)).get_content()
    assert "O’Brien &lt;b&gt;&#x27;&amp;" in mail.get_body(("html",)).get_content()


def test_the_sender_bears_the_programmes_name(smtp_server):
    write(sender_name="Second Light: Noordhaven, “HR”")
    drain(now=NOW)
    assert smtp_server.mails[0].message["From"].addresses[0].display_name == "Second Light Noordhaven “HR”"


@pytest.mark.covers("D-03")
def test_the_instant_decides_what_is_due(smtp_server):
    message = write(not_before=NOW + timedelta(days=200))
    assert drain(now=NOW + timedelta(days=200, seconds=-1)) == 0
    assert drain(now=NOW + timedelta(days=200)) == 1
    assert state_of(message) == ("sent", "")
    assert smtp_server.mails[0].message["Date"].datetime == NOW + timedelta(days=200)


@pytest.mark.covers("D-03")
def test_an_expired_mail_never_leaves(smtp_server):
    message = write(expires_at=NOW + timedelta(hours=1))
    assert drain(now=NOW + timedelta(hours=1)) == 0
    assert state_of(message) == ("cancelled", "expired")
    assert (smtp_server.mails, smtp_server.connections) == ([], 0)


def test_what_no_longer_holds_is_withdrawn(smtp_server, fill):
    fill(still_valid, lambda *, kind, about, valid_while: valid_while.get("sequence") != 1)
    moved = write("1", about=("meeting", 8), valid_while={"sequence": 1})
    newest = write("2", about=("meeting", 8), valid_while={"sequence": 2})
    assert drain(now=NOW) == 1
    assert state_of(moved) == ("cancelled", "overtaken")
    assert state_of(newest) == ("sent", "")
    assert smtp_server.mails[0].recipients == ["person2@example.com"]


def test_the_urgent_go_first(smtp_server):
    write("1", priority=9)
    write("2", priority=0, not_before=NOW - timedelta(seconds=1))
    write("3", priority=0, not_before=NOW - timedelta(hours=1))
    drain(now=NOW)
    assert [mail.recipients[0][:7] for mail in smtp_server.mails] == ["person3", "person2", "person1"]


def test_one_connection_carries_many_mails(smtp_server):
    for name in range(45):
        write(str(name))
    assert drain(now=NOW) == 45
    assert smtp_server.connections == 1
    assert len({mail.recipients[0] for mail in smtp_server.mails}) == 45


@pytest.mark.covers("C-19", "D-03")
def test_what_is_wrong_with_one_mail_stops_that_one_only(smtp_server):
    broken = write("1", kind="broken")
    missing = write("2", kind="of_no_template")
    line_break = write("3", context={"month": "Feb\r\nBcc: everybody@example.com"})
    sender = write("4", sender_name="HR\nBcc: everybody@example.com")
    address = write("5", address="anna@example.com>\r\nRCPT TO:<everybody@example.com")
    utf8 = write("6", address="änna@example.com")
    good = write("7")
    assert drain(now=NOW) == 1
    assert state_of(broken) == state_of(missing) == ("dead", "template")
    for message in (line_break, sender, address, utf8):
        assert state_of(message) == ("dead", "header")
    assert state_of(good) == ("sent", "")
    assert [mail.recipients for mail in smtp_server.mails] == [["person7@example.com"]]


def in_dutch(name, **more):
    return write(name, to=Recipient(7, f"person{name}@example.com", "Anna", "nl", "Europe/Amsterdam"), **more)


@pytest.mark.covers("D-03")
def test_of_all_that_may_be_wrong_with_a_mail_each_is_held_with_its_reason_and_the_rest_go_out(smtp_server):
    """A name with a line break, an address that bounces, a broken template, a text that nobody has translated."""
    smtp_server.answer("550 5.1.1 Unknown", at="RCPT", recipient="person2@example.com")
    wrong = {
        write("1", sender_name="HR\nBcc: everybody@example.com"): "header",
        write("2"): "refused",
        write("3", kind="broken"): "template",
        in_dutch("4", kind="untranslated"): "translation",
    }
    rest = [write("5"), in_dutch("6"), write("7", kind="untranslated")]
    assert drain(now=NOW) == len(rest)
    assert {message: state_of(message) for message in wrong} == {
        message: ("dead", reason) for message, reason in wrong.items()
    }
    assert {state_of(message) for message in rest} == {("sent", "")}
    untranslated = list(wrong)[3]
    assert untranslated.last_error == "nl: A sentence that nobody has put into other words yet."
    assert "language" in untranslated.get_reason_display()


def test_a_text_put_together_ahead_is_held_for_a_missing_translation_too(smtp_server):
    missing = in_dutch("1", kind="untranslated")
    assert prepare(now=NOW) == 0
    assert drain(now=NOW) == 0
    assert state_of(missing) == ("dead", "translation")


def test_a_package_that_cannot_answer_stops_one_mail_only(smtp_server, fill):
    def answer(*, kind, about, valid_while):
        return 1 / valid_while["n"] > 0

    fill(still_valid, answer)
    unlucky, good = write("1", valid_while={"n": 0}), write("2", valid_while={"n": 1})
    assert drain(now=NOW) == 1
    assert state_of(unlucky) == ("queued", "later")
    assert unlucky.last_error == "ZeroDivisionError"
    assert state_of(good) == ("sent", "")


def test_dots_and_long_lines_arrive_as_written(smtp_server):
    note = "\n.\n..\n.x " + "ä" * 2000
    write(kind="appointment", context={"month": "x", "note": note})
    drain(now=NOW)
    mail = smtp_server.mails[0]
    assert note in mail.message.get_body(("plain",)).get_content().replace("\r\n", "\n")
    assert max(map(len, mail.content.splitlines())) <= 100
    assert mail.content.isascii()


def test_what_is_withdrawn_while_its_content_goes_out_never_gets_its_dot(smtp_server, monkeypatch):
    first, second = write("1", about=("meeting", 8)), write("2")
    mark = settling.mark_sending

    def withdraw_then_mark(message):
        cancel_about(about=("meeting", 8), now=NOW)
        mark(message)

    monkeypatch.setattr(settling, "mark_sending", withdraw_then_mark)
    assert drain(now=NOW) == 1
    assert state_of(first) == ("cancelled", "overtaken")
    assert state_of(second) == ("sent", "")
    assert [mail.recipients for mail in smtp_server.mails] == [["person2@example.com"]]


@pytest.mark.covers("D-16")
def test_a_worker_that_slept_beyond_its_lease_sends_no_dot(smtp_server, monkeypatch):
    """T8: meanwhile another may have sent it."""
    message = write()
    mark = settling.mark_sending

    def sleep_then_mark(row):
        end_lease(row)
        mark(row)

    monkeypatch.setattr(settling, "mark_sending", sleep_then_mark)
    assert drain(now=NOW) == 0
    assert smtp_server.mails == []
    assert state_of(message) == ("claimed", "")


def test_a_short_budget_gives_the_rest_back(smtp_server):
    messages = [write(str(n)) for n in range(3)]
    turns = iter([False, False, True, True, True])
    assert drain(now=NOW, stop=lambda: next(turns)) == 1
    rest = [state_of(message)[0] for message in messages]
    assert sorted(rest) == ["queued", "queued", "sent"]
    assert set(Message.objects.filter(state="queued").values_list("attempts", flat=True)) == {0}


def test_how_many_queries_a_mail_costs(smtp_server, django_assert_max_num_queries):
    for name in range(20):
        write(str(name))
    with django_assert_max_num_queries(20 * 6 + 15):
        assert drain(now=NOW) == 20


@pytest.mark.django_db(transaction=True)
def test_it_refuses_to_run_inside_a_transaction():
    with transaction.atomic(), pytest.raises(RuntimeError):
        drain(now=NOW)
    assert not connection.in_atomic_block
