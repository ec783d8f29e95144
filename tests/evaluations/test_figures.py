"""What may be printed about a group: blunted figures, scores, comments, change (A-02, A-07, A-09)."""

from __future__ import annotations

from typing import Any

import pytest

from evaluations.engine.figures import cell, comparable, recommendation, scores
from evaluations.engine.instruments import questions, shipped
from evaluations.engine.release import PARTICIPANTS, STAFF, Answers, Earlier, comments, members, trends, view

L5, N10, YN, MC = (shipped()["scales"][code] for code in ("L5", "N10", "YN", "MC"))
QUARTERLY = questions("quarterly", is_first=False, invited={"mentor": 30, "mentee": 30}, k=5, comment_k=10)
ATOMS = [("mentor", ""), ("mentee", "")]


def given(question: str, **values: list[Any]) -> Answers:
    answers = Answers()
    for role, of_role in values.items():
        for value in of_role:
            answers.add(question, (role, ""), value)
    return answers


@pytest.mark.covers("A-09")
@pytest.mark.parametrize(("mark", "mean", "bound"), [("1", 1.4, "le"), ("5", 4.6, "ge"), ("3", 3.0, "")])
def test_a_small_group_that_agrees_is_not_given_away(mark: str, mean: float, bound: str) -> None:
    for n in (5, 19):
        one = cell([mark] * n, L5, spread=False)
        assert (one["mean"], one["bound"], one["shares"]) == (mean, bound, None)
    assert cell(["5"] * 20, L5, spread=False)["mean"] == 5.0


@pytest.mark.covers("A-09")
def test_shares_of_a_small_group_have_blunt_ends() -> None:
    shares = cell(["5"] * 12, L5, spread=True)["shares"]
    assert [(share["percent"], share["bound"]) for share in shares] == [(10, "le")] * 4 + [(90, "ge")]
    assert [share["percent"] for share in cell(["5"] * 15 + ["1"] * 5, L5, spread=True)["shares"]] == [
        25,
        0,
        0,
        0,
        75,
    ]


def test_means_are_rounded_to_a_tenth_half_up() -> None:
    assert cell(["3"] * 19 + ["4"], L5, spread=False)["mean"] == 3.1
    assert cell(["7"] * 10 + ["8"] * 10, N10, spread=False)["mean"] == 7.5


@pytest.mark.covers("A-09")
def test_a_yes_or_no_has_no_figure_until_a_distribution_is_allowed() -> None:
    assert cell(["yes"] * 9, YN, spread=False) is None
    assert cell(["yes"] * 6 + ["no"] * 6, YN, spread=True)["shares"][0]["percent"] == 50
    several = cell([["consumer", "craft"]] * 6 + [["craft"]] * 6, MC, spread=True)
    assert [share["percent"] for share in several["shares"]] == [50, 10, 10, 90, 10]


def test_recommendation_is_promoters_minus_detractors() -> None:
    assert recommendation(["10"] * 15 + ["8"] * 10 + ["5"] * 5) == {"score": 33, "indicative": False}
    assert recommendation(["10"] * 12) == {"score": 80, "indicative": True}
    assert recommendation(["0"] * 12) == {"score": -80, "indicative": True}


def test_scores_turn_reversed_questions_round_and_need_most_of_their_questions() -> None:
    items = [item for item in QUARTERLY["items"] if item["key"].startswith("psy_")]
    cuts = {"all": 4.0}
    means = {"psy_differ": cuts, "psy_gap": cuts, "psy_rank": {"all": 2.0}, "psy_after": cuts}
    assert scores(items, means) == {"psi": {"all": 75}}
    del means["psy_gap"]
    assert scores(items, means) == {"psi": {"all": 75}}
    del means["psy_after"]
    assert scores(items, means) == {}


@pytest.mark.covers("A-01", "A-03")
@pytest.mark.parametrize("n", range(7))
def test_a_role_with_fewer_than_k_answers_is_hidden_and_so_is_the_other(n: int) -> None:
    answers = given("equal", mentor=["4"] * 20, mentee=["2"] * n)
    cells = view(QUARTERLY, answers, ATOMS, 5, STAFF)["figures"]["equal"]
    assert set(cells) == ({"all", "role:mentor", "role:mentee"} if n >= 5 else {"all"})
    seen = view(QUARTERLY, answers, ATOMS, 5, PARTICIPANTS)["figures"]["equal"]
    assert set(seen) == ({"all", "role:mentor", "role:mentee"} if n >= 6 else {"all"})


@pytest.mark.covers("A-09")
def test_no_distribution_below_twice_k_not_even_by_subtraction() -> None:
    answers = given("equal", mentor=["4"] * 14, mentee=["2"] * 6)
    cells = view(QUARTERLY, answers, ATOMS, 5, STAFF)["figures"]["equal"]
    assert cells["all"]["shares"] is not None
    assert cells["role:mentor"]["shares"] is None
    assert cells["role:mentee"]["shares"] is None


@pytest.mark.covers("A-04")
def test_a_question_for_one_role_has_that_role_as_its_only_group() -> None:
    answers = given("lead_m", mentor=["4"] * 20)
    assert set(view(QUARTERLY, answers, ATOMS, 5, STAFF)["figures"]["lead_m"]) == {"role:mentor"}


@pytest.mark.covers("A-02")
@pytest.mark.covers_part("S1.28")
@pytest.mark.parametrize(
    ("mentors", "mentees", "shown"),
    [
        (9, 30, {"t_prog"}),
        (10, 0, {"t_prog", "t_org"}),
        (4, 5, set()),
        (5, 5, {"t_prog"}),
        (12, 9, {"t_prog", "t_org"}),
    ],
)
def test_comments_need_ten_people_of_the_roles_asked(mentors: int, mentees: int, shown: set[str]) -> None:
    answers = given("t_prog", mentor=["More time."], mentee=["Less mail."])
    answers.add("t_org", ("mentor", ""), "Listen.")
    respondents = {"1": {"mentor": mentors, "mentee": mentees}}
    assert set(comments(QUARTERLY, answers, respondents, 10)) == shown


# --- change ---------------------------------------------------------------------------------------------


def of(people: range) -> dict[str, frozenset[int]]:
    return members({"person": person, "role": "mentor", "in": ""} for person in people)


@pytest.mark.covers("A-07")
@pytest.mark.parametrize(("joined", "is_shown"), [(0, True), (1, False), (4, False), (5, True)])
def test_change_is_shown_when_nobody_or_enough_people_joined(joined: int, is_shown: bool) -> None:
    before = view(QUARTERLY, given("lead_m", mentor=["3"] * 20), ATOMS, 5, STAFF)
    after = view(QUARTERLY, given("lead_m", mentor=["4"] * (20 + joined)), ATOMS, 5, STAFF)
    earlier = [Earlier(1, before, of(range(20)))]
    change = trends(after, of(range(20 + joined)), earlier, 5)
    wanted = {"role:mentor": {"round": 1, "before": 3.0, "after": 4.0, "change": 1.0}}
    assert change == ({"lead_m": wanted} if is_shown else {})


@pytest.mark.covers("A-07")
def test_the_same_number_of_people_is_not_the_same_people() -> None:
    assert comparable(frozenset({1, 2, 3}), frozenset({1, 2, 3}), 5)
    assert not comparable(frozenset({1, 2, 3}), frozenset({1, 2, 4}), 5)


@pytest.mark.covers("A-07", "S1.13")
def test_change_is_measured_from_the_last_round_that_asked_the_same() -> None:
    def figures(mark: str) -> dict[str, Any]:
        return view(QUARTERLY, given("lead_m", mentor=[mark] * 20), ATOMS, 5, STAFF)

    everybody = of(range(20))
    no_such_question = {"figures": {"open_view": {}}, "scores": {}, "recommendation": {}}
    earlier = [
        Earlier(3, no_such_question, everybody),
        Earlier(2, figures("3"), everybody),
        Earlier(1, figures("2"), everybody),
    ]
    assert trends(figures("4"), everybody, earlier, 5)["lead_m"]["role:mentor"]["round"] == 2


@pytest.mark.covers("A-09")
def test_a_blunted_end_has_no_change() -> None:
    before = view(QUARTERLY, given("lead_m", mentor=["5"] * 12), ATOMS, 5, STAFF)
    after = view(QUARTERLY, given("lead_m", mentor=["4"] * 12), ATOMS, 5, STAFF)
    assert trends(after, of(range(12)), [Earlier(1, before, of(range(12)))], 5) == {}
