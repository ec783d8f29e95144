"""The conversation with a mail server, told apart at the one place that matters: the final dot.

Before the dot nothing has been taken over and every failure is safe to repeat. After it the server may own the
mail while its answer is lost on the way (RFC 1047), so what is not an answer is "unanswered", never "failed".
"""

from __future__ import annotations

import contextlib
import smtplib
import socket
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

#: A connection is renewed after so many mails or seconds: relays dislike endless ones.
MAILS_A_LINE: Final = 100
SECONDS_A_LINE: Final = 60.0
#: Waiting for the answer to the dot costs nothing, losing it may cost a duplicate (RFC 5321 advises 10 minutes).
SECONDS_FOR_ANSWER: Final = 120.0
#: However long the time-out of the settings is: an answer must come within the outbox's lease.
LONGEST_FOR_ANSWER: Final = 240.0

BeforeDot = Callable[[], None]


@dataclass(frozen=True)
class Server:
    """Where and how to hand over mail; the fields are Django's ``EMAIL_*`` settings.

    Args:
        timeout: seconds for each step of the conversation.
        hostname: how we introduce ourselves.
    """

    host: str
    port: int
    user: str = ""
    password: str = ""
    use_tls: bool = False
    use_ssl: bool = False
    timeout: float = 30.0
    keyfile: str | None = None
    certfile: str | None = None
    hostname: str | None = None

    def tls(self) -> ssl.SSLContext:
        context = ssl.create_default_context()
        if self.certfile or self.keyfile:
            context.load_cert_chain(self.certfile or "", self.keyfile)
        return context


@dataclass(frozen=True)
class Reply:
    code: int
    text: str


class DeliveryProblem(Exception):
    """Why a mail was not handed over for certain."""


class Unreachable(DeliveryProblem):
    """No connection, no TLS, no log-in: not this mail's fault, and the same for every other."""


class Refused(DeliveryProblem):
    """The server answered that it does not take the mail, now or ever."""

    def __init__(self, stage: str, code: int, text: str) -> None:
        super().__init__(f"{stage}: {code} {text}")
        self.stage, self.code, self.text = stage, code, text


class Interrupted(DeliveryProblem):
    """The connection broke before the dot: nothing was taken over."""


class Unanswered(DeliveryProblem):
    """The dot was sent and no answer came: nobody knows."""


class _DotMixin:
    """``smtplib`` with a say between a mail's content and its final dot."""

    dotted = False

    def connect(self, *args: Any, **kwargs: Any) -> Any:
        reply = super().connect(*args, **kwargs)  # type: ignore[misc]
        # The dot goes out by itself: Nagle's algorithm would hold it back until the content is acknowledged.
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # type: ignore[attr-defined]
        return reply

    def content(self: Any, content: bytes, before_dot: BeforeDot) -> Reply:
        """DATA, the content, ``before_dot``, the dot, and the answer."""
        self.putcmd("data")
        code, text = self.getreply()
        if code != 354:
            raise Refused("data", code, _words(text))
        quoted = content.replace(b"\r\n.", b"\r\n..")
        quoted = b"." + quoted if quoted.startswith(b".") else quoted
        self.send(quoted if quoted.endswith(b"\r\n") else quoted + b"\r\n")
        before_dot()
        self.dotted = True
        self.sock.settimeout(min(max(SECONDS_FOR_ANSWER, self.timeout), LONGEST_FOR_ANSWER))
        self.send(b".\r\n")
        code, text = self.getreply()
        self.sock.settimeout(self.timeout)
        return Reply(code, _words(text))


class _Plain(_DotMixin, smtplib.SMTP):
    pass


class _Wrapped(_DotMixin, smtplib.SMTP_SSL):
    pass


class Line:
    """One reused connection to a mail server. Not shared between threads."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self._wire: Any = None
        self._mails = 0
        self._since = 0.0

    def deliver(self, *, sender: str, recipient: str, content: bytes, before_dot: BeforeDot) -> Reply:
        """Hand over one mail to one recipient.

        Args:
            content: the mail's bytes, lines ended by CRLF, ASCII only.
            before_dot: called when all but the dot is said. If it raises, the dot is never sent.

        Raises:
            Unreachable, Refused, Interrupted, Unanswered: see there; and whatever ``before_dot`` raises.
        """
        wire = self._ready()
        wire.dotted = False
        try:
            _expect("mail", wire.mail(sender))
            _expect("rcpt", wire.rcpt(recipient))
            reply: Reply = wire.content(content, before_dot)
        except Refused as refusal:
            self._go_on_after(refusal.code)
            raise
        except (smtplib.SMTPException, OSError) as error:
            self.drop()
            raise (Unanswered if wire.dotted else Interrupted)(_describe(error)) from error
        except BaseException:
            self.drop()
            raise
        return self._judge(reply)

    def close(self) -> None:
        """Say goodbye; a server that does not answer is left."""
        if self._wire is not None:
            with contextlib.suppress(smtplib.SMTPException, OSError):
                self._wire.quit()
        self.drop()

    def drop(self) -> None:
        """Cut the connection without a word: what was begun is not finished."""
        if self._wire is not None:
            with contextlib.suppress(OSError):
                self._wire.close()
        self._wire = None

    def _judge(self, reply: Reply) -> Reply:
        self._mails += 1
        if 200 <= reply.code <= 299:
            return reply
        self._go_on_after(reply.code)
        if 400 <= reply.code <= 599:
            raise Refused("end", reply.code, reply.text)
        raise Unanswered(f"{reply.code} {reply.text}")

    def _go_on_after(self, code: int) -> None:
        if code == 421 or not 400 <= code <= 599:
            return self.drop()
        try:
            self._wire.rset()
        except (smtplib.SMTPException, OSError):
            self.drop()
        return None

    def _ready(self) -> Any:
        worn = self._mails >= MAILS_A_LINE or time.monotonic() - self._since > SECONDS_A_LINE
        if self._wire is not None and worn:
            self.close()
        if self._wire is None:
            self._wire, self._mails, self._since = self._open(), 0, time.monotonic()
        return self._wire

    def _open(self) -> Any:
        wire: Any = None
        try:
            wire = self._dial()
            wire.ehlo_or_helo_if_needed()
            if self.server.use_tls:
                wire.starttls(context=self.server.tls())
                wire.ehlo()
            if self.server.user and self.server.password:
                wire.login(self.server.user, self.server.password)
        except (smtplib.SMTPException, OSError, UnicodeError) as error:
            if wire is not None:
                wire.close()
            raise Unreachable(_describe(error)) from error
        return wire

    def _dial(self) -> Any:
        server = self.server
        where: dict[str, Any] = {
            "host": server.host,
            "port": server.port,
            "timeout": server.timeout,
            "local_hostname": server.hostname,
        }
        return _Wrapped(**where, context=server.tls()) if server.use_ssl else _Plain(**where)


def _expect(stage: str, answer: tuple[int, bytes]) -> None:
    code, text = answer
    if not 200 <= code <= 299:
        raise Refused(stage, code, _words(text))


def _words(text: bytes) -> str:
    return text.decode("utf-8", "replace")[:500]


def _describe(error: BaseException) -> str:
    """The kind of error and the server's words, never what we sent (a password, an address)."""
    if isinstance(error, smtplib.SMTPResponseException):
        said = error.smtp_error
        words = _words(said) if isinstance(said, bytes) else str(said)[:500]
        return f"{type(error).__name__}: {error.smtp_code} {words}"
    return f"{type(error).__name__}: {error}"[:500]
