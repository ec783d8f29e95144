"""From enrolments to the engine: who is in, under which key, and what holds for them."""

from __future__ import annotations

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from matching.engine import input_digest, problem_to_json, solve
from matching.models import PairDecision, Proposal
from matching.selectors.chains import manager_chains
from matching.selectors.problem import cohort_input, default_settings
from pairings.services import confirm_pairing
from participants.models import DottedLine, Person
from programmes.choices import EnrolmentState, Role
from programmes.models import Cohort, Topic
from tests.matching.world import NOW, cohort, enrolment, matched, mentee, mentor, pairs, person, proposed

pytestmark = pytest.mark.django_db


def given(within: Cohort):
    return cohort_input(within, settings=default_settings(within), tie_seed=1)


def report_to(person: Person, boss: Person) -> None:
    Person.objects.filter(pk=person.pk).update(manager=boss)


def test_a_chain_is_in_order_runs_over_opaque_links_and_ends_in_a_circle(django_assert_num_queries) -> None:
    a, b, c, d = (person() for _ in range(4))
    link = Person.objects.create(hr_key="link", is_chain_only=True)
    for below, above in ((a, link), (link, b), (b, c), (c, a)):
        report_to(below, above)
    report_to(d, b)
    with django_assert_num_queries(1):
        chains = manager_chains([a.pk, d.pk])
    assert chains[a.pk] == (link.pk, b.pk, c.pk, a.pk)
    assert chains[d.pk] == (b.pk, c.pk, a.pk, link.pk)


@pytest.mark.covers("S2.11")
def test_lines_forbid_and_the_other_reports_of_ones_boss_do_not() -> None:
    within = cohort()
    head = mentee(within, "Head")
    middle = mentee(within, "Middle", grade=5, manager=head.person)
    own = mentor(within, "Own", manager=middle.person)
    neighbour = mentee(within, "Neighbour", grade=5, manager=head.person)
    assert pairs(matched(within)) == {("Own", "Neighbour")}
    problem = given(within).problem
    assert {len(one.managers) for one in problem.mentors} == {2}
    assert own.person.manager_id == middle.person_id != neighbour.person_id


@pytest.mark.covers("S2.11")
def test_a_line_over_an_opaque_link_forbids_at_any_depth() -> None:
    within = cohort()
    boss = mentee(within)
    chain = boss.person
    for number in range(6):
        chain = Person.objects.create(hr_key=f"opaque{number}", is_chain_only=True, manager=chain)
    mentor(within, manager=chain)
    run = matched(within)
    assert run.matched == 0
    [why] = [one for one in run.result["unmatched"].values() if one["role"] == "mentee"]
    assert why["removed"] == {"reporting_line": 1}


@pytest.mark.covers("S0.2", "S2.11")
def test_dotted_lines_and_appraisal_forbid_at_any_depth_and_in_both_directions() -> None:
    within = cohort()
    boss, dotted, free = mentee(within, "Boss"), mentee(within, "Dotted"), mentee(within, "Free")
    opaque = Person.objects.create(hr_key="opaque", is_chain_only=True, appraiser=boss.person)
    own = mentor(within, "Own", manager=opaque)
    DottedLine.objects.create(person=own.person, manager=dotted.person)
    above = mentor(within, "Above")
    Person.objects.filter(pk=boss.person_id).update(appraiser=above.person)
    given_now = given(within)
    problem = given_now.problem
    line = {one.key: set(one.superiors) for one in (*problem.mentors, *problem.mentees)}
    key = {
        name: given_now.key_of(one.pk) for name, one in (("boss", boss), ("dotted", dotted), ("above", above))
    }
    assert line[given_now.key_of(own.pk)] == {key["boss"], key["dotted"], key["above"]}
    assert pairs(matched(within)) in ({("Own", "Free"), ("Above", "Dotted")},)
    assert free.pk


def test_nothing_that_names_a_person_goes_in_and_keys_lead_back_to_nobody() -> None:
    within = cohort()
    people = [mentor(within, "Zebedee", city="Delft"), mentee(within, "Wilhelmina")]
    run = matched(within)
    text = json.dumps(run.problem) + json.dumps(run.result)
    for one in people:
        for name in (one.person.first_name, one.person.last_name, one.person.email, one.person.hr_key):
            assert name not in text
    assert sorted(run.keys.values()) == sorted(one.pk for one in people)
    assert all(len(key) == 16 and int(key, 16) >= 0 for key in run.keys)


def test_the_same_input_gives_the_same_digest_and_pairs_and_one_change_another() -> None:
    within = cohort()
    for _ in range(4):
        mentor(within), mentee(within)
    first, second = matched(within), matched(within)
    assert first.keys == second.keys
    assert first.input_digest == second.input_digest == first.result["plan"]["input_digest"]
    assert pairs(first) == pairs(second)
    mentor(within)
    assert matched(within).input_digest != first.input_digest


def test_keys_are_drawn_anew_for_another_cohort() -> None:
    keys = []
    who = person(grade=2)
    for within in (cohort(), cohort()):
        enrolment(within, Role.MENTOR, who)
        mentee(within)
        keys.append(set(matched(within).keys))
    assert not keys[0] & keys[1]


def test_only_people_who_take_part_are_in() -> None:
    within = cohort()
    mentee(within)
    for state in (EnrolmentState.PAUSED, EnrolmentState.WITHDRAWN, EnrolmentState.APPLIED):
        mentor(within, state=state)
    gone = mentor(within)
    Person.objects.filter(pk=gone.person_id).update(state="left")
    assert len(given(within).problem.mentors) == 0


@pytest.mark.covers("S1.17")
def test_a_standing_pair_takes_a_place_and_is_not_proposed_again() -> None:
    within = cohort()
    one, other = mentor(within, capacity=2), mentee(within, capacity=2)
    confirm_pairing(mentor=one, mentee=other, is_taster=False, now=NOW)
    problem = given(within).problem
    assert [people[0].capacity for people in (problem.mentors, problem.mentees)] == [1, 1]
    assert len(problem.past) == 1
    assert matched(within).matched == 0


def test_a_proposal_under_way_holds_places_and_a_no_frees_them() -> None:
    within = cohort()
    mentor(within, "Ann", capacity=2), mentee(within, "Ben")
    [proposal] = proposed(within)
    assert [one.capacity for one in given(within).problem.mentors] == [1]
    assert [one.capacity for one in given(within).problem.mentees] == [0]
    Proposal.objects.filter(pk=proposal.pk).update(mentee_answer="no")
    problem = given(within).problem
    assert [one.capacity for one in problem.mentees] == [1]
    assert len(problem.blocked) == 1
    assert matched(within).matched == 0


def test_pins_and_rejections_of_people_who_take_part_are_in() -> None:
    within = cohort()
    a, b, x = mentor(within), mentor(within), mentee(within, capacity=2)
    gone = mentee(within, state=EnrolmentState.WITHDRAWN)
    for one, other, kind in ((a, x, "pin"), (b, x, "reject"), (b, gone, "pin")):
        PairDecision.objects.create(cohort=within, mentor=one, mentee=other, kind=kind)
    found = given(within)
    assert found.problem.pins == ((found.key_of(x.pk), found.key_of(a.pk)),)
    assert found.problem.rejects == ((found.key_of(x.pk), found.key_of(b.pk)),)


def test_a_programmes_own_topic_is_not_taken_for_the_shipped_one_of_that_code() -> None:
    within = cohort()
    own = Topic.objects.create(
        programme=within.programme, code="gen_ai", name_en="Ours", name_nl="Ours", name_de="Ours"
    )
    teacher = mentor(within)
    learner = mentee(within, wants={"gen_ai": 3})
    teacher.offers.create(topic=own, level=5)
    problem = given(within).problem
    assert problem.mentors[0].offers == {"own:gen_ai": 5}
    assert problem.mentees[0].wants == {"gen_ai": 3}
    assert learner.wishes.get().topic != own


def test_settings_reach_the_engine() -> None:
    within = cohort(min_grade_distance=3)
    mentor(within, "Near", grade=4), mentor(within, "Far", grade=3), mentee(within)
    assert {name for name, _ in pairs(matched(within))} == {"Far"}
    settings = {**default_settings(within), "fairness": "floor", "load_step": 7, "coverage": "people"}
    policy = cohort_input(within, settings=settings, tie_seed=5).problem.policy
    assert (policy.fairness, policy.load_step, policy.coverage, policy.tie_seed) == ("floor", 7, "people", 5)
    assert policy.rules.min_grade_distance == 3


def test_hours_are_compared_in_the_cohorts_first_week_each_in_their_own_zone() -> None:
    within = cohort()
    mentor(within, availability=["mon_am"], time_zone="America/New_York")
    mentee(within, availability=["mon_pm"], time_zone="Europe/Amsterdam")
    problem = given(within).problem
    assert problem.week == within.starts_on
    assert solve(problem).totals.matched == 1


@pytest.mark.parametrize("way", ["digest", "json"])
def test_the_stored_problem_is_the_one_that_was_solved(way: str) -> None:
    within = cohort()
    mentor(within, offers={"gen_ai": 4}), mentee(within, wants={"gen_ai": 3})
    run = matched(within)
    found = given(within).problem
    if way == "digest":
        assert input_digest(found) == run.input_digest
    else:
        assert problem_to_json(found) == run.problem


def queries(within: Cohort) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        given(within)
    return len(captured)


@pytest.mark.covers("D-15")
def test_the_number_of_queries_does_not_grow_with_the_cohort() -> None:
    small, large = cohort(), cohort()
    for within, number in ((small, 5), (large, 100)):
        for _ in range(number):
            mentor(within, offers={"gen_ai": 4}), mentee(within, wants={"gen_ai": 2})
    assert queries(small) == queries(large) <= 15
