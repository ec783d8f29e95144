"""Tables of pairs."""

from pairings.models.pact import MOST_STEPS, Agreement, PairGoal
from pairings.models.pairs import Hold, Pairing, Pause

__all__ = ["MOST_STEPS", "Agreement", "Hold", "PairGoal", "Pairing", "Pause"]
