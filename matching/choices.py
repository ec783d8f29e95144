"""States of runs and proposals, answers, and the words for the engine's codes."""

from __future__ import annotations

from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _

from matching.engine import codes


class RunState(models.TextChoices):
    QUEUED = "queued", _("waiting")
    RUNNING = "running", _("running")
    DONE = "done", _("done")
    FAILED = "failed", _("failed")
    RELEASED = "released", _("released")


RUN_TRANSITIONS = {
    "queued": ["running", "failed"],
    "running": ["done", "failed"],
    "done": ["released"],
    "failed": [],
    "released": [],
}


class DecisionKind(models.TextChoices):
    """What a coordinator decides about two people before the next run."""

    PIN = "pin", _("pinned")
    REJECT = "reject", _("rejected")


class ProposalState(models.TextChoices):
    OPEN = "open", _("waiting for answers")
    CONFIRMED = "confirmed", _("both said yes")
    REFUSED = "refused", _("not this one")
    EXPIRED = "expired", _("no answer in time")
    WITHDRAWN = "withdrawn", _("withdrawn")


PROPOSAL_TRANSITIONS = {
    "open": ["confirmed", "refused", "expired", "withdrawn"],
    "confirmed": [],
    "refused": [],
    "expired": [],
    "withdrawn": [],
}


class Answer(models.TextChoices):
    """What one of the two says; a no needs no reason and is not shown to the other (S0.28)."""

    NONE = "none", _("no answer yet")
    YES = "yes", _("yes")
    TASTER = "taster", _("a taster first")
    NO = "no", _("not this one")


#: Answers that let the pair come about.
WILLING: Final = (Answer.YES, Answer.TASTER)

#: Names of the criteria at the desk. A perspective has no name here: it has no band (decisions 19, 31).
CRITERION_NAMES: Final = {
    codes.KNOWLEDGE: _("Learning"),
    codes.DISTANCE: _("Distance"),
    codes.LOGISTICS: _("Time"),
    codes.STYLE: _("Way of working"),
    codes.RETURN_GAIN: _("Giving back"),
}

#: What a rule removes, for a sentence "Of 31 mentors: 19 …".
RULE_WORDS: Final = {
    codes.REPORTING_LINE: _("%(n)s in the same reporting line"),
    codes.NOT_AVAILABLE: _("%(n)s not available"),
    codes.GRADE_DIRECTION: _("%(n)s not junior to them"),
    codes.GRADE_DISTANCE: _("%(n)s too close in grade"),
    codes.GRADE_UNKNOWN: _("%(n)s without a known grade"),
    codes.SAME_TEAM: _("%(n)s in the same team"),
    codes.SAME_DEPARTMENT: _("%(n)s in the same department"),
    codes.LANGUAGE: _("%(n)s without a shared working language"),
    codes.LANGUAGE_UNKNOWN: _("%(n)s with no working language entered on either side"),
    codes.AVAILABILITY: _("%(n)s without a shared hour in the week"),
    codes.AVAILABILITY_UNKNOWN: _("%(n)s with no weekly hours entered on either side"),
    codes.TIME_ZONE_UNKNOWN: _("%(n)s with no time zone entered on either side"),
    codes.CROSS_BORDER: _("%(n)s in another country without both wanting that"),
    codes.COUNTRY_UNKNOWN: _("%(n)s with no country entered on either side"),
    codes.PAST_PAIR: _("%(n)s paired with them before"),
    codes.REJECTED: _("%(n)s rejected by a coordinator"),
    codes.NO_CAPACITY: _("%(n)s with no free place"),
    codes.SAME_PERSON: _("%(n)s the same person"),
    codes.NOT_LISTED: _("%(n)s not listed"),
}

#: The one change that would open candidates.
OPENING_WORDS: Final = {
    codes.GRADE_DISTANCE: _("With a smaller distance in grades, %(n)s would be possible."),
    codes.SAME_TEAM: _("If the same team were allowed, %(n)s would be possible."),
    codes.SAME_DEPARTMENT: _("If the same department were allowed, %(n)s would be possible."),
    codes.LANGUAGE: _("With one more shared working language, %(n)s would be possible."),
    codes.AVAILABILITY: _("With one more hour in the week, %(n)s would be possible."),
    codes.CROSS_BORDER: _("If they agreed to another country, %(n)s would be possible."),
    codes.PAST_PAIR: _("If pairs were allowed a second time, %(n)s would be possible."),
    codes.REJECTED: _("If you took your rejections back, %(n)s would be possible."),
    codes.GRADE_UNKNOWN: _("Enter the missing grade: %(n)s could then be possible."),
    codes.LANGUAGE_UNKNOWN: _("Enter the working languages: %(n)s could then be possible."),
    codes.AVAILABILITY_UNKNOWN: _("Enter the weekly hours: %(n)s could then be possible."),
    codes.TIME_ZONE_UNKNOWN: _("Enter the time zone: %(n)s could then be possible."),
    codes.COUNTRY_UNKNOWN: _("Enter the country: %(n)s could then be possible."),
}

#: Rules as a coordinator names them.
RULE_NAMES: Final = {
    codes.REPORTING_LINE: _("they are in one reporting line"),
    codes.NOT_AVAILABLE: _("they are not available for each other"),
    codes.GRADE_DIRECTION: _("the mentor is not the junior of the two"),
    codes.GRADE_DISTANCE: _("they are too close in grade"),
    codes.GRADE_UNKNOWN: _("a grade is missing"),
    codes.SAME_TEAM: _("they are in the same team"),
    codes.SAME_DEPARTMENT: _("they are in the same department"),
    codes.LANGUAGE: _("they share no working language"),
    codes.LANGUAGE_UNKNOWN: _("working languages are missing"),
    codes.AVAILABILITY: _("they share no hour in the week"),
    codes.AVAILABILITY_UNKNOWN: _("weekly hours are missing"),
    codes.TIME_ZONE_UNKNOWN: _("a time zone is missing"),
    codes.CROSS_BORDER: _("they work in different countries and did not both agree to that"),
    codes.COUNTRY_UNKNOWN: _("a country is missing"),
    codes.PAST_PAIR: _("they were a pair before"),
    codes.REJECTED: _("a coordinator rejected this pair"),
    codes.NO_CAPACITY: _("one of them has no free place"),
    codes.SAME_PERSON: _("it is one person"),
    codes.NOT_LISTED: _("the pair is not listed"),
}
