"""What one of the two says to a proposal, and the pair that comes out of two willing answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from common.errors import Conflict, DomainError, IllegalTransition, NotAllowed
from matching.choices import WILLING, Answer, ProposalState
from matching.models import Proposal
from matching.services.closing import close
from pairings.models import Pairing
from pairings.services import confirm_pairing
from participants.models import Person
from programmes.choices import Role


@dataclass(frozen=True)
class Outcome:
    """What an answer led to; ``pairing`` is there when both are willing."""

    proposal: Proposal
    pairing: Pairing | None


def answer_proposal(*, proposal: Proposal, by: Person, answer: str, now: datetime) -> Outcome:
    """Say yes, a taster, or not this one; changeable while the proposal is open. The same answer twice is one.

    A no leaves the proposal open to the other until its day has come, so that neither page nor hour tells of it
    (A-27); whoever said it is free at once, and the places count as free (``Proposal.objects.alive``).

    Raises:
        NotAllowed: the proposal was not made to this person.
        IllegalTransition: the proposal is closed, or its time has passed.
        Conflict: both are willing, but the pair is no longer possible: the proposal is withdrawn.
        DomainError: this is no answer, or the cohort forms no pairs at the moment.
    """
    if answer not in Answer.values or answer == Answer.NONE:
        raise DomainError(_("Choose one of the three answers."), code="answer")
    try:
        with transaction.atomic():
            return _answer(proposal, by, Answer(answer), now)
    except _Impossible as error:
        _withdraw(proposal, now)
        text = _("This pair is no longer possible. It is nobody’s fault; we go on looking for you.")
        raise Conflict(text, code="impossible") from error


class _Impossible(Exception):
    """Confirming was refused by something that had changed since the proposal: a place, a line, a departure."""


def _withdraw(proposal: Proposal, now: datetime) -> None:
    with transaction.atomic():
        stale = Proposal.objects.select_for_update(of=("self",)).get(pk=proposal.pk)
        if stale.state == ProposalState.OPEN:
            close(stale, ProposalState.WITHDRAWN, now)


def _answer(proposal: Proposal, by: Person, answer: Answer, now: datetime) -> Outcome:
    proposal = Proposal.objects.select_for_update(of=("self",)).with_people().get(pk=proposal.pk)
    role = proposal.role_of(by)
    if role is None:
        raise NotAllowed(_("This proposal was not made to you."))
    if proposal.state != ProposalState.OPEN:
        return _again(proposal, by, answer)
    if proposal.answer_by < now:
        raise IllegalTransition(_("The time for an answer has passed."))
    if role == Role.MENTOR:
        proposal.mentor_answer = answer
    else:
        proposal.mentee_answer = answer
    if proposal.mentor_answer in WILLING and proposal.mentee_answer in WILLING:
        return Outcome(proposal, _confirm(proposal, now))
    proposal.save(update_fields=["mentor_answer", "mentee_answer", "updated_at"])
    return Outcome(proposal, None)


def _again(proposal: Proposal, by: Person, answer: Answer) -> Outcome:
    """The same answer once more, by a second click, changes nothing; another one comes too late."""
    if proposal.answer_of(by) != answer:
        raise IllegalTransition(_("This proposal is closed. You cannot change your answer any more."))
    pairing = Pairing.objects.standing().filter(mentor=proposal.mentor, mentee=proposal.mentee).first()
    return Outcome(proposal, pairing)


def _confirm(proposal: Proposal, now: datetime) -> Pairing:
    is_taster = Answer.TASTER in (proposal.mentor_answer, proposal.mentee_answer)
    try:
        pairing = confirm_pairing(
            mentor=proposal.mentor, mentee=proposal.mentee, is_taster=is_taster, now=now
        )
    except DomainError as error:
        if error.code == "stage":
            raise
        raise _Impossible from error
    close(proposal, ProposalState.CONFIRMED, now)
    return pairing


def decline_for(*, person: Person, other: Person, now: datetime) -> None:
    """Fills ``participants.never_with_asked``: their own no, which ends a proposal as any no does (A-27)."""
    between = Proposal.objects.of_person(person.pk).open().filter(answer_by__gte=now)
    for proposal in between.filter(Q(mentor__person=other) | Q(mentee__person=other)):
        if proposal.answer_of(person) != Answer.NO:
            answer_proposal(proposal=proposal, by=person, answer=Answer.NO, now=now)
