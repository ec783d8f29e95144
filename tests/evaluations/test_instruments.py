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


@pytest.mark.covers("S3.14", "S3.40", "S4.30")
@pytest.mark.covers_part("S0.33", "S1.25", "S3.28", "S1.29", "S4.34")
def test_what_the_mission_wants_watched_is_asked_each_quarter() -> None:
    keys = {item["key"] for item in sheet("quarterly", is_first=False)["items"]}
    assert set(SCORES["psi"]) <= keys  # safety, of mentors and of mentees
    assert {"lead_m", "lead_e", "psy_differ", "look_diff", "in_tune", "balance"} <= keys


@pytest.mark.covers_part("S0.16")
def test_digital_confidence_is_asked_before_and_after() -> None:
    for kind in ("baseline", "final"):
        assert set(SCORES["dig"]) <= {item["key"] for item in sheet(kind)["items"]}


#: What ought to change is asked before the first meeting and at the end, of those whom it is about.
BEFORE_AND_AFTER = {
    ("mentor", "mentee"): {"gen_ease", "gen_friction", "mot", "open_view", "open_change", "purpose"},
    ("mentor",): {*SCORES["skl"], *SCORES["voi"], "stay"},
    ("mentee",): {*SCORES["dig"], *SCORES["crf"], "inc_barriers", "idea_new", "learn_levels"},
}


@pytest.mark.covers("S0.5", "S0.20", "S1.4", "S2.14", "S2.26", "S3.4", "S3.24", "S3.27", "S3.50")
@pytest.mark.covers_part("S2.6", "S3.49")
def test_what_ought_to_change_is_asked_before_and_after_of_those_it_is_about() -> None:
    for kind in ("baseline", "final"):
        asked = {item["key"]: tuple(item["roles"]) for item in sheet(kind)["items"]}
        for roles, keys in BEFORE_AND_AFTER.items():
            assert {key: asked.get(key) for key in keys} == dict.fromkeys(keys, roles), kind
    assert len(SCORES["skl"]) == 6


@pytest.mark.covers("S3.47")
def test_mentors_are_asked_whether_they_see_the_other_side_and_mentees_which_barriers_they_know() -> None:
    asked = {item["key"]: tuple(item["roles"]) for item in sheet("final")["items"]}
    assert (asked["see_other"], asked["inc_barriers"]) == (("mentor",), ("mentee",))


@pytest.mark.covers("S3.46", "S3.48")
@pytest.mark.covers_part("S0.37", "S4.6")
def test_a_pulse_asks_mentors_whether_they_were_heard_and_mentees_what_was_new() -> None:
    asked = {item["key"]: tuple(item["roles"]) for item in sheet("pulse")["items"]}
    assert asked == {
        "p_worth": ("mentor", "mentee"),
        "p_speak": ("mentor",),
        "p_listened": ("mentor",),
        "p_notknow": ("mentee",),
        "p_new": ("mentee",),
    }


@pytest.mark.covers("S3.16")
def test_every_quarter_asks_the_same() -> None:
    def asked(*, is_first: bool) -> set[str]:
        return {item["key"] for item in sheet("quarterly", is_first=is_first)["items"]}

    assert asked(is_first=True) - asked(is_first=False) == {"exp_role"}
    assert asked(is_first=False) < asked(is_first=True)


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
