"""Starting and asking the provider's process."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import requests

from mentoring.sso.configuration import Oidc
from tests.house.checks import ROOT

CLIENT_SECRET = "client-secret-client-secret-client-secret"


@dataclass
class Provider:
    """What a test does with the provider, over HTTP on loopback."""

    address: str

    def configuration(self, **values: Any) -> Oidc:
        defaults: dict[str, Any] = {
            "issuer": self.address, "client_id": "mentoring", "client_secret": CLIENT_SECRET, "name": "Acme",
        }  # fmt: skip
        return Oidc(**(defaults | values))

    def knows(self, subject: str, **claims: Any) -> None:
        """Somebody who can log in there."""
        requests.put(f"{self.address}/users/{subject}", json=claims, timeout=5).raise_for_status()

    def lies(self, **fault: Any) -> None:
        """What it does to the tokens from now on; nothing ends it."""
        requests.put(f"{self.address}/fault", json=fault, timeout=5).raise_for_status()

    def asked(self) -> dict[str, str]:
        """The parameters of the last request for a log-in."""
        found: dict[str, str] = requests.get(f"{self.address}/asked", timeout=5).json()
        return found

    def log_in(self, address: str, subject: str) -> str:
        """Log in at the provider's own page, as a browser would; returns where it sends the browser."""
        answer = requests.post(address, data={"sub": subject}, allow_redirects=False, timeout=5)
        assert answer.status_code in (302, 303), answer.text
        return answer.headers["Location"]


@contextmanager
def running_provider() -> Iterator[Provider]:
    """A provider in a process of its own, until the end of the block."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.sso.provider", str(port)],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == "ready"
        yield Provider(f"http://127.0.0.1:{port}")
    finally:
        process.terminate()
        process.wait(10)
