"""A pair's periods and dates, what they block in two people's time, and the reminders that went."""

from __future__ import annotations

import uuid
from datetime import timedelta

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, DateTimeRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from common.models import TimeStamped
from meetings.choices import MeetingFormat, MeetingState, ReminderState
from meetings.engine.cadence import Period
from meetings.engine.reminders import BESIDE
from meetings.engine.slots import Span
from meetings.querysets import CycleQuerySet, MeetingQuerySet, ReminderQuerySet
from pairings.models import Pairing
from participants.models import Person
from participants.validators import validate_time_zone

#: Both days included.
_CYCLE_DAYS = Func(
    "starts_on",
    "ends_on",
    RangeBoundary(inclusive_upper=True),
    function="DATERANGE",
    output_field=DateRangeField(),
)


class Cycle(models.Model):
    """One period of a pair, in which one meeting is expected. Whether there was one, its meetings say."""

    pairing = models.ForeignKey(Pairing, models.CASCADE, related_name="cycles", verbose_name=_("pair"))
    ordinal = models.PositiveSmallIntegerField(_("number"))
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))

    objects = CycleQuerySet.as_manager()

    class Meta:
        verbose_name = _("period")
        verbose_name_plural = _("periods")
        ordering = ["pairing", "ordinal"]
        constraints = [
            models.UniqueConstraint(fields=["pairing", "ordinal"], name="cycle_once"),
            models.CheckConstraint(condition=Q(ordinal__gte=1), name="cycle_counts_from_one"),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="cycle_not_backwards"),
            ExclusionConstraint(
                name="cycle_no_overlap",
                expressions=[
                    ("pairing", RangeOperators.EQUAL),
                    (_CYCLE_DAYS, RangeOperators.OVERLAPS),
                ],
            ),
        ]
        indexes = [models.Index(fields=["starts_on", "ends_on"], name="cycle_by_day")]

    def __str__(self) -> str:
        return str(self.ordinal)

    @property
    def period(self) -> Period:
        return Period(self.starts_on, self.ends_on)


class Meeting(TimeStamped):
    """One dated encounter of a pair. Nothing here says what it is about, or who moved it (decision 26)."""

    pairing = models.ForeignKey(Pairing, models.CASCADE, related_name="meetings", verbose_name=_("pair"))
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    ical_uid = models.CharField(_("calendar id"), max_length=200, unique=True, editable=False)
    organizer = models.EmailField(_("calendar organiser"), editable=False)
    sequence = models.PositiveIntegerField(_("revision"), default=0, editable=False)
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("to"))
    time_zone = models.CharField(_("time zone"), max_length=64, validators=[validate_time_zone])
    format = models.CharField(
        _("how they meet"), max_length=10, choices=MeetingFormat, default=MeetingFormat.IN_PERSON
    )
    place = models.CharField(_("place"), max_length=200, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=MeetingState, default=MeetingState.PLANNED)
    times_moved = models.PositiveSmallIntegerField(_("times moved"), default=0, editable=False)
    entered_by = models.ForeignKey(
        Person, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("entered by")
    )
    revised_at = models.DateTimeField(_("last revised"))

    objects = MeetingQuerySet.as_manager()

    class Meta:
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        ordering = ["-starts_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=MeetingState.values), name="meeting_state_known"),
            models.CheckConstraint(condition=Q(format__in=MeetingFormat.values), name="meeting_format_known"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="meeting_ends_after_start"),
            models.UniqueConstraint(
                fields=["pairing", "starts_at"],
                condition=~Q(state=MeetingState.CANCELLED),
                name="meeting_once_at_a_time",
            ),
        ]
        indexes = [
            models.Index(fields=["pairing", "starts_at"], name="meeting_by_pair"),
            models.Index(fields=["state", "ends_at"], name="meeting_by_state"),
        ]

    def __str__(self) -> str:
        return date_format(timezone.localtime(self.starts_at), "DATETIME_FORMAT")

    @property
    def span(self) -> Span:
        return Span(self.starts_at, self.ends_at)

    @property
    def length(self) -> timedelta:
        return self.ends_at - self.starts_at


class Booking(models.Model):
    """The time that a meeting takes from one person: no other meeting of theirs may lie in it, in any cohort (D-04)."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="bookings", verbose_name=_("person"))
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="bookings", verbose_name=_("meeting"))
    span = DateTimeRangeField(_("time"))

    class Meta:
        verbose_name = _("booked time")
        verbose_name_plural = _("booked times")
        constraints = [
            models.UniqueConstraint(fields=["person", "meeting"], name="booking_once"),
            ExclusionConstraint(
                name="booking_no_overlap",
                expressions=[("person", RangeOperators.EQUAL), ("span", RangeOperators.OVERLAPS)],
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Reminder(models.Model):
    """A reminder that was due: sent, or left out because a stronger one went to the same person that day.

    The row is what makes every run of the clock end in the same set, however often or late it runs.
    """

    key = models.CharField(_("key"), max_length=200, unique=True)
    kind = models.CharField(_("kind"), max_length=40)
    pairing = models.ForeignKey(Pairing, models.CASCADE, related_name="reminders", verbose_name=_("pair"))
    person = models.ForeignKey(Person, models.CASCADE, related_name="reminders", verbose_name=_("person"))
    due_on = models.DateField(_("due on"))
    state = models.CharField(_("state"), max_length=10, choices=ReminderState)
    created_at = models.DateTimeField(_("decided"))

    objects = ReminderQuerySet.as_manager()

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        ordering = ["-due_on", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ReminderState.values), name="reminder_state_known"),
            models.UniqueConstraint(
                fields=["person", "due_on"],
                condition=Q(state=ReminderState.QUEUED) & ~Q(kind__in=BESIDE),
                name="reminder_one_a_day",
            ),
        ]

    def __str__(self) -> str:
        return self.key
