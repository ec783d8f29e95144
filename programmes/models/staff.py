"""Who runs a programme, who listens in it, who stands behind it and who watches over it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from common.models import TimeStamped, Versioned
from participants.models import Person
from programmes.models.programmes import Programme
from programmes.querysets import (
    CoordinatorQuerySet,
    CouncilMemberQuerySet,
    NamedContactQuerySet,
    SponsorQuerySet,
    SponsorTaskQuerySet,
)


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


class Sponsor(TimeStamped):
    """The leader who stands behind a programme, by name (S3.42). Sees purpose, stages and counts, nobody's data."""

    programme = models.ForeignKey(
        Programme, models.CASCADE, related_name="sponsors", verbose_name=_("programme")
    )
    person = models.ForeignKey(Person, models.CASCADE, related_name="sponsor_of", verbose_name=_("person"))

    objects = SponsorQuerySet.as_manager()

    class Meta:
        verbose_name = _("sponsor")
        verbose_name_plural = _("sponsors")
        constraints = [models.UniqueConstraint(fields=["programme", "person"], name="sponsor_once")]

    def __str__(self) -> str:
        return str(self.person)


class SponsorTask(Versioned):
    """Something that the sponsors of a programme are to do by a day, such as opening the kick-off (S3.42)."""

    programme = models.ForeignKey(
        Programme, models.CASCADE, related_name="sponsor_tasks", verbose_name=_("programme")
    )
    text = models.CharField(_("what is to be done"), max_length=160)
    due_on = models.DateField(_("by"))
    done_on = models.DateField(_("done on"), null=True, blank=True)

    objects = SponsorTaskQuerySet.as_manager()

    class Meta:
        verbose_name = _("task of the sponsor")
        verbose_name_plural = _("tasks of the sponsor")
        ordering = ["due_on", "pk"]

    def __str__(self) -> str:
        return self.text


class CouncilMember(TimeStamped):
    """A member of the works council, for one programme: sees its settings and agreements, nobody's data (B-14)."""

    programme = models.ForeignKey(
        Programme, models.CASCADE, related_name="council_members", verbose_name=_("programme")
    )
    person = models.ForeignKey(Person, models.CASCADE, related_name="council_for", verbose_name=_("person"))

    objects = CouncilMemberQuerySet.as_manager()

    class Meta:
        verbose_name = _("works-council member")
        verbose_name_plural = _("works-council members")
        constraints = [models.UniqueConstraint(fields=["programme", "person"], name="council_member_once")]

    def __str__(self) -> str:
        return str(self.person)
