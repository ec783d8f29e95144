"""Privacy lines of rounds and answers."""

from common.belongings import belongs
from common.privacy import TECHNICAL, Line, declare

_document = Line("evaluate", "none", "none", "forever", ("everyone",))
_invited = Line("evaluate", "agreement", "process", "programme", ("nobody",))
#: Emptied when the round is sealed; nobody lists it (A-11).
_ledger = Line("evaluate", "agreement", "process", "round_close", ("nobody",), False, "delete_row")
_answer = Line("evaluate", "agreement", "answer", "answers_24", ("group",))
_group = Line("evaluate", "agreement", "answer", "answers_24", ("nobody",))
_figures = Line("evaluate", "none", "none", "forever", ("everyone",))

declare(
    "evaluations.Round",
    ("id created_at updated_at reminded_at closed_at sealed_at emptied_at", TECHNICAL),
    ("cohort kind number state confidentiality opens_at closes_at minutes k comment_k", _document),
    ("questions segments published_at changes", _document),
    ("audience respondents", _invited),
)
declare("evaluations.LedgerEntry", ("id", TECHNICAL), ("round person part done", _ledger))
declare(
    "evaluations.PendingAnswer",
    ("id", TECHNICAL),
    ("round question role department", _group),
    ("value", _answer),
)
declare(
    "evaluations.SealedAnswer",
    ("id", TECHNICAL),
    ("round question role department", _group),
    ("value", _answer),
)
declare("evaluations.Snapshot", ("round content digest", _figures))

#: Whether somebody has answered is theirs alone, and they know it.
belongs("evaluations.LedgerEntry", "person")
