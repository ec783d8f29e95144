"""Opening and closing lines of a programme's mails: settled per language, previewed, tried out by mail to oneself."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from common.errors import DomainError, Stale
from outbox.models import Message
from outbox.services import drain, preview
from participants.services import open_log_in
from programmes.models import Coordinator, MailLines
from programmes.services import LINE_FIELDS, settle_mail_lines
from tests.meetings.world import NOW, cohort, pair, person
from tests.smtp import SmtpServer

pytestmark = pytest.mark.django_db
OPENING, CLOSING = "A word from Second Light.", "With kind regards, Lotte <HR> & all"


def lines(programme, version: int = 0, **values: str) -> MailLines:
    given = {**dict.fromkeys(LINE_FIELDS, ""), **values}
    return settle_mail_lines(programme=programme, values=given, version=version, by=None)


def test_every_mail_of_the_programme_begins_and_ends_with_them(smtp_server: SmtpServer) -> None:
    within = cohort()
    lines(within.programme, opening_en=OPENING, closing_en=CLOSING, closing_nl="Groet, Lotte")
    english = pair(within, mentee=person("Willem", grade=6, language="nl"))
    pair()
    drain(now=NOW)
    mail = smtp_server.to(english.mentor.person.email)[0].message
    text = mail.get_body(("plain",)).get_content()
    assert text.index("Hello") < text.index(OPENING) < text.index(CLOSING)
    assert "Lotte &lt;HR&gt; &amp; all" in mail.get_body(("html",)).get_content()
    dutch = (
        smtp_server.to("".join([english.mentee.person.email]))[0].message.get_body(("plain",)).get_content()
    )
    assert "Groet, Lotte" in dutch
    assert OPENING in dutch, "the first language where there is no Dutch"
    others = [one for one in smtp_server.mails if one.recipients[0] not in
              (english.mentor.person.email, english.mentee.person.email)]  # fmt: skip
    assert others
    assert all(OPENING.encode() not in one.content for one in others)


def test_two_who_change_them_at_once_and_a_line_that_is_too_long() -> None:
    programme = cohort().programme
    stored = lines(programme, opening_en="  One\r\nBcc: x@example.com ")
    assert stored.opening_en == "One Bcc: x@example.com"
    with pytest.raises(Stale):
        lines(programme, version=0, opening_en="Two")
    with pytest.raises(DomainError):
        lines(programme, version=1, closing_de="x" * 301)
    assert MailLines.objects.get().opening_en.startswith("One")


def test_the_page_saves_previews_and_sends_a_trial_to_oneself_alone(smtp_server: SmtpServer) -> None:
    within = cohort()
    who = Coordinator.objects.create(programme=within.programme, person=person("Lotte")).person
    client = Client()
    client.force_login(open_log_in(person=who), backend="django.contrib.auth.backends.ModelBackend")
    address = reverse("admin:programmes_programme_mail", args=[within.programme_id])
    page = client.get(address)
    assert page.status_code == 200
    values = {**dict.fromkeys(LINE_FIELDS, ""), "opening_en": OPENING, "seen": "0"}
    assert client.post(address, values).status_code == 302
    assert OPENING in client.get(address).content.decode()
    assert client.post(address, values).status_code == 422, "the page was opened before"
    client.post(address, {"trial": "1"})
    trials = Message.objects.filter(kind="mail_trial")
    assert {(row.recipient_id, row.language) for row in trials} == {(who.pk, c) for c in ("en", "nl", "de")}
    other = cohort().programme
    assert client.get(reverse("admin:programmes_programme_mail", args=[other.pk])).status_code == 404


def test_a_preview_leaves_nothing_behind() -> None:
    programme = cohort().programme
    lines(programme, opening_en=OPENING)
    letter = preview(kind="mail_trial", programme_id=programme.pk, language="en", now=NOW)
    assert OPENING in letter.text
    assert not Message.objects.exists()
