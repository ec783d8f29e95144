"""Every write to people, log-ins and roster files."""

from participants.services.logins import close_log_in, move_log_in, open_log_in
from participants.services.people import mark_left, person_left, update_preferences

__all__ = [
    "close_log_in",
    "mark_left",
    "move_log_in",
    "open_log_in",
    "person_left",
    "update_preferences",
]
