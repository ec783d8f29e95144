"""Who runs a programme, and who listens in it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from common.models import TimeStamped
from participants.models import Person
from programmes.models.programmes import Programme
from programmes.querysets import CoordinatorQuerySet, NamedContactQuerySet


class Coordinator(TimeStamped):
    """A person who runs a programme. Sees its process, never what pairs say, write or answer (decision 10)."""

    programme = models.ForeignKey(
        Programme, models.CASCADE, related_name="coordinators", verbose_name=_("programme")
    )
    person = models.ForeignKey(Person, models.CASCADE, related_name="coordinates", verbose_name=_("person"))

    objects = CoordinatorQuerySet.as_manager()

    class Meta:
        verbose_name = _("coordinator")
        verbose_name_plural = _("coordinators")
        constraints = [models.UniqueConstraint(fields=["programme", "person"], name="coordinator_once")]

    def __str__(self) -> str:
        return str(self.person)


class NamedContact(TimeStamped):
    """Somebody outside every reporting line of the programme to whom anybody may turn (decision 3)."""

    programme = models.ForeignKey(
        Programme, models.CASCADE, related_name="contacts", verbose_name=_("programme")
    )
    person = models.ForeignKey(Person, models.CASCADE, related_name="contact_for", verbose_name=_("person"))

    objects = NamedContactQuerySet.as_manager()

    class Meta:
        verbose_name = _("named contact")
        verbose_name_plural = _("named contacts")
        constraints = [models.UniqueConstraint(fields=["programme", "person"], name="named_contact_once")]

    def __str__(self) -> str:
        return str(self.person)
