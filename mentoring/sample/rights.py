"""What people of the sample do with their rights: own words for one reader, a pause, an objection, a wish to go."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from matching.models import Proposal
from matching.services import read_words, release_words, take_back_words
from pairings.models import Pairing
from participants.models import Person
from participants.services import ask_for_copy, ask_for_erasure
from programmes.choices import Role
from programmes.models import Cohort, Enrolment, Programme, RecordReading
from programmes.services import change_intake, leave, note_reading, take_break

#: What mentors wrote about the view they bring, and what became of their yes.
WORDS: Final = (
    ("I grew up above my parents’ shop. I know what a late invoice does to a family.", "read"),
    (
        "Ik ben de eerste thuis die studeerde, en soms hoor ik dat aan de vragen die niemand stelt.",
        "released",
    ),
    (
        "Ich habe in drei Ländern gewohnt und merke, wann ein Witz nur in einem davon lustig ist.",
        "taken back",
    ),
)


def share_words(proposals: Sequence[Proposal], *, at: datetime) -> None:
    """Before they answer, three mentors let their proposed mentee read their own words; one thinks better of it."""
    for proposal, (words, became) in zip(proposals, WORDS, strict=False):
        mentor, mentee = proposal.mentor.person, proposal.mentee.person
        values = {"offered": ["consumer"], "words": words, "consent": True}
        change_intake(enrolment=proposal.mentor, step=3, values=values, by=mentor, now=at)
        release_words(proposal=proposal, by=mentor, now=at)
        if became == "read":
            read_words(proposal=proposal, by=mentee, now=at)
        elif became == "taken back":
            take_back_words(proposal=proposal, by=mentor, now=at)


def use_rights(*, programme: Programme, cohort: Cohort, waiting: Cohort, now: datetime) -> None:
    """One mentor pauses until a day, one objects, one leaves; two ask to be erased, and one wants a copy."""
    paired = set(Pairing.objects.running().filter(cohort=cohort).values_list("mentor_id", flat=True))
    mentors = [one for one in _people(cohort, Role.MENTOR) if one.pk in paired]
    until = (now + timedelta(days=21)).date()
    for enrolment, objects in zip(mentors[-2:], (False, True), strict=False):
        take_break(
            enrolment=enrolment, by=enrolment.person, now=now - timedelta(days=5),
            resume_on=None if objects else until, is_objection=objects,
        )  # fmt: skip
    for enrolment in _people(cohort, Role.MENTEE)[-1:]:
        leave(enrolment=enrolment, by=enrolment.person, now=now - timedelta(days=3))
        ask_for_erasure(person=enrolment.person, now=now - timedelta(days=2))
    for enrolment in _people(waiting, Role.MENTOR)[-1:]:
        ask_for_erasure(person=enrolment.person, now=now - timedelta(days=1))
    for enrolment in mentors[:1]:
        ask_for_copy(person=enrolment.person, now=now)


def open_records(*, programme: Programme, by: Person, people: Sequence[Enrolment], now: datetime) -> int:
    """A coordinator looked at a few records in the last weeks: the people read it, the works council counts it."""
    user = by.user
    for place, enrolment in enumerate(people):
        at = now - timedelta(days=9 * place, hours=place)
        note_reading(
            person_ids=[enrolment.person_id], user=user, page=("part", "person", "chart")[place % 3], now=at
        )
    return int(RecordReading.objects.filter(programme=programme).count())


def _people(cohort: Cohort, role: str) -> list[Enrolment]:
    rows = Enrolment.objects.filter(cohort=cohort, role=role).taking_part()
    return list(rows.select_related("person", "cohort__programme").order_by("pk"))
