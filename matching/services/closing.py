"""How proposals end without a pair: by a no, by silence, by a departure, by a coordinator. Always in the same words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from common.errors import IllegalTransition
from matching.choices import Answer, DecisionKind, ProposalState
from matching.models import PairDecision, Proposal
from outbox.services import cancel_about
from participants.models import Person
from participants.selectors import apart_among
from participants.services import Stopped
from programmes.choices import TAKING_PART
from programmes.models import Enrolment

ABOUT: Final = "proposal"


def close(proposal: Proposal, state: ProposalState, now: datetime) -> None:
    """End a proposal and withdraw the mails about it that wait. Call it under the row's lock."""
    proposal.state, proposal.closed_at = state, now
    proposal.save()
    cancel_about(about=(ABOUT, proposal.pk), now=now)
    if state == ProposalState.REFUSED:
        PairDecision.objects.filter(
            mentor=proposal.mentor_id, mentee=proposal.mentee_id, kind=DecisionKind.PIN
        ).delete()


def expire_proposals(*, now: datetime) -> int:
    """Close proposals whose time has passed without two willing answers (decision 31). Returns how many."""
    count = 0
    due = Proposal.objects.open().filter(answer_by__lt=now).values_list("pk", flat=True).order_by("pk")
    for pk in list(due):
        with transaction.atomic():
            proposal = Proposal.objects.select_for_update(of=("self",)).get(pk=pk)
            if proposal.state == ProposalState.OPEN and proposal.answer_by < now:
                said_no = Answer.NO in (proposal.mentor_answer, proposal.mentee_answer)
                close(proposal, ProposalState.REFUSED if said_no else ProposalState.EXPIRED, now)
                count += 1
    return count


@transaction.atomic
def withdraw_proposal(*, proposal: Proposal, by: Person | None, now: datetime) -> Proposal:
    """Take a proposal back before both have answered; both read that it did not come about.

    Raises:
        IllegalTransition: it is not open any more.
    """
    proposal = Proposal.objects.select_for_update(of=("self",)).get(pk=proposal.pk)
    if proposal.state != ProposalState.OPEN:
        raise IllegalTransition(_("This proposal is not open any more."))
    close(proposal, ProposalState.WITHDRAWN, now)
    return proposal


def hold_proposals_in(*, enrolment: Enrolment) -> None:
    """Fills ``programmes.part_turning``: proposals are held before parts, as when one is answered."""
    mine = Q(mentor=enrolment) | Q(mentee=enrolment)
    rows = Proposal.objects.open().filter(mine).select_for_update(of=("self",)).order_by("pk")
    list(rows.values_list("pk"))


def withdraw_proposals_of(*, person: Person, now: datetime) -> None:
    """Fills ``participants.person_left``: nobody waits for the answer of somebody who has left."""
    rows = Proposal.objects.of_person(person.pk).open().select_for_update(of=("self",)).order_by("pk")
    for proposal in rows:
        close(proposal, ProposalState.WITHDRAWN, now)


def withdraw_broken_proposals(*, person_ids: frozenset[int], now: datetime) -> Stopped:
    """Fills ``participants.lines_changed``: nobody is asked about somebody they can no longer be paired with.

    It ends in the words of any proposal that did not come about.
    """
    rows = list(Proposal.objects.open().select_for_update(of=("self",)).with_people().order_by("pk"))
    two = {proposal.pk: (proposal.mentor.person_id, proposal.mentee.person_id) for proposal in rows}
    causes = apart_among(set(two.values()))
    broken = [proposal for proposal in rows if two[proposal.pk] in causes]
    for proposal in broken:
        close(proposal, ProposalState.WITHDRAWN, now)
    return Stopped(proposals=len(broken))


def withdraw_proposals_in(
    *, enrolment: Enrolment, resume_on: date | None, is_leaving: bool, now: datetime
) -> None:
    """Fills ``programmes.part_stopped``: nobody waits for somebody who pauses or has left; the words are the same."""
    mine = Q(mentor=enrolment) | Q(mentee=enrolment)
    for proposal in Proposal.objects.open().filter(mine).select_for_update(of=("self",)).order_by("pk"):
        close(proposal, ProposalState.WITHDRAWN, now)


def proposal_is_open(*, kind: str, about: tuple[str, int] | None, valid_while: Mapping[str, Any]) -> bool:
    """Fills ``outbox.still_valid``: one is asked about a proposal while one has not answered it."""
    if kind not in ("match_proposed", "match_reminder"):
        return True
    role = valid_while["role"]
    waiting = Proposal.objects.open().filter(
        pk__in=valid_while["proposals"], **{f"{role}_answer": Answer.NONE, f"{role}__state__in": TAKING_PART}
    )
    return waiting.exists()
