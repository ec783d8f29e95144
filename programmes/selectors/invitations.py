"""What an invitation's link leads to, before anybody presses its button."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from outbox.services import open_link
from participants.choices import PersonState
from participants.models import Person
from programmes.choices import EnrolmentState, Stage
from programmes.models import (
    Coordinator,
    CouncilMember,
    Enrolment,
    NamedContact,
    OpenCall,
    Programme,
    Sponsor,
)
from programmes.selectors.calls import call_state

INVITATION: Final = "invitation"
Staff = type[Coordinator] | type[NamedContact] | type[Sponsor] | type[CouncilMember]
#: What one may be in a programme without taking part in it, by the word that invitations use.
STAFF: Final[Mapping[str, Staff]] = {
    "coordinator": Coordinator,
    "contact": NamedContact,
    "sponsor": Sponsor,
    "council": CouncilMember,
}
#: States in which an invitation to a cohort still means something.
_OPEN: Final = (
    EnrolmentState.APPLIED,
    EnrolmentState.ACCEPTED,
    EnrolmentState.MATCHED,
    EnrolmentState.ACTIVE,
    EnrolmentState.PAUSED,
)


@dataclass(frozen=True)
class Invitation:
    """Whom an invitation is for and what to.

    Args:
        part: "mentor", "mentee", "coordinator", "contact", "sponsor" or "council".
        enrolment: for the first two; None for people who run a programme.
    """

    person: Person
    programme: Programme
    part: str
    enrolment: Enrolment | None = None

    @property
    def first_name(self) -> str:
        return self.person.first_name


def invitation(*, token: str, now: datetime) -> Invitation | None:
    """The invitation behind a token, if it still holds. Changes nothing (C-14)."""
    link = open_link(token, INVITATION, now=now)
    return invitation_about(link.about) if link is not None else None


def invitation_about(about: tuple[str, int] | None) -> Invitation | None:
    """The invitation to a cohort or to running a programme, None when it was overtaken."""
    kind, number = about or ("", 0)
    offer = _to_cohort(number) if kind == "enrolment" else _to_staff(kind, number)
    if offer is None or offer.person.state != PersonState.ACTIVE:
        return None
    return offer


def _to_cohort(number: int) -> Invitation | None:
    rows = Enrolment.objects.select_related("person", "cohort__programme")
    one = rows.filter(pk=number, state__in=_OPEN).first()
    return Invitation(one.person, one.cohort.programme, one.role, one) if one else None


def _to_staff(kind: str, number: int) -> Invitation | None:
    model: Any = STAFF.get(kind)
    one = model.objects.select_related("person", "programme").filter(pk=number).first() if model else None
    return Invitation(one.person, one.programme, kind) if one else None


def is_expected(*, person: Person, now: datetime) -> bool:
    """Whether somebody without a log-in may make one by single sign-on (decision 29).

    Whoever was invited to a cohort, or was named to run, watch over, stand behind or stand by for a programme; and,
    while an open call runs, every colleague in the roster.
    """
    calls = OpenCall.objects.filter(cohort__stage=Stage.OPEN).select_related("cohort")
    return (
        Enrolment.objects.filter(person=person, state__in=_OPEN, invited_at__isnull=False).exists()
        or any(model.objects.filter(person=person).exists() for model in STAFF.values())
        or any(call_state(call, now) == "open" for call in calls)
    )
