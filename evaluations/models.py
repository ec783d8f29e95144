"""Rounds, who may still answer, answers on their way, sealed answers, published figures.

The ledger knows persons and no answer; the answers know no person, no time and no order (A-16). No relation of
any length leads from an answer to a person: that is why a round does not say who launched it.
"""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from common.models import TimeStamped
from evaluations.choices import Confidentiality, RoundKind, RoundState
from evaluations.querysets import LedgerQuerySet, RoundQuerySet
from participants.models import Person
from programmes.models import Cohort


class Round(TimeStamped):
    """A dated questionnaire for a cohort. From its launch on, what respondents were told is fixed (A-13).

    ``audience`` lists who is invited: ``{"person", "role", "at", "in"}`` with the role and department that stand
    beside their answers. ``questions`` holds what is asked, ``segments`` how answers may be grouped,
    ``respondents`` how many of each role answered each part, counted when the ledger was emptied.
    """

    cohort = models.ForeignKey(Cohort, models.PROTECT, related_name="rounds", verbose_name=_("cohort"))
    kind = models.CharField(_("kind"), max_length=10, choices=RoundKind)
    number = models.PositiveSmallIntegerField(_("number"))
    state = models.CharField(_("state"), max_length=10, choices=RoundState, default=RoundState.DRAFT)
    confidentiality = models.CharField(
        _("what respondents are promised"),
        max_length=10,
        choices=Confidentiality,
        default=Confidentiality.ANONYMOUS_AFTER,
    )
    closes_at = models.DateTimeField(_("closes"))
    opens_at = models.DateTimeField(_("opened"), null=True)
    minutes = models.PositiveSmallIntegerField(_("minutes"), default=0)
    k = models.PositiveSmallIntegerField(_("least group size for a score"), default=5)
    comment_k = models.PositiveSmallIntegerField(_("least group size for comments"), default=10)
    audience = models.JSONField(_("who is invited"), default=list)
    questions = models.JSONField(_("questions"), default=dict)
    segments = models.JSONField(_("groups"), default=dict)
    respondents = models.JSONField(_("respondents"), default=dict)
    reminded_at = models.DateTimeField(_("reminded"), null=True)
    closed_at = models.DateTimeField(_("closed"), null=True)
    sealed_at = models.DateTimeField(_("sealed"), null=True)
    emptied_at = models.DateTimeField(_("traces removed"), null=True)
    published_at = models.DateTimeField(_("published"), null=True)
    changes = models.TextField(_("what changes because of it"), max_length=1000, blank=True, default="")

    objects = RoundQuerySet.as_manager()

    class Meta:
        verbose_name = _("evaluation round")
        verbose_name_plural = _("evaluation rounds")
        ordering = ["-closes_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["cohort", "kind", "number"], name="round_number_once"),
            models.UniqueConstraint(
                fields=["cohort", "kind"], condition=Q(state=RoundState.OPEN), name="round_one_open_of_a_kind"
            ),
            models.CheckConstraint(condition=Q(kind__in=RoundKind.values), name="round_kind_known"),
            models.CheckConstraint(condition=Q(state__in=RoundState.values), name="round_state_known"),
            models.CheckConstraint(
                condition=Q(confidentiality__in=Confidentiality.values), name="round_confidentiality_known"
            ),
            models.CheckConstraint(condition=Q(k__gte=5), name="round_group_floor"),
            models.CheckConstraint(condition=Q(comment_k__gte=8), name="round_comment_floor"),
            models.CheckConstraint(
                condition=Q(state=RoundState.DRAFT)
                | Q(opens_at__isnull=False, closes_at__gt=F("opens_at"), minutes__gte=1),
                name="round_open_has_dates",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["closed", "published"]) | Q(closed_at__isnull=False),
                name="round_closed_has_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(state="published") | Q(published_at__isnull=False, sealed_at__isnull=False),
                name="round_published_is_sealed",
            ),
        ]
        indexes = [models.Index(fields=["state", "closes_at"], name="round_by_state")]

    def __str__(self) -> str:
        return f"{self.title} · {self.cohort}"

    @property
    def title(self) -> str:
        """The kind's own name, with its number where a cohort has several."""
        names = {
            RoundKind.BASELINE: _("Baseline"),
            RoundKind.PULSE: _("Pulse %(number)s"),
            RoundKind.QUARTERLY: _("Quarterly round %(number)s"),
            RoundKind.FINAL: _("Final round"),
            RoundKind.FOLLOWUP: _("Follow-up"),
        }
        return str(names[RoundKind(self.kind)]) % {"number": self.number}

    @property
    def invited(self) -> int:
        return len(self.audience)

    @property
    def parts(self) -> tuple[int, ...]:
        """The parts that are submitted each by itself; the final round has two (decision 24)."""
        return tuple(sorted({item["part"] for item in self.questions.get("items", ())}))

    @property
    def is_totals_only(self) -> bool:
        return self.confidentiality == Confidentiality.TOTALS_ONLY


class LedgerEntry(models.Model):
    """Whether somebody has handed in a part. It lives only while the round is open (A-16, A-17)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    round = models.ForeignKey(Round, models.CASCADE, related_name="ledger", verbose_name=_("round"))
    person = models.ForeignKey(Person, models.CASCADE, related_name="+", verbose_name=_("person"))
    part = models.PositiveSmallIntegerField(_("part"), default=1)
    done = models.BooleanField(_("handed in"), default=False)

    objects = LedgerQuerySet.as_manager()

    class Meta:
        verbose_name = _("ledger entry")
        verbose_name_plural = _("ledger entries")
        constraints = [models.UniqueConstraint(fields=["round", "person", "part"], name="ledger_entry_once")]

    def __str__(self) -> str:
        return str(self.pk)


class _Answer(models.Model):
    """One answer to one question, and the group it may be counted in."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    question = models.CharField(_("question"), max_length=30)
    role = models.CharField(_("role"), max_length=6, blank=True)
    department = models.CharField(_("department"), max_length=120, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return str(self.pk)


class PendingAnswer(_Answer):
    """An answer while its round is open, closed to the round's key (A-18). Handed in once, never changed."""

    round = models.ForeignKey(Round, models.CASCADE, related_name="pending", verbose_name=_("round"))
    value = models.BinaryField(_("answer, closed"))

    class Meta(_Answer.Meta):
        verbose_name = _("answer under way")
        verbose_name_plural = _("answers under way")


class SealedAnswer(_Answer):
    """An answer after its round: shuffled, with a new number, without anything that leads back (A-17)."""

    round = models.ForeignKey(Round, models.CASCADE, related_name="sealed", verbose_name=_("round"))
    value = models.JSONField(_("answer"))

    class Meta(_Answer.Meta):
        verbose_name = _("sealed answer")
        verbose_name_plural = _("sealed answers")


class Snapshot(models.Model):
    """The figures of a round, computed once and never again (A-06)."""

    round = models.OneToOneField(
        Round, models.PROTECT, primary_key=True, related_name="snapshot", verbose_name=_("round")
    )
    content = models.JSONField(_("figures"))
    digest = models.CharField(_("digest"), max_length=64)

    class Meta:
        verbose_name = _("published results")
        verbose_name_plural = _("published results")

    def __str__(self) -> str:
        return self.digest[:12]
