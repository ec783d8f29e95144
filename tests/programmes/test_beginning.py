"""Beginning a programme from a preset, and a cohort after the pattern of another."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from common.errors import DomainError
from programmes.choices import PresetChoice, Stage
from programmes.engine.presets import PRESETS
from programmes.models import Cohort, Programme
from programmes.services import begin_programme, change_cohort, clone_cohort
from tests.programmes.test_desk_lists import form_of, text
from tests.programmes.world import World, make_world, take_part

pytestmark = pytest.mark.django_db
DAY = dt.date(2028, 2, 29)


@pytest.fixture
def world(client: Client) -> World:
    made = make_world()
    client.force_login(made.user)
    return made


@pytest.mark.covers("S0.1", "S1.17")
@pytest.mark.parametrize(
    ("preset", "months", "ends_on", "planned", "circles"),
    [
        ("finance_pilot", 6, dt.date(2028, 8, 28), (10, 15), False),
        ("partners", 9, dt.date(2028, 11, 28), (122, 200), True),
        ("six", 6, dt.date(2028, 8, 28), (None, None), True),
        ("nine", 9, dt.date(2028, 11, 28), (None, None), True),
        ("twelve", 12, dt.date(2029, 2, 27), (None, None), True),
    ],
)
def test_a_preset_makes_programme_and_first_cohort(
    preset: str, months: int, ends_on: dt.date, planned: tuple[int | None, int | None], circles: bool
) -> None:
    made = begin_programme(name="New", preset=preset, scope_name="Control", first_day=DAY, by=None)
    cohort = made.cohorts.get()
    assert (made.months, made.has_circles) == (months, circles)
    assert (cohort.ends_on, cohort.months, cohort.has_circles) == (ends_on, months, circles)
    assert (cohort.planned_mentors, cohort.planned_mentees) == planned
    assert cohort.stage == Stage.DRAFT
    assert made.scope == ("team" if preset == "finance_pilot" else "organisation")
    assert set(PRESETS) == set(PresetChoice.values)


@pytest.mark.covers("S4.17")
def test_where_seniors_rarely_meet_juniors_the_mentors_get_their_circles(world: World) -> None:
    given = {"preset": "finance_pilot", "scope_name": "Control", "by": None}
    flat = begin_programme(name="Flat", hierarchy="flat", **given)
    strong = begin_programme(name="Strong", hierarchy="strong", **given)
    assert (flat.has_circles, strong.has_circles) == (False, True)
    assert not flat.cohorts.exists(), "without a first day there is no cohort yet"
    for wrong in ({"preset": "nonsense"}, {"hierarchy": "nonsense"}):
        with pytest.raises(DomainError):
            begin_programme(name="Wrong", by=None, **wrong)
    with pytest.raises(DomainError):
        begin_programme(name="No team", preset="finance_pilot", by=None)


def test_a_programme_is_begun_from_a_preset_at_the_desk(client: Client, world: World) -> None:
    address = reverse("admin:programmes_programme_add")
    data = form_of(client.get(address)) | {
        "name": "Pilot",
        "preset": "finance_pilot",
        "first_day": "2028-02-29",
    }
    asked = client.post(address, data)
    assert "which department or team" in text(asked)
    answer = client.post(address, data | {"scope_name": "Control"})
    made = Programme.objects.get(name="Pilot")
    assert answer.headers["Location"] == reverse("admin:programmes_programme_overview", args=[made.pk])
    assert (made.scope_line, made.coordinators.get().person) == ("a team: Control", world.coordinator)
    assert made.cohorts.get().planned_mentees == 15


@pytest.mark.covers("S1.16")
def test_a_cohort_is_cloned_with_its_settings_and_without_its_people(client: Client, world: World) -> None:
    take_part(world, "1", "mentor")
    weights = {**world.cohort.weights, "knowledge": 50, "style": 0}
    change_cohort(
        cohort=world.cohort, values={"cadence": "weekly", "meeting_minutes": 30, "weights": weights, "answer_days": 9},
        by=None,
    )  # fmt: skip
    Cohort.objects.update(stage=Stage.OPEN)
    first = Cohort.objects.get()
    address = reverse("admin:programmes_cohort_clone", args=[first.pk])
    assert "People are not taken over" in text(client.get(address))
    taken = client.post(address, {"name": first.name, "starts_on": "2028-02-01"})
    assert taken.status_code == 422
    assert 'value="2028-02-01"' in taken.content.decode(), "nothing typed is lost"
    assert client.post(address, {"name": "2028", "starts_on": "2028-02-01"}).status_code == 302
    made = Cohort.objects.get(name="2028")
    assert (made.cadence, made.meeting_minutes, made.weights, made.answer_days) == ("weekly", 30, weights, 9)
    assert (made.stage, made.version, made.programme) == (Stage.DRAFT, 1, first.programme)
    assert made.ends_on - made.starts_on == first.ends_on - first.starts_on
    assert not made.enrolments.exists()
    foreign = make_world("Other").cohort
    assert client.get(reverse("admin:programmes_cohort_clone", args=[foreign.pk])).status_code == 404
    with pytest.raises(DomainError):
        clone_cohort(cohort=first, name="2028", starts_on=DAY, by=None)


def test_the_desk_of_a_programme_without_a_cohort_leads_on_to_one(client: Client, world: World) -> None:
    Cohort.objects.all().delete()
    shown = text(client.get(reverse("admin:index")))
    assert "No cohort is under way." in shown
    assert "No programme is yours yet" not in shown
    assert f"?programme={world.programme.pk}" in client.get(reverse("admin:index")).content.decode()
