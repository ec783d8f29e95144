"""The mail desk: within one's own programmes, without contents, and what a person decides there."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from common.errors import DomainError, IllegalTransition
from outbox.models import Message, Relay
from outbox.querysets import DatabaseClock
from outbox.services import Link, dismiss, drain, recover, send_again
from participants.models import Person, User
from programmes.models import Coordinator, Programme
from tests.outbox.conftest import NOW, end_lease, state_of, write

pytestmark = pytest.mark.django_db
LIST = reverse("admin:outbox_message_changelist")


@pytest.fixture
def coordinator(client):
    """Lotte coordinates programme Second Light, and nothing else; she is at the desk."""
    person = Person.objects.create(
        hr_key="L1", first_name="Lotte", last_name="Brandsma", email="lotte@example.com"
    )
    programme = Programme.objects.create(name="Second Light")
    Coordinator.objects.create(programme=programme, person=person)
    client.force_login(User.objects.create(email="lotte@example.com", person=person))
    return programme


@pytest.fixture
def operator(client):
    client.force_login(User.objects.create(email="op@example.com", is_superuser=True))


def failed(smtp_server, name: str = "1", **more: object) -> Message:
    smtp_server.answer("550 5.1.1 Unknown", at="RCPT", recipient=f"person{name}@example.com")
    message = write(name, **more)
    drain(now=NOW)
    smtp_server.behave()
    assert state_of(message) == ("dead", "refused")
    return message


def uncertain(smtp_server, name: str = "1") -> Message:
    smtp_server.hang_up(at="END", after_accepting=True, times=1)
    message = write(name, policy="hold")
    drain(now=NOW)
    end_lease(message)
    recover(now=NOW)
    assert state_of(message) == ("uncertain", "unknown")
    return message


# --- what a person decides ----------------------------------------------------------------------------


def test_a_failed_mail_goes_again_as_a_new_one(smtp_server):
    link = Link("accept", None, NOW + timedelta(days=7), "/yes/{token}/")
    old = failed(smtp_server, kind="with_link", links={"yes": link}, about=("proposal", 4))
    new = send_again(message=old, now=NOW)
    assert state_of(old) == ("cancelled", "resent")
    assert (new.key, new.about) == (f"{old.key}:r1", ("proposal", 4))
    assert new.message_id != old.message_id
    assert drain(now=NOW) == 1
    assert state_of(new) == ("sent", "")


def test_each_time_under_a_key_of_its_own(smtp_server):
    first = failed(smtp_server)
    second = send_again(message=first, now=NOW)
    Message.objects.filter(pk=second.pk).update(
        state="claimed", lease_token="0" * 32, lease_until=DatabaseClock()
    )
    Message.objects.filter(pk=second.pk).update(state="dead", lease_token=None, lease_until=None)
    third = send_again(message=second, now=NOW)
    assert third.key == f"{first.key}:r2"


def test_a_mail_of_unknown_fate_goes_again_with_the_same_bytes(smtp_server):
    message = uncertain(smtp_server)
    assert send_again(message=message, now=NOW).pk == message.pk
    assert drain(now=NOW + timedelta(days=1)) == 1
    first, second = smtp_server.mails
    assert first.content == second.content


def test_putting_aside(smtp_server):
    one, other = failed(smtp_server, "1"), uncertain(smtp_server, "2")
    for message in (one, other):
        dismiss(message=message, now=NOW)
        assert state_of(message) == ("cancelled", "dismissed")
    assert Message.objects.in_trouble().count() == 0


def test_what_went_well_or_waits_is_left_alone(smtp_server):
    sent = write("1")
    drain(now=NOW)
    waiting = write("2")
    for message in (sent, waiting):
        for decide in (send_again, dismiss):
            with pytest.raises(IllegalTransition):
                decide(message=message, now=NOW)


def test_no_sending_again_when_its_time_has_passed_or_its_text_is_gone(smtp_server):
    late = failed(smtp_server, "1", expires_at=NOW + timedelta(hours=1))
    with pytest.raises(DomainError) as refusal:
        send_again(message=late, now=NOW + timedelta(hours=1))
    assert refusal.value.code == "expired"
    Message.objects.filter(pk=late.pk).update(context=None)
    with pytest.raises(DomainError) as refusal:
        send_again(message=late, now=NOW)
    assert refusal.value.code == "content_gone"


# --- the list -----------------------------------------------------------------------------------------


@pytest.mark.covers("C-02", "D-03")
def test_a_coordinator_sees_the_mail_of_their_programmes(client, coordinator, smtp_server):
    mine = failed(smtp_server, "1", programme_id=coordinator.pk)
    write("2", programme_id=coordinator.pk + 1)
    write("3", programme_id=None)
    page = client.get(LIST)
    assert list(page.context["cl"].queryset) == [mine]
    text = page.content.decode()
    assert "person1@example.com" in text
    assert "the mail server refused this mail or its address" in text
    assert "person2@example.com" not in text
    assert "person3@example.com" not in text


@pytest.mark.covers("A-28")
@pytest.mark.parametrize("user", ["coordinator", "operator"])
def test_discreet_mail_is_counted_and_never_listed(client, request, smtp_server, user):
    programme = request.getfixturevalue(user)
    programme_id = programme.pk if programme else 1
    kinds = ("eval_open", "exit", "contact_request", "concern_received", "pulse", "login_code")
    for number, kind in enumerate(kinds):
        write(f"secret{number}", kind=kind, programme_id=programme_id, not_before=NOW + timedelta(days=1))
    write("2", programme_id=programme_id)
    page = client.get(LIST)
    assert [row.kind for row in page.context["cl"].queryset] == ["monthly_meeting"]
    assert len(page.context["counted"]) == len(kinds)
    assert "evaluation: invitation" in page.content.decode()
    assert "secret" not in page.content.decode()


def test_a_coordinator_cannot_open_what_is_not_theirs_or_discreet(client, coordinator, smtp_server):
    for name, more in (("1", {"programme_id": coordinator.pk + 1}), ("2", {"kind": "exit"})):
        message = write(name, **{"programme_id": coordinator.pk, **more})
        assert client.get(reverse("admin:outbox_message_change", args=[message.pk])).status_code == 404


@pytest.mark.covers("A-28", "C-15")
def test_no_page_of_the_desk_tells_what_a_mail_says(client, operator, smtp_server):
    link = Link("accept", None, NOW + timedelta(days=7), "/yes/{token}/")
    message = write("1", kind="with_link", context={"month": "CANARY"}, links={"yes": link})
    drain(now=NOW)
    token_page = smtp_server.mails[0].message.get_body(("plain",)).get_content().split("/yes/")[1][:43]
    for address in (LIST, reverse("admin:outbox_message_change", args=[message.pk])):
        text = client.get(address).content.decode()
        assert "CANARY" not in text
        assert token_page not in text


def test_actions_send_again_and_put_aside(client, coordinator, smtp_server):
    one = failed(smtp_server, "1", programme_id=coordinator.pk)
    other = failed(smtp_server, "2", programme_id=coordinator.pk)
    sent = write("3", programme_id=coordinator.pk)
    drain(now=NOW)
    page = client.post(LIST, {"action": "send_again", "_selected_action": [one.pk, sent.pk]})
    (words,) = [str(message) for message in get_messages(page.wsgi_request)]
    assert words.startswith("1 mail goes out again. 1× Only mail that failed")
    client.post(LIST, {"action": "put_aside", "_selected_action": [other.pk]})
    assert state_of(one) == ("cancelled", "resent")
    assert state_of(other) == ("cancelled", "dismissed")


def test_an_action_cannot_reach_another_programme(client, coordinator, smtp_server):
    foreign = failed(smtp_server, programme_id=coordinator.pk + 1)
    client.post(LIST, {"action": "send_again", "_selected_action": [foreign.pk]})
    assert state_of(foreign) == ("dead", "refused")


def test_mail_is_neither_added_nor_changed_nor_deleted_by_hand(client, operator):
    message = write()
    change = reverse("admin:outbox_message_change", args=[message.pk])
    assert client.get(reverse("admin:outbox_message_add")).status_code == 403
    assert client.post(change, {"state": "sent"}).status_code == 403
    assert client.post(reverse("admin:outbox_message_delete", args=[message.pk])).status_code == 403


def test_the_desk_says_that_the_mail_server_is_away(client, coordinator):
    assert "mail server has not let us in" not in client.get(LIST).content.decode()
    Relay.objects.create(name="default", failures=3, failing_since=NOW)
    assert "mail server has not let us in" in client.get(LIST).content.decode()


def test_the_list_costs_the_same_however_long_it_is(client, coordinator, django_assert_max_num_queries):
    write("first", programme_id=coordinator.pk)
    with CaptureQueriesContext(connection) as few:
        client.get(LIST)
    for name in range(30):
        write(str(name), programme_id=coordinator.pk)
    with django_assert_max_num_queries(len(few)):
        client.get(LIST)
