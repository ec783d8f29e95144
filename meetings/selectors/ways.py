"""How and where a pair's next date is proposed to be (S3.8)."""

from __future__ import annotations

from meetings.choices import MeetingFormat
from meetings.models import Meeting
from pairings.choices import Mode
from pairings.models import Pairing, UsualWay


def usual_way(pairing: Pairing) -> tuple[str, str]:
    """Format and place as the two have agreed; what they left open as ``last_way`` has it."""
    last_format, last_place = last_way(pairing)
    agreed = UsualWay.objects.filter(pairing=pairing).first()
    if agreed is None:
        return last_format, last_place
    chosen = last_format if agreed.mode == Mode.EITHER else agreed.mode
    return chosen, agreed.place or (last_place if chosen == last_format else "")


def last_way(pairing: Pairing) -> tuple[str, str]:
    """How and where the two met last; before that, in person where they work in one city.

    What a delegate may see: it stood in a date already.
    """
    last = Meeting.objects.filter(pairing=pairing).dated().order_by("-starts_at").first()
    if last is not None:
        return last.format, last.place
    mentor, mentee = pairing.mentor.person, pairing.mentee.person
    is_near = mentor.city and (mentor.city, mentor.country) == (mentee.city, mentee.country)
    return (MeetingFormat.IN_PERSON if is_near else MeetingFormat.VIDEO), ""
