"""Every write of matching: runs, decisions, proposals, answers."""

from matching.services.answering import Outcome, answer_proposal, decline_for
from matching.services.closing import (
    expire_proposals,
    hold_proposals_in,
    proposal_is_open,
    withdraw_broken_proposals,
    withdraw_proposal,
    withdraw_proposals_in,
    withdraw_proposals_of,
)
from matching.services.decisions import clear_decision, set_decision, swap_pairs
from matching.services.forgetting import forget_person
from matching.services.releasing import release
from matching.services.reminding import remind_proposals
from matching.services.runs import JOB as RUN_JOB
from matching.services.runs import MATCHING_STAGES, cancel_run, forget_in_runs, run_matching, start_run
from matching.services.tasters import ask_after_tasters, go_on_after_taster, leave_after_taster, mail_is_valid
from matching.services.words import read_words, release_words, take_back_words

__all__ = [
    "MATCHING_STAGES",
    "RUN_JOB",
    "Outcome",
    "answer_proposal",
    "ask_after_tasters",
    "cancel_run",
    "clear_decision",
    "decline_for",
    "expire_proposals",
    "forget_in_runs",
    "forget_person",
    "go_on_after_taster",
    "hold_proposals_in",
    "leave_after_taster",
    "mail_is_valid",
    "proposal_is_open",
    "read_words",
    "release",
    "release_words",
    "remind_proposals",
    "run_matching",
    "set_decision",
    "start_run",
    "swap_pairs",
    "take_back_words",
    "withdraw_broken_proposals",
    "withdraw_proposal",
    "withdraw_proposals_in",
    "withdraw_proposals_of",
]
