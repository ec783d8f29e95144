"""The standing programme, its dated cohorts, and who takes part in which role."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from common.models import TimeStamped, Versioned
from participants.choices import Language
from participants.models import Person
from participants.validators import validate_name, validate_time_zone
from programmes.choices import (
    Cadence,
    ContactState,
    ContactTarget,
    EnrolmentState,
    Perspective,
    Role,
    Stage,
    Style,
)
from programmes.querysets import (
    CohortQuerySet,
    ContactRequestQuerySet,
    CoordinatorQuerySet,
    EnrolmentQuerySet,
    NamedContactQuerySet,
    ProgrammeQuerySet,
    TopicQuerySet,
)
from programmes.validators import default_weights, validate_weights


class Programme(Versioned):
    """The standing scheme: why the company runs reverse mentoring, and who answers for it."""

    name = models.CharField(_("name"), max_length=80, validators=[validate_name])
    purpose = models.CharField(
        _("purpose in one sentence"),
        max_length=160,
        blank=True,
        help_text=_("Every pair reads it on its page."),
    )
    language = models.CharField(_("first language"), max_length=2, choices=Language, default=Language.EN)
    sender_name = models.CharField(
        _("name mail comes from"), max_length=75, blank=True, validators=[validate_name]
    )

    objects = ProgrammeQuerySet.as_manager()

    class Meta:
        verbose_name = _("programme")
        verbose_name_plural = _("programmes")
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["name"], name="programme_name_once")]

    def __str__(self) -> str:
        return self.name


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


class Cohort(Versioned):
    """One dated run of a programme, with the settings that hold for it."""

    programme = models.ForeignKey(
        Programme, models.PROTECT, related_name="cohorts", verbose_name=_("programme")
    )
    name = models.CharField(_("name"), max_length=80)
    stage = models.CharField(_("stage"), max_length=10, choices=Stage, default=Stage.DRAFT)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    time_zone = models.CharField(
        _("time zone"), max_length=64, default=settings.TIME_ZONE, validators=[validate_time_zone]
    )
    cadence = models.CharField(_("rhythm"), max_length=12, choices=Cadence, default=Cadence.MONTHLY)
    meeting_minutes = models.PositiveSmallIntegerField(
        _("length of a meeting in minutes"),
        default=60,
        validators=[MinValueValidator(15), MaxValueValidator(120)],
    )
    min_grade_distance = models.PositiveSmallIntegerField(
        _("least distance in grades"), default=2, validators=[MinValueValidator(1), MaxValueValidator(20)]
    )
    weights = models.JSONField(_("matching weights"), default=default_weights, validators=[validate_weights])
    answer_days = models.PositiveSmallIntegerField(
        _("days to answer a proposal"), default=7, validators=[MinValueValidator(1), MaxValueValidator(60)]
    )
    min_group_size = models.PositiveSmallIntegerField(
        _("least group size for a score"),
        default=5,
        help_text=_("Five or more. A group smaller than this shows nothing at all."),
    )
    min_comment_group = models.PositiveSmallIntegerField(
        _("least group size for comments"), default=10, help_text=_("Ten is the default; eight the floor.")
    )

    objects = CohortQuerySet.as_manager()

    class Meta:
        verbose_name = _("cohort")
        verbose_name_plural = _("cohorts")
        ordering = ["-starts_on", "name"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "name"], name="cohort_name_once"),
            models.CheckConstraint(condition=Q(stage__in=Stage.values), name="cohort_stage_known"),
            models.CheckConstraint(condition=Q(ends_on__gt=F("starts_on")), name="cohort_ends_after_start"),
            models.CheckConstraint(condition=Q(min_group_size__gte=5), name="cohort_group_floor"),
            models.CheckConstraint(condition=Q(min_comment_group__gte=8), name="cohort_comment_floor"),
            models.CheckConstraint(condition=Q(min_grade_distance__gte=1), name="cohort_distance_floor"),
        ]

    def __str__(self) -> str:
        return f"{self.programme} · {self.name}"


class Topic(TimeStamped):
    """Something to teach or learn. Shipped in three languages; a programme may add its own."""

    code = models.SlugField(_("code"), max_length=40)
    programme = models.ForeignKey(
        Programme, models.CASCADE, null=True, blank=True, related_name="topics", verbose_name=_("programme")
    )
    name_en = models.CharField(_("name in English"), max_length=120)
    name_nl = models.CharField(_("name in Dutch"), max_length=120)
    name_de = models.CharField(_("name in German"), max_length=120)
    is_retired = models.BooleanField(_("retired"), default=False)

    objects = TopicQuerySet.as_manager()

    class Meta:
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "code"], nulls_distinct=False, name="topic_once")
        ]

    def __str__(self) -> str:
        return str(getattr(self, f"name_{(get_language() or 'en')[:2]}", self.name_en) or self.name_en)


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

    class Meta:
        verbose_name = _("topic wanted")
        verbose_name_plural = _("topics wanted")
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "topic"], name="topic_wish_once"),
            models.CheckConstraint(condition=Q(priority__range=(1, 3)), name="topic_wish_priority_1_to_3"),
        ]

    def __str__(self) -> str:
        return f"{self.topic} ({self.priority})"


class ContactRequest(models.Model):
    """A wish to be contacted: seen by whom it is addressed to, withdrawn by its author (decisions 6, 24).

    It carries no text and no reason, and refers to no round, pair or answer.
    """

    programme = models.ForeignKey(
        Programme, models.CASCADE, related_name="contact_requests", verbose_name=_("programme")
    )
    person = models.ForeignKey(
        Person, models.CASCADE, related_name="contact_requests", verbose_name=_("person")
    )
    target = models.CharField(_("asks for"), max_length=12, choices=ContactTarget)
    state = models.CharField(_("state"), max_length=10, choices=ContactState, default=ContactState.OPEN)
    asked_on = models.DateField(_("asked on"))
    closed_on = models.DateField(_("closed on"), null=True, blank=True)

    objects = ContactRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("contact request")
        verbose_name_plural = _("contact requests")
        ordering = ["asked_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "person", "target"],
                condition=Q(state=ContactState.OPEN),
                name="contact_request_one_open",
            ),
            models.CheckConstraint(
                condition=Q(state__in=ContactState.values), name="contact_request_state_known"
            ),
            models.CheckConstraint(
                condition=Q(target__in=ContactTarget.values), name="contact_request_target_known"
            ),
        ]

    def __str__(self) -> str:
        return str(self.person)
