"""Tables of pairs."""

from pairings.models.pact import MOST_STEPS, Agreement, PairGoal
from pairings.models.pairs import LONGEST_MEETING, SHORTEST_MEETING, Hold, Pairing, Pause
from pairings.models.rhythm import LONGEST_PLACE, Rhythm, RhythmProposal, UsualWay

__all__ = [
    "LONGEST_MEETING",
    "LONGEST_PLACE",
    "MOST_STEPS",
    "SHORTEST_MEETING",
    "Agreement",
    "Hold",
    "PairGoal",
    "Pairing",
    "Pause",
    "Rhythm",
    "RhythmProposal",
    "UsualWay",
]
