"""A link in a mail lets one person do one thing once, and the database cannot give it away (C-14, C-15)."""

from __future__ import annotations

import re
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection

from outbox.models import ActionLink, Message
from outbox.services import Link, LinkGone, drain, open_link, revoke_links, use_link
from tests.outbox.conftest import NOW, write

pytestmark = [pytest.mark.django_db, pytest.mark.covers("C-15")]
LATER = NOW + timedelta(days=14)


@pytest.fixture
def token(smtp_server):
    """The token in the mail that Anna got, for saying yes to proposal 4."""
    write(kind="with_link", links={"yes": Link("accept", ("proposal", 4), LATER, "/yes/{token}/")})
    drain(now=NOW)
    text = smtp_server.mails[0].message.get_body(("plain",)).get_content()
    return re.search(r"https://mentoring\.example/yes/([\w-]{43})/", text).group(1)


def test_the_token_is_in_the_mail_and_nowhere_else(token):
    link = ActionLink.objects.get()
    assert token not in str(vars(link))
    assert Message.objects.get().raw is None, "the bytes would hold it"
    assert (link.purpose, link.about, link.person_id) == ("accept", ("proposal", 4), 7)
    with connection.cursor() as cursor:
        cursor.execute("SELECT outbox_message::text FROM outbox_message")
        assert token not in cursor.fetchone()[0]


@pytest.mark.covers("C-14")
def test_opening_changes_nothing(token):
    for _ in range(3):
        assert open_link(token, "accept", now=NOW) == ActionLink.objects.get()
    assert ActionLink.objects.get().used_at is None


def test_it_serves_its_purpose_only(token):
    assert open_link(token, "decline", now=NOW) is None
    with pytest.raises(LinkGone):
        use_link(token, "decline", now=NOW)


def test_it_is_used_once(token):
    assert use_link(token, "accept", now=NOW).about == ("proposal", 4)
    assert open_link(token, "accept", now=NOW) is None
    with pytest.raises(LinkGone):
        use_link(token, "accept", now=NOW)


def test_it_expires(token):
    assert open_link(token, "accept", now=LATER) is None
    with pytest.raises(LinkGone):
        use_link(token, "accept", now=LATER)


@pytest.mark.parametrize("whose", [{"person_id": 7}, {"about": ("proposal", 4)}])
def test_it_is_revoked_with_its_person_or_object(token, whose):
    assert revoke_links(now=NOW, person_id=8) == revoke_links(now=NOW, about=("meeting", 4)) == 0
    assert revoke_links(now=NOW, **whose) == 1
    assert open_link(token, "accept", now=NOW) is None


def test_revoking_nobodys_links_is_a_mistake():
    with pytest.raises(ValueError, match="whose"):
        revoke_links(now=NOW)


def test_a_made_up_token_opens_nothing(token):
    assert open_link("x" * 43, "accept", now=NOW) is None


def test_a_path_without_a_place_for_the_token_ends_with_it(smtp_server):
    write(kind="with_link", links={"yes": Link("accept", None, LATER, "/yes/")})
    drain(now=NOW)
    text = smtp_server.mails[0].message.get_body(("plain",)).get_content()
    assert re.search(r"https://mentoring\.example/yes/[\w-]{43}/\s", text)
    assert ActionLink.objects.get().about is None


def test_a_second_attempt_carries_the_same_link(smtp_server):
    smtp_server.answer("451 4.3.0 Try later", at="END", times=1)
    write(kind="with_link", links={"yes": Link("accept", ("proposal", 4), LATER, "/yes/{token}/")})
    drain(now=NOW)
    drain(now=NOW + timedelta(hours=1))
    assert ActionLink.objects.count() == len(smtp_server.mails) == 1


def test_a_mail_that_cannot_be_put_together_leaves_no_link():
    message = write(kind="broken", links={"yes": Link("accept", None, LATER, "/yes/{token}/")})
    drain(now=NOW)
    message.refresh_from_db()
    assert (message.state, ActionLink.objects.count()) == ("dead", 0)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_use_it_at_once_one_wins(token):
    start, results = Barrier(2), []

    def use():
        start.wait()
        try:
            results.append(use_link(token, "accept", now=NOW).purpose)
        except LinkGone as gone:
            results.append(gone.code)
        finally:
            connection.close()

    both = [Thread(target=use) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join(10)
    assert sorted(results) == ["accept", "link_gone"]
