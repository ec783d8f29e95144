"""The agreed pair."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from common.models import TimeStamped, Versioned
from pairings.choices import RUNNING, STANDING, PairingState
from pairings.querysets import HoldQuerySet, PairingQuerySet, PauseQuerySet
from participants.choices import ApartBy
from participants.models import Person
from programmes.choices import Cadence, Role
from programmes.models import Cohort, Enrolment

#: Lengths of a meeting, in minutes.
SHORTEST_MEETING = 15
LONGEST_MEETING = 120


class Pairing(Versioned):
    """A mentor and a mentee who have both said yes. How they were matched is not known here."""

    cohort = models.ForeignKey(Cohort, models.PROTECT, related_name="pairings", verbose_name=_("cohort"))
    mentor = models.ForeignKey(
        Enrolment, models.PROTECT, related_name="pairings_as_mentor", verbose_name=_("mentor")
    )
    mentee = models.ForeignKey(
        Enrolment, models.PROTECT, related_name="pairings_as_mentee", verbose_name=_("mentee")
    )
    state = models.CharField(_("state"), max_length=10, choices=PairingState, default=PairingState.CONFIRMED)
    is_taster = models.BooleanField(_("one meeting first, then decide"), default=False)
    #: Their own, once both have agreed on it; empty is the cohort's (S3.8).
    own_cadence = models.CharField(_("own rhythm"), max_length=12, choices=Cadence, blank=True, default="")
    own_minutes = models.PositiveSmallIntegerField(
        _("own length of a meeting in minutes"),
        null=True,
        blank=True,
        validators=[MinValueValidator(SHORTEST_MEETING), MaxValueValidator(LONGEST_MEETING)],
    )
    confirmed_at = models.DateTimeField(_("confirmed"))
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    #: Set from the end until it is announced to both (decision 33); nobody's page differs before that.
    notice_due_at = models.DateTimeField(_("notice of the end due"), null=True, blank=True)
    #: Who is free already; forgotten when the end is announced, and shown to nobody (A-27).
    ended_by = models.ForeignKey(
        Person, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("free already")
    )

    objects = PairingQuerySet.as_manager()

    class Meta:
        verbose_name = _("pair")
        verbose_name_plural = _("pairs")
        ordering = ["-confirmed_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["mentor", "mentee"],
                condition=Q(state__in=[state.value for state in STANDING]),
                name="pairing_once_at_a_time",
            ),
            models.CheckConstraint(condition=Q(state__in=PairingState.values), name="pairing_state_known"),
            models.CheckConstraint(condition=~Q(mentor=F("mentee")), name="pairing_two_people"),
            models.CheckConstraint(
                condition=Q(state__in=["ended", "completed"], ended_at__isnull=False)
                | Q(~Q(state__in=["ended", "completed"]), ended_at=None),
                name="pairing_end_has_a_time",
            ),
            models.CheckConstraint(
                condition=Q(ended_by=None) | Q(notice_due_at__isnull=False),
                name="pairing_forgets_who_ended_it",
            ),
            models.CheckConstraint(
                condition=Q(own_cadence__in=["", *Cadence.values]), name="pairing_cadence_known"
            ),
            models.CheckConstraint(
                condition=Q(own_minutes=None) | Q(own_minutes__range=(SHORTEST_MEETING, LONGEST_MEETING)),
                name="pairing_length_sane",
            ),
        ]
        indexes = [
            models.Index(fields=["cohort", "state"], name="pairing_by_cohort"),
            models.Index(
                fields=["notice_due_at"], name="pairing_notice_due", condition=Q(notice_due_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.mentor} · {self.mentee}"

    @property
    def cadence(self) -> str:
        """How often the two meet: as they agreed, while their cohort allows it, else as the cohort does."""
        own = self.own_cadence
        return own if own and self.cohort.allows(own) else self.cohort.cadence

    @property
    def cadence_name(self) -> str:
        return str(Cadence(self.cadence).label)

    @property
    def meeting_minutes(self) -> int:
        """How long a meeting of theirs is planned to last."""
        return self.own_minutes or self.cohort.meeting_minutes

    def role_of(self, person: Person) -> Role | None:
        """The role of ``person`` here, or None when they are neither of the two."""
        if person.pk == self.mentor.person_id:
            return Role.MENTOR
        return Role.MENTEE if person.pk == self.mentee.person_id else None

    def partner_of(self, person: Person) -> Person:
        """The other of the two."""
        return self.mentee.person if person.pk == self.mentor.person_id else self.mentor.person


class Pause(TimeStamped):
    """A stretch in which a pair's clock stands still: no reminders, and its days do not count (S3.19)."""

    pairing = models.ForeignKey(Pairing, models.CASCADE, related_name="pauses", verbose_name=_("pair"))
    started_at = models.DateTimeField(_("since"))
    resume_on = models.DateField(_("until"), null=True, blank=True)
    ended_at = models.DateTimeField(_("over since"), null=True, blank=True)
    resumes_as = models.CharField(_("goes on as"), max_length=10, choices=PairingState)

    objects = PauseQuerySet.as_manager()

    class Meta:
        verbose_name = _("pause")
        verbose_name_plural = _("pauses")
        ordering = ["-started_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["pairing"], condition=Q(ended_at=None), name="pause_one_open_per_pair"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("started_at")), name="pause_not_backwards"
            ),
            models.CheckConstraint(
                condition=Q(resumes_as__in=[state.value for state in RUNNING]), name="pause_goes_on_running"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.started_at:%Y-%m-%d}"


class Hold(TimeStamped):
    """A standing pair whose two people came into one line, or behind a barrier: a task for the coordinators (A-29)."""

    pairing = models.ForeignKey(Pairing, models.CASCADE, related_name="holds", verbose_name=_("pair"))
    cause = models.CharField(_("why"), max_length=10, choices=ApartBy)
    found_at = models.DateTimeField(_("since"))
    settled_at = models.DateTimeField(_("settled"), null=True, blank=True)

    objects = HoldQuerySet.as_manager()

    class Meta:
        verbose_name = _("pair to look at")
        verbose_name_plural = _("pairs to look at")
        ordering = ["found_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["pairing"], condition=Q(settled_at=None), name="hold_one_open_per_pair"
            ),
            models.CheckConstraint(condition=Q(cause__in=ApartBy.values), name="hold_cause_known"),
        ]

    def __str__(self) -> str:
        return str(self.pairing)
