"""Every write on rounds and answers. What other packages use is named here."""

from evaluations.services.answers import InvalidAnswers, NotOpen, submit_answers
from evaluations.services.closing import (
    close_due_rounds,
    close_round,
    finish_sealing,
    run_sealing,
    seal_round,
)
from evaluations.services.publishing import publish_round
from evaluations.services.retention import erase_expired_answers
from evaluations.services.rounds import launch_round, prepare_round, remind_open_rounds, replan_round

__all__ = [
    "InvalidAnswers",
    "NotOpen",
    "close_due_rounds",
    "close_round",
    "erase_expired_answers",
    "finish_sealing",
    "launch_round",
    "prepare_round",
    "publish_round",
    "remind_open_rounds",
    "replan_round",
    "run_sealing",
    "seal_round",
    "submit_answers",
]
