"""The communication plan of a cohort: suggested, planned by a coordinator, sent once by the clock (S0.45)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from common.errors import DomainError, IllegalTransition
from outbox.models import Message
from outbox.services import cancel_about
from participants.models import Person
from programmes import emails
from programmes.choices import ANNOUNCEMENT_TRANSITIONS, AnnouncementState
from programmes.engine.plain_text import unknown_names
from programmes.engine.plan_days import STALE_AFTER, day_of, may_be_due
from programmes.models import Announcement, Cohort
from programmes.selectors import ANNOUNCEMENT_NAMES, BY_CODE, PLAN, audience_of, is_before
from programmes.services.locking import check_step, checked_and_saved, held


@transaction.atomic
def suggest_plan(*, cohort: Cohort, by: Person | None) -> int:
    """Lay out the shipped plan for a cohort; nothing is sent before somebody plans it. Returns how many are new."""
    cohort = held(cohort)
    known = set(Announcement.objects.filter(cohort=cohort).values_list("code", flat=True))
    fresh = [
        Announcement(
            cohort=cohort, code=line.code, stage=line.stage, anchor=line.anchor, offset_days=line.offset,
            audience=line.audience, sends_on=_day(cohort, line.anchor, line.offset),
        )
        for line in PLAN
        if line.code not in known
    ]  # fmt: skip
    Announcement.objects.bulk_create(fresh)
    return len(fresh)


@transaction.atomic
def add_announcement(*, cohort: Cohort, values: Mapping[str, Any], by: Person | None) -> Announcement:
    """An announcement of one's own.

    Raises:
        DomainError: a value is not acceptable; ``params["fields"]`` says which.
    """
    row = Announcement(cohort=cohort, **values)
    return _save(row)


@transaction.atomic
def change_announcement(
    *, announcement: Announcement, values: Mapping[str, Any], by: Person | None
) -> Announcement:
    """Change words, day or audience of one that has not been sent.

    Raises:
        DomainError: it has been sent, or a value is not acceptable.
    """
    row = held(announcement)
    if row.state == AnnouncementState.SENT:
        raise DomainError(_("This announcement has been sent; it cannot be changed any more."), code="sent")
    for name, value in values.items():
        setattr(row, name, value)
    row.version += 1
    return _save(row)


@transaction.atomic
def plan_announcement(*, announcement: Announcement, by: Person | None, now: datetime) -> Announcement:
    """Have it sent on its day.

    Raises:
        DomainError: its day has passed, or it says nothing.
        IllegalTransition: it has been sent.
    """
    row = held(announcement)
    check_step(ANNOUNCEMENT_TRANSITIONS, row.state, AnnouncementState.PLANNED)
    if row.sends_on < _today(row.cohort, now):
        raise DomainError(_("Its day has passed. Give it another day first."), code="past")
    if not (row.code in BY_CODE or getattr(row, f"body_{row.cohort.programme.language}").strip()):
        raise DomainError(_("The programme’s first language needs a text."), code="empty")
    return _move(row, AnnouncementState.PLANNED)


@transaction.atomic
def call_off_announcement(*, announcement: Announcement, by: Person | None, now: datetime) -> Announcement:
    """Do not send it after all. What waits in the outbox for its hour is withdrawn.

    Raises:
        IllegalTransition: it has been sent.
    """
    row = held(announcement)
    if row.state == AnnouncementState.SENT and _withdraw(row, now) == 0:
        raise IllegalTransition(_("This announcement has been sent; it cannot be changed any more."))
    check_step(ANNOUNCEMENT_TRANSITIONS, row.state, AnnouncementState.SUGGESTED)
    return _move(row, AnnouncementState.SUGGESTED)


def redate_announcements(*, cohort: Cohort, now: datetime) -> int:
    """The cohort's days have moved: so do those of its announcements. Call it in the transaction of the change.

    One whose mails wait for their hour is taken back and planned anew; whoever has got it gets it no second time.

    Returns:
        How many have another day now.
    """
    moved = 0
    for row in Announcement.objects.select_for_update().filter(cohort=cohort):
        day = _day(cohort, row.anchor, row.offset_days)
        if day == row.sends_on:
            continue
        if row.state == AnnouncementState.SENT:
            if day <= _today(cohort, now) or _withdraw(row, now) == 0:
                continue
            row.state = AnnouncementState.PLANNED
        row.sends_on = day
        row.version += 1
        row.save(update_fields=["sends_on", "state", "version", "updated_at"])
        moved += 1
    return moved


def send_due_announcements(*, now: datetime) -> int:
    """Queue whatever is due: for each person at nine o'clock of its day where they are.

    One whose cohort has not come to its stage waits for it; one whose stage or day is long past is left out.

    Returns:
        How many announcements were settled.
    """
    rows = Announcement.objects.filter(state=AnnouncementState.PLANNED).order_by("sends_on", "pk")
    keys = [row.pk for row in rows.only("pk", "sends_on") if may_be_due(row.sends_on, now)]
    return sum(1 for key in keys if _settle(key, now))


@transaction.atomic
def _settle(key: int, now: datetime) -> bool:
    row = (
        Announcement.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("cohort__programme")
        .filter(pk=key, state=AnnouncementState.PLANNED)
        .first()
    )
    if row is None or not may_be_due(row.sends_on, now):
        return False
    is_stale = _today(row.cohort, now) > row.sends_on + STALE_AFTER
    if is_before(row.cohort, row.stage) and not is_stale:
        return False
    if row.cohort.stage != row.stage or is_stale:
        _move(row, AnnouncementState.SKIPPED)
        return True
    got = Message.objects.about("announcement", row.pk).exclude(state="cancelled").values("recipient_id")
    people = audience_of(row).exclude(person__in=got).select_related("person").order_by("pk")
    row.sent_to = (row.sent_to or 0) + emails.announcement(row=row, enrolments=people, now=now)
    _move(row, AnnouncementState.SENT)
    return True


def _withdraw(row: Announcement, now: datetime) -> int:
    count = cancel_about(about=("announcement", row.pk), now=now)
    row.sent_to = max(0, (row.sent_to or 0) - count)
    row.save(update_fields=["sent_to"])
    return count


def _move(row: Announcement, state: str) -> Announcement:
    row.state = state
    row.version += 1
    row.save(update_fields=["state", "sent_to", "version", "updated_at"])
    return row


def _save(row: Announcement) -> Announcement:
    row.sends_on = _day(row.cohort, row.anchor, row.offset_days)
    for name in [field.name for field in row._meta.fields if field.name.startswith(("subject", "body"))]:
        unknown = unknown_names(getattr(row, name), ANNOUNCEMENT_NAMES)
        if unknown:
            message = _("“{%(name)s}” stands for nothing here.")
            raise DomainError(message % {"name": unknown[0]}, code="unknown_name", fields=[name])
    return checked_and_saved(row)


def _day(cohort: Cohort, anchor: str, offset: int) -> date:
    return day_of(anchor, offset, starts_on=cohort.starts_on, ends_on=cohort.ends_on)


def _today(cohort: Cohort, now: datetime) -> date:
    return now.astimezone(ZoneInfo(cohort.time_zone)).date()
