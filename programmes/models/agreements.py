"""What a programme may do beyond the least, and what was agreed about it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.models import Versioned
from participants.models import Person
from programmes.choices import Outcome
from programmes.models.programmes import Programme
from programmes.querysets import AgreementQuerySet, SwitchesQuerySet


class Switches(Versioned):
    """The switches of one programme, as wanted (decision 27). In force is what has also been agreed.

    A programme without a row has the most private setting of each: everything off that shows or asks more, and
    the log on that shows participants who opened their record.
    """

    programme = models.OneToOneField(
        Programme, models.CASCADE, related_name="switches", verbose_name=_("programme")
    )
    pulses = models.BooleanField(_("pulses"), default=False)
    attention = models.BooleanField(_("attention rules"), default=False)
    manager_notice = models.BooleanField(_("notice to the line manager"), default=False)
    circle_attendance = models.BooleanField(_("attendance at mentor circles"), default=False)
    read_log = models.BooleanField(_("log of who opened a record"), default=True)

    objects = SwitchesQuerySet.as_manager()

    class Meta:
        verbose_name = _("switches")
        verbose_name_plural = _("switches")

    def __str__(self) -> str:
        return str(self.programme)


class Agreement(models.Model):
    """The works council's agreement with a frozen copy of what it agreed to, or that there is no council.

    Written once: the database refuses to change what was agreed. The newest one counts.
    """

    programme = models.ForeignKey(
        Programme, models.PROTECT, related_name="agreements", verbose_name=_("programme")
    )
    number = models.PositiveSmallIntegerField(_("number"))
    outcome = models.CharField(_("outcome"), max_length=12, choices=Outcome)
    agreed_on = models.DateField(_("agreed on"))
    note = models.CharField(_("note"), max_length=300, blank=True)
    recorded_by = models.ForeignKey(
        Person, models.SET_NULL, null=True, related_name="+", verbose_name=_("recorded by")
    )
    recorded_at = models.DateTimeField(_("recorded"))
    content = models.JSONField(_("what was agreed"))
    digest = models.CharField(_("fingerprint"), max_length=64)

    objects = AgreementQuerySet.as_manager()

    class Meta:
        verbose_name = _("agreement")
        verbose_name_plural = _("agreements")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "number"], name="agreement_number_once"),
            models.CheckConstraint(condition=Q(outcome__in=Outcome.values), name="agreement_outcome_known"),
        ]

    def __str__(self) -> str:
        return f"{self.programme} · {self.number}"
