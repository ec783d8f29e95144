"""Stretches in which somebody takes no part, by their own will."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from common.models import TimeStamped
from programmes.choices import PAUSABLE
from programmes.models.enrolments import Enrolment
from programmes.querysets import BreakQuerySet


class Break(TimeStamped):
    """Somebody pauses, or objects: no mail, no matching, no dates, until they go on (S3.19, B-09).

    Whoever objects is left out of every figure as well, for as long as it stands (GDPR art. 18 and 21). Only the
    person sees when it ends and whether it is an objection; coordinators see that they pause.
    """

    enrolment = models.ForeignKey(
        Enrolment, models.CASCADE, related_name="breaks", verbose_name=_("enrolment")
    )
    started_at = models.DateTimeField(_("since"))
    resume_on = models.DateField(_("until"), null=True, blank=True)
    ended_at = models.DateTimeField(_("over since"), null=True, blank=True)
    resumes_as = models.CharField(_("goes on as"), max_length=10)
    is_objection = models.BooleanField(_("left out of all figures"), default=False)

    objects = BreakQuerySet.as_manager()

    class Meta:
        verbose_name = _("break")
        verbose_name_plural = _("breaks")
        ordering = ["-started_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment"], condition=Q(ended_at=None), name="break_one_open_per_enrolment"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("started_at")), name="break_not_backwards"
            ),
            models.CheckConstraint(
                condition=Q(resumes_as__in=[state.value for state in PAUSABLE]), name="break_goes_on_known"
            ),
            models.CheckConstraint(
                condition=Q(is_objection=False) | Q(resume_on=None), name="break_objection_has_no_end"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.started_at:%Y-%m-%d}"
