"""Privacy lines of pairs."""

from common.privacy import TECHNICAL, Line, declare

_process = Line("run", "interest", "process", "programme", ("self", "partner", "coordinator"), True)

declare(
    "pairings.Pairing",
    ("id created_at updated_at version", TECHNICAL),
    ("cohort mentor mentee state is_taster confirmed_at ended_at", _process),
    ("notice_due_at", Line("run", "interest", "process", "programme", ("nobody",), False)),
)
