"""What a reader gets to see: their view, their language, and one and the same silence (A-04, A-08, A-10)."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from evaluations import selectors, services
from evaluations.selectors.printing import NOT_ASKED
from participants.models import User
from programmes.choices import Role
from tests.evaluations.world import AFTER, NOW, World, always, answer, finish, published

pytestmark = pytest.mark.django_db


def rows(results: selectors.Results) -> dict[str, dict[str, str | None]]:
    """Group → column → text; None where a cell is hushed."""
    return {
        row.group.cut: {entry.label: entry.cell and entry.cell.text for entry in row.entries}
        for row in results.table
    }


def test_figures_come_in_the_readers_language_and_numbers() -> None:
    world = World(20, 20)
    round = world.open()
    answer(round, world.people, always("4"))
    round = published(round)
    with translation.override("de"):
        page = selectors.results_for_participants(round)
    line = next(line for line in page.lines if line.key == "equal")
    assert line.text == "Wir sprechen auf Augenhöhe."
    assert [entry.cell.text for entry in line.entries] == ["4,0", "4,0", "4,0"]
    assert page.answered == 40


def test_a_score_stands_beside_single_questions() -> None:
    world = World(20, 20)
    round = world.open()
    answer(round, world.people, always("4"))
    table = rows(selectors.results_for_participants(published(round)))
    # three questions at 4 and a reversed one at 4, which counts as 2: the mean is 3.5
    assert table["all"]["Psychological safety"] == "62 of 100"
    assert table["role:mentor"]["Quality of the relationship"] == "75 of 100"


def test_a_group_that_was_not_asked_is_not_hushed() -> None:
    world = World(20, 20)
    round = world.open()
    answer(round, world.people)
    page = selectors.results_for_participants(published(round))
    line = next(line for line in page.lines if line.key == "lead_m")
    cells = dict(
        zip([group.cut for group in page.groups], [entry.cell for entry in line.entries], strict=True)
    )
    assert cells["all"] == cells["role:mentee"] == NOT_ASKED
    assert cells["role:mentor"].text == "3.0"
    assert page.hides is False


@pytest.mark.covers("A-10")
def test_the_number_of_one_role_is_not_told_where_it_would_count_the_other() -> None:
    world = World(20, 20)
    round = world.open()
    answer(round, world.people[:22])
    page = selectors.results_for_desk(finish(round), world.coordinator())
    assert rows(page)["all"]["Answers"] == "22"
    assert rows(page)["role:mentor"]["Answers"] is None
    asked_alone = next(line for line in page.lines if line.key == "lead_m")
    assert [entry.cell.n for entry in asked_alone.entries if entry.cell != NOT_ASKED] == [None]


@pytest.mark.covers("A-08")
def test_participants_need_one_answer_more_and_get_no_comments() -> None:
    world = World(20, 20)
    round = world.open()
    mentors = [one.person for one in world.cohort.enrolments.filter(role=Role.MENTOR)]
    mentees = [one.person for one in world.cohort.enrolments.filter(role=Role.MENTEE)]
    answer(round, mentors + mentees[:5], always("4", text="Less mail."))
    round = published(round)
    outside = world.coordinator()
    staff = selectors.results_for_desk(round, outside)
    participants = selectors.results_for_participants(round)
    column = "Quality of the relationship"
    assert rows(staff)["role:mentee"][column] == "75 of 100"
    assert rows(participants)["role:mentee"][column] is None
    assert rows(participants)["role:mentor"][column] is None
    assert participants.comments is None
    assert [len(written) for _text, written in staff.comments] == [25, 20]


@pytest.mark.covers("A-08")
def test_a_coordinator_who_takes_part_sees_what_participants_see() -> None:
    world = World(20, 20)
    round = world.open()
    answer(round, world.people, always("4", text="Less mail."))
    both = world.coordinator(world.people[0])
    finish(round)
    page = selectors.results_for_desk(round, both)
    assert page.comments is None
    services.publish_round(round=round, changes="Less mail.", now=AFTER)
    round.refresh_from_db()
    assert replace(page, round=round) == selectors.results_for_participants(round)


@pytest.mark.covers("A-08")
def test_somebody_of_another_cohort_of_the_programme_takes_part_too() -> None:
    world = World(20, 20)
    round = world.open()
    newcomer = world.add(Role.MENTOR)
    assert selectors.takes_part(round, newcomer.pk)
    assert not selectors.takes_part(round, world.coordinator().person_id)


@pytest.mark.covers("A-24")
def test_an_operator_reads_no_comments() -> None:
    world = World(20, 20)
    round = world.open()
    answer(round, world.people, always("4", text="Less mail."))
    finish(round)
    operator = User.objects.create_superuser("root@example.com", "x")
    assert selectors.results_for_desk(round, operator).comments is None


def test_nothing_is_shown_before_its_time() -> None:
    world = World(20, 20)
    round = world.open()
    coordinator = world.coordinator()
    with pytest.raises(LookupError):
        selectors.results_for_desk(round, coordinator)
    finish(round)
    assert selectors.results_for_desk(round, coordinator).answered is None
    with pytest.raises(LookupError):
        selectors.results_for_participants(round)


@pytest.mark.covers("A-10")
def test_what_is_hushed_is_the_same_with_none_one_or_four_answers() -> None:
    pages = []
    for n in (0, 1, 4):
        world = World(20, 20, name=f"Programme {n}")
        round = world.open()
        mentors, mentees = world.people[:20], world.people[20:]
        answer(round, mentors + mentees[:n], always("4"))
        page = selectors.results_for_participants(published(round))
        pages.append((page.columns, page.table[1:], page.lines, page.recommendation, page.hides))
        assert {entry.cell for row in page.table[1:] for entry in row.entries[1:3]} == {None}
    assert without_numbers(pages[0]) == without_numbers(pages[1]) == without_numbers(pages[2])


def without_numbers(page: Any) -> str:
    """The page as text, without how many answered in all: that is shown, and differs."""
    return re.sub(r"n=\d+", "n", repr(page))


@pytest.mark.covers("A-07", "S1.13", "S3.16")
def test_change_between_two_rounds_is_drawn_from_their_figures() -> None:
    world = World(20, 20)
    for mark, start in (("4", NOW), ("3", NOW + timedelta(days=90))):
        round = world.open(now=start)
        answer(round, world.people, always(mark), now=start)
        round = published(round, start + timedelta(days=15))
    page = selectors.results_for_participants(round)
    slide = next(slide for slide in page.slides if slide.text == "We talk at eye level.")
    assert (slide.before, slide.after, slide.change, slide.tone) == ("4.0", "3.0", "−1.0", "worse")
    assert slide.since == "Quarterly round 1"
    assert (slide.x_before, slide.x_after) == (221, 150)
    reversed_one = next(slide for slide in page.slides if slide.text.startswith("I hold things back"))
    assert reversed_one.tone == "better"
    assert page.fallen is not None
    assert page.fallen.tone == "worse"
    assert [abs(slide.size) for slide in page.slides] == sorted(
        (abs(s.size) for s in page.slides), reverse=True
    )
    assert slide.size == -0.25


@pytest.mark.covers("S0.6", "S2.14", "S2.26", "S3.4", "S3.27", "S1.13")
@pytest.mark.covers_part("S0.16")
def test_from_the_first_round_to_the_last_everybody_sees_what_has_changed() -> None:
    world = World(20, 20)
    before = world.open("baseline")
    answer(before, world.people, always("2"))
    published(before)
    later = NOW + timedelta(days=240)
    after = world.open("final", now=later)
    answer(after, world.people, always("4"), part=1, now=later)
    page = selectors.results_for_participants(published(after, later + timedelta(days=15)))
    items = {item["text"]["en"]: item["key"] for item in after.questions["items"]}
    changes = {items[slide.text]: (slide.before, slide.after, slide.tone) for slide in page.slides}
    for key in ("gen_ease", "idea_new", "voice_picked", "nrg_joy", "nrg_energy", "nrg_ambition", "dig_ai"):
        assert changes[key] == ("2.0", "4.0", "better"), key
    assert changes["gen_friction"] == ("2.0", "4.0", "worse")
    assert {slide.since for slide in page.slides} == {before.title}


@pytest.mark.covers("S0.21", "S3.30")
@pytest.mark.covers_part("S0.22")
def test_mentors_skills_and_being_heard_stand_part_by_part() -> None:
    world = World(20, 20)
    round = world.open("baseline")
    marks = {"skl_explain": "2", "skl_ask": "2", "skl_lead": "5", "skl_candour": "5", "skl_change": "3"}
    answer(round, world.people, lambda item, scale: marks.get(item["key"], always("4")(item, scale)))
    page = selectors.results_for_participants(published(round))
    assert {entry.label: entry.cell and entry.cell.text for entry in page.details} == {
        "Mentor skills: communication": "25 of 100",
        "Mentor skills: leading": "100 of 100",
        "Mentor skills: solving problems": "4.0 of 5",
        "Mentor skills: leading change": "3.0 of 5",
        "Being heard": "75 of 100",
    }
    few = World(20, 20, name="Few")
    round = few.open("baseline")
    answer(round, [*few.people[:4], *few.people[20:]], always("4"))
    page = selectors.results_for_participants(published(round))
    assert {entry.cell for entry in page.details} == {None}


@pytest.mark.covers("S1.34")
def test_what_each_role_gains_stands_side_by_side() -> None:
    world = World(20, 20)
    round = world.open()
    answer(round, world.people[:20], always("4"))
    answer(round, world.people[20:], always("3"))
    page = selectors.results_for_participants(published(round))
    line = next(line for line in page.lines if line.key == "balance")
    assert {entry.label: entry.cell and entry.cell.text for entry in line.entries} == {
        "Everybody asked": "3.5", "Mentors": "4.0", "Mentees": "3.0",
    }  # fmt: skip
    assert rows(page)["role:mentor"]["Value of the partnership"] == "5.0 of 10"


@pytest.mark.covers("S0.41")
def test_everybody_reads_in_the_results_what_changes_because_of_them(client: Client) -> None:
    world = World()
    for changes in ("Replies within three weeks.", "A second circle in the spring."):
        round = world.open()
        finish(round)
        services.publish_round(round=round, changes=changes, now=AFTER)
        client.force_login(User.objects.get(person=world.people[0]))
        assert reverse("portal:evaluation-results", args=[round.pk]) in client.get("/").content.decode()
        page = client.get(reverse("portal:evaluation-results", args=[round.pk])).content.decode()
        assert "You said, we change" in page
        assert changes in page


@pytest.mark.covers("A-07")
def test_with_one_newcomer_no_change_is_shown() -> None:
    world = World(20, 20)
    first = world.open()
    answer(first, world.people, always("4"))
    published(first)
    world.add(Role.MENTOR)
    second = world.open(now=AFTER)
    answer(second, world.people, always("3"), now=AFTER)
    page = selectors.results_for_participants(published(second, AFTER + timedelta(days=15)))
    assert {slide.group for slide in page.slides} == {"Mentees"}


@pytest.mark.covers("A-02")
def test_nine_of_the_role_asked_are_too_few_for_their_comments() -> None:
    world = World(9, 20)
    round = world.open()
    assert "t_org" not in {item["key"] for item in round.questions["items"]}  # it could never be shown
    world = World(12, 12, name="Other")
    round = world.open()
    answer(round, world.people[:9] + world.people[12:], always("4", text="Listen."))
    finish(round)
    page = selectors.results_for_desk(round, world.coordinator())
    assert [text for text, _written in page.comments] == ["What should we change in the programme?"]


@pytest.mark.covers("A-04")
@pytest.mark.covers_part("S0.46")
def test_departments_are_shown_where_all_of_them_can_be() -> None:
    world = World(24, 24, departments=("Finance", "IT"))
    round = world.open()
    answer(round, world.people, always("4"))
    page = selectors.results_for_participants(published(round))
    assert [group.label for group in page.groups] == [
        "Everybody asked",
        "Mentors",
        "Mentees",
        "Finance",
        "IT",
    ]
    assert rows(page)["department:IT"]["Quality of the relationship"] == "75 of 100"
    world = World(24, 24, departments=("Finance", "IT"), name="Other")
    round = world.open()
    answer(round, [person for person in world.people if person.department == "IT"][:4], always("4"))
    answer(round, [person for person in world.people if person.department == "Finance"], always("4"))
    page = selectors.results_for_participants(published(round))
    assert rows(page)["department:IT"]["Answers"] is None
    assert rows(page)["department:Finance"]["Answers"] is None
