"""Privacy lines of pairs."""

from common.belongings import belongs, ends, readable
from common.privacy import TECHNICAL, Line, declare

_process = Line("run", "interest", "process", "programme", ("self", "partner", "coordinator"), True)
_hidden = Line("run", "interest", "process", "programme", ("nobody",), False)
#: Kept from the end of a pair until it is announced, a few days at most; then forgotten (A-27).
_fleeting = Line("run", "interest", "process", "programme", ("nobody",), False, "detach")

declare(
    "pairings.Pairing",
    ("id created_at updated_at version", TECHNICAL),
    ("cohort mentor mentee state is_taster confirmed_at ended_at", _process),
    ("notice_due_at", _hidden),
    ("ended_by", _fleeting),
)
declare(
    "pairings.Pause",
    ("id created_at updated_at resumes_as", TECHNICAL),
    ("pairing started_at resume_on ended_at", _process),
)
declare(
    "pairings.Hold",
    ("id created_at updated_at", TECHNICAL),
    (
        "pairing cause found_at settled_at",
        Line("run", "interest", "process", "pair_90", ("coordinator",), False, "delete_row"),
    ),
)

_two = ("mentor__person", "mentee__person")
belongs("pairings.Pairing", *_two, within="cohort__programme")
for _model in ("Pause", "Hold"):
    belongs(
        f"pairings.{_model}",
        *(f"pairing__{side}" for side in _two),
        within="pairing__cohort__programme",
    )
#: Until its hour the end of a pair is told to nobody, in a copy of one's data no more than on a page (A-27).
readable("pairings.Pairing", "state", lambda pair: "" if pair.notice_due_at else pair.get_state_display())
readable("pairings.Pairing", "ended_at", lambda pair: "" if pair.notice_due_at else str(pair.ended_at or ""))
ends("pairings.Hold", "pairing__ended_at")
