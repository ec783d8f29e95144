"""A real OpenID provider in a process of its own, which can be told to lie.

``python -m tests.sso.provider PORT`` serves oidc-provider-mock on 127.0.0.1 with PKCE enforced. What a test puts to
``/fault`` is done to the next ID tokens, signed with the provider's own key: so only the content is wrong.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import sys
import time
from collections.abc import Callable, Iterable
from io import BytesIO
from typing import Any
from urllib.parse import parse_qs
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import jwt

os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"

from oidc_provider_mock import _app as provider_module
from oidc_provider_mock import app as provider_app

KEYS: list[Any] = []


class KeyKeepingStorage(provider_module.Storage):
    """The provider's own storage; we look at the key it drew."""

    def __init__(self) -> None:
        super().__init__()
        KEYS[:] = [self.jwk]


provider_module.Storage = KeyKeepingStorage
Respond = Callable[..., Any]


class LyingProvider:
    """The provider's application with three additions: faults, PKCE, and a look at what was asked."""

    def __init__(self) -> None:
        self.app = provider_app(require_nonce=True).wsgi_app
        self.fault: dict[str, Any] = {}
        self.asked: dict[str, str] = {}
        self.challenges: dict[str, str] = {}

    def __call__(self, environ: dict[str, Any], respond: Respond) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        if path == "/fault":
            self.fault = json.loads(self._body(environ) or b"{}")
            return self._answer(respond, b"{}")
        if path == "/asked":
            return self._answer(respond, json.dumps(self.asked).encode())
        if path == "/oauth2/authorize":
            return self._authorize(environ, respond)
        if path == "/oauth2/token":
            return self._token(environ, respond)
        if path == "/.well-known/openid-configuration" and "discovery" in self.fault:
            return self._answer(respond, json.dumps(self.fault["discovery"]).encode())
        return self.app(environ, respond)

    def _authorize(self, environ: dict[str, Any], respond: Respond) -> Iterable[bytes]:
        self.asked = {name: values[0] for name, values in parse_qs(environ["QUERY_STRING"]).items()}
        assert self.asked.get("code_challenge_method") == "S256", "no PKCE"

        def remember(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            location = dict(headers).get("Location", "")
            code = parse_qs(location.partition("?")[2]).get("code")
            if code:
                self.challenges[code[0]] = self.asked["code_challenge"]
            return respond(status, headers, *rest)

        return self.app(environ, remember)

    def _token(self, environ: dict[str, Any], respond: Respond) -> Iterable[bytes]:
        body = self._body(environ)
        form = {name: values[0] for name, values in parse_qs(body.decode()).items()}
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != self.challenges.get(
            form.get("code", "")
        ):
            return self._answer(respond, b'{"error": "invalid_grant"}', "400 Bad Request")
        kept: list[Any] = []
        answer = b"".join(
            self.app(environ | {"wsgi.input": BytesIO(body)}, lambda status, *rest: kept.append(status))
        )
        if kept[0].startswith("200") and self.fault:
            answer = self._lie(json.loads(answer))
        return self._answer(respond, answer, kept[0])

    def _lie(self, answer: dict[str, Any]) -> bytes:
        claims = jwt.decode(answer["id_token"], options={"verify_signature": False})
        claims |= self.fault.get("claims", {})
        for name in self.fault.get("without", ()):
            claims.pop(name, None)
        if "age" in self.fault:
            claims |= {
                "iat": int(time.time()) - self.fault["age"],
                "exp": int(time.time()) - self.fault["age"] + 60,
            }
        answer["id_token"] = _signed(claims, self.fault.get("signature", ""))
        return json.dumps(answer).encode()

    def _body(self, environ: dict[str, Any]) -> bytes:
        return bytes(environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)))

    def _answer(self, respond: Respond, body: bytes, status: str = "200 OK") -> Iterable[bytes]:
        respond(status, [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
        return [body]


def _signed(claims: dict[str, Any], how: str) -> str:
    """With the provider's key; "none" for no signature, "secret" for the client's, "stranger" for another key."""
    public = KEYS[0].as_dict(is_private=False)
    headers = {"kid": public.get("kid")}
    if how == "none":
        return jwt.encode(claims, None, algorithm="none", headers=headers)
    if how == "secret":
        return jwt.encode(
            claims, "client-secret-client-secret-client-secret", algorithm="HS256", headers=headers
        )
    if how == "stranger":
        from cryptography.hazmat.primitives.asymmetric import rsa

        return jwt.encode(claims, rsa.generate_private_key(65537, 2048), algorithm="RS256", headers=headers)
    key = jwt.PyJWK.from_dict(KEYS[0].as_dict(is_private=True) | {"alg": "RS256"}).key
    return jwt.encode(claims, key, algorithm="RS256", headers=headers)


class Quiet(WSGIRequestHandler):
    def log_message(self, *args: Any) -> None:
        """Nothing: its log is nobody's business."""


if __name__ == "__main__":
    with make_server("127.0.0.1", int(sys.argv[1]), LyingProvider(), WSGIServer, Quiet) as server:
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        server.serve_forever()
