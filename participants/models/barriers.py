"""Who must not be brought together: walls between groups, and what somebody keeps to themselves."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from common.models import TimeStamped, Versioned
from participants.models.people import Person
from participants.querysets import (
    BarrierGroupQuerySet,
    BarrierQuerySet,
    MembershipQuerySet,
    NeverWithQuerySet,
)


class BarrierGroup(Versioned):
    """A group on one side of an information barrier, such as the team of an audit or of a deal (dossier 2.4)."""

    name = models.CharField(_("name"), max_length=60)
    created_by = models.ForeignKey(
        Person, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("added by")
    )

    objects = BarrierGroupQuerySet.as_manager()

    class Meta:
        verbose_name = _("barrier group")
        verbose_name_plural = _("barrier groups")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                Lower("name"),
                name="barrier_group_name_once",
                violation_error_message=_("This name is taken already; choose another one."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class GroupMembership(TimeStamped):
    """Somebody belongs to a barrier group."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="memberships", verbose_name=_("person"))
    group = models.ForeignKey(
        BarrierGroup, models.CASCADE, related_name="memberships", verbose_name=_("barrier group")
    )

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("member of a barrier group")
        verbose_name_plural = _("members of barrier groups")
        constraints = [models.UniqueConstraint(fields=["person", "group"], name="membership_once")]

    def __str__(self) -> str:
        return f"{self.person_id} in {self.group_id}"


class Barrier(TimeStamped):
    """An information barrier: nobody of the one group is ever paired with anybody of the other."""

    one = models.ForeignKey(BarrierGroup, models.CASCADE, related_name="+", verbose_name=_("between"))
    other = models.ForeignKey(BarrierGroup, models.CASCADE, related_name="+", verbose_name=_("and"))

    objects = BarrierQuerySet.as_manager()

    class Meta:
        verbose_name = _("information barrier")
        verbose_name_plural = _("information barriers")
        ordering = ["one__name", "other__name"]
        constraints = [
            models.UniqueConstraint(fields=["one", "other"], name="barrier_once"),
            # One way to write a pair of groups, so that the other way round is no second barrier.
            models.CheckConstraint(condition=Q(one__lt=F("other")), name="barrier_in_one_order"),
        ]

    def __str__(self) -> str:
        return f"{self.one} | {self.other}"


class NeverWith(models.Model):
    """Somebody asks never to be paired with somebody. Its author alone sees it; without a reason and a time."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="never_with", verbose_name=_("asked by"))
    other = models.ForeignKey(Person, models.CASCADE, related_name="+", verbose_name=_("never with"))

    objects = NeverWithQuerySet.as_manager()

    class Meta:
        verbose_name = _("never with")
        verbose_name_plural = _("never with")
        constraints = [
            models.UniqueConstraint(fields=["person", "other"], name="never_with_once"),
            models.CheckConstraint(condition=~Q(person=F("other")), name="never_with_two_people"),
        ]

    def __str__(self) -> str:
        return str(_("never with"))  # neither of the two, wherever a row is printed
