"""The mail server: how to speak to it, and leaving it alone while it is down."""

from __future__ import annotations

import logging
import smtplib
from dataclasses import dataclass
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, Final, Protocol
from uuid import NAMESPACE_URL, uuid5

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.utils import DNS_NAME
from django.db import transaction
from django.db.models import BooleanField, ExpressionWrapper, F, Q

from outbox.engine import replies
from outbox.engine.mime import LIST_HEADERS
from outbox.engine.smtp import BeforeDot, Line, Refused, Reply, Server, Unanswered, Unreachable
from outbox.models import Relay
from outbox.querysets import DatabaseClock

logger = logging.getLogger(__name__)

SMTP_BACKEND: Final = "django.core.mail.backends.smtp.EmailBackend"
NAME: Final = "default"


class Carrier(Protocol):
    """Hands over one mail at a time and says what is known afterwards; errors as in ``engine.smtp``."""

    def deliver(self, *, sender: str, recipient: str, content: bytes, before_dot: BeforeDot) -> Reply: ...

    def close(self) -> None: ...


def open_carrier() -> Carrier:
    """Our own SMTP conversation, or whatever Django mail backend the installation names instead."""
    return Line(server()) if settings.EMAIL_BACKEND == SMTP_BACKEND else Backend()


def server() -> Server:
    """The mail server of the ``EMAIL_*`` settings."""
    return Server(
        host=settings.EMAIL_HOST,
        port=settings.EMAIL_PORT,
        user=settings.EMAIL_HOST_USER,
        password=settings.EMAIL_HOST_PASSWORD,
        use_tls=settings.EMAIL_USE_TLS,
        use_ssl=settings.EMAIL_USE_SSL,
        timeout=float(settings.EMAIL_TIMEOUT or 30),
        keyfile=settings.EMAIL_SSL_KEYFILE,
        certfile=settings.EMAIL_SSL_CERTFILE,
        hostname=str(DNS_NAME),
    )


class Backend:
    """A Django mail backend, as a provider's: it has no dot, so the mark is set before it is called at all.

    What it raises afterwards is a refusal only where it carries the provider's answer; else nobody knows.
    """

    def __init__(self) -> None:
        self.connection: Any = get_connection()
        self._is_open = False

    def deliver(self, *, sender: str, recipient: str, content: bytes, before_dot: BeforeDot) -> Reply:
        self._open()
        email = as_django_mail(sender, recipient, content)
        self._name_once(email)
        before_dot()
        try:
            self.connection.send_messages([email])
        except Exception as error:
            self.close()
            raise _meaning(error) from error
        return Reply(250, "")

    def _name_once(self, email: EmailMultiAlternatives) -> None:
        """Tell the provider which mail this is, where it drops a second copy of one: by the Message-ID, which
        is the same on every attempt. Resend reads an HTTP header, Brevo a header of the mail."""
        key = str(email.extra_headers["Message-ID"]).strip("<>")
        session = getattr(self.connection, "session", None)
        if session is not None:
            session.headers["Idempotency-Key"] = key
        if type(self.connection).__module__.startswith("anymail.backends.brevo"):
            email.extra_headers["idempotencyKey"] = str(uuid5(NAMESPACE_URL, key))

    def close(self) -> None:
        if self._is_open:
            self._is_open = False
            self.connection.close()

    def _open(self) -> None:
        if self._is_open:
            return
        try:
            self.connection.open()
        except Exception as error:
            raise Unreachable(f"{type(error).__name__}: {error}"[:500]) from error
        self._is_open = True


def _meaning(error: Exception) -> Exception:
    """What a backend's error tells about the mail."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, text = next(iter(error.recipients.values()))
        return Refused("rcpt", code, str(text))
    if isinstance(error, smtplib.SMTPConnectError | smtplib.SMTPAuthenticationError):
        return Unreachable(f"{type(error).__name__}: {error.smtp_code}")
    if isinstance(error, smtplib.SMTPResponseException):
        stage = "mail" if isinstance(error, smtplib.SMTPSenderRefused) else "end"
        return Refused(stage, error.smtp_code, str(error.smtp_error))
    return _meaning_of_status(error, getattr(error, "status_code", None))


def _meaning_of_status(error: Exception, status: int | None) -> Exception:
    """Providers answer in HTTP: 401 and 403 are about us, 429 is "later", other 4xx are about the mail."""
    words = f"{type(error).__name__}: {status or ''}".strip(": ")
    if status in (401, 403):
        return Unreachable(words)
    if status in (408, 425, 429):
        return Refused("end", 450, words)
    if status is not None and 400 <= status <= 499:
        return Refused("end", 550, words)
    return Unanswered(words)


def as_django_mail(sender: str, recipient: str, content: bytes) -> EmailMultiAlternatives:
    """The stored mail as Django's backends take it, with the same Message-ID and Date."""
    stored = message_from_bytes(content, policy=policy.default)
    assert isinstance(stored, EmailMessage)  # noqa: S101  (the policy makes it one)
    email = EmailMultiAlternatives(
        subject=str(stored["Subject"]),
        body=_part(stored, "plain"),
        from_email=str(stored["From"]),
        to=[recipient],
    )
    kept = ("Message-ID", "Date", "Auto-Submitted", "X-Auto-Response-Suppress", "Content-Language")
    email.extra_headers = {name: str(stored[name]) for name in (*kept, *LIST_HEADERS) if name in stored}
    email.attach_alternative(_part(stored, "html"), "text/html")
    for part in stored.walk():
        if part.get_content_type() == "text/calendar":
            mimetype = f"text/calendar; method={part.get_param('method')}"
            email.attach("invite.ics", bytes(part.get_payload(decode=True)).decode(), mimetype)
    return email


def _part(stored: EmailMessage, subtype: str) -> str:
    part = stored.get_body(preferencelist=(subtype,))
    return "" if part is None else str(part.get_content())


# --- leaving it alone while it is down ----------------------------------------------------------------


@dataclass(frozen=True)
class Condition:
    """How the mail server is doing, by the database's clock."""

    failures: int = 0
    is_blocked: bool = False


def condition() -> Condition:
    rows = Relay.objects.filter(name=NAME).annotate(
        is_blocked=ExpressionWrapper(Q(retry_at__isnull=False, retry_at__gt=DatabaseClock()), BooleanField())
    )
    found = rows.values_list("failures", "is_blocked").first()
    return Condition(*found) if found else Condition()


def failed(error: str) -> None:
    """Leave the server alone for a while; workers who noticed at the same time count as one failure."""
    Relay.objects.get_or_create(name=NAME)
    with transaction.atomic():
        relay = Relay.objects.select_for_update().get(name=NAME)
        free = Relay.objects.filter(Q(retry_at=None) | Q(retry_at__lte=DatabaseClock()), name=NAME)
        wait: timedelta = replies.relay_wait(relay.failures + 1)
        free.update(
            failures=F("failures") + 1,
            failing_since=relay.failing_since or DatabaseClock(),
            retry_at=DatabaseClock() + wait,
            last_error=error[:500],
        )
    logger.warning("Mail server: %s", error)


def answered() -> None:
    """The server speaks to us again."""
    Relay.objects.filter(name=NAME, failures__gt=0).update(
        failures=0, failing_since=None, retry_at=None, last_error=""
    )
