"""The works council's information sheet: true to the settings and the register, in the language that is asked for."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from common import privacy
from participants.services import open_log_in
from portal.selectors import sheet as made
from portal.selectors.sheet import sheet_now
from programmes.choices import SWITCH_WORDS
from programmes.models import Programme
from programmes.services import change_cohort
from tests.programmes.council import agree, turn
from tests.programmes.world import NOW, World, make_person, make_world, ready_to_open, take_part

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    world = make_world()
    ready_to_open(world)
    return world


def text(response: Any) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", response.content.decode())))


def address(programme: Programme, **query: Any) -> str:
    found = reverse("portal:council-sheet", args=[programme.pk])
    return found + ("?" + "&".join(f"{key}={value}" for key, value in query.items()) if query else "")


@pytest.mark.parametrize(
    ("language", "title", "law"),
    [
        ("en", "Information sheet for the works council", "consent of the works council"),
        ("nl", "Informatieblad voor de ondernemingsraad", "art. 27 lid 1 onder k"),
        ("de", "Informationsblatt für den Betriebsrat", "BetrVG § 87 Abs. 1 Nr. 6"),
    ],
)
def test_the_sheet_speaks_the_language_asked_for(
    client: Client, world: World, language: str, title: str, law: str
) -> None:
    world.coordinator.language = "nl"
    world.coordinator.save()
    client.force_login(world.user)
    page = client.get(address(world.programme, lang=language))
    assert page["Content-Language"] == language
    shown = text(page)
    assert title in shown
    assert law in shown
    with translation.override(language):
        for words in SWITCH_WORDS.values():
            assert str(words) in shown
    assert "Informatieblad" in text(client.get(address(world.programme, lang="klingon")))


def test_the_sheet_says_what_is_set_and_what_was_agreed(client: Client, world: World) -> None:
    client.force_login(world.user)
    change_cohort(cohort=world.cohort, values={"min_group_size": 7, "min_comment_group": 11}, by=None)
    agree(world.programme, "attention")
    shown = text(client.get(address(world.programme)))
    assert "Agreed on" in shown
    assert "from 7 answers on, comments from 11 people" in shown
    turn(world.programme, pulses=True, attention=False)
    change_cohort(cohort=world.cohort, values={"min_group_size": 5}, by=None)
    page = sheet_now(world.programme, today=NOW.date())
    assert (page.agreement, page.scores, page.comments) == (None, 5, 11)
    assert [one.state for one in page.switches][:2] == ["on, once agreed", "off"]
    assert [one.state for one in page.switches][2:] == ["off", "not part of this version", "on"]
    shown = text(client.get(address(world.programme)))
    assert "these settings have not been agreed as they stand" in shown
    before = text(client.get(address(world.programme, version=2)))
    assert "Agreed on" in before
    assert "from 7 answers on" in before
    for wrong in ("9", "0", "x", "99999", "-1"):
        assert client.get(address(world.programme, version=wrong)).status_code == 404


def test_who_sees_what_is_the_register(world: World) -> None:
    page = sheet_now(world.programme, today=NOW.date())
    assert len(page.rows) == len(made.ROWS)
    for (label, marks), (_label, fields) in zip(page.rows, made.ROWS, strict=True):
        readers = set()
        for field in fields:
            model, _dot, name = field.rpartition(".")
            readers |= set(privacy.lines_of(model)[name].visible)
        for mark, (_column, names) in zip(marks, made.COLUMNS, strict=True):
            assert (mark in (made.YES, made.ASKED)) == bool(readers & {*names, "everyone"}), label
    told = {reader for _label, readers in made.COLUMNS for reader in readers}
    assert set(privacy.VIEWERS) - told == {"group", "nobody", "operator", "everyone"}


def test_every_kind_of_data_is_named_with_its_purposes_and_terms(world: World) -> None:
    assert set(made.EXAMPLES) == privacy.PERSONAL
    page = sheet_now(world.programme, today=NOW.date())
    assert all(row.purposes and row.retention for row in page.kept)


def test_the_sheet_is_for_those_who_run_it_and_for_nobody_else(client: Client, world: World) -> None:
    other = make_world("Other")
    participant = take_part(world, "p", "mentor")
    assert client.get(address(world.programme)).status_code == 302
    for user, programme, status in (
        (world.user, world.programme, 200),
        (other.user, world.programme, 404),
        (world.user, other.programme, 404),
        (open_log_in(person=participant.person), world.programme, 404),
        (open_log_in(person=make_person("s")), world.programme, 404),
    ):
        client.force_login(user)
        assert client.get(address(programme)).status_code == status
        assert client.get(address(programme, version=1)).status_code == status or status == 200
    client.force_login(world.user)
    assert client.post(address(world.programme)).status_code == 405
