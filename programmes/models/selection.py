"""What is thought of candidates until their cohort begins; then only counts are left (decision 30)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from common.models import TimeStamped, Versioned
from participants.models import Person
from programmes.choices import Fulfilment, Role
from programmes.models.cohorts import Cohort
from programmes.models.enrolments import Enrolment
from programmes.querysets import NominationQuerySet


class Criteria(models.Model):
    """The three criteria of S0.27, each in a word."""

    digital = models.CharField(
        _("digital skill"), max_length=10, choices=Fulfilment, default=Fulfilment.NOT_KNOWN
    )
    innovative = models.CharField(
        _("innovative thinking"), max_length=10, choices=Fulfilment, default=Fulfilment.NOT_KNOWN
    )
    communication = models.CharField(
        _("communication"), max_length=10, choices=Fulfilment, default=Fulfilment.NOT_KNOWN
    )

    class Meta:
        abstract = True


class Nomination(Criteria, TimeStamped):
    """A colleague named by another, with one sentence why. Erased when the cohort begins.

    Whoever nominated somebody never learns what became of it.
    """

    cohort = models.ForeignKey(Cohort, models.CASCADE, related_name="nominations", verbose_name=_("cohort"))
    address = models.EmailField(_("e-mail address"))
    nominee = models.ForeignKey(
        Person, models.CASCADE, null=True, related_name="nominations", verbose_name=_("nominated")
    )
    nominator = models.ForeignKey(
        Person, models.CASCADE, related_name="nominations_made", verbose_name=_("nominated by")
    )
    role = models.CharField(_("role"), max_length=6, choices=Role)
    words = models.CharField(_("why, in one sentence"), max_length=300)

    objects = NominationQuerySet.as_manager()

    class Meta:
        verbose_name = _("nomination")
        verbose_name_plural = _("nominations")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint("cohort", "nominator", Lower("address"), name="nomination_once_each"),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="nomination_role_known"),
            models.CheckConstraint(condition=Q(address=Lower("address")), name="nomination_address_lower"),
        ]

    def __str__(self) -> str:
        return str(self.nominee or self.address)


class Assessment(Criteria, Versioned):
    """A coordinator's checklist on one application, the candidate's own view beside it. No points, no sum."""

    enrolment = models.OneToOneField(
        Enrolment, models.CASCADE, related_name="assessment", verbose_name=_("enrolment")
    )
    own_digital = models.CharField(
        _("digital skill, own view"), max_length=10, choices=Fulfilment, blank=True
    )
    own_innovative = models.CharField(
        _("innovative thinking, own view"), max_length=10, choices=Fulfilment, blank=True
    )
    own_communication = models.CharField(
        _("communication, own view"), max_length=10, choices=Fulfilment, blank=True
    )
    reason = models.CharField(_("reason, for coordinators only"), max_length=300, blank=True)
    place = models.PositiveIntegerField(_("place on the waiting list"), null=True, blank=True)
    waiting_since = models.DateTimeField(_("waiting since"), null=True, blank=True)

    class Meta:
        verbose_name = _("assessment")
        verbose_name_plural = _("assessments")
        ordering = ["pk"]

    def __str__(self) -> str:
        return str(self.enrolment)


class SelectionTally(TimeStamped):
    """How a selection came out, as counts by unit and office; all that is left once the cohort has begun."""

    cohort = models.OneToOneField(
        Cohort, models.CASCADE, related_name="selection_tally", verbose_name=_("cohort")
    )
    figures = models.JSONField(_("counts"), default=dict)

    class Meta:
        verbose_name = _("outcome of a selection")
        verbose_name_plural = _("outcomes of selections")
        ordering = ["pk"]

    def __str__(self) -> str:
        return str(self.cohort)
