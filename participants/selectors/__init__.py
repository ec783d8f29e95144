"""Reads that put several models of people together."""

from participants.engine.rows import Tell
from participants.selectors.apart import (
    apart_among,
    barrier_links,
    groups_of,
    never_with_links,
    not_available,
    two,
)
from participants.selectors.belongings import (
    PlanLine,
    erasure_plan,
    goes_whole,
    own_data,
    personal_lines,
    rows_of,
)
from participants.selectors.chart import OrgChart, org_chart
from participants.selectors.forecast import AtStake, Forecast, at_stake, pairs_at_stake
from participants.selectors.lines import in_one_line, superiors_of
from participants.selectors.outcomes import OutcomeLine, counts_in_words, outcome_lines
from participants.selectors.reading import read_content, table_of
from participants.selectors.roster import (
    ROSTER_VALUES,
    Roster,
    known_grades,
    plan_digest,
    remembered_mapping,
    roster_plan,
    title_grades,
)
from participants.selectors.wording import (
    FIELD_NAMES,
    LEFT_OUT_REASONS,
    place,
    rows_in_words,
    sentence,
)

__all__ = [
    "FIELD_NAMES",
    "LEFT_OUT_REASONS",
    "ROSTER_VALUES",
    "AtStake",
    "Forecast",
    "OrgChart",
    "OutcomeLine",
    "PlanLine",
    "Roster",
    "Tell",
    "apart_among",
    "at_stake",
    "barrier_links",
    "counts_in_words",
    "erasure_plan",
    "goes_whole",
    "groups_of",
    "in_one_line",
    "known_grades",
    "never_with_links",
    "not_available",
    "org_chart",
    "outcome_lines",
    "own_data",
    "pairs_at_stake",
    "personal_lines",
    "place",
    "plan_digest",
    "read_content",
    "remembered_mapping",
    "roster_plan",
    "rows_in_words",
    "rows_of",
    "sentence",
    "superiors_of",
    "table_of",
    "title_grades",
    "two",
]
