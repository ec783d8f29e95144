"""Every write to the outbox. What other packages use is named here."""

from outbox.services.queueing import Calendar, Draft, Link, Recipient, cancel_about, queue, queue_many

__all__ = ["Calendar", "Draft", "Link", "Recipient", "cancel_about", "queue", "queue_many"]
