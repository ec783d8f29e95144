"""From preparing to publishing: who is asked, what is fixed, what is refused."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from common.errors import Conflict, IllegalTransition, NotAllowed
from evaluations import selectors, services
from evaluations.choices import Confidentiality, RoundState
from evaluations.models import LedgerEntry, PendingAnswer, Round, SealedAnswer, Snapshot
from outbox.models import Message
from participants.models import User
from programmes.choices import Role
from tests.evaluations.world import AFTER, CLOSES, NOW, World, answer, finish, published, sheet
from tests.refusals import refused

pytestmark = pytest.mark.django_db


@pytest.mark.covers("A-13", "A-16")
@pytest.mark.covers_part("S0.39")
def test_launching_fixes_audience_questions_groups_and_thresholds() -> None:
    world = World(12, 14)
    round = world.open()
    round.refresh_from_db()
    assert round.state == RoundState.OPEN
    assert round.opens_at == NOW
    assert {one["person"] for one in round.audience} == {person.pk for person in world.people}
    assert round.segments == {"by_role": True, "departments": [], "languages": {"en": 26}}
    assert (round.k, round.comment_k, round.minutes) == (5, 10, 4)
    assert LedgerEntry.objects.filter(round=round, done=False).count() == 26


@pytest.mark.covers("A-14")
def test_below_k_nobody_is_asked_and_below_twice_k_only_when_totals_are_confirmed() -> None:
    small = World(2, 2)
    with refused("too_few"):
        services.launch_round(round=small.draft(), now=NOW)
    for _ in range(4):
        small.add(Role.MENTEE)
    draft = Round.objects.get()
    with refused("few"):
        services.launch_round(round=draft, now=NOW)
    round = services.launch_round(round=draft, now=NOW, totals_only=True)
    assert round.confidentiality == Confidentiality.TOTALS_ONLY
    assert all(len(item["roles"]) == 2 and item["scale"] != "TXT" for item in round.questions["items"])
    assert {(one["at"], one["in"]) for one in round.audience} == {("", "")}


@pytest.mark.covers("A-14")
def test_made_up_people_without_a_login_of_their_own_do_not_count() -> None:
    world = World(5, 4)
    for _ in range(4):
        world.add(Role.MENTEE, with_login=False)
    gone = world.add(Role.MENTEE)
    User.objects.filter(person=gone).update(is_active=False)
    plan = selectors.launch_plan(world.draft())
    assert (plan.invited, plan.without_login, plan.totals_only) == (9, 5, True)
    with refused("few"):
        services.launch_round(round=Round.objects.get(), now=NOW)


def test_a_round_needs_two_days_and_one_of_a_kind_is_open_at_a_time() -> None:
    world = World()
    with refused("too_short"):
        world.draft(closes_at=NOW + timedelta(hours=47))
    world.open()
    second = world.draft()
    assert second.number == 2
    with pytest.raises(Conflict):
        services.launch_round(round=second, now=NOW)
    moved = services.replan_round(round=second, closes_at=CLOSES + timedelta(days=3), now=NOW)
    assert moved.closes_at == CLOSES + timedelta(days=3)
    with refused("too_short"):
        services.launch_round(round=second, now=moved.closes_at - timedelta(days=1))


@pytest.mark.covers("A-13")
@pytest.mark.parametrize(
    "change",
    [
        {"k": 6},
        {"comment_k": 8},
        {"audience": []},
        {"questions": {}},
        {"segments": {}},
        {"confidentiality": "totals"},
        {"closes_at": CLOSES + timedelta(days=1)},
        {"kind": "pulse"},
    ],
)
def test_the_database_refuses_to_change_what_respondents_were_told(change: dict) -> None:
    round = World().open()
    with pytest.raises(IntegrityError), transaction.atomic():
        Round.objects.filter(pk=round.pk).update(**change)
    for name, value in change.items():
        setattr(round, name, value)
    with pytest.raises(IntegrityError), transaction.atomic():
        round.save()
    with pytest.raises(IllegalTransition):
        services.replan_round(round=round, closes_at=CLOSES + timedelta(days=30), now=NOW)


@pytest.mark.covers("A-01")
@pytest.mark.parametrize("change", [{"k": 4}, {"comment_k": 7}])
def test_thresholds_below_their_floor_are_refused(change: dict) -> None:
    draft = World().draft()
    with pytest.raises(IntegrityError), transaction.atomic():
        Round.objects.filter(pk=draft.pk).update(**change)


@pytest.mark.covers("D-08")
def test_states_only_move_forward_also_by_sql() -> None:
    round = World().open()
    for state in ("draft", "published"):
        with pytest.raises(IntegrityError), transaction.atomic():
            Round.objects.filter(pk=round.pk).update(
                state=state, published_at=NOW, sealed_at=NOW, closed_at=NOW
            )
    with pytest.raises(IntegrityError), transaction.atomic():
        Round.objects.filter(pk=round.pk).delete()
    with pytest.raises(IllegalTransition):
        services.launch_round(round=round, now=NOW)
    with pytest.raises(IllegalTransition):
        services.publish_round(round=round, changes="x", now=NOW)


@pytest.mark.covers("A-22")
def test_answers_are_taken_once_and_a_second_time_changes_nothing() -> None:
    world = World()
    round = world.open()
    person = world.people[0]
    given = sheet(round, person)
    assert services.submit_answers(round=round, person=person, answers=given, now=NOW) is True
    stored = set(PendingAnswer.objects.values_list("pk", flat=True))
    assert services.submit_answers(round=round, person=person, answers={}, now=NOW) is False
    assert set(PendingAnswer.objects.values_list("pk", flat=True)) == stored
    assert len(stored) == len(given)
    with pytest.raises(IntegrityError), transaction.atomic():
        PendingAnswer.objects.update(question="sat")
    with pytest.raises(IntegrityError), transaction.atomic():
        LedgerEntry.objects.filter(done=True).update(done=False)


def test_only_invited_people_and_offered_answers_are_taken() -> None:
    world = World()
    round = world.open()
    late = world.add(Role.MENTOR)
    with pytest.raises(NotAllowed):
        services.submit_answers(round=round, person=late, answers={}, now=NOW)
    with pytest.raises(NotAllowed):
        services.submit_answers(round=round, person=world.people[0], answers={}, now=NOW, part=2)
    with pytest.raises(services.InvalidAnswers) as caught:
        services.submit_answers(
            round=round, person=world.people[0], answers={"sat": "11", "act_done": "3", "equal": "4"}, now=NOW
        )
    assert set(caught.value.params["fields"]) == {"sat", "act_done"}
    assert not PendingAnswer.objects.exists()
    assert not LedgerEntry.objects.filter(done=True).exists()


def test_nothing_is_taken_from_the_closing_time_on() -> None:
    world = World()
    round = world.open()
    with pytest.raises(services.NotOpen):
        services.submit_answers(round=round, person=world.people[0], answers={}, now=round.closes_at)
    services.close_round(round=round, now=NOW)
    with pytest.raises(services.NotOpen):
        services.submit_answers(round=round, person=world.people[0], answers={}, now=NOW)


@pytest.mark.covers("A-16")
def test_every_questionnaire_leaves_the_same_rows_of_the_same_size_whatever_was_answered() -> None:
    world = World()
    round = world.open()
    chatty, silent = world.people[0], world.people[1]
    services.submit_answers(round=round, person=silent, answers={}, now=NOW)
    first = shape()
    PendingAnswer.objects.all().delete()
    words = sheet(
        round, chatty, lambda item, scale: "🙂" * 600 if scale["kind"] == "text" else scale["values"][-1]
    )
    services.submit_answers(round=round, person=chatty, answers=words, now=NOW)
    assert shape() == first


def shape() -> list[tuple]:
    rows = PendingAnswer.objects.values_list("question", "role", "department", "value")
    return sorted((question, role, department, len(value)) for question, role, department, value in rows)


@pytest.mark.covers_part("S0.39")
def test_the_clock_closes_rounds_whose_time_is_over() -> None:
    world = World()
    round = world.open()
    assert services.close_due_rounds(now=CLOSES - timedelta(seconds=1)) == 0
    assert services.close_due_rounds(now=CLOSES) == 1
    assert services.close_due_rounds(now=CLOSES) == 0
    round.refresh_from_db()
    assert (round.state, round.closed_at) == (RoundState.CLOSED, CLOSES)


def test_sealing_moves_what_was_answered_and_leaves_nothing_behind() -> None:
    world = World()
    round = world.open()
    answer(round, world.people[:10])
    finish(round)
    assert not PendingAnswer.objects.exists()
    assert not LedgerEntry.objects.exists()
    assert round.respondents == {"1": {"mentor": 10}}
    asked = [
        item for item in round.questions["items"] if "mentor" in item["roles"] and item["scale"] != "TXT"
    ]
    assert SealedAnswer.objects.count() == 10 * len(asked)
    assert services.seal_round(round=round, now=AFTER) is False
    with pytest.raises(IntegrityError), transaction.atomic():
        SealedAnswer.objects.update(value=1)


def test_publishing_waits_for_the_seal_and_asks_what_changes() -> None:
    world = World()
    round = world.open()
    services.close_round(round=round, now=NOW)
    with refused("unsealed"):
        services.publish_round(round=round, changes="x", now=NOW)
    services.seal_round(round=round, now=NOW)
    with refused("no_changes"):
        services.publish_round(round=round, changes="  ", now=NOW)
    services.publish_round(round=round, changes="Replies within three weeks.", now=NOW)
    with pytest.raises(IllegalTransition):
        services.publish_round(round=round, changes="Something else.", now=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        Round.objects.filter(pk=round.pk).update(changes="Something else.")


@pytest.mark.covers("A-06")
def test_figures_never_change_whatever_happens_to_people_and_thresholds_later() -> None:
    world = World()
    round = world.open()
    answer(round, world.people)
    published(round)
    before = Snapshot.objects.get()
    assert before.digest == services.digest(before.content)
    world.people[0].enrolments.all().delete()
    world.people[0].delete()
    SealedAnswer.objects.filter(question="sat").delete()
    world.cohort.min_group_size = 9
    world.cohort.save()
    services.freeze_results(round=round)
    after = Snapshot.objects.get()
    assert (after.content, after.digest) == (before.content, before.digest)
    for change in ({"content": {}}, {"digest": "0" * 64}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Snapshot.objects.update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        Snapshot.objects.all().delete()


@pytest.mark.covers_part("B-10")
def test_sealed_answers_go_after_two_years_and_figures_stay() -> None:
    world = World()
    round = world.open()
    answer(round, world.people)
    published(round)
    assert services.erase_expired_answers(now=AFTER + timedelta(days=729)) == 0
    assert services.erase_expired_answers(now=AFTER + timedelta(days=731)) == 1
    assert not SealedAnswer.objects.exists()
    assert Snapshot.objects.count() == 1


def test_the_final_round_has_two_parts_each_handed_in_by_itself() -> None:
    world = World()
    round = world.open("final")
    person = world.people[0]
    assert [(one.part, one.parts) for one in selectors.open_parts(person, NOW)] == [(1, 2), (2, 2)]
    services.submit_answers(round=round, person=person, answers={}, now=NOW, part=2)
    assert [one.part for one in selectors.open_parts(person, NOW)] == [1]
    answer(round, world.people, part=1)
    answer(round, world.people[1:], part=2)
    finish(round)
    assert round.respondents == {"1": {"mentor": 12, "mentee": 12}, "2": {"mentor": 12, "mentee": 12}}


@pytest.mark.covers("S1.13")
def test_the_follow_up_asks_those_who_have_completed_whether_it_has_lasted() -> None:
    world = World()
    world.cohort.enrolments.update(state="completed")
    with refused("too_few"):
        world.open("quarterly")
    round = world.open("followup")
    assert len(round.audience) == 24
    assert {"u_lasting", "u_contact", "res_used"} <= {item["key"] for item in round.questions["items"]}


def test_a_question_of_the_first_quarter_is_not_asked_again() -> None:
    world = World()
    first = world.open()
    assert "exp_role" in {item["key"] for item in first.questions["items"]}
    services.close_round(round=first, now=NOW)
    assert "exp_role" not in {item["key"] for item in world.open().questions["items"]}


@pytest.mark.covers("A-11")
def test_invitation_and_reminder_go_to_everybody_alike_and_once() -> None:
    world = World()
    round = world.open()
    assert Message.objects.filter(kind="eval_open").count() == 24
    answer(round, world.people[:7])
    assert services.remind_open_rounds(now=NOW + timedelta(days=6)) == 0
    assert services.remind_open_rounds(now=NOW + timedelta(days=7)) == 1
    assert services.remind_open_rounds(now=NOW + timedelta(days=8)) == 0
    reminders = Message.objects.filter(kind="eval_reminder")
    assert set(reminders.values_list("recipient_id", flat=True)) == {person.pk for person in world.people}
    assert len({str(row.context) for row in reminders.filter(recipient_id__in=mentors(world))}) == 1
    assert all(row.is_discreet for row in Message.objects.all())


def mentors(world: World) -> list[int]:
    return [one.person_id for one in world.cohort.enrolments.filter(role="mentor")]


def test_no_reminder_in_the_last_hours_of_a_round() -> None:
    world = World()
    draft = world.draft(closes_at=NOW + timedelta(days=7, hours=10))
    services.launch_round(round=draft, now=NOW)
    assert services.remind_open_rounds(now=NOW + timedelta(days=7)) == 0
    assert not Message.objects.filter(kind="eval_reminder").exists()


def test_mails_of_a_closed_round_do_not_leave_any_more() -> None:
    world = World()
    round = world.open()
    assert selectors.mail_holds(kind="eval_open", about=("round", round.pk), valid_while={})
    services.close_round(round=round, now=NOW)
    assert set(Message.objects.values_list("state", flat=True)) == {"cancelled"}
    assert not selectors.mail_holds(kind="eval_reminder", about=("round", round.pk), valid_while={})
    assert selectors.mail_holds(kind="eval_results", about=("round", round.pk), valid_while={})


def test_results_go_to_everybody_in_the_cohort() -> None:
    world = World()
    round = world.open()
    newcomer = world.add(Role.MENTOR)
    published(round)
    told = set(Message.objects.filter(kind="eval_results").values_list("recipient_id", flat=True))
    assert told == {person.pk for person in world.people}
    assert newcomer.pk in told


@pytest.mark.covers("C-02")
def test_a_person_finds_their_rounds_and_nobody_elses() -> None:
    world = World()
    round = world.open()
    newcomer = world.add(Role.MENTOR)
    assert list(selectors.rounds_of_person(world.people[0])) == [round]
    assert list(selectors.rounds_of_person(newcomer)) == []
    assert selectors.open_parts(newcomer, NOW) == []
    published(round)
    assert list(selectors.rounds_of_person(newcomer)) == [round]
    with pytest.raises(LookupError):
        selectors.questionnaire(round, newcomer, 1, "en")


@pytest.mark.covers("C-02")
def test_a_coordinator_sees_rounds_of_their_programmes_only() -> None:
    world = World()
    round = world.open()
    assert list(Round.objects.visible_to(world.coordinator())) == [round]
    other = User.objects.get(person=world.people[0])
    assert list(Round.objects.visible_to(other)) == []
