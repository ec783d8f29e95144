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
    FAILED = "failed", _("no result")
    CANCELLED = "cancelled", _("stopped")
    RELEASED = "released", _("released")


RUN_TRANSITIONS = {
    "queued": ["running", "failed", "cancelled"],
    "running": ["done", "failed", "cancelled"],
    "done": ["released"],
    "failed": [],
    "cancelled": [],
    "released": [],
}


#: A run is asked for and has not come to an end.
UNFINISHED: Final = (RunState.QUEUED, RunState.RUNNING)


class Coverage(models.TextChoices):
    """What counts before the quality of pairs."""

    PAIRS = "pairs", _("as many pairs as possible")
    PEOPLE = "people", _("somebody for as many mentees as possible, before anybody gets a second mentor")
    FIT = "fit", _("only the fit, even if more people stay without")


class Fairness(models.TextChoices):
    """How the quality of pairs is added up."""

    TOTAL = "total", _("the best fit on the whole")
    FLOOR = "floor", _("the weakest pair as good as it can be, then the best fit")
    CONCAVE = "concave", _("help weak pairs more than strong ones")


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
    codes.STYLE: _("Style"),
    codes.RETURN_GAIN: _("In return"),
}

#: Names of the weights, which are settings of the cohort and say nothing about anybody.
WEIGHT_NAMES: Final = {**CRITERION_NAMES, codes.PERSPECTIVE: _("Perspective")}

#: What a rule removes, for a sentence "Of 31 mentors: 19 …". Somebody may be counted under several.
RULE_WORDS: Final = {
    codes.REPORTING_LINE: _("%(n)s in one reporting line with %(name)s, dotted lines and appraisal included"),
    codes.NOT_AVAILABLE: _("%(n)s not available"),
    codes.GRADE_DIRECTION: _("%(n)s on the wrong side in grade (mentors are the juniors)"),
    codes.GRADE_DISTANCE: _("%(n)s too close in grade"),
    codes.GRADE_UNKNOWN: _("%(n)s without a known grade"),
    codes.SAME_TEAM: _("%(n)s in the same team"),
    codes.SAME_DEPARTMENT: _("%(n)s in the same department"),
    codes.LANGUAGE: _("%(n)s without a shared language at B2"),
    codes.LANGUAGE_UNKNOWN: _("%(n)s without a working language on file"),
    codes.AVAILABILITY: _("%(n)s without a shared half-day or lunch hour"),
    codes.AVAILABILITY_UNKNOWN: _("%(n)s without weekly hours on file"),
    codes.TIME_ZONE_UNKNOWN: _("%(n)s without a time zone on file"),
    codes.CROSS_BORDER: _("%(n)s in another country, and not both want that"),
    codes.COUNTRY_UNKNOWN: _("%(n)s for whom a country would have to be known"),
    codes.PAST_PAIR: _("%(n)s a pair with %(name)s now or before"),
    codes.REJECTED: _("%(n)s rejected by a coordinator"),
    codes.NO_CAPACITY: _("%(n)s without a free place"),
    codes.SAME_PERSON: _("%(n)s the same person"),
    codes.NOT_LISTED: _("%(n)s not listed"),
}

#: When one rule removes everybody on the other side.
ALL_WORDS: Final = {
    codes.REPORTING_LINE: _("All %(others)s are in one reporting line with %(name)s."),
    codes.NO_CAPACITY: _("All %(others)s have their places filled."),
    codes.LANGUAGE: _("None of %(others)s shares a language at B2 with %(name)s."),
    codes.AVAILABILITY: _("None of %(others)s shares a half-day or lunch hour with %(name)s."),
    codes.GRADE_DISTANCE: _("All %(others)s are too close in grade to %(name)s."),
    codes.CROSS_BORDER: _("All %(others)s work in another country, and not both want that."),
}

#: Facts that the roster lacks about the person themselves.
LACK_WORDS: Final = {
    codes.GRADE_UNKNOWN: _("The grade of %(name)s is not on file."),
    codes.LANGUAGE_UNKNOWN: _("The working languages of %(name)s are not on file."),
    codes.AVAILABILITY_UNKNOWN: _("The weekly hours of %(name)s are not on file."),
    codes.TIME_ZONE_UNKNOWN: _("The time zone of %(name)s is not on file."),
    codes.COUNTRY_UNKNOWN: _("The country of %(name)s is not on file."),
}

#: The one change that would open candidates.
OPENING_WORDS: Final = {
    codes.GRADE_DISTANCE: _("With a smaller least distance in grades, %(others)s would become possible."),
    codes.SAME_TEAM: _("If the same team were allowed, %(others)s would become possible."),
    codes.SAME_DEPARTMENT: _("If the same department were allowed, %(others)s would become possible."),
    codes.LANGUAGE: _("With one more shared language, %(others)s would become possible."),
    codes.AVAILABILITY: _("Ask for one more half-day or lunch hour: %(others)s would become possible."),
    codes.CROSS_BORDER: _("With a yes to another country, %(others)s would become possible."),
    codes.PAST_PAIR: _("If a pair were allowed a second time, %(others)s would become possible."),
    codes.REJECTED: _("If you took rejections back, %(others)s would become possible."),
    codes.GRADE_UNKNOWN: _("Enter the missing grade: %(others)s may become possible."),
    codes.LANGUAGE_UNKNOWN: _("Enter the missing languages: %(others)s may become possible."),
    codes.AVAILABILITY_UNKNOWN: _("Enter the missing weekly hours: %(others)s may become possible."),
    codes.TIME_ZONE_UNKNOWN: _("Enter the missing time zone: %(others)s may become possible."),
    codes.COUNTRY_UNKNOWN: _("Enter the missing country: %(others)s may become possible."),
}

#: Rules as a coordinator names them.
RULE_NAMES: Final = {
    codes.REPORTING_LINE: _("they are in one reporting line (dotted lines and appraisal count too)"),
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

#: Rules by the fact they ask for, for a note that nobody gave it.
UNJUDGED_WORDS: Final = {
    codes.REPORTING_LINE: _(
        "Nobody in this cohort has a manager on file, so reporting lines could not be checked. Import the roster "
        "with its managers before you release anything."
    ),
    codes.SAME_TEAM: _("Nobody has a team on file: the rule about teams had nothing to judge."),
    codes.SAME_DEPARTMENT: _(
        "Nobody has a department on file: the rule about departments had nothing to judge."
    ),
    codes.LANGUAGE: _(
        "Nobody has a working language on file: the rule about languages had nothing to judge."
    ),
    codes.AVAILABILITY: _("Nobody has weekly hours on file: the rule about hours had nothing to judge."),
    codes.CROSS_BORDER: _("Nobody has a country on file: the rule about borders had nothing to judge."),
}
