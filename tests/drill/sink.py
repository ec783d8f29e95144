"""The mail server of the drills, in a process of its own: it notes down each mail before it says 250.

Its log is the only witness of what arrived: one line of JSON for each mail, with recipient, Message-ID, Date and
a digest of the bytes. It misbehaves as often as it is told to.
"""

from __future__ import annotations

import argparse
import asyncio
import datetime as dt
import hashlib
import json
import random
import signal
import socket
import ssl
from email import message_from_bytes
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

FAULTS = ("later", "full", "closing", "lost")
USER, PASSWORD = "drill", "a-password-for-drills"


class Witness:
    """aiosmtpd's handler."""

    def __init__(self, log: Path, seconds: float, chances: dict[str, float]) -> None:
        self.log = log.open("a", buffering=1)
        self.seconds = seconds
        self.chances = chances
        self.draw = random.Random(7)

    def strikes(self, fault: str) -> bool:
        return self.draw.random() < self.chances.get(fault, 0.0)

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.strikes("later"):
            return "451 4.3.0 Try later"
        if self.strikes("closing"):
            return "421 4.3.2 Closing"
        if address.endswith("@refused.invalid"):
            return "550 5.1.1 Unknown"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.strikes("full"):
            return "452 4.2.2 Full"
        await asyncio.sleep(self.seconds)
        lost = self.strikes("lost")
        self.log.write(json.dumps(_entry(envelope) | {"lost": lost}) + "\n")
        if lost:
            server.transport.abort()
        return "250 2.0.0 Taken"


def _entry(envelope: Envelope) -> dict[str, Any]:
    content = envelope.original_content or b""
    head = message_from_bytes(content.partition(b"\r\n\r\n")[0])
    return {
        "to": ",".join(envelope.rcpt_tos),
        "message_id": str(head["Message-ID"]),
        "date": str(head["Date"]),
        "digest": hashlib.sha256(content).hexdigest(),
    }


def _authenticate(
    server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any
) -> AuthResult:
    return AuthResult(success=(data.login, data.password) == (USER.encode(), PASSWORD.encode()))


def _protocol(witness: Witness, certificate: Path | None) -> SMTP:
    if certificate is None:
        return SMTP(witness, hostname="localhost")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return SMTP(
        witness,
        hostname="localhost",
        tls_context=context,
        authenticator=_authenticate,
        auth_required=True,
    )


def make_certificate(path: Path) -> None:
    """A certificate for this machine's own name, with its key, that nobody else trusts."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(secret + made.public_bytes(serialization.Encoding.PEM))
    path.chmod(0o600)


async def serve(listener: socket.socket, witness: Witness, certificate: Path | None) -> None:
    """Answer on a listening socket until SIGTERM."""
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, stop.set)
    server = await loop.create_server(lambda: _protocol(witness, certificate), sock=listener)
    await stop.wait()
    server.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--fd", type=int, required=True, help="a listening socket, inherited")
    parser.add_argument("--log", type=Path, required=True, help="where each mail is noted down")
    parser.add_argument("--seconds", type=float, default=0.0, help="taken before a mail is taken over")
    parser.add_argument("--chances", type=json.loads, default={}, help=f"of {', '.join(FAULTS)}, as JSON")
    parser.add_argument("--certificate", type=Path, help="ask for STARTTLS and log-in, with this")
    given = parser.parse_args()
    witness = Witness(given.log, given.seconds, given.chances)
    asyncio.run(serve(socket.socket(fileno=given.fd), witness, given.certificate))


if __name__ == "__main__":
    main()
