"""Fixed lists about people."""

from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _

#: Keys of people whom no roster has brought yet begin so; a roster's own keys never do.
OWN_KEY: Final = "self-"


#: Keys of people who have been erased begin so.
ERASED_KEY: Final = "erased-"


class PersonState(models.TextChoices):
    ACTIVE = "active", _("active")
    LEFT = "left", _("left the company")


class Language(models.TextChoices):
    """Languages of pages and mail."""

    EN = "en", "English"
    NL = "nl", "Nederlands"
    DE = "de", "Deutsch"


class Block(models.TextChoices):
    """Weekly availability in the person's own zone (decision 31)."""

    MON_AM = "mon_am", _("Monday morning")
    MON_LUNCH = "mon_lunch", _("Monday lunch")
    MON_PM = "mon_pm", _("Monday afternoon")
    TUE_AM = "tue_am", _("Tuesday morning")
    TUE_LUNCH = "tue_lunch", _("Tuesday lunch")
    TUE_PM = "tue_pm", _("Tuesday afternoon")
    WED_AM = "wed_am", _("Wednesday morning")
    WED_LUNCH = "wed_lunch", _("Wednesday lunch")
    WED_PM = "wed_pm", _("Wednesday afternoon")
    THU_AM = "thu_am", _("Thursday morning")
    THU_LUNCH = "thu_lunch", _("Thursday lunch")
    THU_PM = "thu_pm", _("Thursday afternoon")
    FRI_AM = "fri_am", _("Friday morning")
    FRI_LUNCH = "fri_lunch", _("Friday lunch")
    FRI_PM = "fri_pm", _("Friday afternoon")


#: The parts of a day that ``Block`` knows, in its order.
PARTS_OF_DAY = (_("Morning"), _("Lunch"), _("Afternoon"))


class ApartBy(models.TextChoices):
    """Why two people cannot be a pair; a barrier is never named (decision 31)."""

    LINE = "line", _("in one reporting line")
    BARRIER = "barrier", _("not available")


class FileKind(models.TextChoices):
    ROSTER = "roster", _("roster")
    INTAKE = "intake", _("intake")


class FileState(models.TextChoices):
    UPLOADED = "uploaded", _("uploaded")
    MAPPED = "mapped", _("columns mapped")
    CONFIRMED = "confirmed", _("imported")
    CANCELLED = "cancelled", _("put aside")


FILE_TRANSITIONS = {
    "uploaded": ["mapped", "cancelled"],
    "mapped": ["uploaded", "confirmed", "cancelled"],
    "confirmed": [],
    "cancelled": [],
}


class RequestState(models.TextChoices):
    """What became of a request to be erased (B-07)."""

    ASKED = "asked", _("asked")
    WITHDRAWN = "withdrawn", _("taken back")
    RUNNING = "running", _("being carried out")
    DONE = "done", _("done")


REQUEST_TRANSITIONS = {
    "asked": ["withdrawn", "running"],
    "withdrawn": [],
    "running": ["done"],
    "done": [],
}


class RosterScope(models.TextChoices):
    """What a roster import keeps (decision 28)."""

    PARTICIPANTS = "participants", _("only participants; their manager chains as opaque ids")
    FULL = "full", _("everybody in the file")
