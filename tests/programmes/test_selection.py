"""Selection: an answer to everybody, seats, a waiting list that moves up by itself, and counts that alone remain."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import time_machine
from auditlog.models import LogEntry
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from common.errors import Conflict, DomainError, Stale
from outbox.models import Message
from outbox.services import drain
from participants.models import Person
from participants.services import mark_left
from programmes.choices import Stage
from programmes.engine.folding import folded
from programmes.models import Assessment, Cohort, Enrolment, Nomination, OpenCall, SelectionTally
from programmes.services import (
    answer_candidate,
    assess,
    change_call,
    describe_self,
    erase_selections,
    move_up,
    move_up_waiting_lists,
    order_waiting_list,
    publish_call,
    set_enrolment_state,
    sign_up,
)
from tests.programmes.world import NOW, World, make_person, make_world
from tests.refusals import refused
from tests.smtp import SmtpServer

pytestmark = pytest.mark.django_db
MET = {"digital": "met", "innovative": "partly", "communication": "not_yet"}


@pytest.fixture(autouse=True)
def _at_the_time_of_the_selection() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def world() -> World:
    return make_world()


def stage(world: World, to: str) -> None:
    """Step by step, as the database insists."""
    order = list(Stage.values)
    here, there = order.index(world.cohort.stage), order.index(to)
    steps = order[here + 1 : there + 1] if there > here else order[there:here][::-1]
    for step in steps:
        Cohort.objects.filter(pk=world.cohort.pk).update(stage=step)
    world.cohort.refresh_from_db()


def call_with(world: World, **seats: int) -> OpenCall:
    stage(world, "open")
    return publish_call(cohort=world.cohort, values={"closes_on": dt.date(2027, 1, 20), **seats}, by=None)


def applicant(call: OpenCall, key: str, role: str = "mentor", **values: Any) -> Enrolment:
    person = make_person(key, grade=2 if role == "mentor" else 7, **values)
    return sign_up(call=call, person=person, role=role, now=NOW)


def answer(enrolment: Enrolment, to: str, **more: Any) -> Enrolment:
    stored = Enrolment.objects.get(pk=enrolment.pk)
    return answer_candidate(enrolment=stored, to=to, by=None, now=NOW, **{"seen": stored.state, **more})


def states(*enrolments: Enrolment) -> list[str]:
    return [Enrolment.objects.get(pk=one.pk).state for one in enrolments]


def mails(kind: str) -> int:
    return Message.objects.filter(kind=kind).exclude(state="cancelled").count()


# --- answers ----------------------------------------------------------------------------------------------


@pytest.mark.covers("S0.26")
def test_everybody_gets_an_answer_and_a_mail_in_kind_words(world: World, smtp_server: SmtpServer) -> None:
    call = call_with(world)
    for number, language in enumerate(("en", "nl", "de")):
        one, two, three = (applicant(call, f"{c}{number}", language=language) for c in "abc")
        answer(one, "accepted")
        answer(two, "waitlisted")
        answer(three, "declined", reason="Next time, after her project.")
        assert states(one, two, three) == ["accepted", "waitlisted", "declined"]
    assert drain(now=NOW) == 9
    subjects = sorted(mail.message["Subject"] for mail in smtp_server.mails)
    assert subjects == sorted(
        ["You are in", "Je doet mee", "Sie sind dabei", *["Your application for reverse mentoring"] * 2,
         *["Je aanmelding voor reverse mentoring"] * 2, *["Ihre Anmeldung zum Reverse Mentoring"] * 2]
    )  # fmt: skip
    everything = " ".join(mail.message.get_body(("plain",)).get_content() for mail in smtp_server.mails)
    assert "project" not in everything, "no mail gives a reason"
    assert "nothing about you" in " ".join(everything.split())


def test_the_same_answer_twice_is_one_answer_and_one_mail(world: World) -> None:
    one = applicant(call_with(world), "a")
    for _press in range(3):
        answer(one, "waitlisted")
    assert mails("waitlisted") == 1
    answer(one, "accepted")
    answer(one, "accepted", seen="waitlisted")
    assert mails("selected") == 1


def test_a_mistake_put_right_at_once_sends_only_the_right_mail(world: World, smtp_server: SmtpServer) -> None:
    one = applicant(call_with(world), "a")
    answer(one, "declined")
    answer(one, "accepted")
    drain(now=NOW)
    assert [mail.message["Subject"] for mail in smtp_server.mails] == ["You are in"]


def test_of_two_coordinators_the_second_is_told_what_the_first_did(world: World) -> None:
    one = applicant(call_with(world), "a", first="Anna")
    answer(one, "accepted", seen="applied")
    with refused("stale", "Anna", "accepted", kind=Stale):
        answer(one, "declined", seen="applied")
    assert states(one) == ["accepted"]
    assert mails("declined") == 0


@pytest.mark.parametrize("closed", ["draft", "closing", "archived"])
def test_nobody_is_answered_when_the_selection_is_over(world: World, closed: str) -> None:
    one = applicant(call_with(world), "a")
    stage(world, closed)
    with refused("over"):
        answer(one, "accepted")
    with refused("over"):
        assess(enrolment=one, ratings=MET, reason="", version=0, by=None)
    assert states(one) == ["applied"]


def test_more_people_than_seats_are_not_taken_in(world: World) -> None:
    call = call_with(world, mentor_seats=1)
    one, two = applicant(call, "a"), applicant(call, "b")
    answer(one, "accepted")
    with refused("full", kind=Conflict):
        answer(two, "accepted")
    assert answer(applicant(call, "c", "mentee"), "accepted").state == "accepted", (
        "the other role has its own"
    )


# --- the checklist ----------------------------------------------------------------------------------------


@pytest.mark.covers("S0.27")
def test_the_checklist_is_in_words_and_the_second_to_save_is_shown_both(world: World) -> None:
    one = applicant(call_with(world), "a")
    describe_self(enrolment=one, ratings={"digital": "met"}, by=one.person)
    first = assess(enrolment=one, ratings=MET, reason="Shows her work.", version=0, by=None)
    with pytest.raises(Stale) as stale:
        assess(enrolment=one, ratings={**MET, "digital": "partly"}, reason="", version=0, by=None)
    assert stale.value.params["current"] == first
    stored = Assessment.objects.get()
    assert (stored.digital, stored.own_digital, stored.communication) == ("met", "met", "not_yet")
    with refused("choice"):
        assess(enrolment=one, ratings={"digital": "5"}, reason="", version=1, by=None)


def test_a_candidates_own_view_is_theirs_alone_and_ends_with_the_answer(world: World) -> None:
    call = call_with(world)
    one, two = applicant(call, "a"), applicant(call, "b")
    with refused("not_allowed"):
        describe_self(enrolment=one, ratings=MET, by=two.person)
    answer(one, "accepted")
    with pytest.raises(Conflict):
        describe_self(enrolment=one, ratings=MET, by=one.person)


# --- seats and the waiting list ---------------------------------------------------------------------------


def full_house(world: World) -> tuple[OpenCall, list[Enrolment], list[Enrolment]]:
    """Two seats for mentors, both taken, and three who wait, first come first."""
    call = call_with(world, mentor_seats=2)
    inside = [applicant(call, key) for key in ("a", "b")]
    waiting = [applicant(call, key) for key in ("x", "y", "z")]
    for one in inside:
        answer(one, "accepted")
    for number, one in enumerate(waiting):
        with time_machine.travel(NOW + dt.timedelta(seconds=number), tick=False):
            answer_candidate(
                enrolment=one,
                to="waitlisted",
                seen="applied",
                by=None,
                now=NOW + dt.timedelta(seconds=number),
            )
    return call, inside, waiting


@pytest.mark.covers("S0.26")
def test_a_seat_that_falls_free_is_given_to_who_waits_longest_and_once(world: World) -> None:
    _call, inside, waiting = full_house(world)
    set_enrolment_state(enrolment=inside[0], to="withdrawn", by=None, now=NOW)
    assert states(*waiting) == ["accepted", "waitlisted", "waitlisted"]
    assert mails("selected") == 3
    with pytest.raises(DomainError):
        set_enrolment_state(enrolment=inside[0], to="withdrawn", by=None, now=NOW)
    assert move_up(cohort_id=world.cohort.pk, now=NOW) == 0
    assert states(*waiting) == ["accepted", "waitlisted", "waitlisted"]


def test_a_coordinator_may_order_the_list_and_is_told_when_it_has_changed(world: World) -> None:
    _call, inside, waiting = full_house(world)
    x, y, z = (one.pk for one in waiting)
    order_waiting_list(cohort=world.cohort, role="mentor", ids=[z, x, y], seen=[x, y, z], by=None)
    with pytest.raises(Stale):
        order_waiting_list(cohort=world.cohort, role="mentor", ids=[y, x, z], seen=[x, y, z], by=None)
    with pytest.raises(Stale):
        order_waiting_list(cohort=world.cohort, role="mentor", ids=[z, x], seen=[z, x, y], by=None)
    set_enrolment_state(enrolment=inside[0], to="withdrawn", by=None, now=NOW)
    assert states(*waiting) == ["waitlisted", "waitlisted", "accepted"]


def test_whoever_leaves_the_company_gives_their_seat_on(world: World) -> None:
    _call, inside, waiting = full_house(world)
    mark_left(person=waiting[0].person, now=NOW)
    mark_left(person=inside[0].person, now=NOW)
    assert states(*waiting) == ["withdrawn", "accepted", "waitlisted"]


def test_somebody_who_cannot_be_told_is_passed_over(world: World) -> None:
    _call, inside, waiting = full_house(world)
    Person.objects.filter(pk=waiting[0].person_id).update(email=None)
    set_enrolment_state(enrolment=inside[0], to="withdrawn", by=None, now=NOW)
    assert states(*waiting) == ["waitlisted", "accepted", "waitlisted"]


def test_more_seats_move_the_list_up_on_the_clocks_next_round(world: World) -> None:
    call, _inside, waiting = full_house(world)
    change_call(call=call, values={"mentor_seats": 4}, by=None)
    assert move_up_waiting_lists(now=NOW) == 2
    assert move_up_waiting_lists(now=NOW) == 0
    assert states(*waiting) == ["accepted", "accepted", "waitlisted"]
    stage(world, "closing")
    change_call(call=call, values={"mentor_seats": 9}, by=None)
    assert move_up_waiting_lists(now=NOW) == 0, "nobody joins a cohort that closes"


@pytest.mark.django_db(transaction=True)
def test_two_who_leave_at_once_make_room_for_two_and_one_who_leaves_twice_for_one(world: World) -> None:
    _call, inside, waiting = full_house(world)

    def leave(enrolment: Enrolment) -> bool:
        try:
            set_enrolment_state(enrolment=enrolment, to="withdrawn", by=None, now=NOW)
            return True
        except DomainError:
            return False
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        left = list(pool.map(leave, [inside[0], inside[0], inside[1], inside[1]]))
    assert sorted(left) == [False, False, True, True]
    assert states(*waiting) == ["accepted", "accepted", "waitlisted"]
    assert mails("selected") == 4


@pytest.mark.django_db(transaction=True)
def test_two_coordinators_cannot_give_one_seat_twice(world: World) -> None:
    call = call_with(world, mentor_seats=3)
    people = [applicant(call, f"p{n}") for n in range(8)]

    def take(enrolment: Enrolment) -> str:
        try:
            return answer_candidate(
                enrolment=enrolment, to="accepted", seen="applied", by=None, now=NOW
            ).state
        except Conflict:
            return "full"
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(take, people))
    assert (found.count("accepted"), found.count("full")) == (3, 5)
    assert mails("selected") == 3


# --- the notice to a manager ------------------------------------------------------------------------------


@pytest.mark.covers("S2b.5")
def test_a_mentors_manager_is_told_the_hours_once_and_only_where_agreed(
    world: World, smtp_server: SmtpServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    boss = make_person("boss", "Bas", grade=6, language="nl")
    call = call_with(world)
    silent = applicant(call, "s", manager=boss)
    answer(silent, "accepted")
    assert mails("manager_notice") == 0, "the switch is off unless somebody turned it on and it was agreed"
    monkeypatch.setattr("programmes.services.notices.is_on", lambda programme_id, switch: True)
    one, senior = (
        applicant(call, "a", first="Anna", manager=boss),
        applicant(call, "m", "mentee", manager=boss),
    )
    for _turn in range(2):
        answer(one, "accepted")
        answer(one, "waitlisted")
    answer(one, "accepted")
    answer(senior, "accepted")
    drain(now=NOW)
    notices = [mail for mail in smtp_server.mails if mail.recipients == [boss.email]]
    assert len(notices) == 1
    text = " ".join(notices[0].message.get_body(("plain",)).get_content().split())
    assert notices[0].message["Subject"] == "Tijd voor reverse mentoring: wat dit voor je team betekent"
    assert "Anna Tester" in text
    assert "34 uur" in text, "with two seniors, as is usual"
    assert not re.search(r"mentor\b|mentee|junior|onderwerp", text), "hours only: no role, no content"


def test_nobody_is_written_to_in_place_of_a_manager_without_a_name(world: World, monkeypatch: Any) -> None:
    monkeypatch.setattr("programmes.services.notices.is_on", lambda programme_id, switch: True)
    call = call_with(world)
    link = Person.objects.create(hr_key="link", is_chain_only=True)
    answer(applicant(call, "a", manager=link), "accepted")
    answer(applicant(call, "b"), "accepted")
    assert mails("manager_notice") == 0


# --- what remains -----------------------------------------------------------------------------------------


@pytest.mark.covers("S0.26")
def test_once_the_cohort_has_begun_a_declined_candidate_leaves_no_mark(
    world: World, smtp_server: SmtpServer
) -> None:
    call = call_with(world)
    inside, waiting, out = applicant(call, "a"), applicant(call, "b"), applicant(call, "c", last_name="Gone")
    assess(enrolment=inside, ratings=MET, reason="Strong.", version=0, by=None)
    Nomination.objects.create(
        cohort=world.cohort,
        address="c@x.com",
        nominee=out.person,
        nominator=inside.person,
        role="mentor",
        words="!",
    )
    answer(inside, "accepted")
    answer(waiting, "waitlisted")
    answer(out, "declined", reason="Not yet.")
    drain(now=NOW)
    assert erase_selections(now=NOW) == 0, "not before the cohort begins"
    stage(world, "active")
    assert erase_selections(now=NOW) == 1
    assert erase_selections(now=NOW) == 0
    assert not Enrolment.objects.filter(pk=out.pk).exists()
    assert not Nomination.objects.exists()
    assert not Assessment.objects.exclude(enrolment=waiting).exists()
    assert Assessment.objects.get().reason == ""
    assert (
        not LogEntry.objects.filter(object_repr__contains="Gone")
        .exclude(content_type__model="person")
        .exists()
    )
    kept = Message.objects.filter(kind="declined").get()
    assert (kept.recipient_id, kept.address, kept.about_id) == (None, "", None)
    assert states(waiting) == ["waitlisted"], "they may still move up"
    tally = SelectionTally.objects.get().figures
    assert tally["department"] == [["", [3, 1, 1, 1]]]
    stage(world, "closing")
    assert erase_selections(now=NOW) == 1
    assert Enrolment.objects.count() == 1
    assert SelectionTally.objects.get().figures == tally


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ({"Tax": (9, 4), "Deals": (5, 2)}, [("Tax", (9, 4)), ("Deals", (5, 2))]),
        ({"Tax": (9, 4), "Deals": (3, 1), "Risk": (2, 2)}, [("Tax", (9, 4)), ("", (5, 3))]),
        ({"Tax": (9, 4), "Deals": (6, 1), "Risk": (2, 2)}, [("Tax", (9, 4)), ("", (8, 3))]),
        ({"Tax": (3, 1)}, [("", (3, 1))]),
        ({"Tax": (7, 1), "": (6, 2)}, [("Tax", (7, 1)), ("", (6, 2))]),
        ({}, []),
    ],
)
def test_small_groups_are_counted_together_and_cannot_be_subtracted(counts: Any, shown: Any) -> None:
    assert folded(counts) == shown


# --- pages ------------------------------------------------------------------------------------------------


def page(response: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_a_coordinator_answers_many_at_once_and_sees_why_not(client: Client, world: World) -> None:
    call = call_with(world, mentor_seats=1)
    one, two = applicant(call, "a", first="Anna"), applicant(call, "b", first="Ben")
    client.force_login(world.user)
    address = reverse("admin:programmes_selection", args=[world.cohort.pk])
    assert "2 people came forward" in page(client.get(address))
    form = {"chosen": [one.pk, two.pk], f"seen-{one.pk}": "applied", f"seen-{two.pk}": "applied"}
    told = page(client.post(address, {**form, "to": "accepted"}, follow=True))
    assert "1 person is in." in told
    assert "No seat is free for Ben" in told
    late = page(
        client.post(address, {"chosen": one.pk, f"seen-{one.pk}": "applied", "to": "declined"}, follow=True)
    )
    assert "A colleague was faster: Anna" in late
    assert states(one, two) == ["accepted", "applied"]
    assert "Choose somebody first" in page(client.post(address, {"to": "accepted"}, follow=True))


def test_filters_narrow_the_list(client: Client, world: World) -> None:
    call = call_with(world)
    applicant(call, "a", first="Anna", department="Tax", city="Utrecht")
    answer(applicant(call, "b", "mentee", first="Ben", department="Deals", city="Berlin"), "waitlisted")
    client.force_login(world.user)
    address = reverse("admin:programmes_selection", args=[world.cohort.pk])
    for query, names in (
        ({"role": "mentor"}, ["Anna"]),
        ({"state": "waitlisted"}, ["Ben"]),
        ({"department": "Tax", "city": "Utrecht"}, ["Anna"]),
        ({"state": "in"}, []),
        ({"complete": "no"}, ["Anna", "Ben"]),
        ({"role": "king"}, ["Anna", "Ben"]),
    ):
        shown = client.get(address, query).context["page"].object_list
        assert [one.enrolment.person.first_name for one in shown] == names, query


def test_a_late_checklist_shows_both_and_loses_nothing(client: Client, world: World) -> None:
    one = applicant(call_with(world), "a")
    client.force_login(world.user)
    address = reverse("admin:programmes_selection_candidate", args=[world.cohort.pk, one.pk])
    mine = {**MET, "reason": "Mine", "version": "0", "save": "1"}
    assess(enrolment=one, ratings={**MET, "digital": "partly"}, reason="Theirs", version=0, by=None)
    shown = client.post(address, mine)
    assert shown.status_code == 422
    assert "Saved in between: “partly”" in page(shown)
    assert "Saved in between: “Theirs”" in page(shown)
    assert "Mine" in page(shown)
    again = {**mine, "version": shown.context["form"]["version"].value()}
    assert client.post(address, again).status_code == 302
    assert Assessment.objects.get().reason == "Mine"


@pytest.mark.covers("C-05")
def test_no_selection_of_another_programme_is_there(client: Client, world: World) -> None:
    one = applicant(call_with(world), "a")
    other = make_world("Other")
    client.force_login(other.user)
    for name, args in (
        ("selection", [world.cohort.pk]),
        ("selection_waiting", [world.cohort.pk]),
        ("selection_candidate", [world.cohort.pk, one.pk]),
        ("selection_candidate", [other.cohort.pk, one.pk]),
    ):
        address = reverse(f"admin:programmes_{name}", args=args)
        assert client.get(address).status_code == 404
        assert client.post(address, {"to": "accepted", "chosen": one.pk}).status_code == 404
    client.post(
        reverse("admin:programmes_selection", args=[other.cohort.pk]), {"chosen": one.pk, "to": "accepted"}
    )
    assert states(one) == ["applied"]


def test_the_page_asks_as_little_for_many_as_for_few(client: Client, world: World) -> None:
    call_with(world)
    client.force_login(world.user)
    address = reverse("admin:programmes_selection", args=[world.cohort.pk])

    def fill(start: int, count: int) -> None:
        people = Person.objects.bulk_create(
            Person(
                hr_key=f"q{n}",
                first_name="F",
                last_name=f"L{n}",
                email=f"q{n}@example.com",
                department=f"D{n % 3}",
            )
            for n in range(start, start + count)
        )
        rows = Enrolment.objects.bulk_create(
            Enrolment(cohort=world.cohort, person=one, role="mentor", state="applied") for one in people
        )
        Assessment.objects.bulk_create(Assessment(enrolment=row) for row in rows)
        Nomination.objects.bulk_create(
            Nomination(
                cohort=world.cohort,
                nominee=one,
                nominator=world.coordinator,
                address=one.email,
                role="mentor",
                words="!",
            )
            for one in people
        )

    counts = []
    for start, count in ((0, 10), (10, 190)):
        fill(start, count)
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        counts.append(len(queries))
    assert counts[0] == counts[1]
