"""A mentor lets one proposed mentee read what they wrote about their view (S2.20, decision 32)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from common.errors import DomainError, IllegalTransition, NotAllowed
from matching.choices import ProposalState
from matching.models import Proposal
from participants.models import Person
from programmes.choices import WORDS_TRANSITIONS, Role, WordsState
from programmes.models import Intake, WordsRelease
from programmes.selectors import open_intake_text

#: Proposals on which the words may be read: one that waits, and one that became a pair.
SHOWN_ON = (ProposalState.OPEN, ProposalState.CONFIRMED)


@transaction.atomic
def release_words(*, proposal: Proposal, by: Person, now: datetime) -> WordsRelease:
    """Say yes: the mentee of this proposal, and nobody else, may read the own words. Twice is once.

    Raises:
        NotAllowed: it is not the mentor of this proposal.
        IllegalTransition: the proposal is closed.
        DomainError: nothing was written.
    """
    proposal = _held(proposal, by, Role.MENTOR)
    if proposal.state != ProposalState.OPEN:
        raise IllegalTransition(_("This proposal is closed; nobody waits to read your words."))
    if not Intake.objects.filter(enrolment=proposal.mentor_id).exclude(words=None).exists():
        raise DomainError(_("You have not written anything about your view yet."), code="no_words")
    found, is_new = _rows().get_or_create(
        mentor=proposal.mentor, mentee=proposal.mentee, defaults={"released_at": now}
    )
    if not is_new and found.state == WordsState.TAKEN_BACK:
        _move(found, WordsState.RELEASED, released_at=now, read_at=None, taken_back_at=None)
    return found


@transaction.atomic
def take_back_words(*, proposal: Proposal, by: Person, now: datetime) -> WordsRelease | None:
    """Take the yes back. Before it was read nobody ever sees the words; afterwards they are shown no more.

    Raises:
        NotAllowed: it is not the mentor of this proposal.
    """
    proposal = _held(proposal, by, Role.MENTOR)
    found = _rows().filter(mentor=proposal.mentor, mentee=proposal.mentee).first()
    if found is not None and found.state != WordsState.TAKEN_BACK:
        _move(found, WordsState.TAKEN_BACK, taken_back_at=now)
    return found


@transaction.atomic
def read_words(*, proposal: Proposal, by: Person, now: datetime) -> str:
    """Open the mentor's words for the mentee of this proposal, and note that they were read.

    Raises:
        NotAllowed: it is not the mentee, the proposal is over, or there is no yes (any more).
    """
    proposal = _held(proposal, by, Role.MENTEE)
    found = _rows().filter(mentor=proposal.mentor, mentee=proposal.mentee).first()
    if found is None or found.state == WordsState.TAKEN_BACK or proposal.state not in SHOWN_ON:
        raise NotAllowed(_("There is nothing to read here any more."))
    if found.state == WordsState.RELEASED:
        _move(found, WordsState.READ, read_at=now)
    intake = Intake.objects.get(enrolment=proposal.mentor_id)
    return open_intake_text(intake, intake.words)


def _held(proposal: Proposal, by: Person, role: Role) -> Proposal:
    """The proposal under lock, for the one of the two who has this role."""
    found: Proposal = Proposal.objects.select_for_update(of=("self",)).with_people().get(pk=proposal.pk)
    if found.role_of(by) != role:
        raise NotAllowed(_("This proposal was not made to you."))
    return found


def _rows() -> QuerySet[WordsRelease]:
    return WordsRelease.objects.select_for_update()


def _move(release: WordsRelease, to: WordsState, **values: datetime | None) -> None:
    if to not in WORDS_TRANSITIONS[release.state]:
        raise IllegalTransition(_("This step is not possible any more. Load the page again."))
    release.state = to
    for name, value in values.items():
        setattr(release, name, value)
    release.save()
