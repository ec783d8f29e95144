"""People as the HR file knows them, their log-ins, and the files they came from."""

from __future__ import annotations

from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from common.models import TimeStamped, Versioned
from participants.choices import Block, FileKind, FileState, Language, PersonState, RosterScope
from participants.querysets import ImportFileQuerySet, PersonQuerySet, TitleGradeQuerySet
from participants.validators import validate_name, validate_time_zone


class Person(Versioned):
    """Somebody in the company: the HR row. Everything refers to a person, only log-in to a ``User``.

    A person kept only as a link of somebody's manager chain (``is_chain_only``, decision 28) has an HR key and
    a manager, and nothing else.
    """

    hr_key = models.CharField(_("HR key"), max_length=64, unique=True)
    first_name = models.CharField(_("first name"), max_length=80, blank=True, validators=[validate_name])
    last_name = models.CharField(_("last name"), max_length=80, blank=True, validators=[validate_name])
    email = models.EmailField(_("e-mail address"), null=True, blank=True)
    job_title = models.CharField(_("job title"), max_length=120, blank=True)
    grade = models.PositiveSmallIntegerField(
        _("grade"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(99)]
    )
    department = models.CharField(_("department"), max_length=120, blank=True)
    team = models.CharField(_("team"), max_length=120, blank=True)
    discipline = models.CharField(_("discipline"), max_length=120, blank=True)
    city = models.CharField(_("city"), max_length=120, blank=True)
    country = models.CharField(_("country"), max_length=2, blank=True)
    time_zone = models.CharField(
        _("time zone"), max_length=64, default=settings.TIME_ZONE, validators=[validate_time_zone]
    )
    manager = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="reports", verbose_name=_("manager")
    )
    language = models.CharField(
        _("language of pages and mail"), max_length=2, choices=Language, default=Language.EN
    )
    languages = ArrayField(
        models.CharField(max_length=2),
        verbose_name=_("working languages (B2 or better)"),
        default=list,
        blank=True,
    )
    availability = ArrayField(
        models.CharField(max_length=10, choices=Block),
        verbose_name=_("weekly availability"),
        default=list,
        blank=True,
    )
    is_chain_only = models.BooleanField(_("kept as a link of a manager chain only"), default=False)
    state = models.CharField(_("state"), max_length=10, choices=PersonState, default=PersonState.ACTIVE)
    left_on = models.DateField(_("left on"), null=True, blank=True)

    objects = PersonQuerySet.as_manager()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["last_name", "first_name", "id"]
        constraints = [
            models.UniqueConstraint(Lower("email"), name="person_email_once"),
            models.CheckConstraint(condition=Q(state__in=PersonState.values), name="person_state_known"),
            models.CheckConstraint(condition=~Q(manager=F("id")), name="person_not_own_manager"),
            models.CheckConstraint(
                condition=Q(is_chain_only=False) | Q(first_name="", last_name="", email=None, job_title=""),
                name="person_chain_link_is_opaque",
            ),
        ]
        indexes = [models.Index(fields=["last_name", "first_name"], name="person_by_name")]

    def __str__(self) -> str:
        return self.full_name or str(_("somebody"))

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def initials(self) -> str:
        return "".join(name[:1] for name in (self.first_name, self.last_name)).upper()

    @property
    def place_line(self) -> str:
        """Job title, department and city, as far as they are known."""
        return ", ".join(part for part in (self.job_title, self.department, self.city) if part)


class UserManager(BaseUserManager["User"]):
    """Log-ins are made by a service when somebody is invited; superusers on the command line only (C-06)."""

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        user = self.model(
            email=self.normalize_email(email).lower(), is_superuser=True, is_staff=True, **fields
        )
        user.set_password(password)
        user.save(using=self._db)
        # Whoever may make a superuser on the command line need not prove the address by mail as well.
        EmailAddress.objects.get_or_create(
            user=user, email=user.email, defaults={"verified": True, "primary": True}
        )
        return user


class User(AbstractBaseUser, PermissionsMixin):
    """A log-in. Made on invitation; an operator may have one without being a person in the roster."""

    email = models.EmailField(_("e-mail address"), unique=True)
    person = models.OneToOneField(
        Person, models.CASCADE, null=True, blank=True, related_name="user", verbose_name=_("person")
    )
    is_active = models.BooleanField(_("active"), default=True)
    is_staff = models.BooleanField(_("operator"), default=False)
    date_joined = models.DateTimeField(_("created"), auto_now_add=True)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = []

    class Meta:
        verbose_name = _("log-in")
        verbose_name_plural = _("log-ins")
        constraints = [models.CheckConstraint(condition=Q(email=Lower("email")), name="user_email_lower")]

    def __str__(self) -> str:
        return str(self.person) if self.person_id else self.email

    def get_full_name(self) -> str:
        return str(self)

    def get_short_name(self) -> str:
        return self.person.first_name if self.person else self.email


class TitleGrade(TimeStamped):
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
        constraints = [
            models.UniqueConstraint(fields=["kind", "header_digest"], name="column_mapping_once"),
        ]

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
        "self",
        models.CASCADE,
        null=True,
        related_name="companion",
        verbose_name=_("given along with"),
    )
    uploaded_by = models.ForeignKey(
        Person, models.SET_NULL, null=True, related_name="uploads", verbose_name=_("uploaded by")
    )
    job_id = models.BigIntegerField(_("long work"), null=True)
    report = models.JSONField(_("report"), default=dict)
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
