"""The clock's question about answers that are missing."""

from __future__ import annotations

from datetime import datetime

from matching import emails
from matching.selectors.reminding import due_reminders


def remind_proposals(*, now: datetime) -> int:
    """Remind those who have not answered: after four days and on the last day, each once. Returns how many mails."""
    return emails.match_reminder(due=due_reminders(now=now), now=now)
