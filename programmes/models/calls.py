"""The open call of a cohort: who is asked, until when, and how many seats there are."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.models import Versioned
from programmes.models.cohorts import Cohort
from programmes.querysets import OpenCallQuerySet

_GRADES = [MinValueValidator(1), MaxValueValidator(99)]


class OpenCall(Versioned):
    """How colleagues come forward for a cohort by themselves, in either role (S0.48, decision 29).

    Who may take part stands in the charter; a call can narrow that for one cohort and never widen it.
    """

    cohort = models.OneToOneField(Cohort, models.CASCADE, related_name="call", verbose_name=_("cohort"))
    closes_on = models.DateField(_("last day to sign up"))
    mentor_seats = models.PositiveSmallIntegerField(
        _("seats for mentors"), null=True, blank=True, validators=[MinValueValidator(1)],
        help_text=_("Empty: as many as come."),
    )  # fmt: skip
    mentee_seats = models.PositiveSmallIntegerField(
        _("seats for mentees"), null=True, blank=True, validators=[MinValueValidator(1)],
        help_text=_("Empty: as many as come."),
    )  # fmt: skip
    mentor_grade_to = models.PositiveSmallIntegerField(
        _("mentors up to grade"), null=True, blank=True, validators=_GRADES
    )
    mentee_grade_from = models.PositiveSmallIntegerField(
        _("mentees from grade"), null=True, blank=True, validators=_GRADES
    )
    departments = ArrayField(
        models.CharField(max_length=120), verbose_name=_("only these departments"), default=list, blank=True
    )
    lets_in = models.BooleanField(
        _("colleagues who are not in the roster may come in with their work address"), default=False
    )

    objects = OpenCallQuerySet.as_manager()

    class Meta:
        verbose_name = _("open call")
        verbose_name_plural = _("open calls")
        ordering = ["-closes_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(mentor_seats=None) | Q(mentor_seats__gte=1), name="open_call_mentor_seats"
            ),
            models.CheckConstraint(
                condition=Q(mentee_seats=None) | Q(mentee_seats__gte=1), name="open_call_mentee_seats"
            ),
        ]

    def __str__(self) -> str:
        return str(self.cohort)

    def seats_of(self, role: str) -> int | None:
        """How many people the cohort takes in a role; None for as many as come."""
        seats: int | None = self.mentor_seats if role == "mentor" else self.mentee_seats
        return seats
