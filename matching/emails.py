"""Mails about proposals. Neither names a topic or a reason: these stand behind the link (A-28, decision 23)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from matching.models import Proposal
from outbox.services import Draft, queue_many
from participants.emails import recipient
from programmes.models import Cohort, Enrolment

FIRST_HOUR: Final = 9
LAST_HOUR: Final = 19


def match_proposed(*, proposals: Sequence[Proposal], cohort: Cohort, now: datetime) -> int:
    """Ask both people of each pair, separately, for yes, a taster, or not this one."""
    drafts = [
        draft
        for proposal in proposals
        for enrolment in (proposal.mentor, proposal.mentee)
        for draft in _draft("match_proposed", f"{proposal.pk}", proposal, enrolment, cohort)
    ]
    return queue_many(drafts, now=now)


def match_reminder(*, due: Iterable[tuple[Proposal, Enrolment, int]], now: datetime) -> int:
    """Remind somebody of a proposal they have not answered; the ordinal is part of the key."""
    drafts = [
        draft
        for proposal, enrolment, ordinal in due
        for draft in _draft(
            "match_reminder", f"{ordinal}:{proposal.pk}", proposal, enrolment, proposal.cohort, due_from=now
        )
    ]
    return queue_many(drafts, now=now)


def _draft(
    kind: str,
    key: str,
    proposal: Proposal,
    to: Enrolment,
    cohort: Cohort,
    due_from: datetime | None = None,
) -> Iterator[Draft]:
    address = recipient(to.person)
    if address is None:
        return
    yield Draft(
        kind=kind,
        key=f"{kind}:{key}:{to.person_id}",
        to=address,
        context={"proposal_id": proposal.pk, "answer_by_at": proposal.answer_by, "role": to.role},
        programme_id=cohort.programme_id,
        sender_name=cohort.programme.sender_name,
        about=("proposal", proposal.pk),
        valid_while={"proposal": proposal.pk, "role": to.role},
        not_before=_by_day(due_from, address.time_zone) if due_from else None,
        expires_at=proposal.answer_by,
        priority=9 if due_from else 5,
    )


def _by_day(instant: datetime, zone: str) -> datetime:
    """A reminder comes between nine and seven o'clock of its reader's day (dossier 5.5)."""
    local = instant.astimezone(ZoneInfo(zone))
    if local.hour < FIRST_HOUR:
        return local.replace(hour=FIRST_HOUR, minute=0, second=0, microsecond=0)
    if local.hour >= LAST_HOUR:
        return (local + timedelta(days=1)).replace(hour=FIRST_HOUR, minute=0, second=0, microsecond=0)
    return instant
