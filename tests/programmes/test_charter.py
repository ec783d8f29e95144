"""The charter: what a programme is for, for whom, how, and what it says in its own words."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from common.errors import DomainError
from participants.models import Person
from programmes.choices import BRIEFS, Dimension, GoalKind, Perspective, Role, Scope, Stage, TextKey
from programmes.engine.plain_text import blocks, filled, unknown_names
from programmes.models import Goal, Programme, ProgrammeText, Sponsor
from programmes.selectors import (
    budget_of,
    eligible_people,
    gates,
    is_eligible,
    names_for,
    settled_keys,
    shipped_values,
    sponsor_letter,
    terms_for,
    text_of,
)
from programmes.services import (
    add_goal,
    change_goal,
    change_programme,
    change_text,
    create_cohort,
    move_stage,
    remove_goal,
    settle_text,
)
from tests.programmes.test_desk_lists import fill_cohorts, fill_enrolments, form_of, text
from tests.programmes.world import GOAL, NOW, World, make_person, make_world, ready_to_open, take_part

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(client: Client) -> World:
    made = make_world()
    client.force_login(made.user)
    return made


def change(world: World, **values: Any) -> Programme:
    return change_programme(programme=world.programme, values=values, by=None)


# --- the gate ----------------------------------------------------------------------------------------------


@pytest.mark.covers("S0.25", "S0.29", "S4.19", "S2b.1")
@pytest.mark.covers_part("S0.31")
@pytest.mark.parametrize(
    "lacking", ["purpose", "ambition", "goal", "mentor_brief", "mentee_brief", "privacy_note", "contact"]
)
def test_a_cohort_opens_only_with_the_whole_charter(world: World, lacking: str) -> None:
    """Purpose, ambition, a goal with a measure, both role expectations, the privacy note, a contact (dossier 2.1)."""
    ready_to_open(world)
    if lacking in ("purpose", "ambition"):
        change(world, **{lacking: ""})
    elif lacking == "goal":
        change_goal(goal=Goal.objects.get(), values={"measure": ""}, by=None)
    elif lacking == "contact":
        world.programme.contacts.all().delete()
    else:
        ProgrammeText.objects.filter(key=lacking).delete()
    world.cohort.refresh_from_db()
    with pytest.raises(DomainError) as refusal:
        move_stage(cohort=world.cohort, to=Stage.OPEN, by=None, now=NOW)
    assert refusal.value.code == "gate"
    assert [gate.code for gate in gates(world.cohort, Stage.OPEN) if not gate.is_met] == [lacking]


# --- for whom, how long ------------------------------------------------------------------------------------


@pytest.mark.covers("S0.1")
def test_a_programme_is_for_the_house_a_department_or_one_team(world: World) -> None:
    in_team = make_person("1", department="Finance", team="Control")
    in_department = make_person("2", department="finance", team="Tax")
    elsewhere = make_person("3", department="Sales", team="North")

    def may(scope: str, name: str) -> set[Person]:
        return set(eligible_people(change(world, scope=scope, scope_name=name), Role.MENTOR))

    assert may(Scope.ORGANISATION, "") == {world.coordinator, in_team, in_department, elsewhere}
    assert may(Scope.DEPARTMENT, "Finance") == {in_team, in_department}
    assert may(Scope.TEAM, "Control") == {in_team}
    with pytest.raises(DomainError) as refusal:
        change(world, scope=Scope.TEAM, scope_name="  ")
    assert refusal.value.params["fields"] == ["scope_name"]
    with pytest.raises(IntegrityError), transaction.atomic():
        Programme.objects.update(scope="team", scope_name="")


@pytest.mark.covers("S2b.3", "S3.1")
def test_each_role_has_its_own_rule_and_nobody_must_have_served_long(world: World) -> None:
    graduate = make_person("1", grade=1, department="Audit")
    leader = make_person("2", grade=9, department="Audit, Tax")
    assert terms_for(world.programme, Role.MENTOR).sentences == []
    assert world.programme.mentor_min_months == world.programme.mentee_min_months == 0
    assert is_eligible(world.programme, Role.MENTOR, graduate)
    changed = change(
        world, mentor_highest_grade=3, mentee_lowest_grade=7, mentee_departments=["Audit, Tax"], mentee_min_months=12
    )  # fmt: skip
    assert is_eligible(changed, Role.MENTOR, graduate)
    assert not is_eligible(changed, Role.MENTOR, leader)
    assert is_eligible(changed, Role.MENTEE, leader)
    assert not is_eligible(changed, "sponsor", leader)
    assert terms_for(changed, Role.MENTOR).sentences == ["grade 3 or lower"]
    assert terms_for(changed, Role.MENTEE).sentences == [
        "grade 7 or higher", "Audit, Tax", "12 months in the company",
    ]  # fmt: skip
    with pytest.raises(DomainError, match="below the lowest"):
        change(world, mentor_lowest_grade=5, mentor_highest_grade=4)


@pytest.mark.covers("S2b.5")
@pytest.mark.parametrize(
    ("months", "cadence", "minutes", "circles", "hours"),
    [
        (9, "monthly", 60, True, (20, 34, 18)),
        (6, "monthly", 60, False, (11, 20, 13)),
        (12, "two_monthly", 60, True, (18, 26, 15)),
    ],
)
def test_the_hours_follow_from_the_charter(
    world: World, months: int, cadence: str, minutes: int, circles: bool, hours: tuple[int, int, int]
) -> None:
    """The first line is the reckoning of dossier 2.2; the others follow by hand from the same parts."""
    programme = change(
        world, months=months, cadence=cadence, meeting_minutes=minutes, has_circles=circles
    )  # fmt: skip
    mentor, two, mentee = (
        budget_of(programme, *one).hours for one in (("mentor",), ("mentor", 2), ("mentee",))
    )
    assert (mentor, two, mentee) == hours


def test_a_cohort_begins_with_what_the_charter_plans(world: World) -> None:
    change(world, cadence="fortnightly", meeting_minutes=30, has_circles=False)
    programme = Programme.objects.get()
    days = {"starts_on": dt.date(2028, 1, 1), "ends_on": dt.date(2028, 7, 1)}
    made = create_cohort(programme=programme, name="A", **days, by=None)
    assert (made.cadence, made.meeting_minutes, made.has_circles) == ("fortnightly", 30, False)
    assert made.months == 6
    other = create_cohort(programme=programme, name="B", **days, by=None, meeting_minutes=45)
    assert other.meeting_minutes == 45


@pytest.mark.covers("S2.1", "S2.15")
def test_all_four_perspectives_are_on_offer_until_some_are_not(world: World) -> None:
    assert world.programme.perspectives == ["consumer", "diversity", "innovation", "craft"]
    assert change(world, perspectives=["innovation", "consumer"]).perspective_names == [
        Perspective.CONSUMER.label,
        Perspective.INNOVATION.label,
    ]
    with pytest.raises(DomainError):
        change(world, perspectives=["age"])


# --- goals -------------------------------------------------------------------------------------------------


@pytest.mark.covers("S0.30", "S2.8")
@pytest.mark.covers_part("S0.12")
def test_goals_are_of_five_kinds_and_serve_one_of_three_dimensions(world: World) -> None:
    assert list(GoalKind) == ["technology", "digital_skills", "market", "mixed_teams", "free"]
    assert list(Dimension) == ["digital", "perspectives", "talent"]
    goal = add_goal(programme=world.programme, values=GOAL, by=None)
    changed = change_goal(goal=goal, values={"kind": "mixed_teams", "outcome": "perspectives"}, by=None)
    assert (changed.kind, changed.version) == ("mixed_teams", 2)
    for wrong in ({"kind": "sales"}, {"outcome": "profit"}, {"text": ""}):
        with pytest.raises(DomainError):
            add_goal(programme=world.programme, values={**GOAL, **wrong}, by=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        Goal.objects.update(kind="sales")
    remove_goal(goal=changed, by=None)
    assert not Goal.objects.exists()


# --- texts -------------------------------------------------------------------------------------------------


def test_a_text_is_paragraphs_headings_and_lists() -> None:
    found = blocks("First\r\nline.\n\n\n# Do\n- one\n- two\nLast {name}")
    assert [(block.kind, block.lines) for block in found] == [
        ("p", ("First", "line.")), ("h", ("Do",)), ("ul", ("one", "two")), ("p", ("Last {name}",)),
    ]  # fmt: skip
    assert filled("{name} and {other} {}", {"name": "{other}"}) == "{other} and {other} {}"
    assert unknown_names("{name} {nmae} {nmae} {}", ["name"]) == ["nmae", ""]


@pytest.mark.covers("S2b.2")
@pytest.mark.covers_part("S3.35")
def test_every_text_is_shipped_in_three_languages_and_becomes_the_programmes_own(world: World) -> None:
    programme = change(world, signed_by="Dr. Ada Kurz")
    assert "colleague at the start of their career" in sponsor_letter(programme, "en", name="Mia").body
    german = sponsor_letter(programme, "de", name="Mia")
    assert "Guten Tag Mia," in german.body
    assert "rund 18 Stunden" in german.body
    assert german.body.endswith("Dr. Ada Kurz")
    assert "ongeveer 18 uur" in sponsor_letter(programme, "nl").body
    assert settled_keys(programme) == set()
    values = shipped_values(programme, TextKey.SPONSOR_LETTER)
    own = settle_text(
        programme=programme, key="sponsor_letter", values={**values, "body_en": "Come, {name}!", "body_de": ""}, by=None
    )  # fmt: skip
    assert settled_keys(programme) == {"sponsor_letter"}
    assert sponsor_letter(programme, "en", name="Mia").body == "Come, Mia!"
    assert sponsor_letter(programme, "de").body == "Come, …!", "an empty language is read in the first one"
    assert "ongeveer 18 uur" in sponsor_letter(programme, "nl").body
    with pytest.raises(DomainError, match="nmae"):
        change_text(text=own, values={"body_nl": "Kom, {nmae}"}, by=None)
    with pytest.raises(DomainError, match="first language"):
        change_text(text=own, values={"body_en": " "}, by=None)
    clause = text_of(programme, TextKey.CONFIDENTIALITY, "en").body
    looser = change(world, confidentiality="without_names")
    assert text_of(looser, TextKey.CONFIDENTIALITY, "en").body != clause


@pytest.mark.covers("S2b.6")
@pytest.mark.covers_part("S1.29")
@pytest.mark.parametrize("language", ["en", "nl", "de"])
def test_a_role_brief_says_what_to_do_and_what_not(world: World, language: str) -> None:
    for key in BRIEFS.values():
        found = text_of(world.programme, key, language).blocks
        lists = [block for block in found if block.kind == "ul"]
        assert len(lists) == 2
        assert all(len(block.lines) >= 4 for block in lists)
        assert len([block for block in found if block.kind == "h"]) == 3, (
            "do, don’t, and the licence to speak"
        )


# --- the pages ---------------------------------------------------------------------------------------------


def test_the_page_of_a_programme_shows_its_charter_and_what_is_missing(client: Client, world: World) -> None:
    address = reverse("admin:programmes_programme_overview", args=[world.programme.pk])
    shown = text(client.get(address))
    assert "7 things are missing before 2027 moves on to “topic call”" in shown
    assert "The charter says which problem or ambition it answers. missing Owed by the sponsor" in shown
    for path in (gate.path for gate in gates(world.cohort, Stage.OPEN)):
        assert client.get(path.partition("#")[0], follow=True).status_code == 200, path
    ready_to_open(world)
    shown = text(client.get(address))
    assert "2027 may move on to “topic call”" in shown
    for word in (
        "Nobody hears the young.",
        "Each pair tries one new tool.",
        "try-outs",
        "hours for a mentor",
        "20",
    ):
        assert word in shown


@pytest.mark.covers("S1.16")
def test_cohorts_stand_side_by_side_and_tell_who_came_again(client: Client, world: World) -> None:
    first = take_part(world, "1", "mentor")
    take_part(world, "2", "mentee")
    later = create_cohort(
        programme=world.programme, name="2028", starts_on=dt.date(2028, 2, 1), ends_on=dt.date(2028, 11, 1), by=None
    )  # fmt: skip
    later.enrolments.create(person=first.person, role="mentee", state="accepted")
    response = client.get(reverse("admin:programmes_programme_overview", args=[world.programme.pk]))
    lines = {
        one.cohort.name: (one.mentors, one.mentees, one.again) for one in response.context["page"].cohorts
    }
    assert lines == {"2028": (0, 1, 1), "2027": (1, 1, 0)}


def test_the_page_asks_the_same_few_questions_whatever_the_size(client: Client, world: World) -> None:
    address = reverse("admin:programmes_programme_overview", args=[world.programme.pk])
    counts = []
    for start, count in ((0, 10), (10, 190)):
        fill_enrolments(world, start, count)
        fill_cohorts(world, start, count // 10)
        for _number in range(count // 10):
            add_goal(programme=world.programme, values=GOAL, by=None)
        client.get(address)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 24


def test_a_foreign_programme_has_no_page_here(client: Client, world: World) -> None:
    other = make_world("Other").programme
    goal = add_goal(programme=other, values=GOAL, by=None)
    settled = settle_text(
        programme=other, key="privacy_note", values=shipped_values(other, "privacy_note"), by=None
    )
    for address in (
        reverse("admin:programmes_programme_overview", args=[other.pk]),
        reverse("admin:programmes_programme_text", args=[other.pk, "privacy_note"]),
        reverse("admin:programmes_programme_text_edit", args=[other.pk, "privacy_note"]),
        reverse("admin:programmes_programme_text", args=[world.programme.pk, "nonsense"]),
        reverse("admin:programmes_goal_change", args=[goal.pk]),
        reverse("admin:programmes_programmetext_change", args=[settled.pk]),
    ):
        assert client.get(address).status_code == 404, address
    data = {**GOAL, "programme": other.pk}
    assert client.post(reverse("admin:programmes_goal_add"), data).status_code == 200
    assert Goal.objects.filter(programme=other).count() == 1
    begun = client.get(
        reverse("admin:programmes_programmetext_add"), {"programme": other.pk, "key": "privacy_note"}
    )
    assert "roster" not in form_of(begun).get("body_en", "")


def test_a_text_is_settled_in_the_desk_and_nothing_typed_is_lost(client: Client, world: World) -> None:
    begin = reverse("admin:programmes_programme_text_edit", args=[world.programme.pk, "mentor_brief"])
    response = client.get(begin, follow=True)
    address = response.redirect_chain[-1][0]
    data = form_of(response)
    assert data["body_nl"] == shipped_values(world.programme, "mentor_brief")["body_nl"]
    wrong = client.post(address, {**data, "body_de": "Für {nmae}"})
    assert wrong.status_code == 200
    assert "{nmae}" in text(wrong)
    assert "Für {nmae}" in wrong.content.decode()
    assert client.post(address, {**data, "body_en": "Lead."}).status_code == 302
    assert ProgrammeText.objects.get().body_en == "Lead."
    again = client.get(begin, follow=True)
    assert again.redirect_chain[-1][0].endswith("/change/")
    seen = text(
        client.get(reverse("admin:programmes_programme_text", args=[world.programme.pk, "mentor_brief"]))
    )
    assert "Lead." in seen
    assert "settled" in seen


def test_a_charter_is_changed_in_the_desk(client: Client, world: World) -> None:
    address = reverse("admin:programmes_programme_change", args=[world.programme.pk])
    data = form_of(client.get(address)) | {
        "ambition": "Too few ideas reach the board.", "scope": "team", "scope_name": "Control", "months": 6,
        "perspectives": ["craft"], "mentor_departments": "Audit, Tax\nFinance\n\nFinance", "signed_by": "Ada Kurz",
    }  # fmt: skip
    assert client.post(address, data | {"scope_name": ""}).status_code == 200
    assert client.post(address, data).status_code == 302
    stored = Programme.objects.get()
    assert (stored.scope_line, stored.months, stored.perspectives) == ("a team: Control", 6, ["craft"])
    assert stored.mentor_departments == ["Audit, Tax", "Finance"]


def test_whoever_stands_behind_the_programme_is_chosen_to_sign_its_letter(
    client: Client, world: World
) -> None:
    address = reverse("admin:programmes_programme_change", args=[world.programme.pk])
    change(world, signed_by="Old Name, partner")
    assert "select" not in str(client.get(address).context["adminform"].form["signed_by"])
    sponsor = make_person("sp", "Marijke", job_title="Managing partner")
    Sponsor.objects.create(programme=world.programme, person=sponsor)
    page = client.get(address)
    field = page.context["adminform"].form.fields["signed_by"]
    assert [value for value, _label in field.choices] == [
        "", "Marijke Tester, Managing partner", "Old Name, partner",
    ]  # fmt: skip
    signed = {**form_of(page), "signed_by": "Marijke Tester, Managing partner"}
    assert client.post(address, signed).status_code == 302
    assert Programme.objects.get().signed_by == "Marijke Tester, Managing partner"
    assert client.post(address, {**form_of(client.get(address)), "signed_by": "Nobody"}).status_code == 200


@pytest.mark.covers("S0.29")
def test_purpose_and_goals_are_read_in_ones_own_language_where_they_are_written_in_it(world: World) -> None:
    programme = change_programme(
        programme=world.programme, values={"purpose": "To learn.", "purpose_nl": "Om te leren."}, by=None
    )
    values = {"kind": "free", "text": "One tool.", "text_de": "Ein Werkzeug.", "outcome": "digital"}
    goal = add_goal(programme=programme, values=values, by=None)
    for language, purpose, said in (
        ("en", "To learn.", "One tool."),
        ("nl", "Om te leren.", "One tool."),
        ("de", "To learn.", "Ein Werkzeug."),
    ):
        with translation.override(language):
            assert (programme.purpose_in(), goal.said) == (purpose, said)
        assert programme.purpose_in(language) == purpose
    assert names_for(programme, role="mentee", language="nl")["purpose"] == "Om te leren."
