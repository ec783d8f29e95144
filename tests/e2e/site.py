"""The running application for browser tests: started as `make run` starts it, on data of its own."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

from mentoring.local import mailbox
from mentoring.local.layout import Layout
from mentoring.local.mailbox import StoredMail
from tests.house.checks import ROOT

LINK = re.compile(r"https?://\S+")
CODE = re.compile(r"^\s*([A-Z0-9-]{5,9})\s*$", re.MULTILINE)


class Site:
    """Web, worker, beat, database, broker and a mail server, with their mails at hand."""

    def __init__(self, name: str = "e2e") -> None:
        self.layout = Layout(name)
        self.environment = {
            key: value for key, value in os.environ.items() if key not in ("PYTEST_CURRENT_TEST", "PORT")
        } | {"MENTORING_LOCAL": "1", "MENTORING_LAYOUT": name, "PYTHONUNBUFFERED": "1"}
        self.log = self.layout.data.parent / f"{name}-run.log"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.log.parent.mkdir(parents=True, exist_ok=True)
        self.layout.address_file.unlink(missing_ok=True)
        log = self.log.open("wb")
        self.process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "mentoring.local.run",
                "--layout",
                self.layout.name,
                "--no-sample",
                "--fresh",
            ],
            cwd=ROOT,
            env=self.environment,
            stdout=log,
            stderr=log,
            stdin=subprocess.DEVNULL,
        )
        end = time.monotonic() + 120
        while not self.layout.address_file.exists():
            if self.process.poll() is not None or time.monotonic() > end:
                raise RuntimeError(self.log.read_text()[-3000:])
            time.sleep(0.1)

    def stop(self) -> None:
        if self.process is not None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(40)

    @property
    def address(self) -> str:
        return self.layout.address_file.read_text().strip()

    def manage(self, *arguments: str, check: bool = True) -> str:
        """Run a management command on this site's data and return what it printed."""
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.environment | {"SITE_URL": self.address, **self._mail()},
            capture_output=True,
            text=True,
            timeout=300,
        )
        if check and done.returncode:
            raise AssertionError(f"manage.py {' '.join(arguments)} failed:\n{done.stdout}\n{done.stderr}")
        return done.stdout

    def _mail(self) -> dict[str, str]:
        address = self.layout.smtp_address()
        return {"EMAIL_HOST": address[0], "EMAIL_PORT": str(address[1])} if address else {}

    def shell(self, code: str) -> str:
        """Run Python inside the project, for scripted respondents and independent checks."""
        return self.manage("shell", "-v", "0", "-c", code)

    # --- mail

    def mails(self, to: str) -> list[StoredMail]:
        """Everything that arrived for an address, newest first."""
        folder: Path = self.layout.mail_dir
        found = (mailbox.load(folder, name) for name in mailbox.names(folder))
        return [mail for mail in found if to in mail.recipients]

    def mail(self, to: str, *, subject: str, after: int = 0, seconds: float = 40) -> StoredMail:
        """Wait for a mail whose subject contains these words, beyond the first ``after`` of them."""
        end = time.monotonic() + seconds
        while True:
            found = [mail for mail in self.mails(to) if subject.lower() in mail.subject.lower()]
            if len(found) > after:
                return found[0]
            if time.monotonic() > end:
                have = [mail.subject for mail in self.mails(to)]
                raise AssertionError(f"no mail to {to} about {subject!r}; there are {have}")
            time.sleep(0.2)

    def link_to(self, address: str, path: str, *, seconds: float = 40) -> str:
        """Wait for any mail to an address that holds a link with this path; somebody may get several of a kind."""
        end = time.monotonic() + seconds
        while True:
            for mail in self.mails(address):
                links = [link.rstrip(").,") for link in LINK.findall(mail.text("text/plain"))]
                if found := next((link for link in links if path in link), ""):
                    return found
            if time.monotonic() > end:
                raise AssertionError(f"no mail to {address} leads to {path}")
            time.sleep(0.2)

    def link_in(self, mail: StoredMail, containing: str = "") -> str:
        """The first link of a mail's text that contains these words."""
        links = [link.rstrip(").,") for link in LINK.findall(mail.text("text/plain"))]
        matching = [link for link in links if containing in link]
        assert matching, f"no link with {containing!r} in {links}"
        return matching[0]

    def code_in(self, mail: StoredMail) -> str:
        """The log-in code of a mail: it stands on a line of its own."""
        found = CODE.search(mail.text("text/plain"))
        assert found, mail.text("text/plain")
        return found.group(1)
