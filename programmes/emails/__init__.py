"""Mails of a programme. None says a topic or a reason (A-28)."""

from programmes.emails.announcements import announcement
from programmes.emails.calls import CALL_LINK, CALL_PATH, announce, invite_senior, nomination
from programmes.emails.intakes import intake_incomplete
from programmes.emails.joining import (
    INVITATION_LASTS,
    INVITATION_PATH,
    contact_request,
    coordinator_named,
    council_named,
    listener_named,
    selected,
    sponsor_named,
)
from programmes.emails.listeners import listener_missing
from programmes.emails.rights import erasure_asked
from programmes.emails.selection import declined, manager_notice, waitlisted
from programmes.emails.topics import TOPIC_LINK, topic_call, topic_reminder
from programmes.emails.trials import mail_trial

__all__ = [
    "CALL_LINK",
    "CALL_PATH",
    "INVITATION_LASTS",
    "INVITATION_PATH",
    "TOPIC_LINK",
    "announce",
    "announcement",
    "contact_request",
    "coordinator_named",
    "council_named",
    "declined",
    "erasure_asked",
    "intake_incomplete",
    "invite_senior",
    "listener_missing",
    "listener_named",
    "mail_trial",
    "manager_notice",
    "nomination",
    "selected",
    "sponsor_named",
    "topic_call",
    "topic_reminder",
    "waitlisted",
]
