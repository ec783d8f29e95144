"""Two coordinators at every form of the desk: the second to save is shown both versions, and loses nothing (D-06)."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.contrib import admin
from django.db.models import F
from django.test import Client

from common.models import Versioned
from evaluations.models import Round
from participants.models import BarrierGroup, ErasureRequest, Person, TitleGrade
from programmes.models import (
    Announcement,
    Cohort,
    Coordinator,
    CouncilMember,
    Enrolment,
    Goal,
    NamedContact,
    OpenCall,
    Programme,
    ProgrammeText,
    Sponsor,
    SponsorTask,
    Topic,
    TopicCall,
    TopicSuggestion,
)
from tests.house.test_admin_scoping import World, address, make_everything
from tests.programmes.test_desk_lists import form_of, text

pytestmark = [pytest.mark.django_db, pytest.mark.covers("D-06")]
#: A topic call ends within three weeks.
SOON = dt.date.today() + dt.timedelta(days=9)
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
    SponsorTask: ("text", "Their task", "My task"),
    Topic: ("name_nl", "Hun onderwerp", "Mijn onderwerp"),
    BarrierGroup: ("name", "Their group", "My group"),
    TitleGrade: ("grade", 4, 5),
    TopicCall: ("closes_on", SOON + dt.timedelta(days=1), SOON),
}


@pytest.fixture
def world(client: Client) -> World:
    made = make_everything("Lantern")
    client.force_login(made.user)
    return made


#: Rows that are named or dismissed, decided once or carried out once: a second answer is refused by the service.
#: Switches, checklists, texts and mail lines have pages of their own, and rounds a package of theirs.
DECIDED = {Coordinator, NamedContact, Sponsor, CouncilMember, TopicSuggestion, ErasureRequest, Round}


def test_every_form_of_the_desk_is_walked_here_and_its_rows_have_versions() -> None:
    forms = {model for model, page in admin.site._registry.items() if page.allows_change}
    assert forms - DECIDED == set(EDITS)
    assert all(issubclass(model, Versioned) for model in EDITS)


@pytest.mark.parametrize("model", EDITS, ids=lambda model: model.__name__)
def test_the_second_to_save_is_shown_both_versions(model: Any, client: Client, world: World) -> None:
    name, theirs, mine = EDITS[model]
    row = world.rows[model] if model in world.rows else model.objects.create(title="Analyst", grade=3)
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
