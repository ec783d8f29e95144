"""What a participant is asked: in their language, for their role, with the promise above it."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from evaluations import selectors, services
from evaluations.engine.instruments import shipped
from evaluations.models import SealedAnswer
from evaluations.validators import clean_answer
from participants.models import Person
from tests.evaluations.world import NOW, World, answer, finish
from tests.programmes.council import agree

pytestmark = pytest.mark.django_db
SCALES = shipped()["scales"]


@pytest.mark.parametrize(
    ("language", "label", "first"),
    [
        ("en", "We talk at eye level.", "Strongly disagree"),
        ("nl", "We praten op gelijke voet.", "Helemaal oneens"),
        ("de", "Wir sprechen auf Augenhöhe.", "Stimme gar nicht zu"),
        ("fr", "We talk at eye level.", "Strongly disagree"),
    ],
)
def test_questions_come_in_the_readers_language(language: str, label: str, first: str) -> None:
    world = World()
    sheet = selectors.questionnaire(world.open(), world.people[0], 1, language)
    field = next(field for field in sheet.fields if field.name == "equal")
    assert (field.label, field.options[0]) == (label, ("1", first))
    assert field.offers_cannot_say


@pytest.mark.covers_part("S1.25", "S1.29")
def test_each_role_is_asked_its_own_questions() -> None:
    world = World()
    round = world.open()
    mentor = {field.name for field in selectors.questionnaire(round, world.people[0], 1, "en").fields}
    mentee = {field.name for field in selectors.questionnaire(round, world.people[-1], 1, "en").fields}
    assert {"lead_m", "t_org"} <= mentor - mentee
    assert {"lead_e", "act_done"} <= mentee - mentor
    assert "psy_after" in mentor & mentee


def test_questions_of_one_stem_stand_under_it_once() -> None:
    world = World()
    sheet = selectors.questionnaire(world.open("baseline"), world.people[0], 1, "en")
    stems = [block.stem for block in sheet.blocks]
    assert stems == ["", "How confident are you that you can …", ""]
    assert sheet.blocks[1].fields[0].name == "skl_explain"
    ends = selectors.questionnaire(world.open(), world.people[0], 1, "nl")
    assert next(field for field in ends.fields if field.name == "sat").ends == (
        "helemaal niet",
        "buitengewoon",
    )


@pytest.mark.covers("A-13", "A-15")
def test_the_promise_says_what_holds_and_claims_no_more() -> None:
    world = World()
    told = " ".join(selectors.questionnaire(world.open(), world.people[0], 1, "en").promise)
    assert "Confidential until this round closes; anonymous afterwards" in told
    assert "groups of 5 answers" in told
    assert "once 10 people have answered" in told
    few = World(3, 4, name="Few")
    told = " ".join(selectors.promise(few.open(totals_only=True)))
    assert "only figures about everybody together" in told
    assert "Comments are read" not in told


@pytest.mark.covers("A-23")
def test_a_comment_that_names_somebody_is_pointed_out_and_still_taken() -> None:
    world = World()
    Person.objects.filter(pk=world.people[3].pk).update(first_name="Hans", last_name="Müller")
    round = world.open()
    assert selectors.names_in_comments(round, {"t_prog": "Ask Hans Müller’s team."}) == {
        "t_prog": ["hans", "müller"]
    }
    assert selectors.names_in_comments(round, {"t_prog": f"Write to {world.people[5].email}!"})
    assert selectors.names_in_comments(round, {"t_prog": "Chansons and Müllers everywhere"}) == {}
    assert selectors.names_in_comments(round, {"equal": "3"}) == {}
    given = {"t_prog": "Ask Hans Müller’s team."}
    assert services.submit_answers(round=round, person=world.people[0], answers=given, now=NOW)


@pytest.mark.covers("A-23")
def test_a_language_read_by_few_is_known_to_the_page() -> None:
    world = World()
    Person.objects.filter(pk__in=[person.pk for person in world.people[:4]]).update(language="de")
    round = world.open()
    assert selectors.questionnaire(round, world.people[0], 1, "de").few_share_language
    assert not selectors.questionnaire(round, world.people[0], 1, "en").few_share_language


def test_what_is_open_is_listed_until_it_is_handed_in() -> None:
    world = World()
    agree(world.programme, "pulses")
    round, pulse = world.open(), world.open("pulse")
    person = world.people[0]
    assert [(one.round, one.minutes) for one in selectors.open_parts(person, NOW)] == [(round, 4), (pulse, 1)]
    answer(pulse, [person])
    assert [one.round for one in selectors.open_parts(person, NOW)] == [round]
    assert selectors.open_parts(person, round.closes_at) == []


@pytest.mark.parametrize(
    ("scale", "value", "stored"),
    [
        ("L5", "3", "3"),
        ("L5", "", None),
        ("L5", None, None),
        ("P100", "70", "70"),
        ("YN", "unknown", "unknown"),
        ("MC", ["craft", "consumer", "craft"], ["consumer", "craft"]),
        ("MC", [], None),
        ("TXT", "  Gute\r\nIdee\u200b\x07  ", "Gute\nIdee"),
        ("TXT", "e\u0301", "é"),
        ("TXT", " \n ", None),
    ],
)
def test_an_answer_is_stored_as_it_was_meant(scale: str, value: Any, stored: Any) -> None:
    assert clean_answer(SCALES[scale], value) == stored


@pytest.mark.parametrize(
    ("scale", "value"),
    [
        ("L5", "6"),
        ("L5", 3),
        ("L5", ["3"]),
        ("P100", "75"),
        ("YN", "maybe"),
        ("MC", "craft"),
        ("MC", ["x"]),
        ("MC", ["none", "craft"]),
        ("TXT", "x" * 601),
        ("TXT", ["x"]),
    ],
)
def test_what_a_question_does_not_offer_is_refused(scale: str, value: Any) -> None:
    with pytest.raises(ValidationError):
        clean_answer(SCALES[scale], value)


def test_cannot_say_and_an_empty_field_are_not_counted() -> None:
    world = World()
    round = world.open()
    for person in world.people:
        services.submit_answers(round=round, person=person, answers={"sat": "", "equal": "4"}, now=NOW)
    finish(round)
    assert set(SealedAnswer.objects.values_list("question", flat=True)) == {"equal"}


def test_the_promise_is_translated() -> None:
    world = World()
    round = world.open()
    with translation.override("de"):
        assert len(selectors.promise(round)) == len(set(selectors.promise(round))) == 5
