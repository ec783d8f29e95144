"""Stages, roles and states of programmes, as data."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Stage(models.TextChoices):
    """A cohort's life (dossier 2.1)."""

    DRAFT = "draft", _("mandate and design")
    OPEN = "open", _("topic call")
    SELECTING = "selecting", _("selection")
    MATCHING = "matching", _("matching")
    PREPARING = "preparing", _("preparation")
    ACTIVE = "active", _("meeting")
    CLOSING = "closing", _("closing")
    CLOSED = "closed", _("closed")
    ARCHIVED = "archived", _("archived")


STAGE_TRANSITIONS = {
    "draft": ["open"],
    "open": ["selecting", "draft"],
    "selecting": ["matching", "open"],
    "matching": ["preparing", "selecting"],
    "preparing": ["active", "matching"],
    "active": ["closing"],
    "closing": ["closed", "active"],
    "closed": ["archived"],
    "archived": [],
}


class Owner(models.TextChoices):
    """Who owes what a stage asks for (dossier 2.1)."""

    COORDINATOR = "coordinator", _("the coordinator")
    SPONSOR = "sponsor", _("the sponsor")
    WORKS_COUNCIL = "works_council", _("the works council")
    COLLEAGUES = "colleagues", _("colleagues who come forward")
    PARTICIPANTS = "participants", _("the people who take part")
    PAIRS = "pairs", _("the pairs")
    CALENDAR = "calendar", _("nobody: the day has to come")


class Role(models.TextChoices):
    """Mentor = the junior who teaches; mentee = the senior who learns (decision 1)."""

    MENTOR = "mentor", _("mentor")
    MENTEE = "mentee", _("mentee")


class EnrolmentState(models.TextChoices):
    APPLIED = "applied", _("applied")
    ACCEPTED = "accepted", _("accepted")
    WAITLISTED = "waitlisted", _("on the waiting list")
    DECLINED = "declined", _("not this time")
    MATCHED = "matched", _("matched")
    ACTIVE = "active", _("taking part")
    PAUSED = "paused", _("paused")
    COMPLETED = "completed", _("completed")
    WITHDRAWN = "withdrawn", _("withdrawn")


ENROLMENT_TRANSITIONS = {
    "applied": ["accepted", "waitlisted", "declined", "withdrawn"],
    "accepted": ["matched", "active", "paused", "waitlisted", "withdrawn", "completed"],
    "waitlisted": ["accepted", "declined", "withdrawn"],
    "declined": ["applied", "accepted"],
    "matched": ["active", "accepted", "paused", "withdrawn", "completed"],
    "active": ["accepted", "matched", "paused", "completed", "withdrawn"],
    "paused": ["accepted", "matched", "active", "withdrawn", "completed"],
    "completed": [],
    "withdrawn": ["accepted"],
}

#: States in which a person takes part and gets programme mail.
TAKING_PART = (EnrolmentState.ACCEPTED, EnrolmentState.MATCHED, EnrolmentState.ACTIVE)


class Cadence(models.TextChoices):
    """How often a pair meets (decision 22)."""

    WEEKLY = "weekly", _("weekly")
    FORTNIGHTLY = "fortnightly", _("every two weeks")
    MONTHLY = "monthly", _("monthly")
    TWO_MONTHLY = "two_monthly", _("every two months")


class Style(models.TextChoices):
    """Preferred way of learning together."""

    HANDS_ON = "hands_on", _("hands-on")
    DIALOGUE = "dialogue", _("dialogue")
    OBSERVE = "observe", _("observing")


class Perspective(models.TextChoices):
    """What kind of view somebody brings or looks for (decision 8)."""

    CONSUMER = "consumer", _("consumer")
    DIVERSITY = "diversity", _("diversity")
    INNOVATION = "innovation", _("innovation")
    CRAFT = "craft", _("craft")


class ContactTarget(models.TextChoices):
    """Whom a person asks to get in touch (decision 24)."""

    COORDINATOR = "coordinator", _("a coordinator")
    CONTACT = "contact", _("the named contact, outside every reporting line")


class ContactState(models.TextChoices):
    OPEN = "open", _("open")
    HANDLED = "handled", _("handled")
    WITHDRAWN = "withdrawn", _("withdrawn")


CONTACT_TRANSITIONS = {"open": ["handled", "withdrawn"], "handled": [], "withdrawn": []}
