"""Everybody has somebody to turn to outside their line; where that ends, those who run it hear of it (decision 3)."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from meetings.choices import LINK_HELP
from meetings.services.by_link import Errand, listener_for
from outbox.models import Message
from participants.models import Person
from participants.services import lines_changed, mark_left, open_log_in
from programmes.models import Cohort, ContactRequest, Enrolment, NamedContact
from programmes.selectors import gates, mentors_without_contact
from programmes.selectors.gates import own_gates
from programmes.services import close_contact_request, is_still_valid, name_contact, request_contact
from tests.meetings.world import pair
from tests.programmes.test_desk_lists import text
from tests.programmes.world import NOW, World, make_person, make_world, take_part
from tests.refusals import refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    made = make_world()
    for stage in ("open", "selecting"):
        Cohort.objects.filter(pk=made.cohort.pk).update(stage=stage)
    made.cohort.refresh_from_db()
    return made


@pytest.fixture
def contact(world: World) -> Person:
    NamedContact.objects.filter(programme=world.programme).delete()
    person = make_person("k", "Kim")
    name_contact(programme=world.programme, person=person, by=None, now=NOW)
    return person


@pytest.fixture
def noor(world: World) -> Enrolment:
    return take_part(world, "noor", "mentor")


def below(low: Person, high: Person) -> None:
    """Two steps, so that only a look along the whole line finds it."""
    between = Person.objects.filter(hr_key=f"between-{low.pk}").first()
    between = between or make_person(f"between-{low.pk}", manager=high)
    Person.objects.filter(pk=low.pk).update(manager=between)


def ask(world: World, who: Enrolment, target: str = "contact") -> ContactRequest:
    return request_contact(programme=world.programme, person=who.person, target=target, now=NOW)


def test_nobody_in_ones_line_is_told_or_shown_that_one_asks(
    client: Client, world: World, contact: Person, noor: Enrolment
) -> None:
    second = make_person("l", "Lou")
    name_contact(programme=world.programme, person=second, by=None, now=NOW)
    below(noor.person, contact)
    Message.objects.all().delete()
    asked = ask(world, noor)
    assert [mail.recipient_id for mail in Message.objects.filter(kind="contact_request")] == [second.pk]
    with refused("not_allowed"):
        close_contact_request(contact_request=asked, by=contact, now=NOW)
    for person, is_shown in ((contact, False), (second, True)):
        client.force_login(open_log_in(person=person))
        assert (str(noor.person) in text(client.get(reverse("portal:contact-requests")))) is is_shown
    client.force_login(open_log_in(person=noor.person))
    for page in (reverse("portal:talk"), reverse("portal:home")):
        shown = text(client.get(page))
        assert str(second) in shown
        assert str(contact) not in shown


def test_a_coordinator_above_somebody_does_not_see_their_request(
    client: Client, world: World, noor: Enrolment
) -> None:
    below(noor.person, world.coordinator)
    with refused("nobody"):
        ask(world, noor, "coordinator")
    Person.objects.filter(pk=noor.person_id).update(manager=None)
    asked = ask(world, noor, "coordinator")
    address = reverse("admin:programmes_contactrequest_change", args=[asked.pk])
    client.force_login(world.user)
    assert client.get(address).status_code == 200
    below(noor.person, world.coordinator)
    assert client.get(address).status_code == 404


def test_the_only_contact_leaves_and_those_who_run_it_hear_of_it(
    client: Client, world: World, contact: Person, noor: Enrolment
) -> None:
    mark_left(person=contact, now=NOW)
    mail = Message.objects.get(kind="listener_missing")
    assert mail.recipient_id == world.coordinator.pk
    client.force_login(world.user)
    assert "1 mentor has nobody to turn to outside their own line." in text(
        client.get(reverse("admin:index"))
    )
    with refused("nobody"):
        ask(world, noor)
    holds = {"kind": mail.kind, "about": None, "valid_while": mail.valid_while}
    assert is_still_valid(**holds)
    name_contact(programme=world.programme, person=make_person("n", "Nele"), by=None, now=NOW)
    assert not is_still_valid(**holds)
    assert not mentors_without_contact(world.programme.pk).exists()


def test_nothing_is_said_while_another_stands_by(world: World, contact: Person, noor: Enrolment) -> None:
    name_contact(programme=world.programme, person=make_person("l", "Lou"), by=None, now=NOW)
    mark_left(person=contact, now=NOW)
    assert not Message.objects.filter(kind="listener_missing").exists()


def test_a_roster_that_puts_the_contact_above_a_mentor_is_noticed(
    world: World, contact: Person, noor: Enrolment
) -> None:
    below(noor.person, contact)
    lines_changed(person_ids=frozenset({noor.person_id}), now=NOW)
    assert Message.objects.filter(kind="listener_missing").count() == 1
    gate = next(one for one in gates(world.cohort, "matching") if one.code == "contact_for_all")
    assert (gate.is_met, gate.note) == (False, "0 of 1")
    lines_changed(person_ids=frozenset({noor.person_id}), now=NOW)  # the same day: said once
    assert Message.objects.filter(kind="listener_missing").count() == 1


def test_a_contact_who_has_left_opens_no_cohort_and_whoever_takes_part_is_none(
    world: World, contact: Person, noor: Enrolment
) -> None:
    mark_left(person=contact, now=NOW)
    gate = next(one for one in own_gates(world.cohort, "open", NOW) if one.code == "contact")
    assert not gate.is_met
    with refused("takes_part"):
        name_contact(programme=world.programme, person=noor.person, by=None, now=NOW)


def test_quiet_help_goes_to_a_coordinator_where_every_contact_stands_above_who_asks() -> None:
    two = pair()
    ear = make_person("ear", "Ear")
    NamedContact.objects.create(programme=two.cohort.programme, person=ear)
    errand = Errand(LINK_HELP, two.mentor.person, two, None)
    assert listener_for(errand) == "contact"
    below(two.mentor.person, ear)
    assert listener_for(errand) == "coordinator"
