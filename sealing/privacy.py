"""Privacy lines of sealing keys: they say what exists, never what it holds."""

from common.privacy import TECHNICAL, Line, declare

_secret = Line("operate", "security", "security", "programme", ("nobody",))

declare(
    "sealing.ScopeKey",
    ("id created_at updated_at scope_kind scope_id algorithm", TECHNICAL),
    ("public_part wrapped_by rotated_at destroyed_at", TECHNICAL),
    ("wrapped_part", _secret),
)
