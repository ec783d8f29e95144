"""Chainable filters on mails and action links."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final, Protocol

from django.db import models
from django.db.models import Q

from common.hooks import declare
from outbox.choices import HELD, TROUBLE, State


class _ProgrammesSignature(Protocol):
    def __call__(self, *, person_id: int) -> Iterable[int]: ...


#: Upper packages answer with the ids of the programmes that this person coordinates.
coordinated_programmes = declare(
    "outbox.coordinated_programmes",
    purpose="the ids of the programmes whose mail a coordinator may see on the mail desk",
    signature=_ProgrammesSignature.__call__,
)


#: What a mail says and to which address: 30 days (privacy lines), for discreet kinds until delivery.
CONTENT: Final[Mapping[str, Any]] = {
    "address": "",
    "first_name": "",
    "sender_name": "",
    "context": None,
    "links": {},
    "calendar": None,
    "valid_while": {},
    "raw": None,
    "smtp_reply": "",
    "last_error": "",
}
#: The content, and whom and what the mail was about.
WIPED: Final[Mapping[str, Any]] = {**CONTENT, "recipient_id": None, "about_kind": "", "about_id": None}


class DatabaseClock(models.Func):
    """The database's own clock. Leases live by it alone, so no two hosts' clocks are ever compared."""

    function = "CLOCK_TIMESTAMP"
    arity = 0

    def __init__(self) -> None:
        super().__init__(output_field=models.DateTimeField())


class MessageQuerySet(models.QuerySet[Any]):
    def due(self, now: datetime) -> MessageQuerySet:
        """Waiting mails whose time has come, the most urgent first."""
        return self.filter(state=State.QUEUED, not_before__lte=now).order_by("priority", "not_before", "id")

    def unprepared(self, until: datetime) -> MessageQuerySet:
        """Waiting mails whose text is still to be made, those that leave last first."""
        waiting = self.filter(state=State.QUEUED, not_before__lte=until, raw=None)
        return waiting.order_by("-priority", "-not_before", "-id")

    def held_by(self, token: object) -> MessageQuerySet:
        """What one worker has claimed and not begun to send."""
        return self.filter(lease_token=token, state=State.CLAIMED)

    def abandoned(self) -> MessageQuerySet:
        """Claimed or half sent by a worker that did not come back in time."""
        return self.filter(state__in=HELD, lease_until__lt=DatabaseClock()).order_by("id")

    def in_trouble(self) -> MessageQuerySet:
        """Failed or of unknown fate: somebody has to look."""
        return self.filter(state__in=TROUBLE)

    def about(self, kind: str, pk: int) -> MessageQuerySet:
        return self.filter(about_kind=kind, about_id=pk)

    def nameable(self) -> MessageQuerySet:
        """Mails that may be listed one by one (decision 23)."""
        return self.filter(is_discreet=False)

    def visible_to(self, user: Any) -> MessageQuerySet:
        """Mail of the programmes that this user coordinates; an operator sees all (C-02)."""
        if user.is_superuser:
            return self
        if user.person_id is None:
            return self.none()
        theirs = Q(pk__in=[])
        for ids in coordinated_programmes(person_id=user.person_id):
            theirs |= Q(programme_id__in=ids)
        return self.filter(theirs)


class ActionLinkQuerySet(models.QuerySet[Any]):
    def usable(self, now: datetime) -> ActionLinkQuerySet:
        """Neither used, nor revoked, nor too old."""
        return self.filter(used_at=None, revoked_at=None, expires_at__gt=now)

    def open_ones(self) -> ActionLinkQuerySet:
        return self.filter(used_at=None, revoked_at=None)

    def outdated(self, before: datetime) -> ActionLinkQuerySet:
        """Used, revoked or expired before an instant."""
        return self.filter(Q(expires_at__lt=before) | Q(used_at__lt=before) | Q(revoked_at__lt=before))
