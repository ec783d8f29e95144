"""Who has read what is expected of them."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from programmes.models.enrolments import Enrolment


class BriefReading(models.Model):
    """Somebody has read what their role asks of them, and said so (S0.31). Coordinators see how many, not who."""

    enrolment = models.OneToOneField(
        Enrolment, models.CASCADE, related_name="brief_reading", verbose_name=_("enrolment")
    )
    read_on = models.DateField(_("read on"))
    #: The text was changed since: it is asked for again, and the day stays.
    is_current = models.BooleanField(_("still as read"), default=True)

    class Meta:
        verbose_name = _("role brief read")
        verbose_name_plural = _("role briefs read")

    def __str__(self) -> str:
        return str(self.read_on)
