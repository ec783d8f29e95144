"""Mails as files: written whole by the local SMTP server, read by its page and by the browser tests."""

import email
import email.policy
import re
import secrets
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

_NAME = re.compile(r"(\d{19})-[0-9a-f]{8}")
_SENDER, _RECIPIENTS = "X-Envelope-From", "X-Envelope-To"


@dataclass(frozen=True)
class StoredMail:
    """One mail that arrived. `sender` and `recipients` are the envelope's."""

    name: str
    message: EmailMessage

    @property
    def received_at(self) -> datetime:
        return datetime.fromtimestamp(int(self.name[:19]) / 1e9, UTC)

    @property
    def sender(self) -> str:
        return str(self.message[_SENDER] or "")

    @property
    def recipients(self) -> list[str]:
        return str(self.message[_RECIPIENTS] or "").split()

    @property
    def subject(self) -> str:
        return str(self.message["Subject"] or "")

    def text(self, content_type: str) -> str:
        """The first part of that type ("text/plain", "text/html", "text/calendar"); empty if none."""
        for part in self.message.walk():
            if part.get_content_type() == content_type and not part.is_multipart():
                return _decoded(part)
        return ""

    @property
    def attachments(self) -> list[str]:
        return [part.get_filename() or part.get_content_type() for part in self.message.iter_attachments()]


def keep(folder: Path, sender: str, recipients: list[str], content: bytes) -> str:
    """Store a mail with its envelope in front; returns its name. Readers never see half a file."""
    name = f"{time.time_ns():019d}-{secrets.token_hex(4)}"
    envelope = f"{_SENDER}: {sender}\r\n{_RECIPIENTS}: {' '.join(recipients)}\r\n"
    temporary = folder / f".{name}.tmp"
    temporary.write_bytes(envelope.encode() + content)
    temporary.rename(folder / f"{name}.eml")
    return name


def names(folder: Path) -> list[str]:
    """The names of all mails, newest first."""
    return sorted((path.stem for path in folder.glob("*.eml") if _NAME.fullmatch(path.stem)), reverse=True)


def load(folder: Path, name: str) -> StoredMail:
    """One mail by its name.

    Raises:
        FileNotFoundError: there is none of that name.
    """
    if not _NAME.fullmatch(name):
        raise FileNotFoundError(name)
    parsed = email.message_from_bytes((folder / f"{name}.eml").read_bytes(), policy=email.policy.default)
    assert isinstance(parsed, EmailMessage)  # noqa: S101 (what this policy makes)
    return StoredMail(name, parsed)


def _decoded(part: EmailMessage | email.message.Message) -> str:
    content = part.get_payload(decode=True)
    if not isinstance(content, bytes):
        return ""
    try:
        return content.decode(part.get_content_charset() or "utf-8", errors="replace")
    except LookupError:  # a charset nobody knows
        return content.decode("utf-8", errors="replace")
