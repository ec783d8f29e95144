"""Any SMTP server that EMAIL_* can name, with TLS and log-in; and, degraded, any Django mail backend."""

from __future__ import annotations

import ipaddress
import socket
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend

from outbox.models import Relay
from outbox.services import Calendar, drain, recover
from tests.outbox.conftest import NOW, end_lease, state_of, write

pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore:Requiring AUTH while")]
ICS = "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nSUMMARY:Gespräch\r\nEND:VCALENDAR\r\n"


# --- SMTP with TLS and log-in -------------------------------------------------------------------------


@pytest.fixture
def certificate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """A server certificate for 127.0.0.1 that this process trusts."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "mail")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    file = tmp_path / "mail.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context


class Sink:
    def __init__(self) -> None:
        self.mails: list[bytes] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        self.mails.append(envelope.original_content)
        return "250 OK"


def knows(server: Any, session: Any, envelope: Any, mechanism: Any, data: Any) -> AuthResult:
    return AuthResult(success=(data.login, data.password) == (b"us", b"secret"), handled=False)


@pytest.fixture(params=["starttls", "ssl"])
def secure_server(request, settings, certificate):
    """A server that takes mail only over TLS and after log-in."""
    is_ssl = request.param == "ssl"
    sink = Sink()

    class Secure(Controller):
        def factory(self) -> SMTP:
            return SMTP(
                sink,
                hostname="localhost",
                tls_context=None if is_ssl else certificate,
                require_starttls=not is_ssl,
                auth_required=True,
                auth_require_tls=not is_ssl,
                authenticator=knows,
            )

    controller = Secure(sink, hostname="127.0.0.1", port=0, ssl_context=certificate if is_ssl else None)
    controller.port = _free_port()
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", controller.port
    settings.EMAIL_USE_TLS, settings.EMAIL_USE_SSL = not is_ssl, is_ssl
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "us", "secret"
    yield sink
    controller.stop()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


def test_tls_and_log_in(secure_server):
    for name in range(3):
        write(str(name))
    assert drain(now=NOW) == 3
    assert len(secure_server.mails) == 3


def test_a_wrong_password_leaves_the_mails_alone(secure_server, settings):
    settings.EMAIL_HOST_PASSWORD = "wrong"
    message = write()
    assert drain(now=NOW) == 0
    assert (*state_of(message), message.attempts) == ("queued", "relay", 0)
    assert Relay.objects.get().last_error.startswith("SMTPAuthenticationError: 535")


def test_a_certificate_that_nobody_vouches_for_is_refused(secure_server, monkeypatch):
    monkeypatch.delenv("SSL_CERT_FILE")
    message = write()
    assert drain(now=NOW) == 0
    assert state_of(message) == ("queued", "relay")
    assert "CERTIFICATE_VERIFY_FAILED" in Relay.objects.get().last_error


# --- Django's backends --------------------------------------------------------------------------------


class ProviderError(Exception):
    def __init__(self, status_code: int | None) -> None:
        super().__init__("provider")
        self.status_code = status_code


class Provider(BaseEmailBackend):
    """A provider's backend as django-anymail makes them: it raises errors with the HTTP status."""

    status: int | None = None
    is_down = False
    mails: list[mail.EmailMultiAlternatives]

    def open(self) -> bool:
        if Provider.is_down:
            raise ConnectionError("no route")
        return True

    def send_messages(self, messages: Any) -> int:
        if Provider.status is not None:
            raise ProviderError(Provider.status or None)
        Provider.mails += messages
        return len(messages)


@pytest.fixture
def provider(settings):
    settings.EMAIL_BACKEND = f"{__name__}.Provider"
    Provider.status, Provider.is_down, Provider.mails = None, False, []
    return Provider


def test_a_backend_gets_the_same_mail(provider):
    message = write(calendar=Calendar("REQUEST", ICS), first_name="Änne")
    assert drain(now=NOW) == 1
    assert state_of(message) == ("sent", "")
    (sent,) = provider.mails
    assert sent.to == ["person1@example.com"]
    assert sent.from_email == "Second Light <mentoring@example.com>"
    assert sent.subject == "Time for February’s conversation"
    assert sent.extra_headers["Message-ID"] == message.message_id
    assert "Hello Änne" in sent.body
    assert sent.alternatives[0].mimetype == "text/html"
    (invite,) = sent.attachments
    assert invite.mimetype == "text/calendar; method=REQUEST"
    assert "SUMMARY:Gespräch" in invite.content
    assert sent.message()["Message-ID"] == message.message_id


def test_mail_in_memory_for_tests_of_other_packages(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    write()
    assert drain(now=NOW) == 1
    assert [one.to for one in mail.outbox] == [["person1@example.com"]]


@pytest.mark.parametrize(
    ("status", "state", "reason", "attempts"),
    [
        (400, "dead", "refused", 1),
        (429, "queued", "later", 1),
        (401, "queued", "relay", 0),
        (500, "sending", "unknown", 1),
        (0, "sending", "unknown", 1),
    ],
)
def test_what_a_providers_errors_mean(provider, status, state, reason, attempts):
    provider.status = status
    message = write()
    assert drain(now=NOW) == 0
    assert (*state_of(message), message.attempts) == (state, reason, attempts)


def test_an_unknown_error_of_a_provider_is_resolved_like_a_lost_answer(provider):
    provider.status = 502
    message = write(policy="hold")
    drain(now=NOW)
    end_lease(message)
    recover(now=NOW)
    assert state_of(message) == ("uncertain", "unknown")


def test_a_provider_that_is_away(provider):
    provider.is_down = True
    message = write()
    assert drain(now=NOW) == 0
    assert (*state_of(message), message.attempts) == ("queued", "relay", 0)
