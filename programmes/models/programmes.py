"""The standing scheme."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from common.models import Versioned
from participants.choices import Language
from participants.validators import validate_name
from programmes.querysets import ProgrammeQuerySet


class Programme(Versioned):
    """The standing scheme: why the company runs reverse mentoring, and who answers for it."""

    name = models.CharField(_("name"), max_length=80, validators=[validate_name])
    purpose = models.CharField(
        _("purpose in one sentence"),
        max_length=160,
        blank=True,
        help_text=_("Every pair reads it on its page."),
    )
    language = models.CharField(_("first language"), max_length=2, choices=Language, default=Language.EN)
    sender_name = models.CharField(
        _("name mail comes from"), max_length=75, blank=True, validators=[validate_name]
    )

    objects = ProgrammeQuerySet.as_manager()

    class Meta:
        verbose_name = _("programme")
        verbose_name_plural = _("programmes")
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["name"], name="programme_name_once")]

    def __str__(self) -> str:
        return self.name
