"""Providers of django-anymail: the same mail, and a key by which a copy of it is dropped."""

from __future__ import annotations

import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest

from outbox.services import drain, recover
from tests.outbox.conftest import NOW, end_lease, state_of, write

pytestmark = pytest.mark.django_db


class Api(BaseHTTPRequestHandler):
    """A provider's address: notes down what is asked, and answers as Resend and Brevo do."""

    asked: list[tuple[dict[str, str], dict[str, Any]]] = []
    hangs_up = False

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.asked.append((dict(self.headers), body))
        if self.hangs_up:
            self.close_connection = True
            return
        answer = json.dumps({"id": "1", "messageId": "<1@example.com>"}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture
def api(settings):
    server = ThreadingHTTPServer(("127.0.0.1", 0), Api)
    Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}/"
    Api.asked, Api.hangs_up = [], False
    settings.ANYMAIL = {
        "RESEND_API_KEY": "k", "RESEND_API_URL": address, "BREVO_API_KEY": "k", "BREVO_API_URL": address,
    }  # fmt: skip
    yield Api
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("name", ["resend", "brevo"])
def test_a_provider_is_told_which_mail_it_is_on_every_attempt(api, settings, name):
    settings.EMAIL_BACKEND = f"anymail.backends.{name}.EmailBackend"
    message = write()
    api.hangs_up = True
    assert drain(now=NOW) == 0
    assert state_of(message) == ("sending", "unknown"), "nobody knows whether it was taken over"
    api.hangs_up = False
    end_lease(message)
    recover(now=NOW)
    assert drain(now=NOW) == 1
    (first, one), (second, two) = api.asked[0], api.asked[-1]
    key = message.message_id.strip("<>")
    assert first["Idempotency-Key"] == second["Idempotency-Key"] == key
    assert one == two, "the same mail, byte for byte"
    if name == "brevo":
        assert one["headers"]["idempotencyKey"] == two["headers"]["idempotencyKey"]
        assert len(one["headers"]["idempotencyKey"]) == 36
