"""A mentor's own words beside a proposal: whether they may be read, and by whom (S2.20, decision 32)."""

from __future__ import annotations

from dataclasses import dataclass

from matching.choices import ProposalState
from matching.models import Proposal
from participants.models import Person
from programmes.choices import Role, WordsState
from programmes.models import WordsRelease
from programmes.selectors import open_intake_text, words_intake


@dataclass(frozen=True)
class WordsCard:
    """What one of the two sees of the mentor's words.

    Args:
        text: the words, for the mentor, and for the mentee once they have opened them.
        release: the mentor's yes, if there was one.
        may_release: for the mentor of an open proposal who has written something.
    """

    is_mentor: bool
    text: str
    release: WordsRelease | None
    may_release: bool

    @property
    def is_shown(self) -> bool:
        return self.release is not None and self.release.state != WordsState.TAKEN_BACK

    @property
    def is_read(self) -> bool:
        return self.release is not None and self.release.state == WordsState.READ

    @property
    def has_anything(self) -> bool:
        """Whether the page of a proposal says a word about it: to the mentee only after a yes."""
        return bool(self.text) if self.is_mentor else self.is_shown


def words_card(proposal: Proposal, person: Person) -> WordsCard:
    """Two queries at most. A mentee learns nothing of words that were not released, nor that there are any."""
    is_mentor = proposal.role_of(person) == Role.MENTOR
    is_over = proposal.state not in (ProposalState.OPEN, ProposalState.CONFIRMED)
    if is_over and not is_mentor:
        return WordsCard(False, "", None, False)
    intake = words_intake(proposal.mentor_id)
    if intake is None or not intake.words:  # nothing written, so nothing was ever released
        return WordsCard(is_mentor, "", None, False)
    release = WordsRelease.objects.filter(mentor=proposal.mentor_id, mentee=proposal.mentee_id).first()
    is_read = release is not None and release.state == WordsState.READ
    text = open_intake_text(intake, intake.words) if is_mentor or is_read else ""
    may_release = is_mentor and bool(text) and proposal.state == ProposalState.OPEN
    return WordsCard(is_mentor, text, release, may_release)
