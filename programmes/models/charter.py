"""What a programme is to reach, and the texts it has of its own."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from common.models import Versioned
from programmes.choices import Dimension, GoalKind, TextKey
from programmes.models.programmes import Programme
from programmes.querysets import OfProgrammeQuerySet


class Goal(Versioned):
    """Something a programme wants to reach, and how one will see that it did (S0.29, S0.30)."""

    programme = models.ForeignKey(
        Programme, models.CASCADE, related_name="goals", verbose_name=_("programme")
    )
    kind = models.CharField(_("kind"), max_length=16, choices=GoalKind)
    text = models.CharField(_("goal"), max_length=300)
    text_en = models.CharField(_("goal in English"), max_length=300, blank=True)
    text_nl = models.CharField(_("goal in Dutch"), max_length=300, blank=True)
    text_de = models.CharField(_("goal in German"), max_length=300, blank=True)
    measure = models.CharField(
        _("measure"), max_length=200, blank=True, help_text=_("What will you count or ask to see it?")
    )
    target = models.CharField(_("target"), max_length=120, blank=True)
    due_on = models.DateField(_("reached by"), null=True, blank=True)
    outcome = models.CharField(_("serves"), max_length=12, choices=Dimension)

    objects = OfProgrammeQuerySet.as_manager()

    class Meta:
        verbose_name = _("goal of a programme")
        verbose_name_plural = _("goals of a programme")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=GoalKind.values), name="goal_kind_known"),
            models.CheckConstraint(condition=Q(outcome__in=Dimension.values), name="goal_outcome_known"),
        ]

    def __str__(self) -> str:
        return self.said

    @property
    def said(self) -> str:
        """The goal in the language of the page, where it is written in that."""
        return str(getattr(self, f"text_{(get_language() or '')[:2]}", "") or self.text)


class ProgrammeText(Versioned):
    """A text that a programme has settled in its own words; without a row the shipped one is shown.

    A language left empty is read in the programme's first language.
    """

    programme = models.ForeignKey(
        Programme, models.CASCADE, related_name="texts", verbose_name=_("programme")
    )
    key = models.CharField(_("text"), max_length=20, choices=TextKey)
    subject_en = models.CharField(_("heading in English"), max_length=160, blank=True)
    body_en = models.TextField(_("text in English"), max_length=6000, blank=True)
    subject_nl = models.CharField(_("heading in Dutch"), max_length=160, blank=True)
    body_nl = models.TextField(_("text in Dutch"), max_length=6000, blank=True)
    subject_de = models.CharField(_("heading in German"), max_length=160, blank=True)
    body_de = models.TextField(_("text in German"), max_length=6000, blank=True)

    objects = OfProgrammeQuerySet.as_manager()

    class Meta:
        verbose_name = _("text of a programme")
        verbose_name_plural = _("texts of a programme")
        ordering = ["key"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "key"], name="programme_text_once"),
            models.CheckConstraint(condition=Q(key__in=TextKey.values), name="programme_text_key_known"),
        ]

    def __str__(self) -> str:
        return str(TextKey(self.key).label) if self.key in TextKey.values else self.key
