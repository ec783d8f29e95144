"""What a cohort is told, and when: its plan of communication."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from common.models import Versioned
from programmes.choices import Anchor, AnnouncementState, Stage, ToWhom
from programmes.models.cohorts import Cohort
from programmes.querysets import AnnouncementQuerySet


class Announcement(Versioned):
    """One dated mail to everybody in a role, at one stage of a cohort (S0.45).

    Its day hangs on the cohort's first or last day and moves with it. A language left empty is read in the
    programme's first one; a text that was never touched is the shipped one.
    """

    cohort = models.ForeignKey(Cohort, models.CASCADE, related_name="announcements", verbose_name=_("cohort"))
    code = models.SlugField(_("code"), max_length=30, blank=True)
    stage = models.CharField(_("stage"), max_length=10, choices=Stage)
    anchor = models.CharField(_("counted from"), max_length=6, choices=Anchor, default=Anchor.START)
    offset_days = models.SmallIntegerField(_("days after it"), help_text=_("Negative: so many days before."))
    sends_on = models.DateField(_("day"))
    audience = models.CharField(pgettext_lazy("recipients", "to"), max_length=12, choices=ToWhom)
    subject_en = models.CharField(_("heading in English"), max_length=160, blank=True)
    body_en = models.TextField(_("text in English"), max_length=6000, blank=True)
    subject_nl = models.CharField(_("heading in Dutch"), max_length=160, blank=True)
    body_nl = models.TextField(_("text in Dutch"), max_length=6000, blank=True)
    subject_de = models.CharField(_("heading in German"), max_length=160, blank=True)
    body_de = models.TextField(_("text in German"), max_length=6000, blank=True)
    state = models.CharField(
        _("state"), max_length=10, choices=AnnouncementState, default=AnnouncementState.SUGGESTED
    )
    sent_to = models.PositiveIntegerField(_("people it went to"), null=True, blank=True)

    objects = AnnouncementQuerySet.as_manager()

    class Meta:
        verbose_name = _("announcement")
        verbose_name_plural = _("announcements")
        ordering = ["sends_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["cohort", "code"], condition=~Q(code=""), name="announcement_once_per_cohort"
            ),
            models.CheckConstraint(
                condition=Q(state__in=AnnouncementState.values), name="announcement_state_known"
            ),
            models.CheckConstraint(condition=Q(stage__in=Stage.values), name="announcement_stage_known"),
            models.CheckConstraint(
                condition=Q(audience__in=ToWhom.values), name="announcement_audience_known"
            ),
        ]
        indexes = [
            models.Index(
                fields=["sends_on"],
                condition=Q(state=AnnouncementState.PLANNED),
                name="announcement_due",
            )
        ]

    def __str__(self) -> str:
        own = {"nl": self.subject_nl, "de": self.subject_de}.get(get_language() or "")
        return own or self.subject_en or date_format(self.sends_on)
