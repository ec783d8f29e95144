"""Goals and the mentoring agreement of a pair: the two write and read them, nobody else does."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import translation

from common.errors import NotAllowed, Stale
from mentoring.retention import carry_out_terms
from pairings.models import Agreement, PairGoal, Pairing
from pairings.selectors import digest_of, pact_of
from pairings.services import (
    accept_agreement,
    add_goal,
    change_goal,
    destroy_spent_keys,
    end_pairing,
    remove_goal,
    set_steps,
)
from participants.models import Person
from programmes.choices import Dimension, GoalKind
from sealing.models import ScopeKey
from tests.meetings.world import NOW, pair, person
from tests.refusals import refused

pytestmark = pytest.mark.django_db
SECRET = "to speak up in the partners’ meeting"


def goal(pairing: Pairing, by: Person, text: str = SECRET, **more: Any) -> PairGoal:
    values = {"kind": GoalKind.FREE, "outcome": Dimension.TALENT, "steps_total": 3, **more}
    return add_goal(pairing=pairing, by=by, text=text, **values)


def opened(pairing: Pairing) -> Any:
    return pact_of(Pairing.objects.with_people().with_key().get(pk=pairing.pk))


def accept(pairing: Pairing, by: Person, **more: Any) -> Agreement:
    digest = digest_of(opened(pairing).wording)
    return accept_agreement(**{"pairing": pairing, "by": by, "digest": digest, "now": NOW, **more})


@pytest.fixture
def two() -> Pairing:
    made = pair()
    made.cohort.programme.purpose = "To hear what those who sign do not hear."
    made.cohort.programme.save()
    return made


@pytest.mark.covers("S0.9")
def test_each_of_the_two_sets_goals_that_both_read_and_the_database_does_not(two: Pairing) -> None:
    mine = goal(two, two.mentor.person, measure="I said one thing a month")
    theirs = goal(two, two.mentee.person, "work with generative AI myself", outcome=Dimension.DIGITAL)
    pact = opened(two)
    assert [(one.text, one.measure) for one in pact.mentors] == [(SECRET, "I said one thing a month")]
    assert [one.text for one in pact.mentees] == ["work with generative AI myself"]
    assert (mine.side, theirs.side, theirs.outcome) == ("mentor", "mentee", "digital")
    with connection.cursor() as cursor:
        cursor.execute("SELECT closed FROM pairings_pairgoal WHERE id = %s", [mine.pk])
        assert SECRET.encode() not in bytes(cursor.fetchone()[0])
    assert SECRET not in str(mine)


def test_a_goal_is_its_authors_to_change_to_tick_and_to_take_away(two: Pairing) -> None:
    mine = goal(two, two.mentor.person)
    for act in (
        lambda: change_goal(
            goal=mine, by=two.mentee.person, version=1, text="x", kind="free", outcome="talent"
        ),
        lambda: set_steps(goal=mine, by=two.mentee.person, done=1),
        lambda: remove_goal(goal=mine, by=two.mentee.person),
        lambda: goal(two, person()),
    ):
        with pytest.raises(NotAllowed):
            act()
    set_steps(goal=mine, by=two.mentor.person, done=2)
    set_steps(goal=mine, by=two.mentor.person, done=2)
    with refused("steps"):
        set_steps(goal=mine, by=two.mentor.person, done=4)
    assert PairGoal.objects.get().steps_done == 2
    remove_goal(goal=mine, by=two.mentor.person)
    remove_goal(goal=mine, by=two.mentor.person)
    assert not PairGoal.objects.exists()


def test_a_goal_changed_in_two_windows_keeps_the_first_and_tells_the_second(two: Pairing) -> None:
    mine = goal(two, two.mentor.person, steps_total=5)
    set_steps(goal=mine, by=two.mentor.person, done=4)
    values = {"goal": mine, "by": two.mentor.person, "kind": "free", "outcome": "talent"}
    changed = change_goal(**values, version=2, text="ask more", steps_total=2)
    assert (changed.steps_done, changed.steps_total) == (2, 2), "no more steps are done than there are"
    with pytest.raises(Stale) as refusal:
        change_goal(**values, version=2, text="lost", steps_total=2)
    assert refusal.value.params["current"] == 3
    assert [one.text for one in opened(two).mentors] == ["ask more"]


def test_five_goals_are_enough_and_an_empty_one_is_none(two: Pairing) -> None:
    with refused("no_text"):
        goal(two, two.mentor.person, "   ")
    for number in range(5):
        goal(two, two.mentor.person, f"goal {number}")
    with refused("too_many"):
        goal(two, two.mentor.person, "one more")
    goal(two, two.mentee.person)
    assert PairGoal.objects.count() == 6


@pytest.mark.parametrize("wrong", [{"steps_done": 9}, {"side": "boss"}, {"steps_total": 0}])
def test_the_database_refuses_a_goal_that_cannot_be(two: Pairing, wrong: dict[str, Any]) -> None:
    mine = goal(two, two.mentor.person)
    with pytest.raises(IntegrityError), transaction.atomic():
        PairGoal.objects.filter(pk=mine.pk).update(**wrong)


@pytest.mark.covers("S0.32")
def test_the_agreement_holds_once_both_have_accepted_the_same_words(two: Pairing) -> None:
    first = accept(two, two.mentor.person)
    assert (first.mentor_accepted_at, first.agreed_at) == (NOW, None)
    later = NOW + timedelta(days=2)
    held = accept(two, two.mentee.person, now=later)
    assert (held.pk, held.number, held.agreed_at) == (first.pk, 1, later)
    again = accept(two, two.mentee.person, now=later + timedelta(days=1))
    assert (again.pk, again.agreed_at) == (held.pk, later), "a double click keeps the first day"
    assert Pairing.objects.with_agreement().get(pk=two.pk).agreed_at == later


def test_words_that_changed_since_the_page_was_opened_are_not_accepted(two: Pairing) -> None:
    read = digest_of(opened(two).wording)
    goal(two, two.mentee.person)
    with pytest.raises(Stale):
        accept(two, two.mentor.person, digest=read)
    assert not Agreement.objects.exists()


def test_a_yes_to_older_words_does_not_count_for_the_newer_and_what_held_goes_on_holding(
    two: Pairing,
) -> None:
    accept(two, two.mentor.person)
    goal(two, two.mentor.person)
    waiting = accept(two, two.mentee.person)
    assert (waiting.number, waiting.mentor_accepted_at) == (1, None)
    held = accept(two, two.mentor.person)
    assert held.agreed_at == NOW
    goal(two, two.mentee.person, "see how it is made")
    newer = accept(two, two.mentee.person, now=NOW + timedelta(days=30))
    pact = opened(two)
    assert (newer.number, pact.waiting, pact.signed) == (2, newer, held)
    assert "see how it is made" not in str(pact.words_of(held))
    assert "see how it is made" in str(pact.words_of(newer))


@pytest.mark.covers_part("S0.33", "S3.38", "S4.34", "S1.29", "S1.12")
@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["To hear what those who sign do not hear", "talk as equals", "speak", "judging", "open"]),
        ("nl", ["praten als gelijken", "openlijk", "zonder te oordelen", "vertrouwelijkheid"]),
        ("de", ["Augenhöhe", "offen", "urteilen nicht", "Vertraulichkeit"]),
    ],
)
def test_the_agreement_names_the_ground_rules_in_three_languages(
    two: Pairing, language: str, words: list[str]
) -> None:
    goal(two, two.mentee.person, "work with generative AI")
    with translation.override("nl"):  # whoever asks, the words are kept in every language
        clauses = opened(two).wording[language]
    text = " ".join(" ".join(clause) for clause in clauses)
    assert len(clauses) == 13
    assert "work with generative AI" in text
    assert [word for word in words if word.lower() not in text.lower()] == []


def test_whoever_has_ended_a_pair_agrees_on_nothing_more_and_the_other_notices_nothing(two: Pairing) -> None:
    end_pairing(pairing=two, by=two.mentor.person, now=NOW)
    with pytest.raises(NotAllowed):
        accept(two, two.mentor.person)
    assert accept(two, two.mentee.person).mentee_accepted_at == NOW


@pytest.mark.covers_part("B-10")
def test_ninety_days_after_the_end_the_words_are_gone_and_so_is_what_opened_them(two: Pairing) -> None:
    goal(two, two.mentor.person)
    accept(two, two.mentee.person)
    Pairing.objects.filter(pk=two.pk).update(state="ended", ended_at=NOW)
    for days, left in ((89, 1), (91, 0)):
        at = NOW + timedelta(days=days)
        carry_out_terms(now=at)
        assert destroy_spent_keys(now=at) == 1 - left
        counts = (PairGoal.objects.count(), Agreement.objects.count())
        assert counts == (left, left)
    assert destroy_spent_keys(now=NOW + timedelta(days=92)) == 0
    assert ScopeKey.objects.get(scope_kind="pair").wrapped_part is None


@pytest.mark.django_db(transaction=True)
def test_two_yeses_at_once_make_one_agreement(two: Pairing) -> None:
    digest = digest_of(opened(two).wording)

    def yes(who: Person) -> None:
        try:
            accept_agreement(pairing=two, by=who, digest=digest, now=NOW)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(yes, [two.mentor.person, two.mentee.person] * 2))
    assert Agreement.objects.get().agreed_at == NOW
    assert ScopeKey.objects.filter(scope_kind="pair", scope_id=two.pk).count() == 1
