"""Reads for screens: what somebody may answer, who is to be asked, what may be shown."""

from evaluations.selectors.answering import (
    Block,
    Field,
    OpenPart,
    Questionnaire,
    names_in_comments,
    open_parts,
    parts_left,
    promise,
    questionnaire,
    rounds_of_person,
    with_parts_left,
)
from evaluations.selectors.gates import baseline_gate
from evaluations.selectors.launching import (
    LaunchPlan,
    closing_time,
    kinds_to_agree_on,
    launch_plan,
    may_be_sent,
)
from evaluations.selectors.mails import mail_holds
from evaluations.selectors.participation import participation_band
from evaluations.selectors.printing import group_label
from evaluations.selectors.results import (
    Results,
    results_for_desk,
    results_for_participants,
    takes_part,
)

__all__ = [
    "Block",
    "Field",
    "LaunchPlan",
    "OpenPart",
    "Questionnaire",
    "Results",
    "baseline_gate",
    "closing_time",
    "group_label",
    "kinds_to_agree_on",
    "launch_plan",
    "mail_holds",
    "may_be_sent",
    "names_in_comments",
    "open_parts",
    "participation_band",
    "parts_left",
    "promise",
    "questionnaire",
    "results_for_desk",
    "results_for_participants",
    "rounds_of_person",
    "takes_part",
    "with_parts_left",
]
