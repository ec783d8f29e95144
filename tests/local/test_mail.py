"""The local SMTP server keeps what it is sent, and its page shows that safely, in local mode only."""

import os
import signal
import smtplib
import subprocess
import sys
from email.message import EmailMessage

import pytest
from django.urls import reverse

from common.policies import policy_of
from mentoring.local import mailbox, mailpage
from mentoring.local.envfile import ROOT
from mentoring.local.ports import listen_anywhere, port_of

CALENDAR = "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nEND:VCALENDAR\r\n"


def mail(subject: str = "Grüße, Ana", text: str = "Look: https://example.com/x <script>") -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "hr@example.com", "ana@example.com", subject
    message.set_content(text)
    message.add_alternative("<p onclick='x()'>Hallo</p><script>alert(1)</script>", subtype="html")
    message.add_alternative(CALENDAR, subtype="calendar", params={"method": "REQUEST"})
    message.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="sheet.pdf")
    return message


@pytest.fixture
def sink(layout):
    """The server as `make run` starts it; yields its port."""
    listener = listen_anywhere()
    command = [
        "-m",
        "mentoring.local.mailsink",
        "--fd",
        str(listener.fileno()),
        "--folder",
        str(layout.mail_dir),
    ]
    process = subprocess.Popen([sys.executable, *command], cwd=ROOT, pass_fds=[listener.fileno()])
    yield port_of(listener)
    process.send_signal(signal.SIGTERM)
    assert process.wait(10) == 0
    listener.close()


@pytest.fixture
def folder(layout, monkeypatch):
    """The page looks into this layout's mails."""
    layout.mail_dir.mkdir()
    monkeypatch.setattr(mailpage, "_folder", lambda: layout.mail_dir)
    return layout.mail_dir


def test_what_is_sent_is_kept_with_its_envelope(sink, layout):
    with smtplib.SMTP("127.0.0.1", sink, timeout=10) as client:
        client.send_message(mail(), "bounce@example.com", ["ana@example.com", "hidden@example.com"])
    (name,) = mailbox.names(layout.mail_dir)
    kept = mailbox.load(layout.mail_dir, name)
    assert kept.sender == "bounce@example.com"
    assert kept.recipients == ["ana@example.com", "hidden@example.com"]
    assert kept.subject == "Grüße, Ana"
    assert kept.text("text/plain").startswith("Look: ")
    assert kept.text("text/calendar").replace("\r\n", "\n") == CALENDAR.replace("\r\n", "\n")
    assert kept.attachments == ["sheet.pdf"]


def test_the_newest_comes_first_and_half_a_mail_is_never_seen(folder):
    names = [
        mailbox.keep(folder, "a@example.com", ["b@example.com"], mail(str(n)).as_bytes()) for n in range(3)
    ]
    (folder / ".half.tmp").write_bytes(b"Subject: half")
    (folder / "notes.eml").write_bytes(b"Subject: not ours")
    assert mailbox.names(folder) == names[::-1]


@pytest.mark.parametrize("name", ["../lock", "1234567890123456789-abcdef01", "x", ""])
def test_a_name_that_is_none_finds_nothing(folder, name):
    (folder / "x.eml").write_bytes(b"Subject: x")
    with pytest.raises(FileNotFoundError):
        mailbox.load(folder, name)


def test_an_unknown_charset_is_still_shown(folder):
    content = b"Content-Type: text/plain; charset=klingon\r\n\r\nHallo"
    name = mailbox.keep(folder, "a@example.com", ["b@example.com"], content)
    assert mailbox.load(folder, name).text("text/plain") == "Hallo"


def test_the_page_lists_mails_in_pages_newest_first(client, db, folder):
    for number in range(mailpage.MAILS_PER_PAGE + 1):
        mailbox.keep(folder, "a@example.com", [f"to{number}@example.com"], mail(f"Mail {number}").as_bytes())
    first = client.get(reverse("mail-list")).content.decode()
    second = client.get(reverse("mail-list") + "?page=2").content.decode()
    assert f"Mail {mailpage.MAILS_PER_PAGE}<" in first
    assert "Mail 0<" not in first
    assert "Mail 0<" in second
    assert "to0@example.com" in second


def test_the_page_shows_text_with_links_and_the_calendar_part(client, db, folder):
    name = mailbox.keep(folder, "a@example.com", ["ana@example.com"], mail().as_bytes())
    page = client.get(reverse("mail-detail", args=[name])).content.decode()
    assert '<a href="https://example.com/x"' in page
    assert "&lt;script&gt;" in page
    assert "METHOD:REQUEST" in page
    assert "sheet.pdf" in page
    assert f'sandbox title="The mail as HTML" src="{reverse("mail-html", args=[name])}"' in page
    assert "alert(1)" not in page


def test_a_mails_html_is_locked_in(client, db, folder):
    name = mailbox.keep(folder, "a@example.com", ["ana@example.com"], mail().as_bytes())
    answer = client.get(reverse("mail-html", args=[name]))
    assert "<p onclick=" in answer.content.decode()
    rules = dict(
        rule.strip().partition(" ")[::2] for rule in answer.headers["Content-Security-Policy"].split(";")
    )
    assert rules["default-src"] == "'none'"
    assert rules["sandbox"] == ""
    assert "script-src" not in rules
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"


@pytest.mark.parametrize("view", [mailpage.mail_list, mailpage.mail_detail, mailpage.mail_html])
def test_the_pages_are_declared_local(view):
    assert policy_of(view) == "local"


def test_outside_local_mode_there_is_no_such_page(client, db, folder, settings):
    name = mailbox.keep(folder, "a@example.com", ["ana@example.com"], mail().as_bytes())
    settings.LOCAL_MODE = False
    for address in (
        reverse("mail-list"),
        reverse("mail-detail", args=[name]),
        reverse("mail-html", args=[name]),
    ):
        assert client.get(address).status_code == 404


def test_a_mail_that_is_not_there_is_404(client, db, folder):
    assert client.get(reverse("mail-detail", args=["1234567890123456789-abcdef01"])).status_code == 404


def test_production_adds_no_local_address(tmp_path):
    """In a process with production's settings the page's name does not even exist."""
    code = (
        "import django; django.setup()\n"
        "from django.urls import NoReverseMatch, reverse\n"
        "try: print(reverse('mail-list'))\n"
        "except NoReverseMatch: print('none')\n"
    )
    production = {
        "MENTORING_LOCAL": "0",
        "DJANGO_SETTINGS_MODULE": "mentoring.settings",
        "SECRET_KEY": "".join(chr(33 + n) for n in range(60)),
        "SEALING_KEY": "a2V5a2V5a2V5a2V5a2V5a2V5a2V5a2V5a2V5a2V5a2U=",
        "ALLOWED_HOSTS": "mentoring.example.com",
        "SITE_URL": "https://mentoring.example.com",
        "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none",
        "REDIS_URL": "redis://127.0.0.1:1/0",
        "EMAIL_HOST": "127.0.0.1",
        "DEFAULT_FROM_EMAIL": "hr@example.com",
        "PATH": os.environ["PATH"],
    }
    answer = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=production, capture_output=True, text=True, check=False
    )
    assert answer.stdout.strip() == "none", answer.stderr
