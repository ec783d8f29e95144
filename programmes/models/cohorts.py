"""A dated run of a programme."""

from __future__ import annotations

from functools import reduce
from operator import or_

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from common.models import Versioned
from participants.validators import validate_time_zone
from programmes.choices import Cadence, Stage
from programmes.engine.hours import months_of
from programmes.models.programmes import Programme
from programmes.querysets import CohortQuerySet
from programmes.validators import default_weights, validate_weights


def _in_range() -> Q:
    """Most often, the cohort's own and least often stand in this order, as ``Cadence`` does."""
    order = Cadence.values
    return reduce(
        or_,
        (
            Q(most_often=often, cadence__in=order[n : m + 1], least_often=seldom)
            for n, often in enumerate(order)
            for m, seldom in enumerate(order)
            if n <= m
        ),
    )


class Cohort(Versioned):
    """One dated run of a programme, with the settings that hold for it."""

    programme = models.ForeignKey(
        Programme, models.PROTECT, related_name="cohorts", verbose_name=_("programme")
    )
    name = models.CharField(_("name"), max_length=80)
    stage = models.CharField(_("stage"), max_length=10, choices=Stage, default=Stage.DRAFT)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    time_zone = models.CharField(
        _("time zone"), max_length=64, default=settings.TIME_ZONE, validators=[validate_time_zone]
    )
    cadence = models.CharField(_("rhythm"), max_length=12, choices=Cadence, default=Cadence.MONTHLY)
    #: Within these two a pair may agree on a rhythm of its own (S3.8, decision 22).
    most_often = models.CharField(
        _("pairs may meet as often as"), max_length=12, choices=Cadence, default=Cadence.WEEKLY
    )
    least_often = models.CharField(
        _("and as seldom as"), max_length=12, choices=Cadence, default=Cadence.TWO_MONTHLY
    )
    meeting_minutes = models.PositiveSmallIntegerField(
        _("length of a meeting in minutes"),
        default=60,
        validators=[MinValueValidator(15), MaxValueValidator(120)],
    )
    has_circles = models.BooleanField(
        _("mentor circles"), default=True, help_text=_("Mentors exchange experience each quarter.")
    )
    planned_mentors = models.PositiveSmallIntegerField(_("mentors planned"), null=True, blank=True)
    planned_mentees = models.PositiveSmallIntegerField(_("mentees planned"), null=True, blank=True)
    min_grade_distance = models.PositiveSmallIntegerField(
        _("least distance in grades"), default=2, validators=[MinValueValidator(1), MaxValueValidator(20)]
    )
    weights = models.JSONField(_("matching weights"), default=default_weights, validators=[validate_weights])
    answer_days = models.PositiveSmallIntegerField(
        _("days to answer a proposal"), default=7, validators=[MinValueValidator(1), MaxValueValidator(60)]
    )
    min_group_size = models.PositiveSmallIntegerField(
        _("least group size for a score"),
        default=5,
        help_text=_("Five or more. A group smaller than this shows nothing at all."),
    )
    min_comment_group = models.PositiveSmallIntegerField(
        _("least group size for comments"), default=10, help_text=_("Ten is the default; eight the floor.")
    )

    objects = CohortQuerySet.as_manager()

    class Meta:
        verbose_name = _("cohort")
        verbose_name_plural = _("cohorts")
        ordering = ["-starts_on", "name"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "name"], name="cohort_name_once"),
            models.CheckConstraint(condition=Q(stage__in=Stage.values), name="cohort_stage_known"),
            models.CheckConstraint(condition=Q(ends_on__gt=F("starts_on")), name="cohort_ends_after_start"),
            models.CheckConstraint(
                condition=_in_range(),
                name="cohort_rhythm_in_range",
                violation_error_message=_(
                    "The cohort’s rhythm must lie between the two that pairs may choose."
                ),
            ),
            models.CheckConstraint(condition=Q(min_group_size__gte=5), name="cohort_group_floor"),
            models.CheckConstraint(condition=Q(min_comment_group__gte=8), name="cohort_comment_floor"),
            models.CheckConstraint(condition=Q(min_grade_distance__gte=1), name="cohort_distance_floor"),
        ]

    def __str__(self) -> str:
        return f"{self.programme} · {self.name}"

    @property
    def cadences(self) -> list[Cadence]:
        """The rhythms that its pairs may agree on, the most frequent first."""
        order = list(Cadence)
        return order[order.index(Cadence(self.most_often)) : order.index(Cadence(self.least_often)) + 1]

    def allows(self, cadence: str) -> bool:
        """Whether a pair may meet in this rhythm."""
        return cadence in self.cadences

    @property
    def months(self) -> int:
        """How long it lasts, in whole months."""
        return months_of((self.ends_on - self.starts_on).days + 1)
