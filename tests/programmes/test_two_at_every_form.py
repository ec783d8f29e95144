"""Two coordinators at every form of the desk: the second to save is shown both versions, and loses nothing (D-06)."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.contrib import admin
from django.db.models import F
from django.test import Client

from common.models import Versioned
from participants.models import Person
from programmes.models import (
    Announcement,
    Cohort,
    Enrolment,
    Goal,
    OpenCall,
    Programme,
    ProgrammeText,
    TopicCall,
)
from tests.house.test_admin_scoping import World, address, make_everything
from tests.programmes.test_desk_lists import form_of, text

pytestmark = [pytest.mark.django_db, pytest.mark.covers("D-06")]
DAY = dt.date(2027, 3, 1)
#: Model → a field of its form, what the first saved in it, what the second typed.
EDITS: dict[type[Any], tuple[str, Any, Any]] = {
    Programme: ("purpose", "Their purpose", "My purpose"),
    Cohort: ("name", "Their cohort", "My cohort"),
    Goal: ("text", "Their goal", "My goal"),
    ProgrammeText: ("subject_en", "Their words", "My words"),
    Announcement: ("subject_en", "Their news", "My news"),
    OpenCall: ("mentor_seats", 11, 22),
    Enrolment: ("capacity", 3, 1),
    Person: ("job_title", "Their title", "My title"),
}
#: Switches and checklists have pages of their own: test_council and test_selection show the same of them.
ELSEWHERE: set[type[Any]] = {TopicCall}


@pytest.fixture
def world(client: Client) -> World:
    made = make_everything("Lantern")
    client.force_login(made.user)
    return made


def test_every_form_of_a_row_with_versions_is_walked_here() -> None:
    forms = {
        model
        for model, page in admin.site._registry.items()
        if issubclass(model, Versioned) and page.allows_change
    }
    assert forms - ELSEWHERE == set(EDITS)


@pytest.mark.parametrize("model", EDITS, ids=lambda model: model.__name__)
def test_the_second_to_save_is_shown_both_versions(model: Any, client: Client, world: World) -> None:
    name, theirs, mine = EDITS[model]
    row = world.rows[model]
    page = address(model, "change", row.pk)
    opened = form_of(client.get(page))
    model._default_manager.filter(pk=row.pk).update(**{name: theirs, "version": F("version") + 1})
    second = client.post(page, {**opened, name: mine})
    assert second.status_code == 200
    shown = {one.name: (one.kind, one.theirs, one.mine) for one in second.context["adminform"].form.versions}
    assert shown == {name: ("both", str(theirs), str(mine))}
    assert "Both versions" in text(second)
    assert getattr(model._default_manager.get(pk=row.pk), name) == theirs
    assert client.post(page, form_of(second)).status_code == 302
    assert getattr(model._default_manager.get(pk=row.pk), name) == mine
