"""How a programme's mails begin and end, in its own words."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from common.models import Versioned
from programmes.models.programmes import Programme
from programmes.querysets import OfProgrammeQuerySet


def _line(label: Any) -> models.CharField[Any, Any]:
    return models.CharField(label, max_length=300, blank=True)


class MailLines(Versioned):
    """A line before and one after the text of every mail of a programme; empty ones are left out.

    A language left empty is read in the programme's first one. Without a row mails are as shipped.
    """

    programme = models.OneToOneField(
        Programme, models.CASCADE, related_name="mail_lines", verbose_name=_("programme")
    )
    opening_en = _line(_("opening line in English"))
    closing_en = _line(_("closing line in English"))
    opening_nl = _line(_("opening line in Dutch"))
    closing_nl = _line(_("closing line in Dutch"))
    opening_de = _line(_("opening line in German"))
    closing_de = _line(_("closing line in German"))

    objects = OfProgrammeQuerySet.as_manager()

    class Meta:
        verbose_name = _("opening and closing lines of mail")
        verbose_name_plural = _("opening and closing lines of mail")

    def __str__(self) -> str:
        return str(self.programme_id)
