"""Reads about pairs. What other packages use is named here."""

from pairings.selectors.pact import (
    Goal,
    Pact,
    agreement_in_words,
    digest_of,
    goal_in_words,
    goal_of,
    goals_from,
    pact_of,
    reader,
    wording,
    yeses_owed,
)
from pairings.selectors.pairs import pairing_gates, pairs_in_forecast, standing_counts, standing_states

__all__ = [
    "Goal",
    "Pact",
    "agreement_in_words",
    "digest_of",
    "goal_in_words",
    "goal_of",
    "goals_from",
    "pact_of",
    "pairing_gates",
    "pairs_in_forecast",
    "reader",
    "standing_counts",
    "standing_states",
    "wording",
    "yeses_owed",
]
