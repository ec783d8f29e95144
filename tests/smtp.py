"""A real SMTP server inside the test process: it records what arrives, and misbehaves when told to."""

from __future__ import annotations

import asyncio
import contextlib
import email
import email.policy
import socket
import threading
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session

STAGES = ("CONNECT", "MAIL", "RCPT", "DATA", "END")


@dataclass(frozen=True)
class ReceivedMail:
    """One mail as it was accepted: the envelope, the bytes, and the bytes parsed."""

    sender: str
    recipients: list[str]
    content: bytes

    @property
    def message(self) -> EmailMessage:
        parsed = email.message_from_bytes(self.content, policy=email.policy.default)
        assert isinstance(parsed, EmailMessage)
        return parsed


@dataclass
class _Trouble:
    stage: str
    reply: str | None  # None: hang up without a word
    keep: bool
    recipient: str | None
    times: int | None

    def strikes(self, stage: str, recipients: list[str]) -> bool:
        meant = self.recipient is None or self.recipient in recipients
        if stage != self.stage or not meant or self.times == 0:
            return False
        if self.times is not None:
            self.times -= 1
        return True


@dataclass
class SmtpServer:
    """Listens on the loopback address while used as a context manager.

    `mails` are those accepted, in order. `connections` counts how often somebody connected.
    """

    host: str = "127.0.0.1"
    port: int = 0
    mails: list[ReceivedMail] = field(default_factory=list)
    connections: int = 0
    _troubles: list[_Trouble] = field(default_factory=list)

    # --- what a test may ask for

    def answer(
        self, reply: str, *, at: str = "END", recipient: str | None = None, times: int | None = None
    ) -> None:
        """Answer `reply` ("451 4.3.0 Try later", "550 5.1.1 Unknown") at a stage of the dialogue.

        `at` is one of `STAGES`; "END" is the dot after the content. Only for one `recipient` if given (not at
        CONNECT or MAIL, where nobody is named yet), and only so many `times`; otherwise until `behave`.
        """
        self._add(_Trouble(at, reply, keep=False, recipient=recipient, times=times))

    def hang_up(self, *, at: str = "END", after_accepting: bool = False, times: int | None = None) -> None:
        """Close the connection without a reply. `after_accepting` keeps the mail first: the lost answer."""
        self._add(_Trouble(at, None, keep=after_accepting, recipient=None, times=times))

    def behave(self) -> None:
        """No more trouble."""
        self._troubles.clear()

    def to(self, recipient: str) -> list[ReceivedMail]:
        """The mails accepted for one address."""
        return [mail for mail in self.mails if recipient in mail.recipients]

    # --- life

    def __enter__(self) -> SmtpServer:
        listener = socket.create_server((self.host, 0))
        self.port = listener.getsockname()[1]
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        # Made inside the loop's own thread: the test's thread may hold a browser's loop.
        self._server = asyncio.run_coroutine_threadsafe(
            self._loop.create_server(lambda: _Protocol(self, self._loop), sock=listener), self._loop
        ).result(5)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._shut)
        self._thread.join(5)
        self._loop.close()

    def _shut(self) -> None:
        self._server.close()
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
        self._loop.call_soon(self._loop.stop)

    def _add(self, trouble: _Trouble) -> None:
        if trouble.stage not in STAGES:
            raise ValueError(f"{trouble.stage} is none of {STAGES}")
        self._troubles.append(trouble)

    def _trouble_at(self, stage: str, recipients: list[str]) -> _Trouble | None:
        return next((each for each in self._troubles if each.strikes(stage, recipients)), None)


class _Protocol(SMTP):
    """aiosmtpd's server with our say at every stage."""

    def __init__(self, owner: SmtpServer, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(_Handler(owner), hostname="localhost", loop=loop, enable_SMTPUTF8=True)
        self.owner = owner

    def connection_made(self, transport: Any) -> None:
        self.owner.connections += 1
        trouble = self.owner._trouble_at("CONNECT", [])
        if trouble:
            if trouble.reply:
                transport.write(f"{trouble.reply}\r\n".encode())
            transport.close()
            return
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        with contextlib.suppress(AttributeError):  # refused at CONNECT: never fully made
            super().connection_lost(error)

    async def smtp_DATA(self, arg: str | None) -> None:  # noqa: N802 (aiosmtpd's name)
        trouble = self.owner._trouble_at("DATA", list(self.envelope.rcpt_tos))
        if trouble is None:
            await super().smtp_DATA(arg)
        elif trouble.reply is None:
            self.transport.close()
        else:
            await self.push(trouble.reply)


class _Handler:
    def __init__(self, owner: SmtpServer) -> None:
        self.owner = owner

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        reply = self._reply("MAIL", [], server)
        if reply is None:
            envelope.mail_from = address
            envelope.mail_options.extend(options)
        return reply or "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        reply = self._reply("RCPT", [address], server)
        if reply is None:
            envelope.rcpt_tos.append(address)
            envelope.rcpt_options.extend(options)
        return reply or "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        trouble = self.owner._trouble_at("END", list(envelope.rcpt_tos))
        if trouble is None or trouble.keep:
            self.owner.mails.append(_received(envelope))
        return "250 OK" if trouble is None else _told(trouble, server)

    def _reply(self, stage: str, recipients: list[str], server: SMTP) -> str | None:
        trouble = self.owner._trouble_at(stage, recipients)
        return None if trouble is None else _told(trouble, server)


def _told(trouble: _Trouble, server: SMTP) -> str:
    """The reply that was asked for; with none the line is cut and what is returned reaches nobody."""
    if trouble.reply is None:
        server.transport.abort()
    return trouble.reply or "421 4.3.0 Gone"


def _received(envelope: Envelope) -> ReceivedMail:
    content = envelope.original_content or b""
    return ReceivedMail(envelope.mail_from or "", list(envelope.rcpt_tos), content)
