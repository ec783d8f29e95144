"""Invitations: a mail with a link, used once, by its owner; and the log-ins that come of it."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.test import Client

from common.errors import Conflict, DomainError
from outbox.models import ActionLink, Message
from outbox.services import LinkGone, drain
from participants.emails import recipient
from participants.models import Person, User
from participants.services import close_log_in, mark_left, open_log_in
from programmes.choices import EnrolmentState
from programmes.models import Enrolment, NamedContact
from programmes.selectors import invitation
from programmes.services import (
    accept_invitation,
    dismiss_contact,
    dismiss_coordinator,
    invite,
    invite_again,
    invite_all,
    name_contact,
    name_coordinator,
    set_enrolment_state,
)
from tests.programmes.world import NOW, World, make_person, make_world, take_part
from tests.smtp import SmtpServer

pytestmark = pytest.mark.django_db
LATER = NOW + dt.timedelta(hours=1)


@pytest.fixture
def world() -> World:
    return make_world()


def sent(server: SmtpServer, at: dt.datetime = NOW) -> str:
    """Let the outbox send what waits and give the newest text."""
    drain(now=at)
    mail = server.mails[-1].message
    body = mail.get_body(preferencelist=("plain",))
    return str(body.get_content() if body else "")


def token_in(text: str) -> str:
    found = re.search(r"/i/([\w-]+)/", text)
    assert found, text
    return found[1]


@pytest.mark.covers("C-07", "C-15")
def test_the_link_in_the_mail_opens_the_log_in_once(world: World, smtp_server: SmtpServer) -> None:
    one = take_part(world, "1", "mentor")
    assert invite(enrolment=one, by=world.coordinator, now=NOW) is not None
    assert not User.objects.filter(person=one.person).exists()
    text = sent(smtp_server)
    assert "mentor" in text
    assert "Second Light" in text
    token = token_in(text)
    offer = invitation(token=token, now=LATER)
    assert offer is not None
    assert (offer.person, offer.part, offer.enrolment) == (one.person, "mentor", one)
    user = accept_invitation(token=token, now=LATER)
    assert (user.person, user.email, user.has_usable_password()) == (one.person, one.person.email, False)
    assert EmailAddress.objects.get(user=user).verified
    with pytest.raises(LinkGone):
        accept_invitation(token=token, now=LATER)
    assert invitation(token=token, now=LATER) is None
    assert User.objects.filter(person=one.person).count() == 1


@pytest.mark.covers("C-15")
def test_links_run_out_after_14_days_and_only_their_digest_is_stored(
    world: World, smtp_server: SmtpServer
) -> None:
    one = take_part(world, "1", "mentee")
    invite(enrolment=one, by=None, now=NOW)
    token = token_in(sent(smtp_server))
    assert token not in ActionLink.objects.get().token_sha256
    assert invitation(token=token, now=NOW + dt.timedelta(days=13)) is not None
    with pytest.raises(LinkGone):
        accept_invitation(token=token, now=NOW + dt.timedelta(days=14, minutes=1))


@pytest.mark.covers("D-07")
def test_a_second_press_is_one_mail_and_a_later_one_replaces_the_link(
    world: World, smtp_server: SmtpServer
) -> None:
    one = take_part(world, "1", "mentor")
    invite(enrolment=one, by=None, now=NOW)
    assert invite(enrolment=one, by=None, now=NOW + dt.timedelta(minutes=1)) is None
    first = token_in(sent(smtp_server))
    again = NOW + dt.timedelta(days=3)
    assert invite(enrolment=one, by=None, now=again) is not None
    second = token_in(sent(smtp_server, again))
    assert invitation(token=first, now=again) is None
    assert accept_invitation(token=second, now=again).person == one.person


@pytest.mark.covers("C-08")
def test_whoever_has_a_log_in_gets_no_link_past_their_second_factor(
    world: World, smtp_server: SmtpServer
) -> None:
    one = take_part(world, "1", "mentor")
    open_log_in(person=one.person)
    invite(enrolment=one, by=None, now=NOW)
    assert "/i/" not in sent(smtp_server)
    assert not ActionLink.objects.exists()


def test_nobody_is_invited_who_is_not_in_or_cannot_be_reached(world: World) -> None:
    waiting = take_part(world, "1", "mentor", state=EnrolmentState.APPLIED)
    with pytest.raises(DomainError, match="not accepted"):
        invite(enrolment=waiting, by=None, now=NOW)
    silent = take_part(world, "2", "mentor")
    Person.objects.filter(pk=silent.person_id).update(email=None)
    with pytest.raises(DomainError, match="no e-mail address"):
        invite(enrolment=silent, by=None, now=NOW)
    take_part(world, "3", "mentee")
    assert invite_all(cohort=world.cohort, by=None, now=NOW) == 1
    assert invite_all(cohort=world.cohort, by=None, now=LATER) == 0


def test_an_invitation_that_was_overtaken_is_neither_sent_nor_accepted(
    world: World, smtp_server: SmtpServer
) -> None:
    one, two = take_part(world, "1", "mentor"), take_part(world, "2", "mentor")
    invite(enrolment=one, by=None, now=NOW)
    set_enrolment_state(enrolment=one, to="withdrawn", by=None, now=NOW)
    drain(now=NOW)
    assert smtp_server.mails == []
    assert Message.objects.get().state == "cancelled"
    invite(enrolment=two, by=None, now=NOW)
    token = token_in(sent(smtp_server))
    set_enrolment_state(enrolment=two, to="withdrawn", by=None, now=NOW)
    assert invitation(token=token, now=LATER) is None
    with pytest.raises(LinkGone):
        accept_invitation(token=token, now=LATER)
    assert not User.objects.filter(person=two.person).exists()


@pytest.mark.covers("C-04")
def test_leaving_closes_log_in_sessions_and_links(
    world: World, client: Client, smtp_server: SmtpServer
) -> None:
    one = take_part(world, "1", "mentor")
    invite(enrolment=one, by=None, now=NOW)
    token = token_in(sent(smtp_server))
    user = open_log_in(person=one.person)
    client.force_login(user)
    client.get("/help/")
    mark_left(person=one.person, by=world.coordinator, now=LATER)
    user.refresh_from_db()
    assert not user.is_active
    assert not UserSession.objects.filter(user=user).exists()
    assert invitation(token=token, now=LATER) is None
    assert recipient(Person.objects.get(pk=one.person_id)) is None
    with pytest.raises(DomainError):
        open_log_in(person=one.person)


def test_coming_back_opens_the_same_log_in_again(world: World) -> None:
    one = take_part(world, "1", "mentor")
    user = open_log_in(person=one.person)
    close_log_in(person=one.person, now=NOW)
    assert open_log_in(person=one.person) == user
    user.refresh_from_db()
    assert user.is_active


def test_an_operators_own_log_in_is_bound_to_their_person_and_nobody_elses(world: World) -> None:
    operator = User.objects.create_superuser(email="op@example.com", password="x" * 20)
    person = make_person("op", "Olga", email="op@example.com")
    assert open_log_in(person=person).pk == operator.pk
    thief = make_person("t", "Tom", email="tom@example.com")
    Person.objects.filter(pk=person.pk).update(email="olga@example.com")
    Person.objects.filter(pk=thief.pk).update(email="op@example.com")
    with pytest.raises(Conflict):
        open_log_in(person=Person.objects.get(pk=thief.pk))


def test_coordinators_and_contacts_are_named_told_and_dismissed(
    world: World, smtp_server: SmtpServer
) -> None:
    person = make_person("n", "Nora")
    row = name_coordinator(programme=world.programme, person=person, by=world.coordinator, now=NOW)
    token = token_in(sent(smtp_server))
    assert accept_invitation(token=token, now=LATER).person == person
    with pytest.raises(Conflict, match="already"):
        name_coordinator(programme=world.programme, person=person, by=None, now=NOW)
    with pytest.raises(DomainError, match="not its named contact"):
        name_contact(programme=world.programme, person=person, by=None, now=NOW)
    dismiss_coordinator(coordinator=row, by=None)
    with pytest.raises(DomainError, match="Name somebody else first"):
        dismiss_coordinator(coordinator=world.programme.coordinators.get(), by=None)
    contact = name_contact(programme=world.programme, person=person, by=None, now=NOW)
    with pytest.raises(DomainError, match="not its named contact"):
        name_coordinator(programme=world.programme, person=person, by=None, now=NOW)
    assert invite_again(row=contact, by=None, now=LATER) is not None
    assert Message.objects.filter(kind="listener_named").count() == 2
    dismiss_contact(contact=contact, by=None)
    assert not NamedContact.objects.exists()


@pytest.mark.covers("A-28")
def test_the_mail_speaks_the_recipients_language_and_names_no_topic(
    world: World, smtp_server: SmtpServer
) -> None:
    one = take_part(world, "1", "mentee", wants={"gen_ai": 3})
    Person.objects.filter(pk=one.person_id).update(language="de")
    invite(enrolment=Enrolment.objects.get(pk=one.pk), by=None, now=NOW)
    text = sent(smtp_server)
    assert "Generative" not in text
    assert Message.objects.get().language == "de"
