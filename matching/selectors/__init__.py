"""Reads about runs and proposals. What other packages use is named here."""

from matching.selectors.places import Places, places
from matching.selectors.placing import PlacePage, place_page
from matching.selectors.proposals import ProposalPage, proposal_page
from matching.selectors.records import run_record
from matching.selectors.runs import RunPage, latest_runs, run_page
from matching.selectors.swapping import SwapPage, swap_page
from matching.selectors.words import WordsCard, words_card

__all__ = [
    "PlacePage",
    "Places",
    "ProposalPage",
    "RunPage",
    "SwapPage",
    "WordsCard",
    "latest_runs",
    "place_page",
    "places",
    "proposal_page",
    "run_page",
    "run_record",
    "swap_page",
    "words_card",
]
