"""The standing scheme."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from common.models import Versioned
from participants.choices import Language
from participants.validators import validate_name
from programmes.choices import (
    Cadence,
    Confidentiality,
    Dimension,
    Format,
    Hierarchy,
    Perspective,
    Role,
    Scope,
)
from programmes.querysets import ProgrammeQuerySet
from programmes.validators import (
    all_outcomes,
    all_perspectives,
    first_format,
    validate_grades,
    validate_scope,
)


def _grade(label: Any) -> models.PositiveSmallIntegerField[Any, Any]:
    bounds = [MinValueValidator(1), MaxValueValidator(99)]
    return models.PositiveSmallIntegerField(label, null=True, blank=True, validators=bounds)


def _departments(label: Any) -> ArrayField[Any, Any]:
    return ArrayField(models.CharField(max_length=120), verbose_name=label, default=list, blank=True)


def _tenure(label: Any) -> models.PositiveSmallIntegerField[Any, Any]:
    """None by default: whoever left university last month may teach (S3.1)."""
    hint = _("0 means that everybody may, also since yesterday.")
    bounds = [MaxValueValidator(120)]
    return models.PositiveSmallIntegerField(label, default=0, validators=bounds, help_text=hint)


def _in_language(label: Any, longest: int) -> models.CharField[Any, Any]:
    """A sentence for readers of one language; left empty, they read the one that is for everybody."""
    return models.CharField(label, max_length=longest, blank=True)


class Programme(Versioned):
    """The standing scheme: why the company runs reverse mentoring, and who answers for it."""

    name = models.CharField(_("name"), max_length=80, validators=[validate_name])
    purpose = models.CharField(
        _("purpose in one sentence"),
        max_length=160,
        blank=True,
        help_text=_("Every pair reads it on its page."),
    )
    purpose_en = _in_language(_("purpose in English"), 160)
    purpose_nl = _in_language(_("purpose in Dutch"), 160)
    purpose_de = _in_language(_("purpose in German"), 160)
    language = models.CharField(_("first language"), max_length=2, choices=Language, default=Language.EN)
    sender_name = models.CharField(
        _("name mail comes from"), max_length=75, blank=True, validators=[validate_name]
    )
    # The charter (S0.29, S2b.1): first what it is for, then for whom, then how.
    ambition = models.TextField(
        _("problem or ambition"),
        max_length=2000,
        blank=True,
        help_text=_(
            "What goes wrong today, or what should be possible tomorrow? Reverse mentoring is a means."
        ),
    )
    outcomes = ArrayField(
        models.CharField(max_length=12, choices=Dimension),
        verbose_name=_("what it is to bring"),
        default=all_outcomes,
        blank=True,
    )
    scope = models.CharField(_("for whom"), max_length=12, choices=Scope, default=Scope.ORGANISATION)
    scope_name = models.CharField(
        _("name of the department or team"), max_length=120, blank=True, help_text=_("As the roster has it.")
    )
    perspectives = ArrayField(
        models.CharField(max_length=10, choices=Perspective),
        verbose_name=_("perspectives on offer"),
        default=all_perspectives,
        blank=True,
    )
    mentor_lowest_grade = _grade(_("mentors: lowest grade"))
    mentor_highest_grade = _grade(_("mentors: highest grade"))
    mentor_departments = _departments(_("mentors: departments"))
    mentor_min_months = _tenure(_("mentors: months in the company"))
    mentee_lowest_grade = _grade(_("mentees: lowest grade"))
    mentee_highest_grade = _grade(_("mentees: highest grade"))
    mentee_departments = _departments(_("mentees: departments"))
    mentee_min_months = _tenure(_("mentees: months in the company"))
    formats = ArrayField(
        models.CharField(max_length=12, choices=Format),
        verbose_name=_("ways of meeting"),
        default=first_format,
    )
    hierarchy = models.CharField(_("hierarchy"), max_length=6, choices=Hierarchy, default=Hierarchy.FLAT)
    months = models.PositiveSmallIntegerField(
        _("length in months"), default=9, validators=[MinValueValidator(3), MaxValueValidator(18)]
    )
    cadence = models.CharField(_("rhythm"), max_length=12, choices=Cadence, default=Cadence.MONTHLY)
    meeting_minutes = models.PositiveSmallIntegerField(
        _("length of a meeting in minutes"),
        default=60,
        validators=[MinValueValidator(15), MaxValueValidator(120)],
    )
    has_circles = models.BooleanField(
        _("mentor circles"), default=True, help_text=_("Mentors exchange experience each quarter.")
    )
    confidentiality = models.CharField(
        _("confidentiality"), max_length=14, choices=Confidentiality, default=Confidentiality.BETWEEN_TWO
    )
    signed_by = models.CharField(
        _("name under the sponsor letter"), max_length=120, blank=True, validators=[validate_name]
    )
    budget = models.CharField(_("budget"), max_length=120, blank=True)

    objects = ProgrammeQuerySet.as_manager()

    class Meta:
        verbose_name = _("programme")
        verbose_name_plural = _("programmes")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["name"], name="programme_name_once"),
            models.CheckConstraint(condition=Q(scope__in=Scope.values), name="programme_scope_known"),
            models.CheckConstraint(
                condition=Q(scope=Scope.ORGANISATION) | ~Q(scope_name=""), name="programme_scope_named"
            ),
            models.CheckConstraint(condition=Q(months__range=(3, 18)), name="programme_months_3_to_18"),
            models.CheckConstraint(condition=Q(cadence__in=Cadence.values), name="programme_cadence_known"),
            models.CheckConstraint(
                condition=Q(hierarchy__in=Hierarchy.values), name="programme_hierarchy_known"
            ),
            models.CheckConstraint(
                condition=Q(confidentiality__in=Confidentiality.values), name="programme_promise_known"
            ),
        ]

    def purpose_in(self, language: str = "") -> str:
        """The purpose as readers of this language have it.

        Args:
            language: that of the page, if none.
        """
        code = language or get_language() or ""
        return str(getattr(self, f"purpose_{code[:2]}", "") or self.purpose)

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """What no single field can see."""
        validate_scope(self.scope, self.scope_name)
        for role in Role.values:
            lowest, highest = (getattr(self, f"{role}_{end}_grade") for end in ("lowest", "highest"))
            validate_grades(lowest, highest, field=f"{role}_highest_grade")

    @property
    def outcome_names(self) -> list[str]:
        """What it is to bring, in words."""
        return [str(Dimension(code).label) for code in Dimension.values if code in self.outcomes]

    @property
    def perspective_names(self) -> list[str]:
        """The perspectives on offer, in words."""
        return [str(Perspective(code).label) for code in Perspective.values if code in self.perspectives]

    @property
    def format_names(self) -> list[str]:
        """The ways of meeting, in words."""
        return [str(Format(code).label) for code in Format.values if code in self.formats]

    @property
    def scope_line(self) -> str:
        """For whom it is, with the name of the department or team."""
        label = str(Scope(self.scope).label)
        return f"{label}: {self.scope_name}" if self.scope != Scope.ORGANISATION else label
