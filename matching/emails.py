"""Mails about proposals. Neither names a topic or a reason: these stand behind the link (A-28, decision 23)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from matching.models import Proposal
from matching.selectors.reminding import Reminder
from matching.selectors.tasters import Question
from outbox.services import Draft, queue_many
from participants.emails import recipient
from programmes.models import Cohort, Enrolment


def match_proposed(*, proposals: Sequence[Proposal], cohort: Cohort, now: datetime) -> int:
    """Ask both people of each pair, separately, for yes, a taster, or not this one. Returns how many mails."""
    drafts = [
        _draft("match_proposed", f"{proposal.pk}", [proposal], side, cohort)
        for proposal in proposals
        for side in (proposal.mentor, proposal.mentee)
    ]
    return queue_many([draft for draft in drafts if draft is not None], now=now)


def match_reminder(*, due: Sequence[Reminder], now: datetime) -> int:
    """Remind people of proposals that they have not answered: one mail a person and day. Returns how many."""
    drafts = [
        _draft(
            "match_reminder", one.day.isoformat(), one.proposals, one.to, one.proposals[0].cohort, priority=9
        )
        for one in due
    ]
    return queue_many([draft for draft in drafts if draft is not None], now=now)


def taster_decide(*, due: Sequence[Question], now: datetime) -> int:
    """Ask whether one wants to go on after a taster: at most twice a person. Returns how many mails."""
    drafts = []
    for one in due:
        address = recipient(one.to.person)
        if address is None:
            continue
        pairing = one.pairing
        drafts.append(
            Draft(
                kind="taster_decide",
                key=f"taster_decide:{pairing.pk}:{one.time}:{one.to.person_id}",
                to=address,
                context={
                    "pairing_id": pairing.pk,
                    "partner_first_name": pairing.partner_of(one.to.person).first_name,
                    "role": one.to.role,
                },
                programme_id=pairing.cohort.programme_id,
                sender_name=pairing.cohort.programme.sender_name,
                valid_while={"pairing": pairing.pk, "person": one.to.person_id},
            )
        )
    return queue_many(drafts, now=now)


def _draft(
    kind: str, key: str, proposals: Sequence[Proposal], to: Enrolment, cohort: Cohort, **fields: Any
) -> Draft | None:
    address = recipient(to.person)
    if address is None:
        return None
    first = proposals[0]
    return Draft(
        kind=kind,
        key=f"{kind}:{key}:{to.person_id}",
        to=address,
        context={
            "proposal_id": first.pk,
            "number": len(proposals),
            "answer_by_at": first.answer_by,
            "role": to.role,
        },
        programme_id=cohort.programme_id,
        sender_name=cohort.programme.sender_name,
        about=("proposal", first.pk) if len(proposals) == 1 else None,
        valid_while={"proposals": [one.pk for one in proposals], "role": to.role},
        expires_at=max(one.answer_by for one in proposals),
        **fields,
    )
