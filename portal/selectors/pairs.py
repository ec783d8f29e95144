"""A pair's page: who the two are, the next date, their year, and whom to turn to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, F, OuterRef, When
from django.utils.formats import date_format
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from meetings.engine import standing
from meetings.engine.slots import Span
from meetings.models import Meeting
from meetings.selectors import Lamp, free_slots, pairs_today
from pairings.models import PairGoal, Pairing
from pairings.querysets import PairingQuerySet
from pairings.selectors import Goal, goals_from, reader
from participants.models import Person
from portal.selectors.standing import ProgrammePeople
from programmes.choices import Role
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
class Side:
    """What one of the two wants to reach."""

    role: str
    who: Person
    goals: Sequence[Goal]


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
    contacts: Sequence[str]
    coordinators: Sequence[str]
    is_paused: bool
    agreed_at: datetime | None
    goals: Sequence[Side]


def pair_page(pairing: Pairing, person: Person, people: ProgrammePeople, *, now: datetime) -> PairPage:
    """Four queries; nothing that either of the two has answered anywhere.

    Args:
        pairing: read with its key, its agreement's date and the partner's topics (``with_partners_topics``).
        people: of the pair's programme, whom to turn to.
    """
    row: Any = pairing
    role = pairing.role_of(person)
    (today,) = pairs_today([pairing], now=now)
    goals = goals_from(PairGoal.objects.filter(pairing=pairing), reader(pairing))
    return PairPage(
        pairing=pairing,
        person=person,
        partner=pairing.partner_of(person),
        role=str(role),
        next_meeting=today.next_meeting,
        to_confirm=next(iter(today.to_record), None),
        lights=lights(today.lamps),
        lit=sum(1 for lamp in today.lamps if lamp.state == standing.HELD),
        slots=[] if today.next_meeting else free_slots(pairing, now=now),
        partner_offers=row.partner_offers,
        partner_wants=row.partner_wants,
        contacts=people.contacts,
        coordinators=people.coordinators,
        is_paused=today.is_paused,
        agreed_at=row.agreed_at,
        goals=_sides(pairing, goals),
    )


def _sides(pairing: Pairing, goals: Sequence[Goal]) -> list[Side]:
    """The mentee's goals first: what the programme is for; then the mentor's own."""
    sides = ((Role.MENTEE, pairing.mentee.person), (Role.MENTOR, pairing.mentor.person))
    return [Side(str(role), who, [one for one in goals if one.row.side == role]) for role, who in sides]


def with_partners_topics(pairs: PairingQuerySet, person: Person) -> PairingQuerySet:
    """``partner_offers`` and ``partner_wants``: in the reader's language, the strongest and most wanted first."""
    name = f"topic__name_{(get_language() or 'en')[:2]}"
    is_mentor = When(mentor__person_id=person.pk, then=F("mentee_id"))
    pairs = pairs.annotate(partner_id=Case(is_mentor, default=F("mentor_id")))
    own = OuterRef("partner_id")
    offers = TopicOffer.objects.filter(enrolment=own).order_by("-level", "pk")
    wishes = TopicWish.objects.filter(enrolment=own).order_by("-priority", "pk")
    return pairs.annotate(
        partner_offers=ArraySubquery(offers.values_list(name)),
        partner_wants=ArraySubquery(wishes.values_list(name)),
    )


def lights(course: Sequence[Lamp]) -> list[Light]:
    """The path's lamps with a sentence each for those who cannot see them."""
    return [Light(KINDS.get(lamp.state, "later"), _label(lamp), _text(lamp)) for lamp in course]


def _label(lamp: Lamp) -> str:
    if lamp.is_month:
        return date_format(lamp.label_on, pgettext("a short month by itself", "M"))
    return date_format(lamp.starts_on, _("j M"))


def _text(lamp: Lamp) -> str:
    if lamp.meeting is not None:
        day = date_format(lamp.meeting.starts_at, "MONTH_DAY_FORMAT")
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
