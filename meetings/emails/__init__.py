"""Every mail about dates and how they go. What other rooms use is named here."""

from meetings.emails.dates import (
    CANCELLED,
    CLEARED,
    MOVED,
    PLANNED,
    agreement_open,
    closing,
    delegate_dates,
    first_meeting_late,
    meeting_changed,
    meeting_log,
    meeting_soon,
    meeting_upcoming,
    monthly_meeting,
)
from meetings.emails.standing import checkin_offer, sponsor_report

__all__ = [
    "CANCELLED",
    "CLEARED",
    "MOVED",
    "PLANNED",
    "agreement_open",
    "checkin_offer",
    "closing",
    "delegate_dates",
    "first_meeting_late",
    "meeting_changed",
    "meeting_log",
    "meeting_soon",
    "meeting_upcoming",
    "monthly_meeting",
    "sponsor_report",
]
