"""The texts of the house's mails: complete, well-formed, and those about log-in as people get them."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings as project
from django.template.loader import get_template

from outbox.services import Recipient, drain
from tests.outbox.conftest import NOW, write

FOLDER = Path(project.BASE_DIR) / "templates" / "email"
KINDS = sorted(folder.name for folder in FOLDER.iterdir() if folder.is_dir() and folder.name != "parts")
NOBODY = Recipient(None, "op@example.com", "", "en", "Europe/Amsterdam")


@pytest.mark.parametrize("kind", KINDS)
def test_each_mail_has_subject_text_and_html(kind):
    for part in ("subject.txt", "body.txt", "body.html"):
        assert get_template(f"email/{kind}/{part}") is not None
    assert len((FOLDER / kind / "subject.txt").read_text().strip().splitlines()) == 1


@pytest.mark.django_db
@pytest.mark.parametrize("to", [NOBODY, Recipient(7, "op@example.com", "Anna", "en", "Europe/Amsterdam")])
def test_a_log_in_code_as_it_arrives(smtp_server, to):
    write(
        kind="login_code", to=to, context={"code": "AB3-9KX"}, priority=0, expires_at=NOW + timedelta(hours=1)
    )
    assert drain(now=NOW) == 1
    mail = smtp_server.mails[0].message
    assert mail["Subject"] == "Your code to log in"
    for part in ("plain", "html"):
        text = mail.get_body((part,)).get_content()
        assert "AB3-9KX" in text
        assert "Nobody will ever ask you for this code" in text
        assert ("Hello Anna" in text) is (to.first_name == "Anna")


@pytest.mark.django_db
def test_a_notice_about_the_log_in_as_it_arrives(smtp_server):
    body = "Your password was changed.\n\nNot you? <Tell> us: it's urgent."
    write(kind="account_notice", to=NOBODY, context={"subject": "Password changed", "body": body})
    assert drain(now=NOW) == 1
    mail = smtp_server.mails[0].message
    assert mail["Subject"] == "Password changed"
    assert body in mail.get_body(("plain",)).get_content().replace("\r\n", "\n")
    assert "&lt;Tell&gt; us" in mail.get_body(("html",)).get_content()
    assert 'lang="en"' in mail.get_body(("html",)).get_content()
