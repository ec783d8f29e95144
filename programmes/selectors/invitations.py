"""What an invitation's link leads to, before anybody presses its button."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from outbox.services import open_link
from participants.choices import PersonState
from participants.models import Person
from programmes.choices import EnrolmentState, Stage
from programmes.models import Coordinator, Enrolment, NamedContact, OpenCall, Programme
from programmes.selectors.calls import call_state

INVITATION: Final = "invitation"
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
        part: "mentor", "mentee", "coordinator" or "contact".
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
    found = {"enrolment": _to_cohort, "coordinator": _to_coordinate, "contact": _to_listen}.get(kind)
    offer = found(number) if found else None
    if offer is None or offer.person.state != PersonState.ACTIVE:
        return None
    return offer


def _to_cohort(number: int) -> Invitation | None:
    rows = Enrolment.objects.select_related("person", "cohort__programme")
    one = rows.filter(pk=number, state__in=_OPEN).first()
    return Invitation(one.person, one.cohort.programme, one.role, one) if one else None


def _to_coordinate(number: int) -> Invitation | None:
    one = Coordinator.objects.select_related("person", "programme").filter(pk=number).first()
    return Invitation(one.person, one.programme, "coordinator") if one else None


def _to_listen(number: int) -> Invitation | None:
    one = NamedContact.objects.select_related("person", "programme").filter(pk=number).first()
    return Invitation(one.person, one.programme, "contact") if one else None


def is_expected(*, person: Person, now: datetime) -> bool:
    """Whether somebody without a log-in may make one by single sign-on (decision 29).

    Whoever was invited to a cohort, runs a programme or stands by for one; and, while an open call runs, every
    colleague in the roster.
    """
    calls = OpenCall.objects.filter(cohort__stage=Stage.OPEN).select_related("cohort")
    return (
        Enrolment.objects.filter(person=person, state__in=_OPEN, invited_at__isnull=False).exists()
        or Coordinator.objects.filter(person=person).exists()
        or NamedContact.objects.filter(person=person).exists()
        or any(call_state(call, now) == "open" for call in calls)
    )
