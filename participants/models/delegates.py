"""Who plans dates for somebody else."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from common.models import TimeStamped
from participants.models.people import Person
from participants.querysets import DelegationQuerySet
from participants.validators import validate_name


class Delegation(TimeStamped):
    """An assistant who plans a leader's dates and sees nothing else (decisions 2, 26).

    Known by address alone: an assistant need not be in the roster, and gets no row there by being named.
    """

    leader = models.OneToOneField(
        Person, models.CASCADE, related_name="delegation", verbose_name=_("plans dates for")
    )
    address = models.EmailField(_("e-mail address"))
    first_name = models.CharField(_("first name"), max_length=80, blank=True, validators=[validate_name])

    objects = DelegationQuerySet.as_manager()

    class Meta:
        verbose_name = _("delegate")
        verbose_name_plural = _("delegates")
        ordering = ["leader__last_name", "leader__first_name", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(address=Lower("address")), name="delegation_address_lower"),
        ]
        indexes = [models.Index(fields=["address"], name="delegation_by_address")]

    def __str__(self) -> str:
        return self.first_name or self.address
