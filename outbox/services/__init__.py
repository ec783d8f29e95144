"""Every write to the outbox. What other packages use is named here."""

from outbox.services.asking import may_reach, programme_name, still_valid, was_accepted
from outbox.services.desk import dismiss, send_again
from outbox.services.drafts import Calendar, Draft, Link, Recipient
from outbox.services.draining import drain, drain_for_a_while
from outbox.services.links import LinkGone, open_link, revoke_links, use_link
from outbox.services.queueing import queue, queue_many
from outbox.services.recovering import recover
from outbox.services.retention import forget_about, forget_names, forget_recipient, purge
from outbox.services.withdrawing import cancel_about, cancel_in_programme, cancel_recipient

__all__ = [
    "Calendar",
    "Draft",
    "Link",
    "LinkGone",
    "Recipient",
    "cancel_about",
    "cancel_in_programme",
    "cancel_recipient",
    "dismiss",
    "drain",
    "drain_for_a_while",
    "forget_about",
    "forget_names",
    "forget_recipient",
    "may_reach",
    "open_link",
    "programme_name",
    "purge",
    "queue",
    "queue_many",
    "recover",
    "revoke_links",
    "send_again",
    "still_valid",
    "use_link",
    "was_accepted",
]
