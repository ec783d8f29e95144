"""Pins, rejections and swaps: kept for the next run, and refused by name where a rule stands against them."""

from __future__ import annotations

import pytest
from auditlog.models import LogEntry

from matching.models import PairDecision
from matching.selectors import swap_page
from matching.services import clear_decision, set_decision, swap_pairs
from programmes.choices import EnrolmentState
from tests.matching.world import cohort, matched, mentee, mentor, pairs
from tests.refusals import refused

pytestmark = pytest.mark.django_db


def decide(one, other, kind: str = "pin") -> PairDecision:
    return set_decision(cohort=one.cohort, mentor=one, mentee=other, kind=kind, by=None)


def test_a_pin_is_kept_and_a_rejection_bars_in_the_next_run() -> None:
    within = cohort()
    good = mentor(within, "Good", offers={"gen_ai": 5})
    poor = mentor(within, "Poor")
    asks = mentee(within, "Asks", wants={"gen_ai": 3})
    assert pairs(matched(within)) == {("Good", "Asks")}
    decide(poor, asks)
    run = matched(within)
    assert pairs(run) == {("Poor", "Asks")}
    assert run.result["plan"]["pairs"][0]["pinned"] is True
    clear_decision(cohort=within, mentor=poor, mentee=asks)
    decide(good, asks, "reject")
    assert pairs(matched(within)) == {("Poor", "Asks")}
    decide(poor, asks, "reject")
    assert pairs(matched(within)) == set()


def test_a_second_decision_about_two_people_replaces_the_first() -> None:
    within = cohort()
    one, other = mentor(within), mentee(within)
    decide(one, other, "reject")
    decide(one, other, "pin")
    assert [row.kind for row in PairDecision.objects.all()] == ["pin"]
    assert clear_decision(cohort=within, mentor=one, mentee=other) is True
    assert clear_decision(cohort=within, mentor=one, mentee=other) is False


@pytest.mark.parametrize(
    ("mentor_has", "mentee_has", "words"),
    [
        ({"grade": 5}, {}, "they are too close in grade"),
        ({"grade": 7}, {}, "the mentor is not the junior of the two"),
        ({"languages": ["nl"]}, {"languages": ["de"]}, "they share no working language"),
        ({"languages": []}, {}, "working languages are missing"),
        ({"team": "A"}, {"team": "A"}, "they are in the same team"),
        ({"availability": ["fri_pm"]}, {}, "they share no hour in the week"),
        ({"country": "DE"}, {}, "they work in different countries and did not both agree to that"),
    ],
)
def test_a_pin_that_breaks_a_rule_is_refused_with_people_and_rule_named(
    mentor_has: dict, mentee_has: dict, words: str
) -> None:
    within = cohort()
    mentee(within), mentor(within)
    one = mentor(within, "Ann", last_name="Bell", **mentor_has)
    other = mentee(within, "Cas", last_name="Dorn", **mentee_has)
    with refused("pin_breaks_rule", "Ann Bell", "Cas Dorn", words):
        decide(one, other)
    assert not PairDecision.objects.exists()


@pytest.mark.covers("S2.11")
def test_a_pin_along_a_reporting_line_is_refused() -> None:
    within = cohort()
    boss = mentee(within, "Cas", last_name="Dorn")
    one = mentor(within, "Ann", last_name="Bell", manager=boss.person)
    with refused("pin_breaks_rule", "Ann Bell", "they are in one reporting line"):
        decide(one, boss)
    assert not PairDecision.objects.exists()


def test_pins_that_contradict_each_other_are_refused_with_the_person_named() -> None:
    within = cohort()
    one, first, second = mentor(within, "Ann", last_name="Bell"), mentee(within), mentee(within)
    decide(one, first)
    with refused("pin_over_capacity", "Ann Bell"):
        decide(one, second)
    assert PairDecision.objects.count() == 1


def test_a_pin_needs_two_people_who_take_part_in_this_cohort_and_role() -> None:
    within, elsewhere = cohort(), cohort()
    one, other = mentor(within), mentee(within)
    for wrong in ((other, one), (one, mentee(elsewhere)), (one, mentor(within))):
        with refused("roles"):
            set_decision(cohort=within, mentor=wrong[0], mentee=wrong[1], kind="pin", by=None)
    with refused("not_taking_part"):
        decide(one, mentee(within, state=EnrolmentState.PAUSED))
    with refused("kind"):
        decide(one, other, "love")
    assert not PairDecision.objects.exists()


def test_a_swap_shows_both_changes_in_bands_and_is_made_by_two_pins() -> None:
    within = cohort()
    ann = mentor(within, "Ann", offers={"gen_ai": 5})
    bob = mentor(within, "Bob", offers={"craft": 5})
    cas = mentee(within, "Cas", wants={"gen_ai": 3})
    dan = mentee(within, "Dan", wants={"craft": 3})
    run = matched(within)
    assert pairs(run) == {("Ann", "Cas"), ("Bob", "Dan")}
    page = swap_page(run, ann, cas)
    assert page is not None
    [swap] = page.page
    assert (swap.other_mentor, swap.other_mentee, swap.kind) == (bob, dan, "much")
    assert [(one.mentor, one.mentee) for one in swap.made] == [(bob, cas), (ann, dan)]
    assert all(dict(one.bands)["Learning"] == "none" for one in swap.made)
    assert dict(page.now.bands)["Learning"] == "strong"
    decide(ann, cas)
    swap_pairs(cohort=within, made=[(bob, cas), (ann, dan)], given_up=[(ann, cas), (bob, dan)], by=None)
    again = matched(within)
    assert pairs(again) == {("Ann", "Dan"), ("Bob", "Cas")}
    assert PairDecision.objects.filter(kind="pin").count() == 2


def test_a_mentor_with_a_free_place_may_take_over_and_who_is_left_is_named() -> None:
    within = cohort()
    ann, cas = (
        mentor(within, "Ann", last_name="Bell", offers={"gen_ai": 5}),
        mentee(within, wants={"gen_ai": 3}),
    )
    free = mentor(within, "Free", offers={"gen_ai": 4})
    run = matched(within)
    page = swap_page(run, ann, cas)
    assert page is not None
    [swap] = page.page
    assert (swap.other_mentor, swap.other_mentee) == (free, None)
    assert "Ann Bell would have nobody." in swap.verdict


def test_a_swap_that_breaks_a_rule_is_not_offered_and_not_made() -> None:
    within = cohort()
    ann, cas = mentor(within, "Ann"), mentee(within, "Cas")
    bob, dan = mentor(within, "Bob", grade=1, languages=["nl"]), mentee(within, "Dan", languages=["nl", "en"])
    run = matched(within)
    assert pairs(run) == {("Ann", "Cas"), ("Bob", "Dan")}
    page = swap_page(run, ann, cas)
    assert page is not None
    assert list(page.page) == []
    decide(ann, cas)
    with refused("pin_breaks_rule", "they share no working language"):
        swap_pairs(cohort=within, made=[(bob, cas), (ann, dan)], given_up=[(ann, cas)], by=None)
    assert PairDecision.objects.get().mentor == ann


def test_a_pair_that_is_not_of_the_run_cannot_be_swapped() -> None:
    within = cohort()
    ann, cas = mentor(within), mentee(within)
    run = matched(within)
    other = mentor(within)
    assert swap_page(run, other, cas) is None
    run.is_reproducible = False
    assert swap_page(run, ann, cas) is None


def test_who_pinned_rejected_and_took_back_is_in_the_audit_log() -> None:
    within = cohort()
    one, other = mentor(within), mentee(within)
    row = decide(one, other)
    decide(one, other, "reject")
    clear_decision(cohort=within, mentor=one, mentee=other)
    actions = LogEntry.objects.filter(content_type__model="pairdecision", object_pk=str(row.pk))
    assert sorted(actions.values_list("action", flat=True)) == [
        LogEntry.Action.CREATE, LogEntry.Action.UPDATE, LogEntry.Action.DELETE,
    ]  # fmt: skip


def test_the_audit_log_holds_a_runs_state_and_nothing_that_went_in() -> None:
    within = cohort()
    mentor(within, perspectives_offered=["craft"]), mentee(within, perspective_wanted="craft")
    matched(within)
    kept = LogEntry.objects.filter(content_type__model="matchingrun")
    assert kept.exists()
    assert {name for one in kept for name in one.changes} == {"state"}
