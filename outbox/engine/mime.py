"""A mail's bytes: text and HTML, and with an appointment the shape that mail programs understand (RFC 6047).

Written out by hand rather than by ``email.message``: that costs ten times as much, more than everything else
about a mail together, and picks another boundary each time. Here the same letter always gives the same bytes.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from email.header import Header
from email.utils import format_datetime
from typing import Final

#: What some mail programs take for a second address inside a display name.
_NAME_NOISE: Final = re.compile(r"[@:;,<>\"\\()\[\]]+")
_LONGEST_NAME: Final = 75
_LONGEST_LINE: Final = 76
_ATOM: Final = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_ADDRESS: Final = re.compile(rf"{_ATOM}(\.{_ATOM})*@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")
_PHRASE: Final = re.compile(rf"{_ATOM}( {_ATOM})*")
_HEADERS: Final = frozenset(
    {
        "From",
        "To",
        "Subject",
        "Date",
        "Message-ID",
        "Auto-Submitted",
        "X-Auto-Response-Suppress",
        "Content-Language",
        "MIME-Version",
        "Content-Type",
    }
)
#: One-click unsubscribe (RFC 8058); optional mail only.
LIST_HEADERS: Final = ("List-Unsubscribe", "List-Unsubscribe-Post")


class BadHeader(ValueError):
    """Something in a header would have broken out of it; this one mail is not to be sent (C-19)."""


@dataclass(frozen=True)
class Letter:
    """Everything that goes into one mail to one recipient.

    Args:
        date: aware; part of the bytes, so the same on every attempt.
        calendar: iTIP method and iCalendar text, or None.
        unsubscribe: where one POST stops mail of this kind; empty for mail that one cannot refuse.
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
    unsubscribe: str = ""


def build(letter: Letter) -> bytes:
    """The mail as it goes over the wire: ASCII, CRLF, no line above 78 characters of content.

    Raises:
        BadHeader: a name, subject or address holds a line break or cannot stand in a header.
    """
    try:
        kind, body = _body(letter)
        headers = [*_headers(letter), ("MIME-Version", "1.0"), ("Content-Type", kind)]
        head = "".join(f"{name}: {value}\r\n" for name, value in headers).encode("ascii")
    except BadHeader:
        raise
    except ValueError as error:
        raise BadHeader(type(error).__name__) from error
    content = head + b"\r\n" + body
    _check(content, len(headers))
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


def _headers(letter: Letter) -> list[tuple[str, str]]:
    found = [
        ("From", _sender(display_name(letter.sender_name), ascii_address(letter.sender_address))),
        ("To", ascii_address(letter.recipient)),
        ("Subject", _words(_no_encoded_words(_clean(letter.subject)), "Subject")),
        ("Date", format_datetime(letter.date)),
        ("Message-ID", _clean(letter.message_id)),
        ("Auto-Submitted", "auto-generated"),
        ("X-Auto-Response-Suppress", "OOF, AutoReply"),
        ("Content-Language", _clean(letter.language)),
    ]
    if letter.unsubscribe:
        found += zip(
            LIST_HEADERS, (f"<{_clean(letter.unsubscribe)}>", "List-Unsubscribe=One-Click"), strict=True
        )
    return found


def _sender(name: str, address: str) -> str:
    if not name:
        return address
    if not name.isascii():
        return f"{_words(name, 'From')}\r\n <{address}>"
    quoted = name if _PHRASE.fullmatch(name) else f'"{name}"'
    gap = " " if len(quoted) + len(address) < _LONGEST_LINE - 10 else "\r\n "
    return f"{quoted}{gap}<{address}>"


def _words(value: str, name: str) -> str:
    """A header's text: as it is, folded, or as encoded words (RFC 2047)."""
    if value.isascii() and len(value) + len(name) < _LONGEST_LINE:
        return value
    charset = "us-ascii" if value.isascii() else "utf-8"
    return Header(value, charset, maxlinelen=_LONGEST_LINE, header_name=name).encode(linesep="\r\n")


def _body(letter: Letter) -> tuple[str, bytes]:
    """Content type and content. The calendar stands last among the alternatives, and once more as a file:
    Google's own shape. No other attachment fits in."""
    # Quoted-printable never holds "=_", so no content can end its own part.
    boundary = "=_" + hashlib.sha256(letter.message_id.encode()).hexdigest()[:24]
    parts = [
        (_TEXT.format("plain"), _quoted(letter.text)),
        (_TEXT.format("html"), _quoted(letter.html)),
    ]
    if letter.calendar is None:
        return _multipart("alternative", boundary, parts)
    method, text = letter.calendar
    if not re.fullmatch(r"[A-Z]{3,20}", method):
        raise BadHeader("method")
    entry = _base64("\r\n".join(text.splitlines()).encode() + b"\r\n")
    parts.append((_CALENDAR.format(method), entry))
    kind, inner = _multipart("alternative", f"{boundary}.a", parts)
    return _multipart("mixed", boundary, [(f"Content-Type: {kind}", inner), (_FILE, entry)])


_TEXT: Final = 'Content-Type: text/{}; charset="utf-8"\r\nContent-Transfer-Encoding: quoted-printable'
_CALENDAR: Final = (
    'Content-Type: text/calendar; method={}; charset="utf-8"\r\nContent-Transfer-Encoding: base64'
)
_FILE: Final = (
    'Content-Type: application/ics; name="invite.ics"\r\nContent-Transfer-Encoding: base64\r\n'
    'Content-Disposition: attachment; filename="invite.ics"'
)


def _multipart(subtype: str, boundary: str, parts: list[tuple[str, bytes]]) -> tuple[str, bytes]:
    line = f"--{boundary}".encode()
    chunks = [b"%s\r\n%s\r\n\r\n%s\r\n" % (line, head.encode("ascii"), body) for head, body in parts]
    return f'multipart/{subtype};\r\n boundary="{boundary}"', b"".join(chunks) + line + b"--\r\n"


def _quoted(text: str) -> bytes:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\r\n")
    return binascii.b2a_qp(("\r\n" + lines).encode(), istext=True)[
        2:
    ]  # the first line tells it how lines end


def _base64(content: bytes) -> bytes:
    return base64.encodebytes(content).rstrip().replace(b"\n", b"\r\n")


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


def _check(content: bytes, number: int) -> None:
    """The last word: the head holds the headers we meant, each once, and nothing else."""
    head = content.partition(b"\r\n\r\n")[0]
    lines = [line for line in head.split(b"\r\n") if not line.startswith((b" ", b"\t"))]
    names = [line.partition(b":")[0].decode("ascii", "replace") for line in lines]
    found = set(names)
    if not _HEADERS <= found <= _HEADERS.union(LIST_HEADERS) or not len(names) == len(found) == number:
        raise BadHeader("unexpected header")
    if not content.isascii():
        raise BadHeader("unexpected character")
