"""What a role asks for is read, said with one button, and counted."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from common.errors import DomainError, NotAllowed
from participants.services import open_log_in
from programmes.models import BriefReading, Enrolment
from programmes.selectors import shipped_values
from programmes.services import change_text, confirm_brief, set_enrolment_state, settle_text
from tests.programmes.test_desk_lists import text
from tests.programmes.world import NOW, World, make_world, take_part

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


def entering(client: Client, enrolment: Enrolment) -> None:
    client.force_login(open_log_in(person=enrolment.person))


@pytest.mark.covers("S0.31", "S2b.6", "S1.29")
@pytest.mark.parametrize(("role", "words"), [("mentor", "You may speak freely"), ("mentee", "keep the slot")])
def test_the_brief_waits_on_the_first_page_until_it_is_read(
    client: Client, world: World, role: str, words: str
) -> None:
    one = take_part(world, "1", role)
    entering(client, one)
    home, address = reverse("portal:home"), reverse("portal:brief", args=[one.pk])
    assert f"Read what is expected of you as a {role}" in text(client.get(home))
    shown = text(client.get(address))
    assert words in shown
    assert "Leaders learn from juniors." in shown, "the purpose stands on it"
    assert client.post(address).status_code == 302
    assert "Read what is expected" not in text(client.get(home))
    assert "You read this on" in text(client.get(address))
    assert BriefReading.objects.get().enrolment == one


def test_saying_it_twice_keeps_the_day_and_other_people_cannot_say_it(world: World) -> None:
    one, two = take_part(world, "1", "mentor"), take_part(world, "2", "mentee")
    first = confirm_brief(enrolment=one, by=one.person, now=NOW)
    again = confirm_brief(enrolment=one, by=one.person, now=NOW.replace(day=20))
    assert (again.pk, again.read_on) == (first.pk, NOW.date())
    with pytest.raises(NotAllowed):
        confirm_brief(enrolment=one, by=two.person, now=NOW)
    set_enrolment_state(enrolment=two, to="withdrawn", by=None, now=NOW)
    with pytest.raises(DomainError):
        confirm_brief(enrolment=two, by=two.person, now=NOW)


def test_new_words_are_read_anew_by_that_role_alone(world: World) -> None:
    mentor, mentee = take_part(world, "1", "mentor"), take_part(world, "2", "mentee")
    for one in (mentor, mentee):
        confirm_brief(enrolment=one, by=one.person, now=NOW)
    values = shipped_values(world.programme, "mentor_brief")
    own = settle_text(programme=world.programme, key="mentor_brief", values=values, by=None)
    assert BriefReading.objects.filter(is_current=True).count() == 2, "the shipped words stayed as they were"
    change_text(text=own, values={"body_en": "Lead, and be on time."}, by=None)
    assert list(BriefReading.objects.filter(is_current=True)) == [mentee.brief_reading]
    later = NOW.replace(day=20)
    assert confirm_brief(enrolment=mentor, by=mentor.person, now=later).read_on == later.date()


def test_a_stranger_has_no_brief_and_the_coordinator_sees_a_number(client: Client, world: World) -> None:
    one, two = take_part(world, "1", "mentor"), take_part(world, "2", "mentee")
    confirm_brief(enrolment=one, by=one.person, now=NOW)
    entering(client, two)
    assert client.get(reverse("portal:brief", args=[one.pk])).status_code == 404
    assert client.post(reverse("portal:brief", args=[one.pk])).status_code == 404
    client.force_login(world.user)
    page = client.get(reverse("admin:programmes_programme_overview", args=[world.programme.pk]))
    assert [line.read for line in page.context["page"].cohorts] == [1]
