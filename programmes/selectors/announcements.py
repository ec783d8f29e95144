"""Announcements as they will be read, and by whom."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.db.models import QuerySet
from django.utils import translation
from django.utils.formats import date_format

from outbox.selectors import Planned
from programmes.choices import (
    TAKING_PART,
    AnnouncementState,
    EnrolmentState,
    Role,
    Stage,
    ToWhom,
)
from programmes.models import Announcement, Cohort, Enrolment
from programmes.selectors.shipped_plan import BY_CODE
from programmes.selectors.texts import ShownText, names_for

_STATES = {
    ToWhom.CANDIDATES: (EnrolmentState.APPLIED, EnrolmentState.WAITLISTED),
}
_TAKE_PART = (*TAKING_PART, EnrolmentState.COMPLETED)


@dataclass(frozen=True)
class PlanLine:
    """One announcement in the plan of a cohort.

    Args:
        waits: its day has come and the cohort is not in its stage yet.
        is_past: its day has passed without its being planned; it needs another first.
    """

    announcement: Announcement
    text: ShownText
    people: int
    waits: bool
    is_past: bool


def announcement_text(announcement: Announcement, language: str) -> ShownText:
    """What it says in this language: its own words, else those of the first language, else the shipped ones."""
    first = announcement.cohort.programme.language
    for code in dict.fromkeys((language, first)):
        body = getattr(announcement, f"body_{code}")
        if body:
            return ShownText(getattr(announcement, f"subject_{code}"), body, code, True)
    line = BY_CODE.get(announcement.code)
    if line is None:
        return ShownText("", "", language)
    with translation.override(language):
        return ShownText(str(line.subject), str(line.body), language)


def announcement_names(cohort: Cohort, *, role: str, name: str, language: str) -> dict[str, object]:
    """What the names in curly brackets stand for, days in the reader's language."""
    with translation.override(language):
        return {
            **names_for(cohort, role=role, name=name, language=language),
            "cohort": str(cohort),
            "starts": date_format(cohort.starts_on, "DATE_FORMAT"),
            "ends": date_format(cohort.ends_on, "DATE_FORMAT"),
        }


def audience_of(announcement: Announcement) -> QuerySet[Enrolment]:
    """Who gets it: one row a person, for a person is in a cohort once. Nobody who rests (B-09)."""
    states = _STATES.get(ToWhom(announcement.audience), _TAKE_PART)
    rows: QuerySet[Enrolment] = (
        Enrolment.objects.reachable()
        .filter(cohort_id=announcement.cohort_id, state__in=states, person__state="active")
        .exclude(person__email=None)
    )
    role = {ToWhom.MENTORS: Role.MENTOR, ToWhom.MENTEES: Role.MENTEE}.get(ToWhom(announcement.audience))
    return rows.filter(role=role) if role else rows


def is_before(cohort: Cohort, stage: str) -> bool:
    """Whether the cohort has not come to this stage yet."""
    order = list(Stage.values)
    return order.index(cohort.stage) < order.index(stage)


def communication_plan(cohort: Cohort, language: str, *, today: date) -> Sequence[PlanLine]:
    """The plan of a cohort in order of days, with how many it would reach today."""
    rows = list(Announcement.objects.filter(cohort=cohort))
    for row in rows:
        row.cohort = cohort
    counts = {audience: _count(cohort, audience) for audience in {row.audience for row in rows}}
    lines = []
    for row in rows:
        names = announcement_names(cohort, role=Role.MENTEE, name="…", language=language)
        waits = (
            row.state == AnnouncementState.PLANNED and row.sends_on <= today and is_before(cohort, row.stage)
        )
        text = announcement_text(row, language).filled(names)
        is_past = row.sends_on < today and row.state in (
            AnnouncementState.SUGGESTED,
            AnnouncementState.SKIPPED,
        )
        lines.append(PlanLine(row, text, row.sent_to or counts[row.audience], waits, is_past))
    return lines


def _count(cohort: Cohort, audience: str) -> int:
    return audience_of(Announcement(cohort=cohort, audience=audience)).count()


def previews(announcement: Announcement) -> list[tuple[str, ShownText]]:
    """The mail in each language, as a mentor or mentee named “…” would read it."""
    role = Role.MENTOR if announcement.audience == ToWhom.MENTORS else Role.MENTEE
    found = []
    for code, label in settings.LANGUAGES:
        names = announcement_names(announcement.cohort, role=role, name="…", language=code)
        found.append((str(label), announcement_text(announcement, code).filled(names)))
    return found


def announcements_planned(
    *, programme_ids: Collection[int] | None, now: datetime, until: datetime
) -> Iterable[Planned]:
    """Fills ``outbox.planned``: announcements by their day, each with the number of people it goes to today."""
    rows = Announcement.objects.filter(state=AnnouncementState.PLANNED).select_related("cohort__programme")
    if programme_ids is not None:
        rows = rows.filter(cohort__programme__in=programme_ids)
    for row in rows.filter(sends_on__range=(now.date(), until.date())).order_by("sends_on", "pk"):
        yield Planned(str(row.cohort), row.sends_on, "announcement", audience_of(row).count())
