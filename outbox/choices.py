"""States of a mail, why it came to rest, and which kinds are counted only."""

from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    """From the business transaction to the recipient's mail server."""

    QUEUED = "queued", _("waiting")
    CLAIMED = "claimed", _("being prepared")
    SENDING = "sending", _("being sent")
    SENT = "sent", _("sent")
    UNCERTAIN = "uncertain", _("perhaps sent")
    DEAD = "dead", _("failed")
    CANCELLED = "cancelled", _("not sent")


#: ``sending`` is committed between a mail's content and its final dot: a crash before it is safe to repeat,
#: only ``sending`` leaves open whether the server took the mail.
MESSAGE_TRANSITIONS: Final = {
    "queued": ["claimed", "cancelled"],
    "claimed": ["queued", "sending", "dead", "cancelled"],
    "sending": ["sent", "queued", "dead", "uncertain"],
    "uncertain": ["sent", "queued", "cancelled"],
    "dead": ["cancelled"],
    "sent": [],
    "cancelled": [],
}
#: In somebody's hands, with a lease.
HELD: Final = (State.CLAIMED, State.SENDING)
#: At rest for good.
FINAL: Final = (State.SENT, State.CANCELLED)
#: Waiting for a person to decide.
TROUBLE: Final = (State.UNCERTAIN, State.DEAD)


class Policy(models.TextChoices):
    """What to do with a mail of which nobody knows whether the server took it."""

    RESEND = "resend", _("send the same mail again")
    HOLD = "hold", _("leave it to a person")


class Reason(models.TextChoices):
    """Why a mail waits, failed or was not sent, in words for the desk."""

    LATER = "later", _("the mail server asked to come back later")
    RELAY = "relay", _("the mail server could not be reached or did not let us in")
    REFUSED = "refused", _("the mail server refused this mail or its address")
    EXHAUSTED = "exhausted", _("it was tried again and again without success")
    EXPIRED = "expired", _("its time had passed")
    OVERTAKEN = "overtaken", _("what it was about had changed")
    TEMPLATE = "template", _("its text could not be put together")
    TRANSLATION = "translation", _("one of its texts is missing in its recipient’s language")
    HEADER = "header", _("a name or address in it would have broken the mail’s header")
    UNKNOWN = "unknown", _("the connection was lost before the mail server’s answer came")
    RESENT = "resent", _("it was sent again as a new mail")
    DISMISSED = "dismissed", _("somebody put it aside")
    RECIPIENT_GONE = "recipient_gone", _("its recipient has left or was erased")
    OUTDONE = "outdone", _("a stronger reminder went to the same person that day")
    UNWANTED = "unwanted", _("its recipient wants no mail of this kind")


class Choosable(models.TextChoices):
    """Mail that one may do without. What somebody must know, as a date that was moved, is not among it."""

    PLAN = "plan", _("Reminders to plan a date")
    UPCOMING = "upcoming", _("A reminder two working days before a date")
    SOON = "soon", _("A reminder one hour before a date")
    LOG = "log", _("The question whether a date took place")
    INTAKE = "intake", _("Reminders to finish the intake")
    NEWS = "news", _("News of the programme at each stage")
    CALLS = "calls", _("Questions to the whole company: open calls and topics")
    DIGEST = "digest", _("The week of a coordinator, on Mondays")
    LATER = "later", _("Questions half a year after the end")


#: Mail that only those get who have asked for it.
ON_WISH: Final = (Choosable.SOON,)

#: Kinds that carry a way out (RFC 8058), and under which choice.
OPTIONAL: Final = {
    "monthly_meeting": Choosable.PLAN,
    "first_meeting_late": Choosable.PLAN,
    "meeting_upcoming": Choosable.UPCOMING,
    "meeting_soon": Choosable.SOON,
    "meeting_log": Choosable.LOG,
    "intake_incomplete": Choosable.INTAKE,
    "announcement": Choosable.NEWS,
    "announce": Choosable.CALLS,
    "invite_senior": Choosable.CALLS,
    "topic_call": Choosable.CALLS,
    "topic_reminder": Choosable.CALLS,
    "coord_digest": Choosable.DIGEST,
    "followup": Choosable.LATER,
}
#: Reminders, the strongest first. Of those to one person on one day only the strongest goes (decision 22). That of an
#: evaluation is none of them: it goes to everybody asked, alike (decision 23).
REMINDERS: Final = (
    "meeting_upcoming",
    "closing",
    "match_reminder",
    "first_meeting_late",
    "meeting_log",
    "agreement_open",
    "intake_incomplete",
    "monthly_meeting",
    "topic_reminder",
)
#: What the link is for that stops mail of a kind, with the choice behind it.
UNSUBSCRIBE: Final = "unsubscribe"


#: Kinds that appear as counts only and whose text and recipient are dropped after delivery (decision 23):
#: everything about evaluations, concerns, contact requests, endings and log-in, and candidates who are not in.
DISCREET_KINDS: Final = (
    "checkin_offer",
    "pulse",
    "exit",
    "followup",
    "nomination",
    "waitlisted",
    "declined",
    "taster_decide",
)
DISCREET_PREFIXES: Final = (
    "eval",
    "concern",
    "contact",
    "ending",
    "pairing_end",
    "login",
    "account",
    "erasure",
)


def is_discreet(kind: str) -> bool:
    """Whether the desk may only count mails of this kind."""
    return kind in DISCREET_KINDS or kind.startswith(DISCREET_PREFIXES)


#: Kinds that somebody gets for taking part: they rest while their person does (S3.19, B-09).
PART_KINDS: Final = frozenset(
    {
        "announcement", "intake_incomplete", "match_proposed", "match_reminder", "match_confirmed",
        "taster_decide", "first_meeting_late", "monthly_meeting", "meeting_upcoming", "meeting_log", "pause",
        "agreement_open", "closing", "meeting_soon", "rhythm_suggested", "rhythm_agreed",
        "rhythm_declined",
        "eval_open", "eval_reminder", "eval_results", "pulse", "followup", "checkin_offer",
    }
)  # fmt: skip
#: Kinds by which somebody is asked to come forward: whoever rests in the programme is not asked.
ASKING_KINDS: Final = frozenset({"announce", "invite_senior", "nomination", "topic_call", "topic_reminder"})
#: Kinds that go in any case: they clear a calendar, end something, answer an application, or go to somebody who
#: runs, watches or stands by a programme. Every kind of mail stands in one of these three; a test asks for it.
ALWAYS_KINDS: Final = frozenset(
    {
        "meeting_changed", "exit", "selected", "waitlisted", "declined", "manager_notice", "contact_request",
        "coordinator_named", "listener_named", "sponsor_named", "council_named", "listener_missing", "delegate_named",
        "delegate_dates", "erasure_asked", "coord_digest", "mail_trial", "pairs_resting", "sponsor_report",
        "retention_notice",
        "login_code", "account_notice",
    }
)  # fmt: skip

#: What the desk calls a kind. One that is missing here is shown by its own name.
KIND_NAMES: Final = {
    "announcement": _("announcement of the plan"),
    "selected": _("invitation to take part"),
    "announce": _("open call"),
    "invite_senior": _("open call: the sponsor’s letter"),
    "nomination": _("nomination"),
    "waitlisted": _("on the waiting list"),
    "declined": _("not this time"),
    "manager_notice": _("notice to the line manager"),
    "topic_call": _("topic call"),
    "topic_reminder": _("topic call: reminder"),
    "intake_incomplete": _("intake: reminder"),
    "coordinator_named": _("invitation to coordinate"),
    "listener_named": _("invitation of a named contact"),
    "listener_missing": _("a named contact is missing"),
    "sponsor_named": _("invitation of a sponsor"),
    "council_named": _("invitation of a works-council member"),
    "match_proposed": _("proposed match"),
    "match_reminder": _("proposed match: reminder"),
    "match_confirmed": _("match confirmed"),
    "taster_decide": _("after a taster"),
    "first_meeting_late": _("first date: reminder"),
    "monthly_meeting": _("date of this period: reminder"),
    "meeting_changed": _("date made, moved or called off"),
    "delegate_dates": _("date changed, for a delegate"),
    "meeting_upcoming": _("date coming up"),
    "meeting_soon": _("date in an hour"),
    "meeting_log": _("did it take place?"),
    "agreement_open": _("agreement: reminder"),
    "closing": _("last month: reminder"),
    "pause": _("pause"),
    "rhythm_suggested": _("another rhythm is suggested"),
    "rhythm_agreed": _("a rhythm is agreed"),
    "rhythm_declined": _("a rhythm stays as it is"),
    "pairs_resting": _("pauses, for coordinators"),
    "checkin_offer": _("offer of help"),
    "coord_digest": _("week of a coordinator"),
    "sponsor_report": _("quarter of a sponsor"),
    "retention_notice": _("data is about to be deleted"),
    "mail_trial": _("trial of a mail"),
    "exit": _("ending"),
    "contact_request": _("somebody asks to be contacted"),
    "erasure_asked": _("somebody asks to be erased"),
    "eval_open": _("evaluation: invitation"),
    "eval_reminder": _("evaluation: reminder"),
    "eval_results": _("evaluation: results"),
    "pulse": _("pulse: invitation"),
    "followup": _("follow-up: invitation"),
    "login_code": _("log-in code"),
    "account_notice": _("about a log-in"),
}


def kind_name(kind: str) -> str:
    """A kind in words."""
    return str(KIND_NAMES.get(kind) or kind.replace("_", " "))
