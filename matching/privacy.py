"""Privacy lines of runs, decisions and proposals."""

from common.belongings import belongs
from common.privacy import TECHNICAL, Line, declare

_process = Line("match", "interest", "process", "programme", ("coordinator",), False, "detach")
_decided = Line("match", "interest", "process", "programme", ("coordinator",), False, "delete_row")
#: Pseudonymous keys and what was entered under them: read by the matching alone (decision 31).
_input = Line("match", "interest", "preference", "programme", ("nobody",), False, "blank")
_pair = Line(
    "match", "interest", "process", "programme", ("self", "proposed", "coordinator"), True, "delete_row"
)
#: What the page puts into words for each of the two; raw, it would tell of the other, or of the other's no.
_inner = Line(
    "match", "interest", "process", "programme", ("self", "proposed", "coordinator"), False, "delete_row"
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
    ("cohort mentor mentee kind decided_by", _decided),
)
#: A wish to go on is shown to nobody, the other of the two included.
_choice = Line("match", "interest", "preference", "programme", ("self",), True, "delete_row")

declare(
    "matching.TasterChoice",
    ("id created_at updated_at", TECHNICAL),
    ("pairing person", _choice),
)
declare(
    "matching.Proposal",
    ("id created_at updated_at", TECHNICAL),
    ("cohort run mentor mentee proposed_at answer_by", _pair),
    ("reasons state closed_at", _inner),
    ("mentor_answer mentee_answer", _answer),
)

_two = ("mentor__person", "mentee__person")
belongs("matching.MatchingRun", "requested_by", by_hand=True)
belongs("matching.PairDecision", named=_two, within="cohort__programme")
belongs(
    "matching.Proposal",
    *_two,
    only={"mentor_answer": _two[0], "mentee_answer": _two[1]},
    within="cohort__programme",
)
belongs("matching.TasterChoice", "person", within="pairing__cohort__programme")
