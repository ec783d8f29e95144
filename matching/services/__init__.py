"""Every write of matching: runs, decisions, proposals, answers."""

from matching.services.answering import Outcome, answer_proposal
from matching.services.decisions import clear_decision, set_decision
from matching.services.releasing import (
    expire_proposals,
    proposal_is_open,
    release,
    remind_proposals,
)
from matching.services.runs import JOB as RUN_JOB
from matching.services.runs import MATCHING_STAGES, run_matching, start_run

__all__ = [
    "MATCHING_STAGES",
    "RUN_JOB",
    "Outcome",
    "answer_proposal",
    "clear_decision",
    "expire_proposals",
    "proposal_is_open",
    "release",
    "remind_proposals",
    "run_matching",
    "set_decision",
    "start_run",
]
