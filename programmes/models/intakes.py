"""What somebody fills in after coming forward."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.models import TimeStamped
from programmes.choices import Channel, Place, Strength
from programmes.models.enrolments import Enrolment


class Intake(TimeStamped):
    """The intake of one enrolment: a sealed draft while it is being filled in, then what no other row holds.

    What a matching run reads (topics, perspectives, languages, free times) stands where it always stands; this row
    is made with the first step. The draft and the own words are closed with a key of this row alone, so nobody
    reads a form that has not been sent (decisions 8, 32, 34).
    """

    enrolment = models.OneToOneField(
        Enrolment, models.CASCADE, related_name="intake", verbose_name=_("enrolment")
    )
    draft = models.BinaryField(_("draft"), null=True)
    reached = models.PositiveSmallIntegerField(_("step reached"), default=1)
    completed_at = models.DateTimeField(_("sent"), null=True, blank=True)
    notice_version = models.CharField(_("privacy notice acknowledged"), max_length=12, blank=True)
    notice_on = models.DateField(_("acknowledged on"), null=True, blank=True)
    is_ready = models.BooleanField(_("keeps the time free"), default=False)
    openness = models.CharField(_("openness statement"), max_length=300, blank=True)
    place = models.CharField(_("where to meet"), max_length=10, choices=Place, blank=True)
    channel = models.CharField(_("how to agree dates"), max_length=10, choices=Channel, blank=True)
    minutes = models.PositiveSmallIntegerField(
        _("preferred length in minutes"), null=True, blank=True, validators=[MaxValueValidator(120)]
    )
    strengths = ArrayField(
        models.CharField(max_length=10, choices=Strength),
        verbose_name=_("digital strengths"),
        default=list,
        blank=True,
    )
    craft_missed = models.CharField(_("the part of the craft that is missed"), max_length=200, blank=True)
    education = models.CharField(_("education and recent subjects"), max_length=160, blank=True)
    graduated = models.PositiveSmallIntegerField(
        _("year of graduation"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1950), MaxValueValidator(2100)],
    )
    words = models.BinaryField(_("own words about the perspective"), null=True)
    consent_on = models.DateField(_("perspective offered freely, since"), null=True, blank=True)

    class Meta:
        verbose_name = _("intake")
        verbose_name_plural = _("intakes")
        constraints = [
            models.CheckConstraint(condition=Q(reached__range=(1, 5)), name="intake_step_1_to_5"),
            models.CheckConstraint(
                condition=Q(completed_at=None) | (Q(draft=None) & ~Q(notice_version="")),
                name="intake_sent_leaves_no_draft",
            ),
        ]

    def __str__(self) -> str:
        return str(self.enrolment)
