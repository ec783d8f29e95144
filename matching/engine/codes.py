"""The words of the engine: stable codes that the callers translate."""

from __future__ import annotations

from typing import Final

#: Highest score of a pair. Scores are whole numbers, so that no sum depends on a machine.
SCORE_MAX: Final = 100_000

#: Most people on one side (decision 31).
MOST_PEOPLE: Final = 10_000

# --- criteria (dossier 2.4), in the order in which they are explained -----------------------------------

KNOWLEDGE: Final = "knowledge"
PERSPECTIVE: Final = "perspective"
DISTANCE: Final = "distance"
LOGISTICS: Final = "logistics"
STYLE: Final = "style"
RETURN_GAIN: Final = "return_gain"
CRITERIA: Final = (KNOWLEDGE, PERSPECTIVE, DISTANCE, LOGISTICS, STYLE, RETURN_GAIN)

#: Criteria without a band: a coordinator must never read a perspective off a page (decisions 19 and 31).
PRIVATE_CRITERIA: Final = frozenset({PERSPECTIVE})

#: The perspective that looks for the same discipline where others look for another department (S2.24).
CRAFT: Final = "craft"

# --- bands ------------------------------------------------------------------------------------------------

STRONG: Final = "strong"
SOME: Final = "some"
NONE: Final = "none"
BANDS: Final = (STRONG, SOME, NONE)

# --- rules: why a pair is absent --------------------------------------------------------------------------

REPORTING_LINE: Final = "reporting_line"
NOT_AVAILABLE: Final = "not_available"
GRADE_DIRECTION: Final = "grade_direction"
GRADE_DISTANCE: Final = "grade_distance"
GRADE_UNKNOWN: Final = "grade_unknown"
SAME_TEAM: Final = "same_team"
SAME_DEPARTMENT: Final = "same_department"
LANGUAGE: Final = "language"
LANGUAGE_UNKNOWN: Final = "language_unknown"
AVAILABILITY: Final = "availability"
AVAILABILITY_UNKNOWN: Final = "availability_unknown"
TIME_ZONE_UNKNOWN: Final = "time_zone_unknown"
CROSS_BORDER: Final = "cross_border"
COUNTRY_UNKNOWN: Final = "country_unknown"
PAST_PAIR: Final = "past_pair"
REJECTED: Final = "rejected"
NO_CAPACITY: Final = "no_capacity"
SAME_PERSON: Final = "same_person"
NOT_LISTED: Final = "not_listed"

#: Every rule; the place in this tuple is the rule's bit in a reason mask.
RULES: Final = (
    REPORTING_LINE,
    NOT_AVAILABLE,
    GRADE_DIRECTION,
    GRADE_DISTANCE,
    GRADE_UNKNOWN,
    SAME_TEAM,
    SAME_DEPARTMENT,
    LANGUAGE,
    LANGUAGE_UNKNOWN,
    AVAILABILITY,
    AVAILABILITY_UNKNOWN,
    TIME_ZONE_UNKNOWN,
    CROSS_BORDER,
    COUNTRY_UNKNOWN,
    PAST_PAIR,
    REJECTED,
    NO_CAPACITY,
    SAME_PERSON,
    NOT_LISTED,
)
BIT: Final = {rule: 1 << place for place, rule in enumerate(RULES)}

#: Rules that a coordinator may loosen. The others protect people and are never offered for it (decision 3).
RELAXABLE: Final = (
    GRADE_DISTANCE,
    SAME_TEAM,
    SAME_DEPARTMENT,
    LANGUAGE,
    AVAILABILITY,
    CROSS_BORDER,
    PAST_PAIR,
    REJECTED,
)

#: Rules that could not be judged because a fact is missing; entering the fact may open candidates.
UNKNOWN_FACTS: Final = (
    GRADE_UNKNOWN,
    LANGUAGE_UNKNOWN,
    AVAILABILITY_UNKNOWN,
    TIME_ZONE_UNKNOWN,
    COUNTRY_UNKNOWN,
)

# --- why somebody has nobody ------------------------------------------------------------------------------

MATCHED: Final = "matched"
OWN_CAPACITY: Final = "own_capacity"
OTHER_SIDE_EMPTY: Final = "other_side_empty"
RULED_OUT: Final = "ruled_out"
SEATS_SHORT: Final = "seats_short"
BETTER_WITHOUT: Final = "better_without"

# --- why an allowed pair is not to be had -----------------------------------------------------------------

BELOW_FLOOR: Final = "below_floor"
PINNED_ELSEWHERE: Final = "pinned_elsewhere"
