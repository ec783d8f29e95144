"""Who opened whose record at the desk."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from participants.models import Person
from programmes.choices import RecordPage
from programmes.models.programmes import Programme
from programmes.querysets import RecordReadingQuerySet


class RecordReading(models.Model):
    """A coordinator opened somebody's record: who, which page of it, when; nothing of what stood there (B-11).

    Written where the programme's switch is in force, shown to the person; the database refuses to change it.
    """

    programme = models.ForeignKey(
        Programme, models.CASCADE, related_name="record_readings", verbose_name=_("programme")
    )
    person = models.ForeignKey(
        Person, models.CASCADE, related_name="record_readings", verbose_name=_("whose record")
    )
    reader = models.ForeignKey(
        Person, models.SET_NULL, null=True, related_name="+", verbose_name=_("who opened it")
    )
    page = models.CharField(_("what was opened"), max_length=10, choices=RecordPage)
    read_at = models.DateTimeField(_("opened"), default=timezone.now)

    objects = RecordReadingQuerySet.as_manager()

    class Meta:
        verbose_name = _("opened record")
        verbose_name_plural = _("opened records")
        ordering = ["-read_at", "-pk"]
        indexes = [
            models.Index(fields=["person", "-read_at"], name="record_reading_of_person"),
            models.Index(fields=["programme", "-read_at"], name="record_reading_of_programme"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(page__in=RecordPage.values), name="record_reading_page_known")
        ]

    def __str__(self) -> str:
        return f"{self.person_id} · {self.read_at:%Y-%m-%d}"
