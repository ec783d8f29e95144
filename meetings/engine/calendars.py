"""A meeting as a calendar message: one VEVENT, UTC times, the same bytes each time (reminders, section 8).

It carries date, hour and place, and nothing that a pair talks about: assistants read calendars (A-28).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final

from icalendar import Calendar, Event, vCalAddress

REQUEST: Final = "REQUEST"
CANCEL: Final = "CANCEL"
PUBLISH: Final = "PUBLISH"
_PRODUCT: Final = "-//Reverse Mentoring//Meetings//EN"
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]+")


@dataclass(frozen=True)
class Party:
    """Somebody in an entry, by bare address."""

    address: str
    name: str


@dataclass(frozen=True)
class Entry:
    """One revision of one meeting.

    Args:
        uid: never changes in a meeting's life.
        sequence: higher with each revision that is sent; the highest wins in every calendar.
        starts_at, ends_at, revised_at: aware; written in UTC, so no time zone definition travels along.
        organizer: the programme's mailbox, frozen when the meeting was made. Never one of the two.
        attendees: both people. The two agreed the date, so no answer is asked (decision 26).
        summary: in the language of whoever gets it.
        is_off: the date no longer stands.
    """

    uid: str
    sequence: int
    starts_at: datetime
    ends_at: datetime
    revised_at: datetime
    organizer: Party
    attendees: Sequence[Party]
    summary: str
    place: str = ""
    is_off: bool = False


def invitation(entry: Entry) -> str:
    """The text of a new or changed date.

    Raises:
        ValueError: an address cannot stand in a calendar (C-20).
    """
    return _message(entry, REQUEST)


def cancellation(entry: Entry) -> str:
    """The text that takes the date out of both calendars.

    Raises:
        ValueError: an address cannot stand in a calendar (C-20).
    """
    return _message(replace(entry, is_off=True), CANCEL)


def publication(entry: Entry) -> str:
    """The text of a file that somebody takes into their own calendar by hand: no attendees (RFC 5546, 3.2.1).

    Raises:
        ValueError: an address cannot stand in a calendar (C-20).
    """
    return _message(replace(entry, attendees=()), PUBLISH)


def _message(entry: Entry, method: str) -> str:
    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    calendar.add_component(_event(entry))
    return calendar.to_ical().decode()


def _event(entry: Entry) -> Event:
    event = Event()
    event.add("uid", entry.uid)
    event.add("sequence", entry.sequence)
    event.add("dtstamp", _utc(entry.revised_at))
    event.add("last-modified", _utc(entry.revised_at))
    event.add("dtstart", _utc(entry.starts_at))
    event.add("dtend", _utc(entry.ends_at))
    event.add("summary", entry.summary)
    event.add("status", "CANCELLED" if entry.is_off else "CONFIRMED")
    event.add("transp", "OPAQUE")
    if entry.place:
        event.add("location", _plain(entry.place))
    event.add("organizer", _address(entry.organizer))
    for party in entry.attendees:
        event.add("attendee", _attendee(party))
    return event


def _attendee(party: Party) -> vCalAddress:
    address = _address(party)
    address.params["CUTYPE"] = "INDIVIDUAL"
    address.params["ROLE"] = "REQ-PARTICIPANT"
    address.params["PARTSTAT"] = "NEEDS-ACTION"
    address.params["RSVP"] = "FALSE"
    return address


def _address(party: Party) -> vCalAddress:
    address = vCalAddress(f"mailto:{party.address}")
    if party.name:
        address.params["CN"] = _plain(party.name)
    return address


def _plain(text: str) -> str:
    """One line: a calendar property is no place for somebody's line break."""
    return _CONTROL.sub(" ", text).strip()


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(microsecond=0)
