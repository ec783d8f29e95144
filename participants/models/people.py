"""People as the HR file knows them."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from common.models import TimeStamped, Versioned
from participants.choices import Block, Language, PersonState
from participants.querysets import PersonQuerySet
from participants.validators import validate_name, validate_time_zone


class Person(Versioned):
    """Somebody in the company: the HR row. Everything refers to a person, only log-in to a ``User``.

    A person kept only as a link of somebody's manager chain (``is_chain_only``, decision 28) has an HR key and
    those above them, and nothing else.
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
    office = models.CharField(_("office"), max_length=120, blank=True)
    country = models.CharField(_("country"), max_length=2, blank=True)
    time_zone = models.CharField(
        _("time zone"), max_length=64, default=settings.TIME_ZONE, validators=[validate_time_zone]
    )
    manager = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="reports", verbose_name=_("manager")
    )
    appraiser = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="appraised", verbose_name=_("appraiser")
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
    #: Set where no mail gets through; the notice before deletion is otherwise the outbox's to prove.
    deletion_told_on = models.DateField(_("told of the deletion on"), null=True, blank=True, editable=False)

    objects = PersonQuerySet.as_manager()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["last_name", "first_name", "id"]
        constraints = [
            models.UniqueConstraint(Lower("email"), name="person_email_once"),
            models.CheckConstraint(condition=Q(state__in=PersonState.values), name="person_state_known"),
            models.CheckConstraint(condition=~Q(manager=F("id")), name="person_not_own_manager"),
            models.CheckConstraint(condition=~Q(appraiser=F("id")), name="person_not_own_appraiser"),
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

    @property
    def where_line(self) -> str:
        """Department and city: inside a pair nobody bears a title (S4.33)."""
        return ", ".join(part for part in (self.department, self.city) if part)


class DottedLine(TimeStamped):
    """Somebody also reports to somebody: a project, a function, a second manager (S0.2)."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="dotted_lines", verbose_name=_("person"))
    manager = models.ForeignKey(
        Person, models.CASCADE, related_name="dotted_reports", verbose_name=_("dotted-line manager")
    )

    class Meta:
        verbose_name = _("dotted line")
        verbose_name_plural = _("dotted lines")
        constraints = [
            models.UniqueConstraint(fields=["person", "manager"], name="dotted_line_once"),
            models.CheckConstraint(condition=~Q(person=F("manager")), name="dotted_line_two_people"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} → {self.manager_id}"
