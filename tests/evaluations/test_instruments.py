"""The shipped questions: complete in three languages, and as many as the method says (dossier 4.3 to 4.8)."""

import pytest

from evaluations.choices import RoundKind, Score
from evaluations.engine.instruments import ROLES, SCORES, TEXT, minutes_for, questions, shipped
from evaluations.selectors.results import HEADLINES

LANGUAGES = {"en", "nl", "de"}
ENOUGH = {"mentor": 30, "mentee": 30}


def sheet(kind: str, **changes):
    return questions(kind, **{"is_first": True, "invited": ENOUGH, "k": 5, "comment_k": 10, **changes})


@pytest.mark.parametrize("item", shipped()["items"], ids=lambda item: item["key"])
def test_a_question_is_complete(item) -> None:
    assert set(item["text"]) == LANGUAGES
    assert all(text.strip() for text in item["text"].values())
    assert item["scale"] in shipped()["scales"]
    assert set(item["roles"]) <= set(ROLES)
    assert set(item["asked_in"]) <= set(RoundKind.values)
    assert item["stem"] in ("", *shipped()["stems"])
    assert item["kirkpatrick"] in (1, 2, 3, 4)


def test_keys_are_unique_and_scales_are_labelled_in_every_language() -> None:
    keys = [item["key"] for item in shipped()["items"]]
    assert len(keys) == len(set(keys))
    for scale in shipped()["scales"].values():
        for words in (scale.get("labels"), scale.get("ends")):
            assert words is None or set(words) == LANGUAGES
        if "labels" in scale:
            assert {len(labels) for labels in scale["labels"].values()} == {len(scale["values"])}
    assert all(set(stem) == LANGUAGES for stem in shipped()["stems"].values())


@pytest.mark.parametrize(
    ("kind", "mentor", "mentee"),
    [("baseline", 17, 19), ("pulse", 3, 3), ("quarterly", 16, 16), ("final", 35, 36), ("followup", 4, 3)],
)
def test_each_round_asks_as_many_questions_as_the_method_says(kind: str, mentor: int, mentee: int) -> None:
    items = sheet(kind)["items"]
    assert sum("mentor" in item["roles"] for item in items) == mentor
    assert sum("mentee" in item["roles"] for item in items) == mentee


def test_the_final_round_repeats_the_baseline_in_its_first_part_and_takes_nine_minutes() -> None:
    baseline, final = sheet("baseline"), sheet("final")
    asked_before = {item["key"] for item in baseline["items"]}
    assert {item["part"] for item in final["items"]} == {1, 2}
    assert all((item["key"] in asked_before) == (item["part"] == 1) for item in final["items"])
    assert max(minutes_for(final, role) for role in ROLES) == 9
    assert max(minutes_for(sheet("quarterly", is_first=False), role) for role in ROLES) == 4


@pytest.mark.covers("A-14")
def test_what_could_never_be_shown_is_not_asked() -> None:
    few_mentors = sheet("quarterly", invited={"mentor": 4, "mentee": 12})
    assert not [item for item in few_mentors["items"] if item["roles"] == ["mentor"]]
    no_comments = sheet("quarterly", invited={"mentor": 5, "mentee": 4}, comment_k=10)
    assert not [item for item in no_comments["items"] if item["scale"] == "TXT"]
    eleven = sheet("quarterly", invited={"mentor": 5, "mentee": 6})
    assert [item["key"] for item in eleven["items"] if item["scale"] == "TXT"] == ["t_prog"]
    totals = sheet("quarterly", totals_only=True)
    assert all(len(item["roles"]) == 2 and item["scale"] != "TXT" for item in totals["items"])


@pytest.mark.covers("S0.33", "S1.25", "S3.14", "S3.28", "S3.40", "S4.30", "S1.34")
def test_what_the_mission_wants_watched_is_asked_each_quarter() -> None:
    keys = {item["key"] for item in sheet("quarterly", is_first=False)["items"]}
    assert set(SCORES["psi"]) <= keys  # safety, of mentors and of mentees
    assert {"lead_m", "lead_e", "psy_differ", "look_diff", "in_tune", "balance"} <= keys


@pytest.mark.covers("S0.16")
def test_digital_confidence_is_asked_before_and_after() -> None:
    for kind in ("baseline", "final"):
        assert set(SCORES["dig"]) <= {item["key"] for item in sheet(kind)["items"]}


def test_every_score_has_a_name_and_questions_on_one_scale() -> None:
    items = {item["key"]: item for item in shipped()["items"]}
    assert set(SCORES) == set(Score.values)
    for keys in SCORES.values():
        assert len({shipped()["scales"][items[key]["scale"]]["values"][-1] for key in keys}) == 1
    for kind, codes in HEADLINES.items():
        asked = {item["key"] for item in sheet(kind)["items"]}
        assert all(set(SCORES.get(code, (code,))) <= asked for code in codes)


def test_texts_are_asked_last() -> None:
    for kind in RoundKind.values:
        frozen = sheet(kind)
        for part in {item["part"] for item in frozen["items"]}:
            kinds = [
                frozen["scales"][item["scale"]]["kind"] == TEXT
                for item in frozen["items"]
                if item["part"] == part
            ]
            assert kinds == sorted(kinds)
