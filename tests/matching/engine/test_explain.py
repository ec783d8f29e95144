"""Reasons as data: criteria, bands and facts, rules that removed somebody, and what another choice would cost."""

from dataclasses import replace

import pytest

from matching.engine import Loss, Policy, Problem, Rules, TopicGain, Weights, Window, explain, solve
from matching.engine.codes import CRITERIA, NOT_AVAILABLE, REPORTING_LINE, RULES
from matching.engine.encode import points
from tests.matching.engine.cohorts import given, junior, senior

MENTEE = senior(
    "e1",
    wants={"gen_ai": 3, "social_media": 1},
    offers={"social_media": 2, "leadership": 5},
    perspective_wanted="consumer",
    style="dialogue",
    languages=("en", "nl"),
    site="Utrecht",
    department="Tax",
    availability=("mon_am", "tue_pm"),
    time_zone="Europe/Amsterdam",
)
MENTOR = junior(
    "m1",
    offers={"gen_ai": 4, "social_media": 5},
    wants={"leadership": 3, "craft": 1},
    perspectives_offered=("consumer",),
    style="dialogue",
    languages=("en", "de"),
    site="Hamburg",
    department="Audit",
    availability=("mon_am", "tue_pm"),
    time_zone="Europe/Amsterdam",
)


def reasons(mentee=MENTEE, mentor=MENTOR):
    problem = Problem(mentors=(mentor,), mentees=(mentee,))
    return explain(problem, solve(problem)).pair("e1", "m1")


@pytest.mark.covers("S1.3", "S4.16")
def test_a_pair_is_explained_criterion_by_criterion() -> None:
    found = reasons()
    assert found.terms == {
        # 3 * (4 - 0) + 1 * (5 - 2) of 3 * 5 + 1 * 3 that a teacher of everything could give: 15 of 18, rounded
        "knowledge": 33_334,
        "perspective": 15_000,
        "distance": 15_000,
        "logistics": 10_000,
        "style": 10_000,
        # 3 * (5 - 0) + 1 * 0 of 3 * 5 + 1 * 5: 15 of 20
        "return_gain": 7_500,
    }
    assert found.score == sum(found.terms.values())
    assert found.learns == (
        TopicGain("gen_ai", priority=3, learner_level=0, teacher_level=4, gain=12),
        TopicGain("social_media", priority=1, learner_level=2, teacher_level=5, gain=3),
    )
    assert found.gives_back == (TopicGain("leadership", 3, 0, 5, 15),)
    assert found.windows == (Window("mon_am", "mon_am", 180), Window("tue_pm", "tue_pm", 240))
    assert (found.languages, found.grade_distance) == (("en",), 5)
    assert [(reason.criterion, reason.band) for reason in found.criteria] == [
        ("knowledge", "strong"),
        ("perspective", None),
        ("distance", "strong"),
        ("logistics", "strong"),
        ("style", "strong"),
        ("return_gain", "strong"),
    ]


@pytest.mark.parametrize(
    ("mentee", "mentor", "criterion", "points_", "band", "facts"),
    [
        ({}, {"offers": {"gen_ai": 1}}, "knowledge", 6_667, "some", ("gain",)),
        ({}, {"offers": {}}, "knowledge", 0, "none", ("no_gain",)),
        ({"wants": {}}, {}, "knowledge", 0, "none", ("nothing_wanted",)),
        ({"wants": {"x": 3}, "offers": {"x": 5}}, {}, "knowledge", 0, "none", ("no_gain",)),
        ({}, {"perspectives_offered": ("craft",)}, "perspective", 0, None, ("not_offered",)),
        ({"perspective_wanted": None}, {}, "perspective", 0, None, ("not_asked",)),
        ({"perspective_wanted": ""}, {"perspectives_offered": ("",)}, "perspective", 0, None, ("not_asked",)),
        ({}, {"department": "Tax"}, "distance", 6_000, "some", ("same_department", "other_site")),
        ({}, {"site": "Utrecht"}, "distance", 9_000, "some", ("other_department", "same_site")),
        ({}, {"department": None}, "distance", 6_000, "some", ("department_unknown", "other_site")),
        ({}, {"department": None, "site": ""}, "distance", 0, "none", ("department_unknown", "site_unknown")),
        ({}, {"availability": ("mon_am",)}, "logistics", 5_000, "some", ("shared_windows",)),
        ({}, {"style": "observe"}, "style", 4_000, "none", ("other_style",)),
        ({"style": None}, {"style": None}, "style", 4_000, "none", ("style_unknown",)),
        ({"offers": {}}, {}, "return_gain", 0, "none", ("no_gain",)),
    ],
)
def test_bands_and_facts_follow_what_is_the_case(mentee, mentor, criterion, points_, band, facts) -> None:
    found = reasons(replace(MENTEE, **mentee), replace(MENTOR, **mentor))
    reason = {entry.criterion: entry for entry in found.criteria}[criterion]
    assert (found.terms[criterion], reason.band, reason.facts) == (points_, band, facts)


@pytest.mark.covers_part("S2.16", "S2.24")
def test_craft_looks_for_the_same_discipline_and_its_band_does_not_tell() -> None:
    craft = replace(MENTEE, perspective_wanted="craft", discipline="law")
    same, other = replace(MENTOR, discipline="law"), replace(MENTOR, discipline="data")
    assert reasons(craft, same).terms["distance"] == 15_000
    assert reasons(craft, other).terms["distance"] == 0
    usual = reasons(replace(MENTEE, discipline="law"), other)
    for mentor in (same, other):
        assert reasons(craft, mentor).criteria[2] == usual.criteria[2]


def test_no_band_and_no_loosening_gives_a_perspective_or_a_private_wish_away() -> None:
    views = [replace(MENTOR, perspectives_offered=offered) for offered in ((), ("consumer",))]
    bands = [[reason.band for reason in reasons(mentor=mentor).criteria] for mentor in views]
    assert bands[0] == bands[1]
    walls = Policy(rules=Rules(barriers=(("audit", "deals"),)))
    behind = Problem(
        mentors=(replace(MENTOR, barrier_groups=("deals",)),),
        mentees=(replace(MENTEE, barrier_groups=("audit",)),),
        policy=walls,
    )
    blocked = Problem(mentors=(MENTOR,), mentees=(MENTEE,), blocked=(("m1", "e1"),))
    for problem in (behind, blocked):
        plan = solve(problem)
        answer = explain(problem, plan).unmatched("e1", "mentee")
        assert (dict(answer.removed), answer.opens) == ({NOT_AVAILABLE: 1}, ())
        assert explain(problem, plan).rule_effects() == ()


@pytest.mark.covers_part("S2.7")
def test_no_protected_characteristic_has_a_place() -> None:
    protected = {"gender", "ethnicity", "nationality", "culture", "age", "birth", "religion"}
    assert not set(Problem.__dataclass_fields__ | MENTEE.__dataclass_fields__) & protected
    assert set(Weights.__dataclass_fields__) == set(CRITERIA)


def test_points_add_up_for_any_weights() -> None:
    for weights in (Weights(), Weights(1, 1, 1, 0, 0, 0), Weights(0.1, 0.2, 0.3, 0, 1e-9, 999_999)):
        assert sum(points(weights).values()) == 100_000
    assert points(Weights()) == {
        "knowledge": 40_000,
        "perspective": 15_000,
        "distance": 15_000,
        "logistics": 10_000,
        "style": 10_000,
        "return_gain": 10_000,
    }


def test_somebody_ruled_out_hears_by_which_rules_and_what_would_help() -> None:
    mentee = senior("e1", languages=("de",), country="NL")
    mentors = (
        junior("m1", languages=("en",), country="NL"),
        junior("m2", languages=("en",), country="DE"),
        junior("m3", languages=("de",), country="DE"),
        junior("m4", languages=("de",), country=None),
        junior("m5", languages=("de",), country="NL", grade=8),
        junior("m6", languages=(), country="NL"),
        junior("m7", languages=("de",), country="NL", managers=("e1",)),
    )
    problem = Problem(mentors=mentors, mentees=(mentee,))
    answer = explain(problem, solve(problem)).unmatched("e1", "mentee")
    assert (answer.code, answer.candidates, answer.allowed, answer.witness) == ("ruled_out", 7, 0, None)
    assert answer.removed == {
        REPORTING_LINE: 1,
        "grade_direction": 1,
        "language": 2,
        "language_unknown": 1,
        "cross_border": 2,
        "country_unknown": 1,
    }
    assert answer.only == {
        REPORTING_LINE: 1,
        "grade_direction": 1,
        "language": 1,
        "language_unknown": 1,
        "cross_border": 1,
        "country_unknown": 1,
    }
    assert answer.opens == (
        ("country_unknown", 1),
        ("cross_border", 1),
        ("language", 1),
        ("language_unknown", 1),
    )
    assert list(answer.removed) == [rule for rule in RULES if rule in answer.removed]


def test_both_willing_to_cross_borders_needs_no_country() -> None:
    problem = Problem(
        mentors=(junior("m1", cross_border=True),), mentees=(senior("e1", country="NL", cross_border=True),)
    )
    assert solve(problem).totals.matched == 1


def test_a_fact_that_nobody_gave_judges_nobody_and_is_reported() -> None:
    problem = Problem(mentors=(junior("m1"),), mentees=(senior("e1"),))
    plan = solve(problem)
    assert plan.totals.matched == 1
    assert explain(problem, plan).unjudged_rules() == (
        "reporting_line",
        "same_team",
        "language",
        "availability",
        "cross_border",
    )
    one_knows = replace(problem, mentors=(junior("m1", languages=("en",)),))
    plan = solve(one_knows)
    assert plan.totals.matched == 0
    assert "language" not in explain(one_knows, plan).unjudged_rules()


CONTEST = given(
    {
        ("e1", "m1"): 90,
        ("e2", "m1"): 80,
        ("e3", "m1"): 10,
        ("e3", "m2"): 60,
        ("e4", "m2"): 50,
        ("e5", "m3"): 5,
    },
    {"e1": 1, "e2": 1, "e3": 1, "e4": 1, "e5": 1},
    {"m1": 1, "m2": 1, "m3": 2},
)


def test_those_who_compete_for_too_few_seats_are_named() -> None:
    plan = solve(CONTEST)
    why = explain(CONTEST, plan)
    assert [(pair.mentee, pair.mentor) for pair in plan.pairs] == [("e1", "m1"), ("e3", "m2"), ("e5", "m3")]
    witness = why.unmatched("e4", "mentee").witness
    assert (witness.people, witness.others) == (("e1", "e2", "e3", "e4"), ("m1", "m2"))
    assert (witness.seats, witness.left_out) == (2, ("e2", "e4"))
    assert why.unmatched("e1", "mentee").code == "matched"


def test_an_alternative_tells_its_exact_price() -> None:
    why = explain(CONTEST, solve(CONTEST))
    assert why.why_not("e2", "m1").loss == Loss(people=0, pairs=0, points=10)
    # e3 takes m1's seat, and m2 goes to e4: 90 + 60 becomes 10 + 50
    assert why.why_not("e3", "m1").loss == Loss(people=0, pairs=0, points=90)
    assert why.why_not("e1", "m1").chosen
    assert why.why_not("e1", "m2").reasons == ("not_listed",)
    assert [(entry.mentee, entry.loss.points) for entry in why.alternatives("m1", "mentor")] == [
        ("e2", 10),
        ("e3", 90),
    ]
    assert [entry.mentor for entry in why.alternatives("e3", "mentee", count=1)] == ["m1"]


def test_a_pair_that_would_cost_somebody_their_place_says_so() -> None:
    problem = given(
        {("e1", "m1"): 10, ("e2", "m1"): 50, ("e2", "m2"): 40}, {"e1": 1, "e2": 1}, {"m1": 1, "m2": 1}
    )
    assert explain(problem, solve(problem)).why_not("e2", "m1").loss == Loss(people=0, pairs=1, points=0)


def test_a_pinned_place_is_not_to_be_had() -> None:
    problem = replace(CONTEST, pins=(("e2", "m1"),))
    why = explain(problem, solve(problem))
    assert why.why_not("e1", "m1").reasons == ("pinned_elsewhere",)
    answer = why.unmatched("e1", "mentee")
    assert (answer.code, answer.witness.seats, answer.witness.left_out) == ("seats_short", 0, ("e1",))


def test_without_a_rule_there_would_be_more_pairs_and_another_mean() -> None:
    problem = replace(CONTEST, policy=Policy(), past=(("e4", "m3"),), rejects=(("e5", "m3"),))
    problem = replace(problem, scores=(*problem.scores, ("e4", "m3", 40)))
    effects = explain(problem, solve(problem)).rule_effects()
    # with e1-m1 90 and e3-m2 60 the mean is 75; past_pair gives e4-m3 at 40, rejected gives e5-m3 at 5
    assert [(e.rule, e.opened, e.pairs, e.mean_before, e.mean_after, e.mean_change) for e in effects] == [
        ("past_pair", 1, 1, 75, 63, -156),
        ("rejected", 1, 1, 75, 52, -311),
    ]


def test_best_fit_may_leave_somebody_out_and_says_so() -> None:
    scores = {("e1", "m1"): 10, ("e2", "m1"): 90, ("e2", "m2"): 20}
    problem = given(scores, {"e1": 1, "e2": 1}, {"m1": 1, "m2": 1}, policy=Policy(coverage="fit"))
    plan = solve(problem)
    assert [(pair.mentee, pair.mentor) for pair in plan.pairs] == [("e2", "m1")]
    assert explain(problem, plan).unmatched("e1", "mentee").code == "better_without"


def test_people_first_gives_everybody_one_before_anybody_gets_two() -> None:
    scores = {("e1", "m1"): 90, ("e1", "m2"): 90, ("e2", "m1"): 1, ("e2", "m2"): 1}
    capacities = {"e1": 2, "e2": 1}, {"m1": 1, "m2": 1}
    most = solve(given(scores, *capacities))
    people = solve(given(scores, *capacities, policy=Policy(coverage="people")))
    assert (most.totals.matched, most.totals.people, most.totals.score) == (2, 1, 180)
    assert (people.totals.matched, people.totals.people, people.totals.score) == (2, 2, 91)


def test_a_current_pair_stays_for_its_stickiness() -> None:
    scores = {("e1", "m1"): 50, ("e1", "m2"): 60}
    problem = given(scores, {"e1": 1}, {"m1": 1, "m2": 1}, current=(("e1", "m1"), ("gone", "m1")))
    for stickiness, mentor in ((9, "m2"), (11, "m1")):
        plan = solve(replace(problem, policy=Policy(stickiness=stickiness)))
        assert plan.pairs[0].mentor == mentor
        assert plan.pairs[0].current is (mentor == "m1")


def test_the_tie_seed_decides_between_equals_and_nothing_else() -> None:
    scores = {(f"e{j}", f"m{i}"): 500 for j in range(6) for i in range(6)}
    problem = given(scores, {f"e{j}": 1 for j in range(6)}, {f"m{i}": 1 for i in range(6)})
    plans = [solve(replace(problem, policy=Policy(tie_seed=seed))) for seed in range(4)]
    assert len({plan.pairs for plan in plans}) == 4
    assert {plan.totals.score for plan in plans} == {3000}
