"""States and kinds of meetings, as data."""

from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _

from programmes.choices import Stage


class MeetingState(models.TextChoices):
    PLANNED = "planned", _("planned")
    HELD = "held", _("held")
    MISSED = "missed", _("did not take place")
    CANCELLED = "cancelled", _("called off")


#: What was said of a past meeting may be put right; a date that was called off stays so, the next is a new one.
MEETING_TRANSITIONS = {
    "planned": ["held", "missed", "cancelled"],
    "held": ["missed"],
    "missed": ["held"],
    "cancelled": [],
}

#: A period with one of these needs no reminder.
DATED: Final = (MeetingState.PLANNED, MeetingState.HELD)


class MeetingFormat(models.TextChoices):
    """How the two meet (S2.5, S4.20, S2b.9)."""

    IN_PERSON = "in_person", _("in person")
    LUNCH = "lunch", _("over lunch")
    VIDEO = "video", _("by video")
    PHONE = "phone", _("by phone")
    SHADOWING = "shadowing", _("shadowing")


class ReminderState(models.TextChoices):
    """What became of a reminder that was due."""

    QUEUED = "queued", _("sent")
    SKIPPED = "skipped", _("left out for a stronger one on the same day")


#: Stages of a cohort in which the clock of its pairs runs.
LIVE_STAGES: Final = (Stage.MATCHING, Stage.PREPARING, Stage.ACTIVE, Stage.CLOSING)

#: What a link in a reminder may be for; also a part of its address.
LINK_PLAN: Final = "plan"
LINK_MOVE: Final = "move"
LINK_LOG: Final = "log"
LINK_HELP: Final = "help"
