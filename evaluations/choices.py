"""Kinds and states of rounds, as data."""

from datetime import timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _


class RoundKind(models.TextChoices):
    """What a round is for (dossier 4.3 to 4.8)."""

    BASELINE = "baseline", _("baseline, before the first meeting")
    PULSE = "pulse", _("pulse, three questions")
    QUARTERLY = "quarterly", _("quarterly round")
    FINAL = "final", _("final round, in two parts")
    FOLLOWUP = "followup", _("follow-up after six months")


class RoundState(models.TextChoices):
    DRAFT = "draft", _("in preparation")
    OPEN = "open", _("open")
    CLOSED = "closed", _("closed")
    PUBLISHED = "published", _("published")


ROUND_TRANSITIONS = {"draft": ["open"], "open": ["closed"], "closed": ["published"], "published": []}


class Confidentiality(models.TextChoices):
    """What respondents are promised; fixed at launch (A-13, A-14)."""

    ANONYMOUS_AFTER = "anonymous", _("confidential while open, anonymous afterwards")
    TOTALS_ONLY = "totals", _("confidential; totals only")


class ParticipationBand(models.TextChoices):
    """How many have answered while a round is open, told coarsely on purpose (A-11)."""

    FIRST = "first", _("less than a quarter")
    SECOND = "second", _("a quarter to a half")
    THIRD = "third", _("a half to three quarters")
    FOURTH = "fourth", _("three quarters or more")


class Score(models.TextChoices):
    """Scores made of several questions (dossier 4.11)."""

    PSI = "psi", _("Psychological safety")
    RQI = "rqi", _("Quality of the relationship")
    DIG = "dig", _("Digital confidence")
    SKL = "skl", _("Mentor skills")
    SKL_COM = "skl_com", _("Mentor skills: communication")
    SKL_LED = "skl_led", _("Mentor skills: leading")
    OPN = "opn", _("Openness")
    GEN = "gen", _("Ease between career stages")
    VOI = "voi", _("Being heard")
    CRF = "crf", _("Energy for the craft")
    PUL_M = "pul_m", _("Pulse of the mentors")
    PUL_E = "pul_e", _("Pulse of the mentees")


#: After this long everybody invited is reminded once, alike (decision 23).
REMIND_AFTER = timedelta(days=7)
#: A reminder in a round's last hours would only nag.
LEAST_TIME_AFTER_REMINDER = timedelta(hours=24)
#: Shortest time a round may be planned to stay open.
SHORTEST_ROUND = timedelta(days=2)
#: Sealed answers are kept this long; snapshots stay (decision 25).
KEEP_SEALED_DAYS = 730
