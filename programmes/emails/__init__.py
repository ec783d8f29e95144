"""Mails of a programme. None says a topic or a reason (A-28)."""

from programmes.emails.joining import (
    INVITATION_LASTS,
    INVITATION_PATH,
    contact_request,
    coordinator_named,
    listener_named,
    selected,
)

__all__ = [
    "INVITATION_LASTS",
    "INVITATION_PATH",
    "contact_request",
    "coordinator_named",
    "listener_named",
    "selected",
]
