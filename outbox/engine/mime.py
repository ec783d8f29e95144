"""A mail's bytes: text and HTML, and with an appointment the shape that mail programs understand (RFC 6047)."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Final

#: What some mail programs take for a second address inside a display name.
_NAME_NOISE: Final = re.compile(r"[@:;,<>\"\\()\[\]]+")
_LONGEST_NAME: Final = 75
_ATOM: Final = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_ADDRESS: Final = re.compile(rf"{_ATOM}(\.{_ATOM})*@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")
_HEADERS: Final = (
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "Auto-Submitted",
    "X-Auto-Response-Suppress",
    "Content-Language",
)


class BadHeader(ValueError):
    """Something in a header would have broken out of it; this one mail is not to be sent (C-19)."""


@dataclass(frozen=True)
class Letter:
    """Everything that goes into one mail to one recipient.

    Args:
        date: aware; part of the bytes, so the same on every attempt.
        calendar: iTIP method and iCalendar text, or None.
    """

    message_id: str
    date: datetime
    sender_name: str
    sender_address: str
    recipient: str
    subject: str
    text: str
    html: str
    language: str
    calendar: tuple[str, str] | None = None


def build(letter: Letter) -> bytes:
    """The mail as it goes over the wire: ASCII, CRLF, no line above 78 characters of content.

    Raises:
        BadHeader: a line break or control character in subject, sender, address or iTIP method.
    """
    message = EmailMessage(policy=SMTP)
    try:
        _set_headers(message, letter)
        message.set_content(letter.text, cte="quoted-printable")
        message.add_alternative(letter.html, subtype="html", cte="quoted-printable")
        if letter.calendar:
            _add_calendar(message, *letter.calendar)
        message["Content-Language"] = letter.language  # set_content() would have taken it away
        content = message.as_bytes()
    except BadHeader:
        raise
    except (ValueError, IndexError, MessageError) as error:
        raise BadHeader(type(error).__name__) from error
    _check(content)
    return content


def ascii_address(address: str) -> str:
    """An address as plain SMTP carries it: the domain in its ASCII form.

    Raises:
        BadHeader: it is no address, or its part before the @ needs SMTPUTF8.
    """
    local, _, domain = address.rpartition("@")
    try:
        plain = f"{local}@{domain.encode('idna').decode()}"
    except UnicodeError as error:
        raise BadHeader("address") from error
    if not _ADDRESS.fullmatch(plain):
        raise BadHeader("address")
    return plain


def display_name(name: str) -> str:
    """A sender's name without what mail programs misread, at most 75 characters long."""
    return " ".join(_NAME_NOISE.sub(" ", _no_encoded_words(_clean(name))).split())[:_LONGEST_NAME].strip()


def _set_headers(message: EmailMessage, letter: Letter) -> None:
    sender = Address(display_name(letter.sender_name), addr_spec=ascii_address(letter.sender_address))
    message["From"] = sender
    message["To"] = Address(addr_spec=ascii_address(letter.recipient))
    message["Subject"] = _no_encoded_words(_clean(letter.subject))
    message["Date"] = format_datetime(letter.date)
    message["Message-ID"] = letter.message_id
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "OOF, AutoReply"


def _add_calendar(message: EmailMessage, method: str, text: str) -> None:
    """Last among the alternatives, and once more as a file: Google's own shape. No other attachment fits in."""
    if not re.fullmatch(r"[A-Z]{3,20}", method):
        raise BadHeader("method")
    content = "\r\n".join(text.splitlines()).encode() + b"\r\n"
    inline = EmailMessage(policy=SMTP)
    inline.set_content(
        content, "text", "calendar", cte="base64", params={"method": method, "charset": "utf-8"}
    )
    message.attach(inline)
    message.add_attachment(content, "application", "ics", cte="base64", filename="invite.ics")


def _clean(value: str) -> str:
    """The text itself.

    Raises:
        BadHeader: it holds a line break or another control character.
    """
    if any(unicodedata.category(c) in ("Cc", "Zl", "Zp") for c in value):
        raise BadHeader("control character")
    return value


def _no_encoded_words(value: str) -> str:
    """Keep text that looks like an encoded word from being decoded into something else on the way out."""
    return value.replace("=?", "= ?")


def _check(content: bytes) -> None:
    """The last word: the head holds the headers we meant, each once, and nothing else."""
    head = content.partition(b"\r\n\r\n")[0]
    lines = [line for line in head.split(b"\r\n") if not line.startswith((b" ", b"\t"))]
    names = [line.partition(b":")[0].decode("ascii", "replace") for line in lines]
    expected = {*_HEADERS, "MIME-Version", "Content-Type"}
    if set(names) != expected or len(names) != len(expected) or not content.isascii():
        raise BadHeader("unexpected header")
