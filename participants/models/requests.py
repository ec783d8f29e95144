"""What somebody asks for about their own data: a copy, or that it goes."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.models import TimeStamped
from participants.choices import RequestState
from participants.models.people import Person
from participants.querysets import ErasureRequestQuerySet


class ErasureRequest(TimeStamped):
    """Somebody asks to be erased (B-07): by themselves, carried out by a coordinator, done by a worker.

    It stays as the line that says it was done: when, by whom and how much, and nothing of what there was.
    """

    person = models.ForeignKey(
        Person, models.CASCADE, related_name="erasure_requests", verbose_name=_("person")
    )
    state = models.CharField(_("state"), max_length=10, choices=RequestState, default=RequestState.ASKED)
    asked_at = models.DateTimeField(_("asked"))
    by = models.ForeignKey(
        Person, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("carried out by")
    )
    confirmed_at = models.DateTimeField(_("carried out"), null=True, blank=True)
    done_at = models.DateTimeField(_("done"), null=True, blank=True)
    counts = models.JSONField(_("counts"), default=dict, blank=True)

    objects = ErasureRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request to be erased")
        verbose_name_plural = _("requests to be erased")
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(state__in=["asked", "running"]),
                name="erasure_request_one_open_per_person",
            ),
            models.CheckConstraint(
                condition=Q(state__in=RequestState.values), name="erasure_request_state_known"
            ),
            models.CheckConstraint(
                condition=~Q(state="done") | Q(done_at__isnull=False), name="erasure_request_done_has_a_time"
            ),
        ]

    def __str__(self) -> str:
        return str(self.person)


class DataExport(TimeStamped):
    """A person's own data as it was when they asked, for them alone and for a day (B-06)."""

    person = models.OneToOneField(
        Person, models.CASCADE, related_name="data_export", verbose_name=_("person")
    )
    asked_at = models.DateTimeField(_("asked"))
    made_at = models.DateTimeField(_("made"), null=True, blank=True)
    content = models.JSONField(_("content"), default=dict, blank=True)

    class Meta:
        verbose_name = _("copy of own data")
        verbose_name_plural = _("copies of own data")

    def __str__(self) -> str:
        return f"{self.asked_at:%Y-%m-%d}"
