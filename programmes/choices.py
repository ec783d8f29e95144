"""Stages, roles and states of programmes, as data."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Stage(models.TextChoices):
    """A cohort's life (dossier 2.1)."""

    DRAFT = "draft", _("mandate and design")
    OPEN = "open", pgettext_lazy("stage", "topic call")
    SELECTING = "selecting", _("selection")
    MATCHING = "matching", _("matching")
    PREPARING = "preparing", _("preparation")
    ACTIVE = "active", pgettext_lazy("stage", "meeting")
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


#: States from which somebody may pause: they have a place, and use it or wait for a partner.
PAUSABLE = TAKING_PART


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


class Scope(models.TextChoices):
    """For whom a programme is (S0.1)."""

    ORGANISATION = "organisation", _("the whole organisation")
    DEPARTMENT = "department", _("a department")
    TEAM = "team", _("a team")


class Dimension(models.TextChoices):
    """What reverse mentoring is for: three dimensions, fixed, by which goals and ideas are told apart (S0.12)."""

    DIGITAL = "digital", _("digital innovation")
    PERSPECTIVES = "perspectives", _("new perspectives")
    TALENT = "talent", _("talent development")


class GoalKind(models.TextChoices):
    """What a goal is about: the three that the field names first, one more, or free (S0.30, S2.8)."""

    TECHNOLOGY = "technology", _("get to know new technology")
    DIGITAL_SKILLS = "digital_skills", _("raise the team’s digital skills")
    MARKET = "market", _("see market trends")
    MIXED_TEAMS = "mixed_teams", _("lead mixed teams")
    FREE = "free", _("another goal")


class Format(models.TextChoices):
    """How people meet in a programme (S4.20, S4.21, S2b.7, S2b.8)."""

    ONE_TO_ONE = "one_to_one", _("one-to-one conversation")
    LUNCH = "lunch", _("lunch partnership")
    INNOVATION = "innovation", _("innovation meeting")
    SHADOWING = "shadowing", _("shadowing")


class Hierarchy(models.TextChoices):
    """How far apart juniors and seniors are in a company (S4.17)."""

    FLAT = "flat", _("flat: people of all levels know each other")
    STRONG = "strong", _("strong: seniors rarely meet juniors")


class Anchor(models.TextChoices):
    """From which day of a cohort the day of an announcement is counted."""

    START = "start", _("the first day")
    MIDDLE = "middle", _("the middle")
    END = "end", _("the last day")


class ToWhom(models.TextChoices):
    """Who gets an announcement, by role."""

    CANDIDATES = "candidates", _("whoever has signed up and waits")
    PARTICIPANTS = "participants", _("mentors and mentees")
    MENTORS = "mentors", _("mentors")
    MENTEES = "mentees", _("mentees")


class AnnouncementState(models.TextChoices):
    SUGGESTED = "suggested", _("not planned")
    PLANNED = "planned", _("planned")
    SENT = "sent", _("sent")
    SKIPPED = "skipped", _("left out: its time had passed")


#: Back from "sent" only while its mails wait for their hour; the service withdraws them first.
ANNOUNCEMENT_TRANSITIONS = {
    "suggested": ["planned"],
    "planned": ["suggested", "sent", "skipped"],
    "skipped": ["planned", "suggested"],
    "sent": ["planned", "suggested"],
}


class PresetChoice(models.TextChoices):
    """What a programme may begin with (``programmes.engine.presets``)."""

    NINE = "nine", _("Nine months")
    SIX = "six", _("Six months")
    TWELVE = "twelve", _("Twelve months")
    FINANCE_PILOT = "finance_pilot", _("Finance team pilot")
    PARTNERS = "partners", _("Partner programme")


class Confidentiality(models.TextChoices):
    """What a pair may tell others (S2b.2)."""

    BETWEEN_TWO = "between_two", _("what is said stays between the two")
    WITHOUT_NAMES = "without_names", _("insights may be told on, without names and if both agree")


class TextKey(models.TextChoices):
    """Texts that a programme has of its own; each is shipped in three languages."""

    SPONSOR_LETTER = "sponsor_letter", _("sponsor letter")
    MENTOR_BRIEF = "mentor_brief", _("what is expected of a mentor")
    MENTEE_BRIEF = "mentee_brief", _("what is expected of a mentee")
    PRIVACY_NOTE = "privacy_note", _("privacy note")
    CONFIDENTIALITY = "confidentiality", _("confidentiality clause")


#: The role brief of a role.
BRIEFS = {Role.MENTOR: TextKey.MENTOR_BRIEF, Role.MENTEE: TextKey.MENTEE_BRIEF}


class ContactTarget(models.TextChoices):
    """Whom a person asks to get in touch (decision 24)."""

    COORDINATOR = "coordinator", _("a coordinator")
    CONTACT = "contact", _("the named contact, outside every reporting line")


class ContactState(models.TextChoices):
    OPEN = "open", _("open")
    HANDLED = "handled", _("handled")
    WITHDRAWN = "withdrawn", _("withdrawn")


CONTACT_TRANSITIONS = {"open": ["handled", "withdrawn"], "handled": [], "withdrawn": []}


class WordsState(models.TextChoices):
    """What became of a mentor's yes that one proposed mentee may read their own words (decision 32)."""

    RELEASED = "released", _("may be read")
    READ = "read", _("was read")
    TAKEN_BACK = "taken_back", _("taken back")


WORDS_TRANSITIONS = {
    "released": ["read", "taken_back"],
    "read": ["taken_back"],
    "taken_back": ["released"],
}


class Switch(models.TextChoices):
    """What a programme may do beyond the least, decided with the works council before launch (decision 27)."""

    PULSES = "pulses", _("Pulses")
    ATTENTION = "attention", _("Attention rules")
    MANAGER_NOTICE = "manager_notice", _("Notice to the line manager")
    CIRCLE_ATTENDANCE = "circle_attendance", _("Attendance at mentor circles")
    READ_LOG = "read_log", _("Log of who opened a record")


#: One plain sentence for each: what happens when it is on.
SWITCH_WORDS = {
    Switch.PULSES: _(
        "A questionnaire of three questions may be sent to everybody in a cohort between the quarterly ones; "
        "results appear in groups only."
    ),
    Switch.ATTENTION: _(
        "Coordinators are shown pairs that do not meet, from dates alone: never from anything said, written or "
        "answered, and never whose fault it was."
    ),
    Switch.MANAGER_NOTICE: _(
        "The manager of somebody who is selected gets one mail with the hours it takes, and nothing about content."
    ),
    Switch.CIRCLE_ATTENDANCE: _(
        "Who came to a mentor circle is noted for its members; coordinators see a number."
    ),
    Switch.READ_LOG: _(
        "When a coordinator opens a participant’s record, their name, the record and the time are noted; the "
        "participant sees it."
    ),
}
#: Switches that this version obeys. Another one does nothing, cannot be turned, and says so.
OBEYED = (Switch.PULSES, Switch.ATTENTION, Switch.MANAGER_NOTICE, Switch.READ_LOG)


class RecordPage(models.TextChoices):
    """Which page of somebody's record was opened at the desk (B-11)."""

    PERSON = "person", _("place in the organisation")
    CHART = "chart", _("organisation chart")
    PART = "part", _("part in a cohort")
    PAIR = "pair", _("pair and its dates")
    HISTORY = "history", _("history of changes")


class Outcome(models.TextChoices):
    """What is recorded about the works council (decision 27)."""

    AGREED = "agreed", _("the works council has agreed")
    NO_COUNCIL = "no_council", _("there is no works council in this organisation")


class Criterion(models.TextChoices):
    """What makes a good mentor (S0.27)."""

    DIGITAL = "digital", _("digital skill")
    INNOVATIVE = "innovative", _("innovative thinking")
    COMMUNICATION = "communication", _("communication")


class Fulfilment(models.TextChoices):
    """How far a criterion is met, in words: no points, and nothing to add up (decision 30)."""

    MET = "met", _("met")
    PARTLY = "partly", _("partly")
    NOT_YET = "not_yet", _("not yet")
    NOT_KNOWN = "not_known", _("not known")


#: Stages in which places in a cohort are given and seats fall free.
SELECTS = (Stage.OPEN, Stage.SELECTING, Stage.MATCHING, Stage.PREPARING, Stage.ACTIVE)
#: Stages in which a cohort has begun, and what was thought of candidates is gone.
BEGUN = (Stage.ACTIVE, Stage.CLOSING, Stage.CLOSED, Stage.ARCHIVED)
#: States that keep a seat in a cohort.
SEATED = (*TAKING_PART, EnrolmentState.PAUSED)


class Direction(models.TextChoices):
    """Who usually teaches a topic to whom (S0.8)."""

    UP = "up", _("junior to senior")
    DOWN = "down", _("senior to junior")
    BOTH = "both", _("either way")


class SuggestionState(models.TextChoices):
    """What became of a topic that somebody missed."""

    OPEN = "open", _("waiting")
    ACCEPTED = "accepted", _("taken up")
    MERGED = "merged", _("stands there already")
    DECLINED = "declined", _("not taken up")


SUGGESTION_TRANSITIONS = {
    "open": ["accepted", "merged", "declined"],
    "accepted": [],
    "merged": [],
    "declined": [],
}


class TopicCallState(models.TextChoices):
    """Whether colleagues are being asked which topic they could talk about (S4.9)."""

    PREPARED = "prepared", _("not asked yet")
    OPEN = "open", _("open")
    CLOSED = "closed", _("closed")


TOPIC_CALL_TRANSITIONS = {"prepared": ["open", "closed"], "open": ["closed"], "closed": ["open"]}


#: What a level of a topic means (S0.4, S4.10).
LEVELS = (
    (0, _("none")),
    (1, _("heard of it")),
    (2, _("tried it")),
    (3, _("use it")),
    (4, _("can show others")),
    (5, _("others come to me")),
)
#: The privacy notice that stands in the first step of the intake; a new one is acknowledged anew (B-02).
NOTICE_VERSION = "2026-11"
#: States in which nothing is filled in any more.
INTAKE_OVER = (EnrolmentState.DECLINED, EnrolmentState.WITHDRAWN, EnrolmentState.COMPLETED)


class Place(models.TextChoices):
    """Where somebody likes to meet (S2.5)."""

    IN_PERSON = "in_person", _("in person")
    VIDEO = "video", _("by video")
    BOTH = "both", _("both are fine")


class Channel(models.TextChoices):
    """How somebody likes to agree dates (S3.5)."""

    MAIL = "mail", _("by mail")
    CHAT = "chat", _("by chat")
    PHONE = "phone", _("by phone")


class Strength(models.TextChoices):
    """What somebody could show a colleague tomorrow (S0.13)."""

    TOOLS = "tools", _("choosing a digital tool that fits a task")
    AI = "ai", _("using generative AI and judging what comes out")
    DATA = "data", _("bringing data together and showing what it says")
    ONLINE = "online", _("moving work forward in a shared space, without a meeting")
    CUSTOMER = "customer", _("how younger customers find and compare services")
