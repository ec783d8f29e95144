"""Long work that tells what it is doing (decision 18), and the clock's own pulse."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common.models import TimeStamped
from operations.choices import JobState
from operations.querysets import JobQuerySet


class Job(TimeStamped):
    """One long piece of work: who asked, how far it is, how it ended.

    Refers to people and programmes by plain id: this package knows nobody above it.
    """

    kind = models.CharField(_("kind"), max_length=40)
    state = models.CharField(_("state"), max_length=10, choices=JobState, default=JobState.QUEUED)
    programme_id = models.BigIntegerField(_("programme"), null=True, db_index=True)
    requested_by_id = models.BigIntegerField(_("requested by"), null=True)
    params = models.JSONField(_("parameters"), default=dict)
    step = models.CharField(_("current step"), max_length=200, blank=True, default="")
    done = models.PositiveIntegerField(_("steps done"), default=0)
    total = models.PositiveIntegerField(_("steps in all"), default=0)
    result = models.JSONField(_("result"), default=dict)
    error = models.TextField(_("error"), blank=True, default="")
    cancel_requested = models.BooleanField(_("cancel requested"), default=False)
    started_at = models.DateTimeField(_("started"), null=True)
    finished_at = models.DateTimeField(_("finished"), null=True)
    lease_until = models.DateTimeField(_("lease until"), null=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        verbose_name = _("long work")
        verbose_name_plural = _("long work")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=JobState.values), name="job_state_known"),
            models.CheckConstraint(condition=Q(done__lte=models.F("total")), name="job_done_within_total"),
        ]
        indexes = [models.Index(fields=["state", "lease_until"], name="job_open")]

    @property
    def step_name(self) -> str:
        """The current step in the reader's language; the worker stored it in English."""
        return gettext(self.step) if self.step else ""

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class Heartbeat(models.Model):
    """When a scheduled job last ran and how much it did: the dead-man's switch of the clock."""

    name = models.CharField(_("name"), max_length=60, primary_key=True)
    last_started_at = models.DateTimeField(_("last started"), null=True)
    last_finished_at = models.DateTimeField(_("last finished"), null=True)
    last_count = models.IntegerField(_("last count"), default=0)
    last_error = models.TextField(_("last error"), blank=True, default="")

    class Meta:
        verbose_name = _("heartbeat")
        verbose_name_plural = _("heartbeats")

    def __str__(self) -> str:
        return self.name
