"""What a reminder lets its reader do without logging in: one thing, about one object, once (C-14 to C-16).

Each link opens a page with a button, and only the button acts. Whatever a service refuses leaves the link as it was.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from meetings.choices import LINK_HELP, LINK_LOG, LINK_MOVE, LINK_PLAN, MeetingState
from meetings.models import Meeting
from meetings.services.dates import move_meeting, plan_meeting
from meetings.services.outcomes import record_meeting
from outbox.services import LinkGone, open_link, use_link
from pairings.models import Pairing
from participants.choices import PersonState
from participants.models import Person
from programmes.choices import ContactTarget
from programmes.models import NamedContact
from programmes.services import request_contact

#: What each purpose is about.
_ABOUT: Final = {LINK_PLAN: "pairing", LINK_HELP: "pairing", LINK_MOVE: "meeting", LINK_LOG: "meeting"}


@dataclass(frozen=True)
class Errand:
    """What somebody may do by a link.

    Args:
        meeting: None where it is about the pair.
    """

    purpose: str
    person: Person
    pairing: Pairing
    meeting: Meeting | None


def errand_behind(*, token: str, purpose: str, now: datetime) -> Errand | None:
    """What a link lets its holder do, if it still may be done. Changes nothing (C-14)."""
    link = open_link(token, purpose, now=now) if purpose in _ABOUT else None
    if link is None or link.person_id is None or link.about is None or link.about[0] != _ABOUT[purpose]:
        return None
    person = Person.objects.filter(pk=link.person_id, state=PersonState.ACTIVE).first()
    meeting = _meeting(purpose, link.about[1], now)
    pairing = _pairing(link.about[1] if meeting is None else meeting.pairing_id)
    about_meeting = _ABOUT[purpose] == "meeting"
    if (
        person is None
        or pairing is None
        or pairing.role_of(person) is None
        or (about_meeting and not meeting)
    ):
        return None
    if meeting is not None:
        meeting.pairing = pairing
    return Errand(purpose, person, pairing, meeting)


def _meeting(purpose: str, pk: int, now: datetime) -> Meeting | None:
    """The planned date that is to be moved, or that has begun and is to be recorded."""
    if _ABOUT[purpose] != "meeting":
        return None
    planned = Meeting.objects.filter(pk=pk, state=MeetingState.PLANNED)
    in_time = (
        planned.filter(starts_at__gt=now) if purpose == LINK_MOVE else planned.filter(starts_at__lte=now)
    )
    return in_time.first()


def _pairing(pk: int) -> Pairing | None:
    return Pairing.objects.under_way().with_people().filter(pk=pk).first()


def plan_by_link(*, token: str, now: datetime, **values: Any) -> Meeting:
    """Enter a date for the pair; values as in ``plan_meeting``.

    Raises:
        LinkGone: the link cannot be used (any more).
        DomainError: as ``plan_meeting``.
    """
    return _run(token, LINK_PLAN, now, lambda errand: plan_meeting(
        pairing=errand.pairing, by=errand.person, now=now, **values
    ))  # fmt: skip


def move_by_link(*, token: str, now: datetime, **values: Any) -> Meeting:
    """Move the date; values as in ``move_meeting``.

    Raises:
        LinkGone: the link cannot be used (any more).
        DomainError: as ``move_meeting``.
    """
    return _run(token, LINK_MOVE, now, lambda errand: move_meeting(
        meeting=errand.meeting, by=errand.person, now=now, **values
    ))  # fmt: skip


def record_by_link(*, token: str, held: bool, now: datetime) -> Meeting:
    """Say that the meeting took place, or that it did not.

    Raises:
        LinkGone: the link cannot be used (any more).
        DomainError: as ``record_meeting``.
    """
    return _run(token, LINK_LOG, now, lambda errand: record_meeting(
        meeting=errand.meeting, by=errand.person, held=held, now=now
    ))  # fmt: skip


def ask_by_link(*, token: str, now: datetime) -> Any:
    """Ask to be contacted, quietly: by the named contact where there is one, else by a coordinator.

    Raises:
        LinkGone: the link cannot be used (any more).
        DomainError: nobody stands by yet.
    """
    return _run(token, LINK_HELP, now, lambda errand: request_contact(
        programme=errand.pairing.cohort.programme, person=errand.person, target=listener_for(errand), now=now
    ))  # fmt: skip


def listener_for(errand: Errand) -> str:
    """Who would be told: somebody outside every reporting line where there is one (decision 3)."""
    listeners = NamedContact.objects.filter(programme_id=errand.pairing.cohort.programme_id)
    listeners = listeners.open_to(errand.person.pk)
    return ContactTarget.CONTACT if listeners.exists() else ContactTarget.COORDINATOR


@transaction.atomic
def _run(token: str, purpose: str, now: datetime, act: Callable[[Any], Any]) -> Any:
    errand = errand_behind(token=token, purpose=purpose, now=now)
    if errand is None:
        raise LinkGone(_("This link has been used, or it is no longer valid."))
    use_link(token, purpose, now=now)
    return act(errand)
