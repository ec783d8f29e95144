"""Two at once, where one alone had been taken for granted: nothing lost, nothing doubled, no circle (D-07)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier, BrokenBarrierError, Event
from time import sleep
from typing import Any

import pytest
from django.db import connection, connections, transaction
from django.test.utils import CaptureQueriesContext
from django.utils.functional import Promise

from common.errors import DomainError, NotAllowed
from matching.services import answer_proposal, answering
from pairings.models import Hold, Pairing
from pairings.services import end_pairing, ending
from pairings.services.holding import hold_broken_pairs
from participants.choices import FileKind
from participants.engine.tables import read_table
from participants.models import ColumnMapping, Delegation, Person, User
from participants.selectors import remembered_mapping
from participants.services import (
    mark_left,
    name_delegate,
    people,
    settle_columns,
    store_file,
    update_preferences,
)
from participants.services.files import remember_columns
from programmes.engine.words import INTAKE_FIELDS
from programmes.models import Cohort, Enrolment, OpenCall, ProgrammeText, Topic, TopicCall, TopicSuggestion
from programmes.selectors import IntakeTable, shipped_values
from programmes.services import (
    add_goal,
    add_topic,
    apply_intake,
    breaks,
    change_goal,
    change_intake,
    create_cohort,
    drop_sponsor_task,
    enrolments,
    erase_selection,
    intakes,
    invite_all,
    leave,
    prepare_topic_call,
    publish_call,
    remove_goal,
    set_enrolment_state,
    set_sponsor_task,
    settle_text,
    sign_up,
    suggest_topic,
    take_break,
    tick_sponsor_task,
)
from tests.matching import world as matching_world
from tests.meetings.world import NOW, pair, person
from tests.programmes.world import make_world, take_part
from tests.refusals import refused

GOAL = {"kind": "market", "text": "See the tides", "outcome": "digital"}
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.covers("D-07")]


def both(*steps: Callable[[], Any]) -> list[str]:
    """Do these at once, each in a thread of its own: "done", the code of a refusal, or the fault."""

    def attempt(step: Callable[[], Any]) -> str:
        try:
            step()
        except DomainError as refusal:
            return str(refusal.code)
        except Exception as fault:
            return f"{type(fault).__name__}: {fault}"
        finally:
            connections.close_all()
        return "done"

    with ThreadPoolExecutor(len(steps)) as pool:
        return sorted(one.result() for one in [pool.submit(attempt, step) for step in steps])


def meeting_in(patch: pytest.MonkeyPatch, *places: tuple[Any, str]) -> None:
    """Let two threads wait for each other in the middle of services, as far as both come so far."""
    barrier = Barrier(2)

    def meet(own: Callable[..., Any]) -> Callable[..., Any]:
        def waits(*args: Any, **values: Any) -> Any:
            with suppress(BrokenBarrierError):
                barrier.wait(0.6)
            return own(*args, **values)

        return waits

    for owner, name in places:
        patch.setattr(owner, name, meet(getattr(owner, name)))


def first_then(first: Callable[[], Any], second: Callable[[], Any]) -> list[str]:
    """The second begins when the first has done its work and not yet committed it."""
    written = Event()

    def begins() -> None:
        with transaction.atomic():
            first()
            written.set()
            sleep(0.3)

    def follows() -> None:
        assert written.wait(5)
        second()

    return both(begins, follows)


@pytest.mark.parametrize("step", [leave, take_break])
def test_both_of_a_pair_leave_or_pause_at_the_same_moment(
    monkeypatch: pytest.MonkeyPatch, step: Callable[..., Any]
) -> None:
    two = pair()
    meeting_in(monkeypatch, (breaks, "cancel_in_programme"))
    sides = [Enrolment.objects.get(pk=pk) for pk in (two.mentor_id, two.mentee_id)]
    done = both(*(lambda one=one: step(enrolment=one, by=one.person, now=NOW) for one in sides))
    assert done == ["done", "done"]
    states = set(Enrolment.objects.filter(cohort=two.cohort_id).values_list("state", flat=True))
    assert states == ({"withdrawn"} if step is leave else {"paused"})
    assert Pairing.objects.get(pk=two.pk).state == ("ended" if step is leave else "paused")


def test_one_leaves_while_the_other_says_yes(monkeypatch: pytest.MonkeyPatch) -> None:
    within = matching_world.cohort()
    matching_world.mentor(within, "Ann", offers={"gen_ai": 5}, wants={"leadership": 3})
    matching_world.mentee(within, "Cas", wants={"gen_ai": 3}, offers={"leadership": 5})
    proposal = matching_world.proposed(within)[0]
    now = matching_world.NOW
    answer_proposal(proposal=proposal, by=proposal.mentor.person, answer="yes", now=now)
    meeting_in(monkeypatch, (breaks, "cancel_in_programme"), (answering, "confirm_pairing"))
    done = both(
        lambda: leave(enrolment=proposal.mentor, by=proposal.mentor.person, now=now),
        lambda: answer_proposal(proposal=proposal, by=proposal.mentee.person, answer="yes", now=now),
    )
    assert done in (["done", "done"], ["done", "illegal_transition"]), done
    assert Enrolment.objects.get(pk=proposal.mentor_id).state == "withdrawn"
    assert not Pairing.objects.standing().exists()


def test_a_file_does_not_bring_back_whoever_leaves_at_that_moment() -> None:
    world = make_world()
    noor = take_part(world, "noor", "mentor")
    table = read_table(b"employee_id;role;capacity\nnoor;mentor;2\n", "intake.csv")
    intake = IntakeTable(table, remembered_mapping(table, FileKind.INTAKE, INTAKE_FIELDS))
    first_then(
        lambda: leave(enrolment=noor, by=noor.person, now=NOW),
        lambda: apply_intake(intake=intake, cohort=world.cohort, by=None, now=NOW, skips_wrong=True),
    )
    noor.refresh_from_db()
    assert noor.state == "withdrawn"


def test_a_file_does_not_undo_what_somebody_sets_for_themselves_at_that_moment() -> None:
    world = make_world()
    noor = take_part(world, "noor", "mentor").person
    table = read_table(b"employee_id;role;languages\nnoor;mentor;en, nl\n", "intake.csv")
    intake = IntakeTable(table, remembered_mapping(table, FileKind.INTAKE, INTAKE_FIELDS))
    values = {"language": "de", "time_zone": "Europe/Berlin", "languages": ["en"], "availability": ["mon_am"]}
    done = first_then(
        lambda: update_preferences(person=noor, version=noor.version, **values),
        lambda: apply_intake(intake=intake, cohort=world.cohort, by=None, now=NOW),
    )
    assert done == ["done", "done"]
    noor.refresh_from_db()
    assert (noor.languages, noor.availability) == (["en", "nl"], ["mon_am"])


def test_a_roster_that_parts_a_pair_goes_on_when_the_pair_ends_at_that_moment() -> None:
    two = pair()
    Person.objects.filter(pk=two.mentor.person_id).update(manager=two.mentee.person)
    done = first_then(
        lambda: end_pairing(pairing=two, by=two.mentor.person, now=NOW),
        lambda: hold_broken_pairs(person_ids=frozenset({two.mentor.person_id}), now=NOW),
    )
    assert done == ["done", "done"]
    assert not Hold.objects.exists()
    assert Pairing.objects.get(pk=two.pk).state == "ended"


def test_two_leaders_name_one_assistant_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    leaders = [person(), person()]
    meeting_in(monkeypatch, (User, "save"))
    done = both(
        *(lambda one=one: name_delegate(leader=one, address="desk@example.com", by=None, now=NOW)
          for one in leaders)
    )  # fmt: skip
    assert done == ["done", "done"]
    assert Delegation.objects.filter(address="desk@example.com").count() == 2
    assert User.objects.get(email="desk@example.com").is_active


@pytest.mark.parametrize("what", ["call", "text", "topic", "cohort"])
def test_two_who_make_the_same_at_once_are_told_so_and_it_is_there_once(
    monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    world = make_world()
    programme, cohort = world.programme, world.cohort
    words = shipped_values(programme, "mentor_brief")
    days = {"starts_on": cohort.starts_on, "ends_on": cohort.ends_on}
    names = {f"name_{code}": "Tides" for code in ("en", "nl", "de")}
    model, make = {
        "call": (OpenCall, lambda: publish_call(cohort=cohort, values={"closes_on": cohort.starts_on}, by=None)),
        "text": (
            ProgrammeText, lambda: settle_text(programme=programme, key="mentor_brief", values=words, by=None),
        ),
        "topic": (Topic, lambda: add_topic(programme=programme, values=names, by=None)),
        "cohort": (
            Cohort, lambda: create_cohort(programme=programme, name="Autumn", by=None, **days),
        ),
    }[what]  # fmt: skip
    before = model._default_manager.count()
    meeting_in(monkeypatch, (model, "save"))
    assert both(make, make) == ["done", "twice"]
    assert model._default_manager.count() == before + 1


def test_two_prepare_a_topic_call_at_once_and_there_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    programme = make_world().programme
    meeting_in(monkeypatch, (TopicCall, "save"))
    day = dt.date.today() + dt.timedelta(days=9)

    def prepare() -> None:
        prepare_topic_call(programme=programme, values={"closes_on": day}, by=None)

    assert both(prepare, prepare) == ["conflict", "done"]
    assert TopicCall.objects.count() == 1


def test_two_suggestions_at_once_are_counted_one_after_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    world = make_world()
    noor = take_part(world, "noor", "mentor").person
    for number in range(4):
        suggest_topic(programme=world.programme, person=noor, name=f"Idea {number}")
    meeting_in(monkeypatch, (TopicSuggestion, "save"))
    done = both(
        *(lambda name=name: suggest_topic(programme=world.programme, person=noor, name=name)
          for name in ("Tides", "Harbours"))
    )  # fmt: skip
    assert done == ["done", "many"]
    assert TopicSuggestion.objects.filter(person=noor).count() == 5


def test_what_somebody_else_removed_is_a_refusal_and_removing_twice_is_once() -> None:
    world = make_world()
    goal = add_goal(programme=world.programme, values=GOAL, by=None)
    task = set_sponsor_task(
        programme=world.programme, values={"text": "Open it", "due_on": NOW.date()}, by=None
    )
    for _click in range(2):
        remove_goal(goal=goal, by=None)
        drop_sponsor_task(task=task, by=None)
    with refused("gone", kind=NotAllowed):
        change_goal(goal=goal, values=GOAL, by=None)
    kept = set_sponsor_task(programme=world.programme, values={"text": "x", "due_on": NOW.date()}, by=None)
    with pytest.raises(NotAllowed) as refusal:
        tick_sponsor_task(task=kept, done=True, by=person(), now=NOW)
    assert isinstance(refusal.value.message, Promise), "said in the reader's language"


def test_one_who_leaves_while_everybody_is_invited_keeps_nobody_from_the_invitation() -> None:
    world = make_world()
    noor, kim = take_part(world, "noor", "mentor"), take_part(world, "kim", "mentor")
    done = first_then(
        lambda: leave(enrolment=noor, by=noor.person, now=NOW),
        lambda: invite_all(cohort=world.cohort, by=None, now=NOW),
    )
    assert done == ["done", "done"]
    invited = Enrolment.objects.exclude(invited_at=None).values_list("pk", flat=True)
    assert list(invited) == [kim.pk]


def test_two_imports_that_end_at_once_remember_the_same_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    table = read_table(b"employee_id;role\nnoor;mentor\n", "intake.csv")
    meeting_in(monkeypatch, (ColumnMapping, "save"))
    done = both(
        *(lambda: remember_columns(table=table, kind="intake", mapping={"key": 0}) for _one in range(2))
    )
    assert done == ["done", "done"]
    assert ColumnMapping.objects.count() == 1


def test_columns_are_settled_by_two_clicks_as_by_one() -> None:
    file = store_file(
        kind=FileKind.INTAKE, content=b"employee_id;role\nnoor;mentor\n", filename="i.csv", by=None, now=NOW
    )
    for _click in range(2):  # the second with the row as its page had read it
        assert settle_columns(file=file).state == "mapped"


def test_somebody_leaves_the_company_while_they_fill_in_their_intake(monkeypatch: pytest.MonkeyPatch) -> None:
    noor = take_part(make_world(), "noor", "mentor")
    values = {
        "languages": ["en"], "availability": ["mon_am"], "is_cross_border": False, "place": "", "channel": "",
        "minutes": None,
    }  # fmt: skip
    meeting_in(monkeypatch, (intakes, "_apply"), (people, "close_log_in"))
    done = both(
        lambda: change_intake(enrolment=noor, step=4, values=values, by=noor.person, now=NOW),
        lambda: mark_left(person=noor.person, now=NOW),
    )
    assert done in (["done", "done"], ["done", "over"]), done
    noor.refresh_from_db()
    assert noor.state == "withdrawn"


def test_somebody_leaves_the_company_while_a_coordinator_decides_about_their_part(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    two = pair()
    publish_call(cohort=two.cohort, values={"closes_on": two.cohort.starts_on}, by=None)
    meeting_in(monkeypatch, (enrolments, "held"), (ending, "side_freed"))
    mentor = Enrolment.objects.get(pk=two.mentor_id)
    done = both(
        lambda: set_enrolment_state(enrolment=mentor, to="paused", by=None, now=NOW),
        lambda: mark_left(person=mentor.person, now=NOW),
    )
    assert done in (["done", "done"], ["done", "illegal_transition"]), done
    mentor.refresh_from_db()
    assert mentor.state == "withdrawn"


def test_a_row_is_held_alone_and_not_what_it_is_sorted_by() -> None:
    world = make_world()
    call = publish_call(cohort=world.cohort, values={"closes_on": world.cohort.starts_on}, by=None)
    noor, kim = take_part(world, "noor", "mentor"), take_part(world, "kim", "mentor")
    name_delegate(leader=kim.person, address="desk@example.com", by=None, now=NOW)
    Cohort.objects.filter(pk=world.cohort.pk).update(stage="open")
    with CaptureQueriesContext(connection) as captured:
        sign_up(call=call, person=person(grade=1), role="mentor", now=call.created_at)
        set_enrolment_state(enrolment=noor, to="paused", by=None, now=NOW)
        mark_left(person=kim.person, now=NOW)
        for stage in ("selecting", "matching", "preparing", "active"):
            Cohort.objects.filter(pk=world.cohort.pk).update(stage=stage)
        erase_selection(cohort=world.cohort, now=NOW)
    held = [
        one["sql"] for one in captured.captured_queries if " FOR " in one["sql"] and "UPDATE" in one["sql"]
    ]
    joined = [sql for sql in held if " JOIN " in sql and sql.startswith("SELECT")]
    assert len(joined) > 3
    assert [sql for sql in joined if "UPDATE OF " not in sql] == []
