"""Every write on rounds and answers. What other packages use is named here."""

from evaluations.services.answers import InvalidAnswers, NotOpen, submit_answers
from evaluations.services.closing import (
    SEAL_JOB,
    close_due_rounds,
    close_round,
    finish_sealing,
    remove_traces,
    run_sealing,
    seal_round,
)
from evaluations.services.publishing import digest, freeze_results, publish_round
from evaluations.services.retention import erase_expired_answers
from evaluations.services.rounds import launch_round, prepare_round, remind_open_rounds, replan_round

__all__ = [
    "SEAL_JOB",
    "InvalidAnswers",
    "NotOpen",
    "close_due_rounds",
    "close_round",
    "digest",
    "erase_expired_answers",
    "finish_sealing",
    "freeze_results",
    "launch_round",
    "prepare_round",
    "publish_round",
    "remind_open_rounds",
    "remove_traces",
    "replan_round",
    "run_sealing",
    "seal_round",
    "submit_answers",
]
