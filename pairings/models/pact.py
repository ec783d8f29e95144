"""What a pair has agreed on: its goals and its mentoring agreement, both closed with the pair's key."""

from __future__ import annotations

from datetime import datetime

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from common.models import TimeStamped, Versioned
from pairings.models.pairs import Pairing
from pairings.querysets import PairAgreementQuerySet, PairGoalQuerySet
from participants.models import Person
from programmes.choices import Dimension, GoalKind, Role

#: Steps that a goal may be cut into.
MOST_STEPS = 10


class PairGoal(Versioned):
    """A goal of one of the two (S0.9). Its words are the pair's own; steps and day are process data."""

    pairing = models.ForeignKey(Pairing, models.CASCADE, related_name="goals", verbose_name=_("pair"))
    author = models.ForeignKey(Person, models.CASCADE, related_name="+", verbose_name=_("set by"))
    side = models.CharField(_("whose goal"), max_length=6, choices=Role)
    kind = models.CharField(_("about"), max_length=14, choices=GoalKind, default=GoalKind.FREE)
    outcome = models.CharField(_("serves"), max_length=12, choices=Dimension)
    #: JSON of ``text`` and ``measure``, closed (decision 34).
    closed = models.BinaryField(_("goal and how you will notice"))
    due_on = models.DateField(_("until"), null=True, blank=True)
    steps_total = models.PositiveSmallIntegerField(
        _("steps"), default=4, validators=[MinValueValidator(1), MaxValueValidator(MOST_STEPS)]
    )
    steps_done = models.PositiveSmallIntegerField(_("steps done"), default=0)

    objects = PairGoalQuerySet.as_manager()

    class Meta:
        verbose_name = _("goal of a pair")
        verbose_name_plural = _("goals of pairs")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(side__in=Role.values), name="pair_goal_side_known"),
            models.CheckConstraint(condition=Q(kind__in=GoalKind.values), name="pair_goal_kind_known"),
            models.CheckConstraint(condition=Q(outcome__in=Dimension.values), name="pair_goal_outcome_known"),
            models.CheckConstraint(
                condition=Q(steps_total__range=(1, MOST_STEPS)), name="pair_goal_some_steps"
            ),
            models.CheckConstraint(
                condition=Q(steps_done__lte=F("steps_total")), name="pair_goal_steps_not_beyond"
            ),
        ]
        indexes = [models.Index(fields=["pairing", "side"], name="pair_goal_by_side")]

    def __str__(self) -> str:
        return f"{self.get_side_display()} {self.pk}"


class Agreement(TimeStamped):
    """The mentoring agreement of a pair as the two read it, and who has accepted it when (S0.32).

    The words are kept as they stood, in every language, and closed. A pair renews its agreement by accepting
    newer words: a row of its own, of which the pair has at most one that waits for the other's yes.
    """

    pairing = models.ForeignKey(Pairing, models.CASCADE, related_name="agreements", verbose_name=_("pair"))
    number = models.PositiveSmallIntegerField(_("number"), default=1)
    #: JSON of language → clauses, closed (decision 34).
    closed = models.BinaryField(_("the agreement's words"))
    mentor_accepted_at = models.DateTimeField(_("accepted by the mentor"), null=True, blank=True)
    mentee_accepted_at = models.DateTimeField(_("accepted by the mentee"), null=True, blank=True)

    objects = PairAgreementQuerySet.as_manager()

    class Meta:
        verbose_name = _("mentoring agreement")
        verbose_name_plural = _("mentoring agreements")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["pairing", "number"], name="agreement_numbered_once"),
            models.UniqueConstraint(
                fields=["pairing"],
                condition=Q(mentor_accepted_at=None) | Q(mentee_accepted_at=None),
                name="agreement_one_waits",
            ),
            models.CheckConstraint(
                condition=Q(mentor_accepted_at__isnull=False) | Q(mentee_accepted_at__isnull=False),
                name="agreement_accepted_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pairing_id} ({self.number})"

    def accepted_at(self, role: str) -> datetime | None:
        """When this side said yes; None while it has not."""
        return self.mentor_accepted_at if role == Role.MENTOR else self.mentee_accepted_at

    @property
    def agreed_at(self) -> datetime | None:
        """When the second of the two said yes; None while one has not."""
        if self.mentor_accepted_at is None or self.mentee_accepted_at is None:
            return None
        return max(self.mentor_accepted_at, self.mentee_accepted_at)
