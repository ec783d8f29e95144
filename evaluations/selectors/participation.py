"""How many have answered, told so that nobody can be made out (A-11)."""

from __future__ import annotations

from evaluations.choices import ParticipationBand, RoundState
from evaluations.models import LedgerEntry, Round
from programmes.models import Enrolment


def participation_band(round: Round) -> ParticipationBand | None:
    """A coarse band for an open round of ``k`` invited people or more; None otherwise."""
    asked = counted_people(round)
    if round.state != RoundState.OPEN or len(asked) < round.k:
        return None
    done = LedgerEntry.objects.filter(round=round, part=1, done=True, person__in=asked).count()
    quarter = min(done * 4 // len(asked), len(ParticipationBand) - 1)
    return list(ParticipationBand)[quarter]


def counted_people(round: Round) -> set[int]:
    """Whom a rate of answers counts: everybody invited who is not at rest now (B-09).

    Whether they have answered plays no part in it, or the rate would tell of a person who rests.
    """
    resting = (
        Enrolment.objects.filter(cohort_id=round.cohort_id).resting().values_list("person_id", flat=True)
    )
    return {one["person"] for one in round.audience} - set(resting)
