"""Two yeses make a pair, if everything still holds under lock."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import IntegrityError, connection, transaction

from common.errors import Conflict, IllegalTransition
from meetings.models import Cycle
from pairings.models import Pairing
from pairings.services import activate_pairing, confirm_pairing
from participants.models import DottedLine, Person
from participants.selectors import in_one_line, superiors_of
from programmes.choices import EnrolmentState, Role, Stage
from programmes.models import Enrolment
from tests.meetings.world import NOW, cohort, enrolment, keys, pair, person
from tests.refusals import refused

pytestmark = pytest.mark.django_db


def confirm(mentor: Enrolment, mentee: Enrolment) -> Pairing:
    return confirm_pairing(mentor=mentor, mentee=mentee, is_taster=False, now=NOW)


def test_a_pair_is_made_both_are_introduced_and_its_months_are_laid_out() -> None:
    within = cohort()
    mentor, mentee = enrolment(within, Role.MENTOR), enrolment(within, Role.MENTEE)
    made = confirm(mentor, mentee)
    assert (made.state, made.confirmed_at, made.is_taster) == ("confirmed", NOW, False)
    assert set(Enrolment.objects.values_list("state", flat=True)) == {EnrolmentState.MATCHED}
    assert keys() == sorted(f"match_confirmed:{made.pk}:{side.person_id}" for side in (mentor, mentee))
    assert list(Cycle.objects.filter(pairing=made).values_list("ordinal", flat=True)) == [1, 2, 3, 4]


@pytest.mark.covers("S1.17", "D-05")
def test_seats_are_counted_on_both_sides_and_a_paused_pair_keeps_its_own() -> None:
    within = cohort()
    mentor = enrolment(within, Role.MENTOR, capacity=2)
    first, second, third = (enrolment(within, Role.MENTEE) for _ in range(3))
    confirm(mentor, first)
    one = confirm(mentor, second)
    Pairing.objects.filter(pk=one.pk).update(state="paused")
    with refused("no_seat"):
        confirm(mentor, third)
    with refused("no_seat"):
        confirm(enrolment(within, Role.MENTOR), first)
    with refused("already_paired"):
        confirm(mentor, first)
    assert Pairing.objects.count() == 2


@pytest.mark.covers("S2.11")
@pytest.mark.parametrize("junior_is_boss", [True, False])
def test_nobody_is_paired_along_a_reporting_line_at_any_depth(junior_is_boss: bool) -> None:
    within = cohort()
    top, bottom = person(grade=6), person(grade=2)
    chain = bottom
    for _ in range(5):
        link = Person.objects.create(hr_key=f"link{chain.pk}", is_chain_only=True)
        Person.objects.filter(pk=chain.pk).update(manager=link)
        chain = link
    Person.objects.filter(pk=chain.pk).update(manager=top)
    if junior_is_boss:
        top, bottom = bottom, top
        Person.objects.filter(pk=top.pk).update(grade=6)
        Person.objects.filter(pk=bottom.pk).update(grade=2)
    mentor = enrolment(within, Role.MENTOR, Person.objects.get(pk=bottom.pk))
    mentee = enrolment(within, Role.MENTEE, Person.objects.get(pk=top.pk))
    with refused("reporting_line"):
        confirm(mentor, mentee)
    assert keys() == []


def test_a_circle_in_the_file_ends_and_asks_one_query(django_assert_num_queries) -> None:
    one, two, three = (person() for _ in range(3))
    for below, above in ((one, two), (two, three), (three, one)):
        Person.objects.filter(pk=below.pk).update(manager=above)
    with django_assert_num_queries(1):
        assert in_one_line(one, three)
    alone = person()
    assert superiors_of([alone.pk, one.pk]) == {
        alone.pk: frozenset(),
        one.pk: frozenset({one.pk, two.pk, three.pk}),
    }
    assert not in_one_line(alone, one)


@pytest.mark.covers("S0.2", "S2.11")
@pytest.mark.parametrize("junior_is_boss", [False, True])
def test_nobody_is_paired_along_dotted_lines_or_appraisal_either(junior_is_boss: bool) -> None:
    """Four people, three kinds of line one above the other: appraiser, dotted line, manager."""
    within = cohort()
    low, second, third, high = (person() for _ in range(4))
    Person.objects.filter(pk=low.pk).update(appraiser=second)
    DottedLine.objects.create(person=second, manager=third)
    Person.objects.filter(pk=third.pk).update(manager=high)
    junior, senior = (high, low) if junior_is_boss else (low, high)
    Person.objects.filter(pk=junior.pk).update(grade=2)
    Person.objects.filter(pk=senior.pk).update(grade=6)
    mentor = enrolment(within, Role.MENTOR, Person.objects.get(pk=junior.pk))
    mentee = enrolment(within, Role.MENTEE, Person.objects.get(pk=senior.pk))
    with refused("reporting_line"):
        confirm(mentor, mentee)
    assert not Pairing.objects.exists()


def test_colleagues_under_one_manager_may_be_a_pair() -> None:
    boss, within = person(), cohort()
    mentor = enrolment(within, Role.MENTOR, person(grade=1, manager=boss))
    mentee = enrolment(within, Role.MENTEE, person(grade=5, manager=boss))
    assert confirm(mentor, mentee).pk


@pytest.mark.covers("S3.21")
@pytest.mark.parametrize(
    ("low", "high", "is_fine"), [(2, 3, False), (4, 2, False), (2, 4, True), (None, 4, True)]
)
def test_the_mentor_stands_well_below_the_mentee(low: int | None, high: int, is_fine: bool) -> None:
    within = cohort(min_grade_distance=2)
    mentor = enrolment(within, Role.MENTOR, person(grade=low))
    mentee = enrolment(within, Role.MENTEE, person(grade=high))
    if is_fine:
        assert confirm(mentor, mentee).state == "confirmed"
    else:
        with refused("grade"):
            confirm(mentor, mentee)
        assert not Pairing.objects.exists()


@pytest.mark.parametrize("stage", [Stage.DRAFT, Stage.OPEN, Stage.SELECTING, Stage.CLOSING, Stage.CLOSED])
def test_pairs_come_about_only_while_the_cohort_forms_them(stage: Stage) -> None:
    within = cohort(stage=stage)
    with refused("stage"):
        confirm(enrolment(within, Role.MENTOR), enrolment(within, Role.MENTEE))
    assert not Pairing.objects.exists()


@pytest.mark.parametrize("state", ["applied", "waitlisted", "declined", "paused", "withdrawn", "completed"])
def test_both_must_take_part(state: str) -> None:
    within = cohort()
    with refused("not_taking_part"):
        confirm(enrolment(within, Role.MENTOR), enrolment(within, Role.MENTEE, state=state))
    assert not Pairing.objects.exists()


def test_somebody_who_has_left_is_not_paired_and_roles_are_not_swapped() -> None:
    within = cohort()
    mentor, mentee = enrolment(within, Role.MENTOR), enrolment(within, Role.MENTEE)
    with refused("not_a_pair"):
        confirm(mentee, mentor)
    with refused("not_a_pair"):
        confirm(mentor, enrolment(cohort(), Role.MENTEE))
    Person.objects.filter(pk=mentee.person_id).update(state="left")
    with refused("not_taking_part"):
        confirm(mentor, mentee)
    assert not Pairing.objects.exists()


@pytest.mark.covers("D-05")
@pytest.mark.django_db(transaction=True)
def test_of_eight_who_want_the_last_seat_at_once_one_gets_it() -> None:
    within = cohort()
    mentee = enrolment(within, Role.MENTEE)
    mentors = [enrolment(within, Role.MENTOR) for _ in range(8)]

    def attempt(mentor: Enrolment) -> str:
        try:
            confirm(mentor, mentee)
        except Conflict as refusal:
            return refusal.code
        finally:
            connection.close()
        return "made"

    with ThreadPoolExecutor(8) as threads:
        outcomes = sorted(threads.map(attempt, mentors))
    assert outcomes == ["made", *["no_seat"] * 7]
    assert Pairing.objects.count() == 1
    assert len(keys("match_confirmed")) == 2


def test_activating_is_once_and_moves_both_enrolments() -> None:
    made = pair()
    activate_pairing(pairing=made, now=NOW)
    assert activate_pairing(pairing=made, now=NOW).state == "active"
    assert set(Enrolment.objects.values_list("state", flat=True)) == {EnrolmentState.ACTIVE}
    Pairing.objects.filter(pk=made.pk).update(state="paused")
    with pytest.raises(IllegalTransition):
        activate_pairing(pairing=made, now=NOW)


@pytest.mark.covers("D-08")
def test_the_database_itself_refuses_a_wrong_step_and_a_second_standing_pair() -> None:
    made = pair()
    with pytest.raises(IntegrityError), transaction.atomic():
        Pairing.objects.filter(pk=made.pk).update(state="completed", ended_at=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        Pairing.objects.create(cohort=made.cohort, mentor=made.mentor, mentee=made.mentee, confirmed_at=NOW)
