"""How many have answered, told so that nobody can be made out (A-11)."""

from __future__ import annotations

from evaluations.choices import ParticipationBand, RoundState
from evaluations.models import LedgerEntry, Round


def participation_band(round: Round) -> ParticipationBand | None:
    """A coarse band for an open round of ``k`` invited people or more; None otherwise."""
    if round.state != RoundState.OPEN or round.invited < round.k:
        return None
    done = LedgerEntry.objects.filter(round=round, part=1, done=True).count()
    quarter = min(done * 4 // round.invited, len(ParticipationBand) - 1)
    return list(ParticipationBand)[quarter]
