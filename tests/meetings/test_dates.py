"""Dates planned, moved, called off and recorded; two calendars follow, nobody is booked twice."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from icalendar import Calendar

from common.errors import Conflict, DomainError, IllegalTransition, NotAllowed, Stale
from meetings.models import Booking, Meeting
from meetings.selectors import calendar_file
from meetings.services import (
    cancel_meeting,
    move_meeting,
    outdated_dates,
    record_held,
    record_meeting,
)
from outbox.models import Message
from outbox.services import Claim
from pairings.models import Pairing
from pairings.services import end_pairing, pause_pairing
from participants.models import Person
from programmes.choices import EnrolmentState
from programmes.models import Enrolment
from tests.meetings.world import NOW, keys, loaded, local, meet, pair, person, utc
from tests.refusals import refused

pytestmark = pytest.mark.django_db

NOON = local("2027-01-20 12:00")


def move(meeting: Meeting, **changes: Any) -> Meeting:
    stored = Meeting.objects.select_related("pairing__mentor", "pairing__mentee").get(pk=meeting.pk)
    values = {
        "sequence": stored.sequence,
        "starts_at": stored.starts_at,
        "ends_at": stored.ends_at,
        "format": stored.format,
        "place": stored.place,
        "by": None,
        "now": NOW,
        **changes,
    }
    return move_meeting(meeting=stored, **values)


def event_of(message: Message):
    calendar = Calendar.from_ical(message.calendar["text"])
    return calendar["METHOD"], calendar.walk("VEVENT")[0]


# --- planning -----------------------------------------------------------------------------------------


@pytest.mark.covers("S1.15")
@pytest.mark.covers_part("S3.11")
def test_a_date_entered_by_one_reaches_both_calendars_and_starts_the_pair() -> None:
    made = pair()
    meeting = meet(made, NOON, by=made.mentee.person, place="  Room 4.12 ", format="lunch")
    assert (meeting.state, meeting.sequence, meeting.place) == ("planned", 0, "Room 4.12")
    assert Pairing.objects.get().state == "active"
    assert set(Enrolment.objects.values_list("state", flat=True)) == {EnrolmentState.ACTIVE}
    people = {made.mentor.person_id, made.mentee.person_id}
    assert keys("meeting_changed") == sorted(f"meeting_changed:{meeting.pk}:0:{pk}" for pk in people)
    assert set(Booking.objects.values_list("person_id", flat=True)) == people
    for mail in Message.objects.filter(kind="meeting_changed"):
        method, event = event_of(mail)
        assert method == "REQUEST"
        assert (str(event["UID"]), event["SEQUENCE"]) == (meeting.ical_uid, 0)
        assert (event.decoded("DTSTART"), event.decoded("DTSTAMP")) == (NOON, NOW)
        assert {str(one)[7:] for one in event["ATTENDEE"]} == set(
            Person.objects.filter(pk__in=people).values_list("email", flat=True)
        )
        assert mail.expires_at == meeting.ends_at


@pytest.mark.covers("D-07")
def test_the_same_date_twice_is_one_meeting_and_one_invitation() -> None:
    made = pair()
    first = meet(made, NOON)
    assert meet(made, NOON, by=made.mentee.person).pk == first.pk
    assert Meeting.objects.count() == 1
    assert len(keys("meeting_changed")) == 2


@pytest.mark.parametrize(
    ("start", "minutes", "code"),
    [
        (NOW - timedelta(minutes=1), 60, "past"),
        (NOW, 60, "past"),
        (NOON, 14, "length"),
        (NOON, 241, "length"),
        (NOON, -60, "length"),
        (NOW + timedelta(days=401), 60, "too_far"),
    ],
)
def test_a_moment_that_is_no_moment_for_a_meeting_is_refused(start: Any, minutes: int, code: str) -> None:
    with refused(code):
        meet(pair(), start, minutes=minutes)
    assert not Meeting.objects.exists()


@pytest.mark.covers("C-01")
def test_only_the_two_change_the_dates_of_their_pair() -> None:
    made, stranger = pair(), person()
    meeting = meet(made, NOON)
    for act in (
        lambda: meet(made, NOON + timedelta(days=1), by=stranger),
        lambda: move(meeting, by=stranger, place="x"),
        lambda: cancel_meeting(meeting=meeting, by=stranger, sequence=0, now=NOW),
        lambda: record_meeting(meeting=meeting, by=stranger, held=True, now=NOON),
    ):
        with pytest.raises(NotAllowed):
            act()


@pytest.mark.covers_part("S3.8")
def test_the_next_date_starts_from_how_they_met_last() -> None:
    near = pair(mentor=person(grade=1, city="Utrecht"), mentee=person(grade=6, city="Utrecht"))
    assert meet(near, NOON).format == "in_person"
    far = pair(mentor=person(grade=1, city="Utrecht"), mentee=person(grade=6, city="Hamburg"))
    assert meet(far, NOON, format="lunch", place="Zwolle").format == "lunch"
    again = meet(far, NOON + timedelta(days=7))
    assert (again.format, again.place) == ("lunch", "Zwolle")
    assert meet(pair(), NOON).format == "video"


# --- double booking -----------------------------------------------------------------------------------


@pytest.mark.covers("D-04")
def test_nobody_is_booked_twice_not_even_across_cohorts() -> None:
    mentor = person(grade=1)
    here, there = pair(mentor=mentor), pair(mentor=mentor)
    meet(here, NOON)
    with refused("double_booking") as refusal:
        meet(there, NOON + timedelta(minutes=30), by=mentor)
    assert "You have another meeting" in str(refusal.value)
    with refused("double_booking") as refusal:
        meet(there, NOON - timedelta(minutes=30), by=there.mentee.person)
    assert "One of you is not free" in str(refusal.value)
    assert Pairing.objects.get(pk=there.pk).state == "confirmed"
    assert meet(there, NOON + timedelta(minutes=60)).pk, "adjoining is fine"
    assert meet(there, NOON - timedelta(minutes=60)).pk


def test_moving_onto_ones_own_other_date_is_refused_and_leaves_all_as_it_was() -> None:
    made = pair()
    first, second = meet(made, NOON), meet(made, NOON + timedelta(days=1))
    with refused("double_booking"):
        move(second, starts_at=first.starts_at, ends_at=first.ends_at)
    with refused("double_booking"):
        move(second, starts_at=NOON + timedelta(minutes=30), ends_at=NOON + timedelta(minutes=90))
    second.refresh_from_db()
    assert (second.starts_at, second.sequence) == (NOON + timedelta(days=1), 0)
    assert Booking.objects.count() == 4


def _at_once(acts: list[Callable[[], Any]]) -> list[str]:
    def attempt(act: Callable[[], Any]) -> str:
        try:
            act()
        except DomainError as refusal:
            return refusal.code
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(len(acts)) as threads:
        return sorted(threads.map(attempt, acts))


@pytest.mark.covers("D-04", "D-07")
@pytest.mark.django_db(transaction=True)
def test_eight_clicks_at_once_plan_one_meeting() -> None:
    made = pair()
    outcomes = _at_once([lambda: meet(loaded(made), NOON)] * 8)
    assert outcomes == ["done"] * 8
    assert Meeting.objects.count() == 1
    assert len(keys("meeting_changed")) == 2


@pytest.mark.covers("D-04")
@pytest.mark.django_db(transaction=True)
def test_eight_pairs_of_one_mentor_at_one_hour_get_one_meeting_and_no_deadlock() -> None:
    mentor = person(grade=1)
    pairs = [pair(mentor=mentor) for _ in range(8)]
    outcomes = _at_once([lambda made=made: meet(loaded(made), NOON) for made in pairs])
    assert outcomes == ["done", *["double_booking"] * 7]
    assert Meeting.objects.count() == 1
    assert Pairing.objects.filter(state="active").count() == 1


@pytest.mark.covers("D-06")
@pytest.mark.django_db(transaction=True)
def test_of_two_moves_from_one_page_one_wins_and_the_other_sees_it() -> None:
    meeting = meet(pair(), NOON)
    opened = Meeting.objects.select_related("pairing__mentor", "pairing__mentee")

    def moved(hours: int) -> Callable[[], Any]:
        start = NOON + timedelta(hours=hours)
        return lambda: move_meeting(
            meeting=opened.get(pk=meeting.pk), by=None, sequence=0, starts_at=start,
            ends_at=start + timedelta(hours=1), format="video", place="", now=NOW,
        )  # fmt: skip

    assert _at_once([moved(2), moved(4)]) == ["done", "stale"]
    meeting.refresh_from_db()
    assert (meeting.sequence, meeting.times_moved) == (1, 1)


@pytest.mark.covers("D-04", "D-08")
def test_the_database_itself_refuses_overlaps_and_wrong_steps() -> None:
    meeting = meet(pair(), NOON)
    booking = Booking.objects.filter(meeting=meeting).first()
    other = meet(pair(), NOON)
    with pytest.raises(IntegrityError, match="booking_no_overlap"), transaction.atomic():
        Booking.objects.create(person=booking.person, meeting=other, span=booking.span)
    cancel_meeting(meeting=meeting, by=None, sequence=0, now=NOW)
    with pytest.raises(IntegrityError, match="transition"), transaction.atomic():
        Meeting.objects.filter(pk=meeting.pk).update(state="planned")


# --- moving and calling off ---------------------------------------------------------------------------


def test_a_move_keeps_the_identity_and_raises_the_sequence() -> None:
    meeting = meet(pair(), NOON)
    later = NOON + timedelta(days=2)
    moved = move(
        meeting, starts_at=later, ends_at=later + timedelta(minutes=45), now=NOW + timedelta(hours=1)
    )
    assert (moved.sequence, moved.times_moved, moved.ical_uid) == (1, 1, meeting.ical_uid)
    assert {booking.span.lower for booking in Booking.objects.all()} == {later}
    newest = Message.objects.filter(kind="meeting_changed", valid_while__sequence=1)
    assert {(event_of(mail)[0], event_of(mail)[1]["SEQUENCE"]) for mail in newest} == {("REQUEST", 1)}
    assert {event_of(mail)[1].decoded("DTSTAMP") for mail in newest} == {NOW + timedelta(hours=1)}


def test_only_the_newest_revision_leaves() -> None:
    meeting = meet(pair(), NOON)
    old = Message.objects.filter(kind="meeting_changed")
    facts = [mail.valid_while for mail in old]
    move(meeting, place="Room 2")
    assert {mail.state for mail in old.filter(valid_while__sequence=0)} == {"cancelled"}
    facts.append({"meeting": meeting.pk, "sequence": 1})
    claims = [Claim(pk, "meeting_changed", None, one) for pk, one in enumerate(facts)]
    assert set(outdated_dates(claims=claims)) == {0, 1}


def test_another_place_is_a_revision_but_no_move_and_the_same_again_is_nothing() -> None:
    meeting = meet(pair(), NOON)
    assert move(meeting, place="Room 2").sequence == 1
    again = move(meeting, place="Room 2", sequence=0)
    assert (again.sequence, again.times_moved) == (1, 0)
    assert len(keys("meeting_changed")) == 4


@pytest.mark.covers("D-06")
def test_a_stale_form_is_told_what_stands_now() -> None:
    meeting = meet(pair(), NOON)
    move(meeting, place="Room 2")
    with pytest.raises(Stale) as refusal:
        move(meeting, sequence=0, place="Room 3")
    assert refusal.value.params["current"].place == "Room 2"
    with pytest.raises(Stale):
        cancel_meeting(meeting=meeting, by=None, sequence=0, now=NOW)
    with pytest.raises(Stale):
        move(meeting, sequence=None, place="Room 3")


def test_calling_off_gives_the_time_back_and_is_once() -> None:
    made = pair()
    meeting = meet(made, NOON)
    assert cancel_meeting(meeting=meeting, by=None, sequence=0, now=NOW).sequence == 1
    assert cancel_meeting(meeting=meeting, by=None, sequence=0, now=NOW).sequence == 1
    assert not Booking.objects.exists()
    off = Message.objects.filter(kind="meeting_changed", valid_while__sequence=1)
    assert {(event_of(mail)[0], str(event_of(mail)[1]["STATUS"])) for mail in off} == {
        ("CANCEL", "CANCELLED")
    }
    assert {mail.priority for mail in off} == {0}
    assert meet(made, NOON).pk != meeting.pk, (
        "the hour is free again, for a new meeting with its own identity"
    )


def test_a_date_that_has_begun_or_no_longer_stands_is_not_called_off_or_moved() -> None:
    meeting = meet(pair(), NOON)
    with refused("begun"):
        cancel_meeting(meeting=meeting, by=None, sequence=0, now=NOON)
    record_meeting(meeting=meeting, by=None, held=True, now=NOON + timedelta(hours=2))
    with pytest.raises(IllegalTransition):
        move(meeting, place="Room 2")
    with pytest.raises(IllegalTransition):
        cancel_meeting(meeting=meeting, by=None, sequence=1, now=NOW)
    with refused("past"):
        move(meet(pair(), NOON), starts_at=NOW - timedelta(days=1), ends_at=NOW)


def test_a_paused_pair_and_one_whose_end_waits_make_no_dates() -> None:
    paused, ending = pair(), pair()
    pause_pairing(pairing=paused, by=None, now=NOW)
    with pytest.raises(IllegalTransition, match="paused"):
        meet(paused, NOON)
    end_pairing(pairing=ending, by=ending.mentor.person, now=NOW)
    with refused("not_now") as refusal:
        meet(ending, NOON, by=ending.mentee.person)
    assert "end" not in str(refusal.value).lower()


# --- recording ----------------------------------------------------------------------------------------


def test_either_says_that_it_took_place_once_and_may_put_it_right() -> None:
    meeting = meet(pair(), NOON)
    after = NOON + timedelta(hours=1)
    with refused("to_come"):
        record_meeting(meeting=meeting, by=None, held=True, now=NOON - timedelta(minutes=1))
    assert record_meeting(meeting=meeting, by=None, held=True, now=after).state == "held"
    assert record_meeting(meeting=meeting, by=None, held=True, now=after).sequence == 1
    assert record_meeting(meeting=meeting, by=None, held=False, now=after).state == "missed"
    assert record_meeting(meeting=meeting, by=None, held=True, now=after).state == "held"
    assert len(keys("meeting_changed")) == 2, "a past date sends no invitation"


def test_what_was_called_off_did_not_take_place() -> None:
    meeting = meet(pair(), NOON)
    cancel_meeting(meeting=meeting, by=None, sequence=0, now=NOW)
    with pytest.raises(IllegalTransition):
        record_meeting(meeting=meeting, by=None, held=True, now=NOON)


def held(made: Pairing, start: Any, **fields: Any) -> Meeting:
    values = {
        "by": made.mentor.person,
        "format": "lunch",
        "place": "",
        "now": local("2027-01-21 09:00"),
        **fields,
    }
    return record_held(pairing=made, starts_at=start, ends_at=start + timedelta(hours=1), **values)


def test_we_met_on_records_what_nobody_planned_without_mail() -> None:
    made = pair()
    Message.objects.all().delete()
    meeting = held(made, NOON)
    assert (meeting.state, meeting.format) == ("held", "lunch")
    assert Pairing.objects.get().state == "active"
    assert held(made, NOON).pk == meeting.pk
    assert Meeting.objects.count() == 1
    assert keys() == []


def test_we_met_on_a_day_that_was_planned_is_that_meeting_at_the_hour_now_given() -> None:
    made = pair()
    planned = meet(made, NOON, place="Room 1")
    meeting = held(made, NOON + timedelta(hours=3))
    assert (meeting.pk, meeting.state, meeting.place) == (planned.pk, "held", "Room 1")
    assert meeting.starts_at == NOON + timedelta(hours=3)
    assert Meeting.objects.count() == 1
    missed = meet(made, NOON + timedelta(days=1))
    record_meeting(meeting=missed, by=None, held=False, now=NOON + timedelta(days=2))
    later = {"now": NOON + timedelta(days=2)}
    assert held(made, NOON + timedelta(days=1), **later).pk == missed.pk


def test_we_met_on_takes_no_moment_to_come_nor_one_before_the_pair_nor_anothers_hour() -> None:
    mentor = person(grade=1)
    made, other = pair(mentor=mentor), pair(mentor=mentor)
    with refused("to_come"):
        held(made, local("2027-01-21 08:30"))
    with refused("before_pair"):
        held(made, local("2027-01-03 12:00"))
    held(other, NOON)
    with pytest.raises(Conflict):
        held(made, NOON + timedelta(minutes=30))


# --- privacy and calendar ------------------------------------------------------------------------------


@pytest.mark.covers("A-28")
def test_the_file_for_ones_own_calendar_names_neither_of_the_two() -> None:
    made = pair(mentee=person("Willem", grade=6, language="nl"))
    meeting = meet(made, NOON)
    meeting.pairing = loaded(made)
    text = calendar_file(meeting, made.mentee.person)
    assert "METHOD:PUBLISH" in text
    assert "ATTENDEE" not in text
    assert "Willem" not in text


@pytest.mark.covers("C-20")
def test_an_address_no_calendar_can_hold_costs_the_calendar_part_not_the_mail() -> None:
    made = pair()
    Person.objects.filter(pk=made.mentee.person_id).update(email="a@example.com\r\nX: y")
    meet(loaded(made), NOON)
    assert set(Message.objects.filter(kind="meeting_changed").values_list("calendar", flat=True)) == {None}


@pytest.mark.covers("D-09")
def test_over_a_change_of_clocks_the_wall_time_that_was_chosen_holds() -> None:
    for day, hour in (("2027-03-26", 9), ("2027-03-30", 8), ("2027-11-02", 9)):
        meeting = meet(pair(), local(f"{day} 10:00"))
        meeting.refresh_from_db()
        assert meeting.starts_at == utc(f"{day} {hour:02}:00")
        assert meeting.time_zone == "Europe/Amsterdam"
