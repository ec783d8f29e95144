"""A meeting as a calendar entry, in the language of whoever gets it."""

from __future__ import annotations

from django.utils import translation
from django.utils.translation import gettext as _

from meetings.choices import MeetingState
from meetings.engine import calendars
from meetings.models import Meeting
from participants.models import Person


def entry(meeting: Meeting, language: str) -> calendars.Entry:
    """What any calendar may know of a meeting: when, where, who. Never what about (A-28)."""
    pairing = meeting.pairing
    programme = pairing.cohort.programme
    with translation.override(language):
        summary = _("Mentoring meeting")
    return calendars.Entry(
        uid=meeting.ical_uid,
        sequence=meeting.sequence,
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
        revised_at=meeting.revised_at,
        organizer=calendars.Party(meeting.organizer, programme.sender_name or programme.name),
        attendees=[
            calendars.Party(person.email, person.full_name)
            for person in (pairing.mentor.person, pairing.mentee.person)
            if person.email
        ],
        summary=summary,
        place=meeting.place,
        is_off=meeting.state == MeetingState.CANCELLED,
    )


def calendar_file(meeting: Meeting, person: Person) -> str:
    """The file behind "add to my calendar": the same entry, naming nobody."""
    return calendars.publication(entry(meeting, person.language))
