"""Every write to the outbox. What other packages use is named here."""

from outbox.services.asking import (
    Claim,
    outdated,
    programme_lines,
    programme_name,
    still_valid,
    was_accepted,
)
from outbox.services.choosing import behind_way_out, choose_mail, stop_by_link
from outbox.services.desk import dismiss, send_again
from outbox.services.drafts import Calendar, Draft, Link, Recipient
from outbox.services.draining import drain, drain_for_a_while
from outbox.services.links import LinkGone, open_link, revoke_links, use_link
from outbox.services.preparing import prepare
from outbox.services.queueing import queue, queue_many
from outbox.services.recovering import recover
from outbox.services.rendering import preview
from outbox.services.retention import forget_about, forget_names, forget_recipient, purge
from outbox.services.withdrawing import cancel_about, cancel_in_programme, cancel_recipient

__all__ = [
    "Calendar",
    "Claim",
    "Draft",
    "Link",
    "LinkGone",
    "Recipient",
    "behind_way_out",
    "cancel_about",
    "cancel_in_programme",
    "cancel_recipient",
    "choose_mail",
    "dismiss",
    "drain",
    "drain_for_a_while",
    "forget_about",
    "forget_names",
    "forget_recipient",
    "open_link",
    "outdated",
    "prepare",
    "preview",
    "programme_lines",
    "programme_name",
    "purge",
    "queue",
    "queue_many",
    "recover",
    "revoke_links",
    "send_again",
    "still_valid",
    "stop_by_link",
    "use_link",
    "was_accepted",
]
