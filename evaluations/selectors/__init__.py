"""Reads for screens: what somebody may answer, who is to be asked, what may be shown."""

from evaluations.selectors.answering import (
    Block,
    Field,
    OpenPart,
    Questionnaire,
    names_in_comments,
    open_parts,
    promise,
    questionnaire,
    rounds_of_person,
)
from evaluations.selectors.launching import LaunchPlan, launch_plan
from evaluations.selectors.mails import mail_holds
from evaluations.selectors.participation import participation_band

__all__ = [
    "Block",
    "Field",
    "LaunchPlan",
    "OpenPart",
    "Questionnaire",
    "launch_plan",
    "mail_holds",
    "names_in_comments",
    "open_parts",
    "participation_band",
    "promise",
    "questionnaire",
    "rounds_of_person",
]
