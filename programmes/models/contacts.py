"""Wishes to be contacted."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from participants.models import Person
from programmes.choices import ContactState, ContactTarget
from programmes.models.programmes import Programme
from programmes.querysets import ContactRequestQuerySet


class ContactRequest(models.Model):
    """A wish to be contacted: seen by whom it is addressed to, withdrawn by its author (decisions 6, 24).

    It carries no text and no reason, and refers to no round, pair or answer.
    """

    programme = models.ForeignKey(
        Programme, models.CASCADE, related_name="contact_requests", verbose_name=_("programme")
    )
    person = models.ForeignKey(
        Person, models.CASCADE, related_name="contact_requests", verbose_name=_("person")
    )
    target = models.CharField(_("asks for"), max_length=12, choices=ContactTarget)
    state = models.CharField(_("state"), max_length=10, choices=ContactState, default=ContactState.OPEN)
    asked_on = models.DateField(_("asked on"))
    closed_on = models.DateField(_("closed on"), null=True, blank=True)

    objects = ContactRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("contact request")
        verbose_name_plural = _("contact requests")
        ordering = ["asked_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "person", "target"],
                condition=Q(state=ContactState.OPEN),
                name="contact_request_one_open",
            ),
            models.CheckConstraint(
                condition=Q(state__in=ContactState.values), name="contact_request_state_known"
            ),
            models.CheckConstraint(
                condition=Q(target__in=ContactTarget.values), name="contact_request_target_known"
            ),
        ]

    def __str__(self) -> str:
        return str(self.person)
