"""Privacy lines of long work and heartbeats."""

from common.belongings import belongs, ends
from common.privacy import TECHNICAL, Line, declare

_process = Line("operate", "interest", "process", "log_12", ("coordinator", "operator"), erase="detach")

declare(
    "operations.Job",
    ("id created_at updated_at kind state step done total cancel_requested", TECHNICAL),
    ("started_at finished_at lease_until programme_id", TECHNICAL),
    ("requested_by_id params result error", _process),
)
declare(
    "operations.Heartbeat",
    ("name last_started_at last_finished_at last_count last_error", TECHNICAL),
)

belongs("operations.Job", "requested_by_id")
ends("operations.Job", "finished_at")
