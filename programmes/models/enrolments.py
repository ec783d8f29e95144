"""Who takes part, with what they offer and look for."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.models import Versioned
from participants.models import Person
from programmes.choices import EnrolmentState, Perspective, Role, Style
from programmes.models.cohorts import Cohort
from programmes.models.topics import Topic
from programmes.querysets import EnrolmentQuerySet


class Enrolment(Versioned):
    """A person in a cohort in a role, with what they offer and look for. Once per cohort and person."""

    cohort = models.ForeignKey(Cohort, models.CASCADE, related_name="enrolments", verbose_name=_("cohort"))
    person = models.ForeignKey(Person, models.CASCADE, related_name="enrolments", verbose_name=_("person"))
    role = models.CharField(_("role"), max_length=6, choices=Role)
    state = models.CharField(
        _("state"), max_length=10, choices=EnrolmentState, default=EnrolmentState.APPLIED
    )
    capacity = models.PositiveSmallIntegerField(
        _("number of partners"), default=1, validators=[MinValueValidator(1), MaxValueValidator(3)]
    )
    is_cross_border = models.BooleanField(_("also with another country"), default=False)
    style = models.CharField(_("preferred way of learning"), max_length=10, choices=Style, blank=True)
    perspectives_offered = ArrayField(
        models.CharField(max_length=10, choices=Perspective),
        verbose_name=_("perspectives offered"),
        default=list,
        blank=True,
    )
    perspective_wanted = models.CharField(
        _("perspective looked for"), max_length=10, choices=Perspective, blank=True
    )
    invited_at = models.DateTimeField(_("invited"), null=True, blank=True)

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("enrolment")
        verbose_name_plural = _("enrolments")
        ordering = ["person__last_name", "person__first_name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["cohort", "person"], name="enrolment_once_per_cohort"),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="enrolment_role_known"),
            models.CheckConstraint(
                condition=Q(state__in=EnrolmentState.values), name="enrolment_state_known"
            ),
            models.CheckConstraint(condition=Q(capacity__range=(1, 3)), name="enrolment_capacity_1_to_3"),
        ]
        indexes = [models.Index(fields=["cohort", "role", "state"], name="enrolment_by_role")]

    def __str__(self) -> str:
        return str(self.person)


class TopicOffer(models.Model):
    """A topic that somebody can talk about, level 0 to 5. Both roles offer."""

    enrolment = models.ForeignKey(
        Enrolment, models.CASCADE, related_name="offers", verbose_name=_("enrolment")
    )
    topic = models.ForeignKey(Topic, models.PROTECT, related_name="offers", verbose_name=_("topic"))
    level = models.PositiveSmallIntegerField(_("level"), validators=[MaxValueValidator(5)])
    example = models.CharField(_("an example, in one line"), max_length=160, blank=True)

    class Meta:
        verbose_name = _("topic offered")
        verbose_name_plural = _("topics offered")
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "topic"], name="topic_offer_once"),
            models.CheckConstraint(condition=Q(level__lte=5), name="topic_offer_level_0_to_5"),
        ]

    def __str__(self) -> str:
        return f"{self.topic} ({self.level})"


class TopicWish(models.Model):
    """A topic that somebody wants to learn about; priority 3 is the highest. Both roles want."""

    enrolment = models.ForeignKey(
        Enrolment, models.CASCADE, related_name="wishes", verbose_name=_("enrolment")
    )
    topic = models.ForeignKey(Topic, models.PROTECT, related_name="wishes", verbose_name=_("topic"))
    priority = models.PositiveSmallIntegerField(
        _("priority"), validators=[MinValueValidator(1), MaxValueValidator(3)]
    )
    level = models.PositiveSmallIntegerField(
        _("own level now"), null=True, blank=True, validators=[MaxValueValidator(5)]
    )
    example = models.CharField(_("what for, in one line"), max_length=160, blank=True)

    class Meta:
        verbose_name = _("topic wanted")
        verbose_name_plural = _("topics wanted")
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "topic"], name="topic_wish_once"),
            models.CheckConstraint(condition=Q(priority__range=(1, 3)), name="topic_wish_priority_1_to_3"),
            models.CheckConstraint(condition=Q(level=None) | Q(level__lte=5), name="topic_wish_level_0_to_5"),
        ]

    def __str__(self) -> str:
        return f"{self.topic} ({self.priority})"
