"""Reads about periods and meetings. What other packages use is named here."""

from meetings.selectors.calendars import calendar_file
from meetings.selectors.courses import Lamp, lamps
from meetings.selectors.desk import (
    Attention,
    CohortFigures,
    MonthFigures,
    Rhythm,
    attention_list,
    cohort_figures,
    meetings_by_month,
    rhythm_of,
    rhythm_of_cohort,
)
from meetings.selectors.firsts import first_talks_of
from meetings.selectors.people import PairToday, Todo, next_meeting, pairs_today, things_to_do
from meetings.selectors.slots import free_slots, free_slots_of
from meetings.selectors.ways import last_way, usual_way

__all__ = [
    "Attention",
    "CohortFigures",
    "Lamp",
    "MonthFigures",
    "PairToday",
    "Rhythm",
    "Todo",
    "attention_list",
    "calendar_file",
    "cohort_figures",
    "first_talks_of",
    "free_slots",
    "free_slots_of",
    "lamps",
    "last_way",
    "meetings_by_month",
    "next_meeting",
    "pairs_today",
    "rhythm_of",
    "rhythm_of_cohort",
    "things_to_do",
    "usual_way",
]
