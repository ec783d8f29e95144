"""Calendar entries: what calendars need, nothing they must not know."""

from __future__ import annotations

from dataclasses import replace

import pytest
from icalendar import Calendar

from meetings.engine.calendars import Entry, Party, cancellation, invitation, publication
from tests.meetings.world import local, utc

ENTRY = Entry(
    uid="m-1@example.com",
    sequence=3,
    starts_at=local("2027-03-30 10:00"),
    ends_at=local("2027-03-30 11:00"),
    revised_at=utc("2027-03-01 08:30"),
    organizer=Party("mentoring@example.com", "Second Light: Noordhaven"),
    attendees=(Party("noor@example.com", "Noor El Amrani"), Party("willem@example.com", "Çiğdem “W” Groß")),
    summary="Treffen im Mentoring",
    place="Kamer 4.12; Utrecht, boven",
)


def event(text: str):
    calendar = Calendar.from_ical(text)
    (found,) = calendar.walk("VEVENT")
    return calendar, found


@pytest.mark.covers("D-09")
@pytest.mark.covers_part("S3.11")
def test_an_invitation_survives_the_round_trip() -> None:
    calendar, found = event(invitation(ENTRY))
    assert calendar["METHOD"] == "REQUEST"
    assert (str(found["UID"]), found["SEQUENCE"], str(found["STATUS"])) == ("m-1@example.com", 3, "CONFIRMED")
    assert found.decoded("DTSTART") == utc("2027-03-30 08:00")
    assert found.decoded("DTEND") == utc("2027-03-30 09:00")
    assert found.decoded("DTSTAMP") == utc("2027-03-01 08:30")
    assert str(found["LOCATION"]) == "Kamer 4.12; Utrecht, boven"
    assert str(found["ORGANIZER"]) == "mailto:mentoring@example.com"
    assert [str(one) for one in found["ATTENDEE"]] == ["mailto:noor@example.com", "mailto:willem@example.com"]
    assert [one.params["CN"] for one in found["ATTENDEE"]] == ["Noor El Amrani", "Çiğdem “W” Groß"]


def test_neither_of_the_two_is_asked_to_answer_nor_told_apart() -> None:
    _calendar, found = event(invitation(ENTRY))
    for one in found["ATTENDEE"]:
        assert (one.params["PARTSTAT"], one.params["RSVP"]) == ("NEEDS-ACTION", "FALSE")


def test_a_cancellation_says_so_twice_and_names_the_same_event() -> None:
    calendar, found = event(cancellation(replace(ENTRY, sequence=4)))
    assert (calendar["METHOD"], str(found["STATUS"])) == ("CANCEL", "CANCELLED")
    assert (str(found["UID"]), found["SEQUENCE"]) == (ENTRY.uid, 4)
    assert len(found["ATTENDEE"]) == 2


def test_a_file_for_ones_own_calendar_names_nobody_but_the_organiser() -> None:
    calendar, found = event(publication(ENTRY))
    assert calendar["METHOD"] == "PUBLISH"
    assert "ATTENDEE" not in found


def test_times_are_utc_without_zone_definition_or_alarm_and_bytes_repeat() -> None:
    text = invitation(ENTRY)
    assert text == invitation(ENTRY)
    assert text.index("METHOD") < text.index("BEGIN:VEVENT")
    for absent in ("VTIMEZONE", "TZID", "VALARM", "RRULE", "DESCRIPTION"):
        assert absent not in text
    assert "DTSTART:20270330T080000Z" in text
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))


@pytest.mark.covers("C-20")
def test_a_line_break_opens_no_second_property() -> None:
    sly = replace(
        ENTRY, place="Room 1\r\nATTENDEE:mailto:eve@example.com", summary="Meeting\nSTATUS:CANCELLED"
    )
    _calendar, found = event(invitation(sly))
    assert len(found["ATTENDEE"]) == 2
    assert str(found["STATUS"]) == "CONFIRMED"
    assert str(found["LOCATION"]) == "Room 1 ATTENDEE:mailto:eve@example.com"
    with pytest.raises(ValueError, match="CR or LF"):
        invitation(replace(ENTRY, organizer=Party("a@example.com\r\nX: y", "A")))
