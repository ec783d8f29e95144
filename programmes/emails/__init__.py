"""Mails of a programme. None says a topic or a reason (A-28)."""

from programmes.emails.calls import CALL_LINK, CALL_PATH, announce
from programmes.emails.joining import (
    INVITATION_LASTS,
    INVITATION_PATH,
    contact_request,
    coordinator_named,
    listener_named,
    selected,
)

__all__ = [
    "CALL_LINK",
    "CALL_PATH",
    "INVITATION_LASTS",
    "INVITATION_PATH",
    "announce",
    "contact_request",
    "coordinator_named",
    "listener_named",
    "selected",
]
