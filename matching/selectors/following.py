"""What became of a proposed pair, for coordinators, who look for the next partner (decision 31)."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from matching.choices import Answer, ProposalState
from matching.models import Proposal


@dataclass(frozen=True)
class Following:
    """A state in a word or two.

    Args:
        kind: "confirmed", "waiting" or "over", for counts.
        tag: how it looks: "ok", "wait" or "".
        proposal_id: of a proposal that can still be taken back.
    """

    kind: str
    tag: str
    text: str
    proposal_id: int | None = None


def following(proposal: Proposal | None) -> Following | None:
    """In words; None for a pair that was not proposed."""
    if proposal is None:
        return None
    if proposal.state == ProposalState.CONFIRMED:
        return Following("confirmed", "ok", _("Both said yes"))
    if proposal.state != ProposalState.OPEN:
        return Following("over", "", _ended(proposal))
    if Answer.NO in (proposal.mentor_answer, proposal.mentee_answer):
        return Following("over", "", _refused(proposal), proposal.pk)
    return Following("waiting", "wait", _waiting(proposal), proposal.pk)


def _waiting(proposal: Proposal) -> str:
    silent = [
        name
        for name, answer in (("mentor", proposal.mentor_answer), ("mentee", proposal.mentee_answer))
        if answer == Answer.NONE
    ]
    if len(silent) == 2:
        return _("Waiting for both")
    return _("Waiting for the mentor") if silent == ["mentor"] else _("Waiting for the mentee")


def _ended(proposal: Proposal) -> str:
    if proposal.state == ProposalState.REFUSED:
        return _refused(proposal)
    return _("Withdrawn") if proposal.state == ProposalState.WITHDRAWN else _("No answer in time")


def _refused(proposal: Proposal) -> str:
    if proposal.mentor_answer == proposal.mentee_answer:
        return _("Both said not this one")
    said_no = proposal.mentor_answer == Answer.NO
    return _("The mentor said not this one") if said_no else _("The mentee said not this one")
