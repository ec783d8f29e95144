"""The life of a pair, as data."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class PairingState(models.TextChoices):
    CONFIRMED = "confirmed", _("confirmed")
    ACTIVE = "active", pgettext_lazy("pair", "meeting")
    PAUSED = "paused", _("paused")
    COMPLETED = "completed", _("completed")
    ENDED = "ended", _("ended")


PAIRING_TRANSITIONS = {
    "confirmed": ["active", "paused", "ended"],
    "active": ["paused", "completed", "ended"],
    "paused": ["confirmed", "active", "completed", "ended"],
    "completed": [],
    "ended": [],
}


class Mode(models.TextChoices):
    """How a pair usually meets (S3.8). What a single date is, its own format says."""

    IN_PERSON = "in_person", _("in person")
    VIDEO = "video", _("by video")
    EITHER = "either", _("in person or by video, as it suits")


#: States in which the two are a pair; a paused pair keeps its seat.
STANDING = (PairingState.CONFIRMED, PairingState.ACTIVE, PairingState.PAUSED)
#: States in which the clock runs: reminders go out, periods count.
RUNNING = (PairingState.CONFIRMED, PairingState.ACTIVE)
