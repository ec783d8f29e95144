"""The bytes of a mail: the shape that mail programs understand, and no way out of a header."""

from __future__ import annotations

import email
import email.policy
import unicodedata
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outbox.engine.mime import BadHeader, Letter, ascii_address, build, display_name

ICS = (
    "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nSUMMARY:Gespräch\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)
LETTER = Letter(
    message_id="<0123@example.com>",
    date=datetime(2027, 2, 1, 8, tzinfo=UTC),
    sender_name="Second Light",
    sender_address="mentoring@example.com",
    recipient="anna@example.com",
    subject="Zeit für das Gespräch in diesem Monat",
    text="Guten Tag Anna,\n\nnoch kein Termin.\n",
    html="<p>Guten Tag Anna</p>",
    language="de",
)


def parsed(letter: Letter) -> email.message.EmailMessage:
    return email.message_from_bytes(build(letter), policy=email.policy.default)


def test_text_and_html_in_one_mail():
    message = parsed(LETTER)
    assert message.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
    assert message["Subject"] == LETTER.subject
    assert message["Content-Language"] == "de"
    assert message["X-Auto-Response-Suppress"] == "OOF, AutoReply"


def test_the_wire_carries_ascii_with_short_lines_ended_by_crlf():
    content = build(replace(LETTER, text="ä" * 3000, html="<p>" + "x" * 3000, calendar=("REQUEST", ICS)))
    assert content.isascii()
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert max(map(len, content.split(b"\r\n"))) <= 100


@pytest.mark.parametrize("method", ["REQUEST", "CANCEL"])
def test_an_appointment_in_the_shape_of_section_8_7(method):
    """mixed[alternative[text, HTML, calendar; method], application/ics invite.ics], and nothing else."""
    message = parsed(replace(LETTER, calendar=(method, ICS)))
    assert message.get_content_type() == "multipart/mixed"
    alternative, attached = message.iter_parts()
    assert alternative.get_content_type() == "multipart/alternative"
    kinds = [part.get_content_type() for part in alternative.iter_parts()]
    assert kinds == ["text/plain", "text/html", "text/calendar"]
    calendar = list(alternative.iter_parts())[-1]
    assert (calendar.get_param("method"), calendar.get_param("charset")) == (method, "utf-8")
    assert calendar["Content-Transfer-Encoding"] == "base64"
    assert calendar["Content-Disposition"] is None
    assert calendar.get_payload(decode=True) == attached.get_payload(decode=True) == ICS.encode()
    assert (attached.get_content_type(), attached.get_filename()) == ("application/ics", "invite.ics")
    assert attached.get_content_disposition() == "attachment"


@pytest.mark.covers("C-19")
@pytest.mark.parametrize("bad", ["a\r\nBcc: x@example.com", "a\nb", "a\rb", "a\x00b", "a\x85b", "a\u2028b"])
def test_a_line_break_in_a_header_is_refused(bad):
    for field in ("subject", "sender_name", "recipient", "sender_address"):
        with pytest.raises(BadHeader):
            build(replace(LETTER, **{field: bad}))
    with pytest.raises(BadHeader):
        build(replace(LETTER, calendar=(bad, ICS)))


@pytest.mark.covers("C-19")
def test_an_encoded_word_stays_text():
    """Python would decode it on the way out, line break included."""
    message = parsed(replace(LETTER, subject="=?utf-8?q?a=0D=0ABcc:_x=40example.com?=", sender_name="=?b?a"))
    assert message["Bcc"] is None
    assert message["Subject"] == "= ?utf-8?q?a=0D=0ABcc:_x=40example.com?="


@pytest.mark.covers("C-19")
@settings(max_examples=60, deadline=None)
@given(subject=st.text(max_size=120), name=st.text(max_size=90))
def test_whatever_is_typed_arrives_as_it_was_or_not_at_all(subject, name):
    plain = any(unicodedata.category(c) in ("Cc", "Zl", "Zp") for c in subject + name)
    try:
        message = parsed(replace(LETTER, subject=subject, sender_name=name))
    except BadHeader:
        assert plain or any(unicodedata.category(c) == "Cs" for c in subject + name)
        return
    assert not plain
    assert len(message.keys()) == len(set(message.keys())) == 10
    assert "".join(str(message["Subject"]).split()) == "".join(subject.split()).replace("=?", "=?")
    assert [one.addr_spec for one in message["From"].addresses] == ["mentoring@example.com"]


@pytest.mark.parametrize(
    ("address", "plain"),
    [("anna@example.com", "anna@example.com"), ("a+b@bücher.example", "a+b@xn--bcher-kva.example")],
)
def test_a_domain_in_its_ascii_form(address, plain):
    assert ascii_address(address) == plain


@pytest.mark.parametrize(
    "address",
    ["", "anna", "änna@example.com", "a b@example.com", "<a@example.com>", "a@b.example,c@d.example"],
)
def test_what_is_no_plain_address_is_refused(address):
    with pytest.raises(BadHeader):
        ascii_address(address)


def test_a_display_name_without_what_programs_misread():
    assert display_name('HR: "Second, Light" <x@example.com>') == "HR Second Light x example.com"
    assert len(display_name("x" * 200)) == 75
