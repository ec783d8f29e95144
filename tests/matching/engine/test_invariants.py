"""What holds for every plan, whatever the cohort."""

import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.engine import Pair, Person, Plan, Problem, Weights, explain, input_digest, solve, verify
from matching.engine.chains import superiors
from matching.engine.encode import encode
from matching.engine.reasons import Judge
from matching.engine.rules import names
from matching.engine.table import tabulate
from tests.matching.engine import oracle
from tests.matching.engine.cohorts import examples, people, scored


def rank(problem: Problem, plan: Plan) -> oracle.Rank:
    return oracle.rank_of(problem, plan)


@examples(60)
@given(people())
def test_matrices_say_what_plain_loops_say(problem: Problem) -> None:
    table, judge = tabulate(encode(problem)), Judge(problem)
    for row, mentee in enumerate(table.cohort.mentees.keys):
        for column, mentor in enumerate(table.cohort.mentors.keys):
            reasons = judge.reasons(mentee, mentor)
            assert table.score[row, column] == reasons.score == sum(reasons.terms.values())
            assert 0 <= reasons.score <= 100_000
            assert names(int(table.mask[row, column])) == judge.broken_rules(mentee, mentor)


@pytest.mark.covers("S2.11", "S3.21")
@examples(60)
@given(people())
def test_no_pair_breaks_a_rule_and_the_plan_passes_its_check(problem: Problem) -> None:
    plan = solve(problem)
    verify(problem, plan)
    people_by_key = {person.key: person for person in (*problem.mentees, *problem.mentors)}
    above = superiors(problem)
    for pair in plan.pairs:
        mentee, mentor = people_by_key[pair.mentee], people_by_key[pair.mentor]
        assert mentee.grade - mentor.grade >= problem.policy.rules.min_grade_distance >= 1
        assert mentor.key not in above[mentee.key]
        assert mentee.key not in above[mentor.key]


@examples(60)
@given(people(), st.integers(0, 10**6))
def test_the_order_of_rows_changes_nothing(problem: Problem, seed: int) -> None:
    rng = random.Random(seed)
    plan = solve(problem)
    again = solve(_shuffled(problem, rng))
    assert again == plan
    assert input_digest(_shuffled(problem, rng)) == plan.input_digest


@examples(60)
@given(scored(), st.integers(0, 10**6))
def test_the_order_of_given_scores_changes_nothing(problem: Problem, seed: int) -> None:
    assert solve(_shuffled(problem, random.Random(seed))) == solve(problem)


def _shuffled(problem: Problem, rng: random.Random) -> Problem:
    def mixed(items):
        return None if items is None else tuple(rng.sample(items, len(items)))

    return replace(
        problem,
        mentors=tuple(_turned(person, rng) for person in mixed(problem.mentors)),
        mentees=tuple(_turned(person, rng) for person in mixed(problem.mentees)),
        pins=mixed(problem.pins),
        rejects=mixed(problem.rejects),
        current=mixed(problem.current),
        past=mixed(tuple(link[::-1] for link in problem.past)),
        blocked=mixed(problem.blocked),
        scores=mixed(problem.scores),
    )


def _turned(person: Person, rng: random.Random) -> Person:
    return replace(
        person,
        offers=dict(rng.sample(sorted(person.offers.items()), len(person.offers))),
        wants=dict(rng.sample(sorted(person.wants.items()), len(person.wants))),
        languages=tuple(rng.sample(person.languages, len(person.languages))),
        availability=tuple(rng.sample(person.availability, len(person.availability))),
    )


@examples(60)
@given(scored(coverage="pairs", fairness="total"), st.integers(1, 10_000))
def test_the_same_points_more_for_every_pair_keep_the_plan(problem: Problem, more: int) -> None:
    """Coverage stands above points, so a constant can only cancel out; the lots are drawn as before."""
    lower = replace(problem, scores=tuple((e, m, score * 9 // 10) for e, m, score in problem.scores))
    higher = replace(problem, scores=tuple((e, m, score + more) for e, m, score in lower.scores))
    one, other = solve(lower), solve(higher)
    assert [(p.mentee, p.mentor) for p in one.pairs] == [(p.mentee, p.mentor) for p in other.pairs]
    assert other.totals.score - one.totals.score == more * one.totals.matched


@examples(60)
@given(scored(pins=False, coverage="pairs", fairness="total"), st.integers(0, 3), st.integers(0, 100_000))
def test_more_seats_and_more_pairs_never_lower_the_best(problem: Problem, which: int, score: int) -> None:
    before = rank(problem, solve(problem))
    seats = replace(problem, mentors=tuple(replace(m, capacity=m.capacity + 1) for m in problem.mentors))
    assert rank(seats, solve(seats)) >= before
    newcomer = Person("new", capacity=1)
    more = tuple((mentee.key, "new", score) for mentee in problem.mentees[which:])
    wider = replace(problem, mentors=(*problem.mentors, newcomer), scores=(*problem.scores, *more))
    assert rank(wider, solve(wider)) >= before
    narrower = replace(problem, blocked=tuple((e, m) for e, m, _ in problem.scores[which : which + 2]))
    assert rank(narrower, solve(narrower)) <= before


@examples(60)
@given(scored(pins=False))
def test_pinning_what_was_chosen_and_rejecting_what_was_not_keeps_the_rank(problem: Problem) -> None:
    plan = solve(problem)
    for pair in plan.pairs[:2]:
        pinned = replace(problem, pins=((pair.mentee, pair.mentor),))
        assert rank(pinned, solve(pinned)) == rank(problem, plan)
    made = {(pair.mentee, pair.mentor) for pair in plan.pairs}
    others = tuple((e, m) for e, m, _ in problem.scores if (e, m) not in made)
    without = replace(problem, rejects=(*problem.rejects, *others))
    again = solve(without)
    assert {(pair.mentee, pair.mentor) for pair in again.pairs} == made


@examples(80)
@given(scored())
def test_pins_are_kept_and_rejects_absent(problem: Problem) -> None:
    made = {(pair.mentee, pair.mentor) for pair in solve(problem).pairs}
    assert set(problem.pins) <= made
    assert not made & set(problem.rejects)


@examples(60)
@given(people(), st.sampled_from((2, 0.5, 7)))
def test_only_the_proportions_of_weights_matter(problem: Problem, factor: float) -> None:
    usual = Weights()
    names_ = ("knowledge", "perspective", "distance", "logistics", "style", "return_gain")
    scaled = Weights(**{name: getattr(usual, name) * factor for name in names_})
    again = solve(replace(problem, policy=replace(problem.policy, weights=scaled)))
    assert again.pairs == solve(problem).pairs


@examples(60)
@given(scored(pins=False, coverage="pairs", fairness="total", load_step=0, stickiness=10**7))
def test_enough_stickiness_keeps_as_many_current_pairs_as_coverage_allows(problem: Problem) -> None:
    kept = sum(pair.current for pair in solve(problem).pairs)
    counting = replace(
        problem,
        scores=tuple((e, m, int((e, m) in problem.current)) for e, m, _ in problem.scores),
        policy=replace(problem.policy, stickiness=0),
    )
    assert kept == oracle.best(counting).rank[1]


@examples(60)
@given(scored(pins=False, coverage="pairs", fairness="total", load_step=0))
def test_a_higher_load_step_never_loads_mentors_less_evenly(problem: Problem) -> None:
    spread = []
    for step in (0, 10, 20_000, 200_000):
        plan = solve(replace(problem, policy=replace(problem.policy, load_step=step)))
        loads = [sum(pair.mentor == person.key for pair in plan.pairs) for person in problem.mentors]
        spread.append(sum(load * load for load in loads))
    assert spread == sorted(spread, reverse=True)


@examples(60)
@given(scored(coverage="pairs", fairness="total", load_step=0))
def test_swapping_the_sides_gives_the_same_figures(problem: Problem) -> None:
    def turned(links):
        return tuple((link[1], link[0], *link[2:]) for link in links)

    mirrored = replace(
        problem,
        mentors=problem.mentees,
        mentees=problem.mentors,
        pins=turned(problem.pins),
        rejects=turned(problem.rejects),
        current=turned(problem.current),
        scores=turned(problem.scores),
    )
    one, other = solve(problem).totals, solve(mirrored).totals
    assert (one.matched, one.value) == (other.matched, other.value)


@examples(80)
@given(scored())
def test_blocking_pairs_are_counted_as_two_loops_count_them(problem: Problem) -> None:
    plan = solve(problem)
    assert explain(problem, plan).blocking_pairs() == _blocking(problem, plan)


@examples(80)
@given(scored(pins=False))
def test_a_greedy_plan_has_no_blocking_pair(problem: Problem) -> None:
    free = {person.key: person.capacity for person in (*problem.mentees, *problem.mentors)}
    greedy = []
    allowed = sorted(oracle.eligible(problem).items(), key=lambda item: -item[1])
    for (mentee, mentor), _ in allowed:
        if free[mentee] and free[mentor]:
            greedy.append((mentee, mentor))
            free[mentee] -= 1
            free[mentor] -= 1
    pairs = tuple(Pair(mentee, mentor, 0) for mentee, mentor in greedy)
    plan = replace(solve(problem), pairs=pairs)
    assert explain(problem, plan).blocking_pairs() == 0


def _blocking(problem: Problem, plan: Plan) -> int:
    scores = oracle.eligible(problem)
    made = {(pair.mentee, pair.mentor): pair.score for pair in plan.pairs}
    wants_more = {}
    for place, (_, side) in enumerate(oracle.sides(problem)):
        for person in side:
            own = [score for link, score in made.items() if link[place] == person.key]
            wants_more[place, person.key] = -1 if len(own) < person.capacity else min(own, default=10**9)
    return sum(
        score > wants_more[0, mentee] and score > wants_more[1, mentor]
        for (mentee, mentor), score in scores.items()
        if (mentee, mentor) not in made
    )


@examples(80)
@given(scored(pins=False, coverage="pairs", fairness="total"))
def test_a_witness_shows_that_seats_are_short(problem: Problem) -> None:
    plan = solve(problem)
    why = explain(problem, plan)
    allowed = oracle.eligible(problem)
    capacity = {person.key: person.capacity for person in (*problem.mentees, *problem.mentors)}
    for role, unmatched in (("mentee", plan.unmatched_mentees), ("mentor", plan.unmatched_mentors)):
        place = 0 if role == "mentee" else 1
        for key in unmatched:
            answer = why.unmatched(key, role)
            assert answer.allowed == sum(link[place] == key for link in allowed)
            if not answer.allowed:
                assert answer.code in ("own_capacity", "ruled_out", "other_side_empty")
                assert answer.witness is None
                continue
            witness = answer.witness
            assert answer.code == "seats_short"
            assert key in witness.left_out
            assert witness.seats == sum(capacity[other] for other in witness.others)
            own = {link[1 - place] for link in allowed if link[place] == key}
            assert own <= set(witness.others)
            taken = [pair for pair in plan.pairs if (pair.mentor, pair.mentee)[place] in witness.others]
            assert len(taken) == witness.seats
            assert {(pair.mentee, pair.mentor)[place] for pair in taken} <= set(witness.people)
            if max(capacity[person] for person in witness.people) == 1:
                assert witness.seats + len(witness.left_out) == len(witness.people)


@examples(80)
@given(people())
def test_each_rule_is_counted_for_every_candidate_that_it_removes(problem: Problem) -> None:
    plan = solve(problem)
    why, judge = explain(problem, plan), Judge(problem)
    for mentee in problem.mentees:
        answer = why.unmatched(mentee.key, "mentee")
        broken = [judge.broken_rules(mentee.key, mentor.key) for mentor in problem.mentors]
        assert answer.candidates == len(broken)
        assert answer.allowed == sum(not rules for rules in broken)
        for rule, count in answer.removed.items():
            assert count == sum(rule in rules for rules in broken)
        for rule, count in answer.only.items():
            assert count == sum(rules == (rule,) for rules in broken)
        assert sum(answer.removed.values()) == sum(len(rules) for rules in broken)
        assert not {rule for rule, _ in answer.opens} & {"reporting_line", "not_available", "grade_direction"}


@examples(60)
@given(people())
def test_a_rule_effect_is_what_the_run_without_the_rule_gives(problem: Problem) -> None:
    plan = solve(problem)
    switches = {
        "same_team": {"same_team": False},
        "same_department": {"other_department": False},
        "grade_distance": {"min_grade_distance": 1},
        "past_pair": {"past_pairs": False},
    }
    for effect in explain(problem, plan).rule_effects():
        if effect.rule in switches:
            rules = replace(problem.policy.rules, **switches[effect.rule])
            totals = solve(replace(problem, policy=replace(problem.policy, rules=rules))).totals
            assert effect.pairs == totals.matched - plan.totals.matched
            assert effect.mean_after == (round(totals.score / totals.matched) if totals.matched else None)
