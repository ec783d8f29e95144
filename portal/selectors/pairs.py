"""A pair's page: who the two are, the next date, their year, and whom to turn to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from meetings.engine import standing
from meetings.engine.slots import Span
from meetings.models import Meeting
from meetings.selectors import Lamp, free_slots, lamps, next_meeting_of_pair
from pairings.models import Pairing, Pause
from participants.models import Person
from programmes.models import TopicOffer, TopicWish

#: How the look names what the engine knows: lit, glowing, to confirm, outline.
KINDS: Final[Mapping[str, str]] = {
    standing.HELD: "held",
    standing.PLANNED: "next",
    standing.ASK: "ask",
}


@dataclass(frozen=True)
class Light:
    """One lamp of the path."""

    kind: str
    label: str
    text: str


@dataclass(frozen=True)
class PairPage:
    """Everything the page of a pair shows to one of the two."""

    pairing: Pairing
    person: Person
    partner: Person
    role: str
    next_meeting: Meeting | None
    to_confirm: Meeting | None
    lights: Sequence[Light]
    lit: int
    slots: Sequence[Span]
    partner_offers: Sequence[str]
    partner_wants: Sequence[str]
    contacts: Sequence[Person]
    coordinators: Sequence[Person]
    is_paused: bool


def pair_page(pairing: Pairing, person: Person, *, now: datetime) -> PairPage:
    """A constant number of queries; nothing that either of the two has answered anywhere."""
    role = pairing.role_of(person)
    course = lamps(pairing, now=now)
    upcoming = next_meeting_of_pair(pairing, now=now)
    partner_enrolment = pairing.mentee_id if role == "mentor" else pairing.mentor_id
    programme = pairing.cohort.programme
    return PairPage(
        pairing=pairing,
        person=person,
        partner=pairing.partner_of(person),
        role=str(role),
        next_meeting=upcoming,
        to_confirm=Meeting.objects.unrecorded(now).filter(pairing=pairing).first(),
        lights=lights(course),
        lit=sum(1 for lamp in course if lamp.state == standing.HELD),
        slots=[] if upcoming else free_slots(pairing, now=now),
        partner_offers=_topics(TopicOffer.objects.filter(enrolment=partner_enrolment)),
        partner_wants=_topics(TopicWish.objects.filter(enrolment=partner_enrolment).order_by("-priority")),
        contacts=[c.person for c in programme.contacts.select_related("person")],
        coordinators=[c.person for c in programme.coordinators.select_related("person")],
        # By the pause itself: a pair that ended while paused looks the same until the other is told.
        is_paused=Pause.objects.open().filter(pairing=pairing).exists(),
    )


def _topics(rows: Iterable[TopicOffer | TopicWish]) -> list[str]:
    return [str(row.topic) for row in rows.select_related("topic")]  # type: ignore[attr-defined]


def lights(course: Sequence[Lamp]) -> list[Light]:
    """The path's lamps with a sentence each for those who cannot see them."""
    return [Light(KINDS.get(lamp.state, "later"), _label(lamp), _text(lamp)) for lamp in course]


def _label(lamp: Lamp) -> str:
    return date_format(lamp.label_on, "M") if lamp.is_month else date_format(lamp.starts_on, "j M")


def _text(lamp: Lamp) -> str:
    if lamp.meeting is not None:
        day = date_format(lamp.meeting.starts_at, "j F")
        words = {
            standing.HELD: _("held on %(day)s"),
            standing.PLANNED: _("planned for %(day)s"),
            standing.ASK: _("%(day)s, to be confirmed"),
        }
        if lamp.state in words:
            return words[lamp.state] % {"day": day}
    plain = {
        standing.OPEN: _("no date yet"),
        standing.NONE: _("no meeting"),
        standing.PAUSED: _("paused"),
    }
    return plain.get(lamp.state, _("still to come"))
