"""The tests' own mail server does what it is told."""

import smtplib

import pytest
from django.core.mail import EmailMessage


def send(*recipients: str) -> int:
    return EmailMessage("Subject", "Body", "from@example.com", list(recipients)).send()


def test_records_the_envelope_and_the_bytes(smtp_server):
    assert send("a@example.com", "b@example.com") == 1
    mail = smtp_server.mails[0]
    assert (mail.sender, mail.recipients) == ("from@example.com", ["a@example.com", "b@example.com"])
    assert mail.content.startswith(b"Content-Type: text/plain")
    assert mail.message.get_content().strip() == "Body"
    assert smtp_server.to("b@example.com") == [mail]


@pytest.mark.parametrize(
    ("stage", "error"),
    [
        ("CONNECT", smtplib.SMTPConnectError),
        ("MAIL", smtplib.SMTPSenderRefused),
        ("RCPT", smtplib.SMTPRecipientsRefused),
        ("DATA", smtplib.SMTPDataError),
        ("END", smtplib.SMTPDataError),
    ],
)
def test_answers_as_told_and_then_behaves(smtp_server, stage, error):
    smtp_server.answer("451 4.3.0 Try later", at=stage, times=1)
    with pytest.raises(error, match=r"451|Try later"):
        send("a@example.com")
    assert smtp_server.mails == []
    assert send("a@example.com") == 1


@pytest.mark.parametrize("stage", ["CONNECT", "MAIL", "RCPT", "DATA", "END"])
def test_hangs_up_as_told(smtp_server, stage):
    smtp_server.hang_up(at=stage)
    with pytest.raises((smtplib.SMTPServerDisconnected, ConnectionResetError)):
        send("a@example.com")
    assert smtp_server.mails == []


def test_keeps_the_mail_whose_answer_is_lost(smtp_server):
    smtp_server.hang_up(at="END", after_accepting=True)
    with pytest.raises(smtplib.SMTPServerDisconnected):
        send("a@example.com")
    assert len(smtp_server.mails) == 1


def test_refuses_one_recipient_only(smtp_server):
    smtp_server.answer("550 5.1.1 Unknown", at="RCPT", recipient="gone@example.com")
    assert send("gone@example.com", "here@example.com") == 1
    assert smtp_server.mails[0].recipients == ["here@example.com"]
