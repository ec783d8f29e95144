"""Two coordinators at one form: the second sees both versions, and neither loses a word (D-06)."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from programmes.models import Cohort, Programme
from tests.programmes.test_desk_lists import form_of, text
from tests.programmes.world import World, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(client: Client) -> World:
    made = make_world()
    client.force_login(made.user)
    return made


def rows(response: Any) -> dict[str, tuple[str, str, str]]:
    form = response.context["adminform"].form
    return {one.name: (one.kind, one.theirs, one.mine) for one in form.versions}


@pytest.mark.covers("D-06")
def test_what_each_changed_alone_is_kept_and_what_both_changed_is_chosen(
    client: Client, world: World
) -> None:
    address = reverse("admin:programmes_programme_change", args=[world.programme.pk])
    opened = form_of(client.get(address))
    theirs = {"purpose": "Their purpose", "months": 6, "perspectives": ["craft"], "has_circles": ""}
    assert client.post(address, {**opened, **theirs}).status_code == 302
    mine = {
        "purpose": "My purpose",
        "ambition": "My ambition,\r\nin two lines",
        "mentor_departments": "Audit, Tax\nIT",
    }
    second = client.post(address, {**opened, **mine})
    assert second.status_code == 200
    found = rows(second)
    assert found["purpose"] == ("both", "Their purpose", "My purpose")
    assert found["months"] == ("theirs", "6", "9")
    assert found["ambition"] == ("mine", "–", "My ambition,\nin two lines")
    assert found["perspectives"][:2] == ("theirs", "craft")
    assert found["has_circles"] == ("theirs", "–", "✓")
    assert set(found) == {
        "purpose",
        "months",
        "ambition",
        "perspectives",
        "has_circles",
        "mentor_departments",
    }
    shown = text(second)
    for words in ("Both versions", "Yours is kept.", "The other one is kept: you had not touched it."):
        assert words in shown
    assert Programme.objects.get().purpose == "Their purpose"
    assert client.post(address, form_of(second)).status_code == 302
    stored = Programme.objects.get()
    assert (stored.purpose, stored.months, stored.perspectives) == ("My purpose", 6, ["craft"])
    assert (stored.ambition, stored.has_circles) == ("My ambition,\r\nin two lines", False)
    assert stored.mentor_departments == ["Audit, Tax", "IT"]


def test_the_others_words_are_taken_with_one_box(client: Client, world: World) -> None:
    address = reverse("admin:programmes_cohort_change", args=[world.cohort.pk])
    opened = form_of(client.get(address))
    client.post(address, {**opened, "name": "Theirs", "meeting_minutes": 30})
    second = client.post(address, {**opened, "name": "Mine", "meeting_minutes": 45, "answer_days": 9})
    assert {name: row[0] for name, row in rows(second).items()} == {
        "name": "both", "meeting_minutes": "both", "answer_days": "mine",
    }  # fmt: skip
    third = client.post(address, {**form_of(second), "take_theirs": ["name"]})
    assert third.status_code == 302, text(third)
    stored = Cohort.objects.get()
    assert (stored.name, stored.meeting_minutes, stored.answer_days) == ("Theirs", 45, 9)


def test_a_form_that_tells_nothing_of_what_it_saw_shows_every_difference(
    client: Client, world: World
) -> None:
    address = reverse("admin:programmes_cohort_change", args=[world.cohort.pk])
    opened = form_of(client.get(address))
    client.post(address, {**opened, "name": "Theirs"})
    for seen in ("", "nonsense", "[]"):
        second = client.post(address, {**opened, "seen_values": seen, "answer_days": 9})
        assert {name: row[0] for name, row in rows(second).items()} == {"name": "both", "answer_days": "both"}
    assert Cohort.objects.get().name == "Theirs"
