"""Files that people came from, and what was learned from them."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from common.models import TimeStamped, Versioned
from participants.choices import FileKind, FileState, RosterScope
from participants.models.people import Person
from participants.querysets import ImportFileQuerySet, ImportLogQuerySet, TitleGradeQuerySet


class TitleGrade(Versioned):
    """A job title's grade, mapped once on a screen and remembered (decision 28)."""

    title = models.CharField(_("job title"), max_length=120)
    grade = models.PositiveSmallIntegerField(
        _("grade"), validators=[MinValueValidator(1), MaxValueValidator(99)]
    )

    objects = TitleGradeQuerySet.as_manager()

    class Meta:
        verbose_name = _("grade of a job title")
        verbose_name_plural = _("grades of job titles")
        ordering = ["title"]
        constraints = [models.UniqueConstraint(Lower("title"), name="title_grade_once")]

    def __str__(self) -> str:
        return f"{self.title}: {self.grade}"


class ColumnMapping(TimeStamped):
    """How the columns of a source map to our fields; found again by its header row."""

    kind = models.CharField(_("kind"), max_length=10, choices=FileKind)
    header_digest = models.CharField(_("header digest"), max_length=64)
    mapping = models.JSONField(_("mapping"), default=dict)

    class Meta:
        verbose_name = _("column mapping")
        verbose_name_plural = _("column mappings")
        constraints = [models.UniqueConstraint(fields=["kind", "header_digest"], name="column_mapping_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.header_digest[:8]}"


class ImportFile(TimeStamped):
    """An uploaded or pasted file on its way in. Kept 7 days so that nothing is typed or chosen twice (B-10)."""

    kind = models.CharField(_("kind"), max_length=10, choices=FileKind)
    state = models.CharField(_("state"), max_length=10, choices=FileState, default=FileState.UPLOADED)
    filename = models.CharField(_("file name"), max_length=200, blank=True)
    content = models.BinaryField(_("content"))
    scope = models.CharField(
        _("what to keep"), max_length=12, choices=RosterScope, default=RosterScope.PARTICIPANTS
    )
    mapping = models.JSONField(_("mapping"), default=dict)
    title_grades = models.JSONField(_("grades of job titles"), default=dict)
    cohort_id = models.BigIntegerField(_("cohort"), null=True)
    goes_with = models.OneToOneField(
        "self", models.CASCADE, null=True, related_name="companion", verbose_name=_("given along with")
    )
    uploaded_by = models.ForeignKey(
        Person, models.SET_NULL, null=True, related_name="uploads", verbose_name=_("uploaded by")
    )
    job_id = models.BigIntegerField(_("long work"), null=True)
    report = models.JSONField(_("report"), default=dict)
    outcomes = models.JSONField(_("what became of each row"), default=list)
    purge_at = models.DateTimeField(_("deleted after"))

    objects = ImportFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("imported file")
        verbose_name_plural = _("imported files")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=FileState.values), name="import_file_state_known"),
            models.CheckConstraint(condition=Q(kind__in=FileKind.values), name="import_file_kind_known"),
        ]

    def __str__(self) -> str:
        return self.filename or str(_("pasted rows"))


class ImportLog(TimeStamped):
    """Who imported which file and what it did; what became of each row goes with the file after a week."""

    filename = models.CharField(_("file name"), max_length=200, blank=True)
    by = models.ForeignKey(
        Person, models.SET_NULL, null=True, related_name="+", verbose_name=_("imported by")
    )
    imported_at = models.DateTimeField(_("imported"))
    counts = models.JSONField(_("counts"), default=dict)
    file = models.OneToOneField(
        ImportFile, models.SET_NULL, null=True, related_name="log", verbose_name=_("imported file")
    )

    objects = ImportLogQuerySet.as_manager()

    class Meta:
        verbose_name = _("entry of the import log")
        verbose_name_plural = _("import log")
        ordering = ["-imported_at", "-id"]

    def __str__(self) -> str:
        return self.filename or str(_("pasted rows"))
