"""Privacy lines of pairs."""

from common.belongings import belongs, ends, readable
from common.privacy import TECHNICAL, Line, declare
from pairings.selectors import agreement_in_words, goal_in_words

_process = Line("run", "interest", "process", "programme", ("self", "partner", "coordinator"), True)
_hidden = Line("run", "interest", "process", "programme", ("nobody",), False)
#: Kept from the end of a pair until it is announced, a few days at most; then forgotten (A-27).
_fleeting = Line("run", "interest", "process", "programme", ("nobody",), False, "detach")

declare(
    "pairings.Pairing",
    ("id created_at updated_at version", TECHNICAL),
    ("cohort mentor mentee state is_taster confirmed_at ended_at", _process),
    ("own_cadence own_minutes", _process),
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

#: Closed with the pair's key: the database holds no word of it (decision 34).
_words = Line("run", "interest", "content", "pair_90", ("self", "partner"), True, "delete_row")
_progress = Line(
    "run", "interest", "process", "pair_90", ("self", "partner", "coordinator"), True, "delete_row"
)
declare(
    "pairings.PairGoal",
    ("id created_at updated_at version", TECHNICAL),
    ("pairing author side kind outcome closed", _words),
    ("due_on steps_total steps_done", _progress),
)
declare(
    "pairings.RhythmProposal",
    ("id created_at updated_at", TECHNICAL),
    (
        "pairing side cadence minutes mode place revision",
        Line("run", "interest", "process", "pair_90", ("self", "partner"), True, "delete_row"),
    ),
)
#: Not even the coordinators: a home, a café or a private video room may be among the places.
declare(
    "pairings.UsualWay",
    ("id created_at updated_at", TECHNICAL),
    (
        "pairing mode place",
        Line("meet", "interest", "preference", "pair_90", ("self", "partner"), True, "delete_row"),
    ),
)
declare(
    "pairings.Agreement",
    ("id created_at updated_at number", TECHNICAL),
    ("pairing mentor_accepted_at mentee_accepted_at", _progress),
    ("closed", _words),
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
for _model in ("PairGoal", "Agreement", "RhythmProposal", "UsualWay"):
    ends(f"pairings.{_model}", "pairing__ended_at")
belongs("pairings.PairGoal", "author", within="pairing__cohort__programme")
for _model in ("RhythmProposal", "UsualWay"):
    belongs(
        f"pairings.{_model}",
        *(f"pairing__{side}" for side in _two),
        within="pairing__cohort__programme",
    )
belongs("pairings.Agreement", *(f"pairing__{side}" for side in _two), within="pairing__cohort__programme")
readable("pairings.PairGoal", "closed", goal_in_words)
readable("pairings.Agreement", "closed", agreement_in_words)
