"""Privacy lines of runs, decisions and proposals."""

from common.privacy import TECHNICAL, Line, declare

_process = Line("match", "interest", "process", "programme", ("coordinator",), False, "detach")
#: Pseudonymous keys and what was entered under them: read by the matching alone (decision 31).
_input = Line("match", "interest", "preference", "programme", ("nobody",), False, "blank")
_pair = Line(
    "match", "interest", "process", "programme", ("self", "proposed", "coordinator"), True, "delete_row"
)
#: A no is shown to coordinators, who look for somebody else, and never to the other of the two.
_answer = Line("match", "interest", "process", "programme", ("self", "coordinator"), True, "delete_row")

declare(
    "matching.MatchingRun",
    (
        "id created_at updated_at cohort number state settings tie_seed input_digest job_id error gap is_reproducible",
        TECHNICAL,
    ),
    ("mentors mentees seats matched finished_at released_at", TECHNICAL),
    ("requested_by released_by result", _process),
    ("keys problem", _input),
)
declare(
    "matching.PairDecision",
    ("id created_at updated_at", TECHNICAL),
    ("cohort mentor mentee kind decided_by", _process),
)
declare(
    "matching.Proposal",
    ("id created_at updated_at", TECHNICAL),
    ("cohort run mentor mentee state reasons proposed_at answer_by closed_at", _pair),
    ("mentor_answer mentee_answer", _answer),
)
