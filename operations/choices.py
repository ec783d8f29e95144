"""States of long work."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class JobState(models.TextChoices):
    QUEUED = "queued", _("waiting")
    RUNNING = "running", _("running")
    DONE = "done", _("done")
    FAILED = "failed", _("failed")
    CANCELLED = "cancelled", _("cancelled")


JOB_TRANSITIONS = {
    "queued": ["running", "cancelled", "failed"],
    "running": ["done", "failed", "cancelled", "queued"],
    "done": [],
    "failed": ["queued"],
    "cancelled": [],
}
