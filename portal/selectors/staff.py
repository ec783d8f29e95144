"""What a sponsor and a works-council member read: counts, settings and agreements, nobody's data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from auditlog.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, Q
from django.db.models.functions import TruncMonth
from django.utils.translation import gettext as _

from evaluations.choices import RoundState
from evaluations.models import Round
from meetings.choices import MeetingState
from meetings.models import Meeting
from pairings.models import Pairing
from programmes.choices import OBEYED, TAKING_PART, EnrolmentState, Role, Switch
from programmes.models import Agreement, Cohort, Enrolment, Programme, RecordReading, SponsorTask, Switches
from programmes.selectors import Change, Standing, changes, standing_of

#: How many changes of settings a works council reads at once, the newest first.
CHANGES_AT_ONCE: Final = 30
#: Those who are in, for a count.
_IN: Final = (*TAKING_PART, EnrolmentState.COMPLETED)


@dataclass(frozen=True)
class CohortCounts:
    """A cohort in numbers: how many take part, in how many pairs, and how often they met."""

    cohort: Cohort
    mentors: int
    mentees: int
    pairs: int
    meetings: int


@dataclass(frozen=True)
class SponsorPage:
    """What a sponsor reads (S3.42)."""

    programme: Programme
    cohorts: Sequence[CohortCounts]
    results: Sequence[Round]
    tasks: Sequence[SponsorTask]
    today: date

    @property
    def open_tasks(self) -> int:
        return sum(task.done_on is None for task in self.tasks)


def sponsor_page(programme: Programme, *, today: date) -> SponsorPage:
    """Five queries, however many cohorts and people."""
    cohorts = list(programme.cohorts.annotate(**_people()).order_by("-starts_on", "pk"))
    counted = Pairing.objects.counted().filter(cohort__in=cohorts)
    pairs = _counted(counted.running(), "cohort")
    held = Meeting.objects.filter(pairing__in=counted, state=MeetingState.HELD)
    meetings = _counted(held, "pairing__cohort")
    published = Round.objects.filter(cohort__in=cohorts, state=RoundState.PUBLISHED)
    return SponsorPage(
        programme=programme,
        cohorts=[
            CohortCounts(one, one.mentors, one.mentees, pairs.get(one.pk, 0), meetings.get(one.pk, 0))
            for one in cohorts
        ],
        results=list(published.select_related("cohort").order_by("-published_at", "pk")),
        tasks=list(programme.sponsor_tasks.order_by("done_on", "due_on", "pk")),
        today=today,
    )


def _people() -> dict[str, Count]:
    inside = Q(enrolments__in=Enrolment.objects.counted().filter(state__in=_IN))
    return {
        "mentors": Count("enrolments", filter=inside & Q(enrolments__role=Role.MENTOR)),
        "mentees": Count("enrolments", filter=inside & Q(enrolments__role=Role.MENTEE)),
    }


def _counted(rows: Any, by: str) -> Mapping[int, int]:
    return dict(rows.order_by().values_list(by).annotate(n=Count("pk")))


@dataclass(frozen=True)
class SettingChange:
    """A setting that somebody changed: when, what, before and after; not who."""

    at: datetime
    what: str
    before: str
    after: str


@dataclass(frozen=True)
class CouncilPage:
    """What a works-council member reads (B-14)."""

    programme: Programme
    standing: Standing
    wider: Sequence[Change]
    narrower: Sequence[Change]
    agreements: Sequence[Agreement]
    log: Sequence[SettingChange]
    opened: Sequence[Opened]


@dataclass(frozen=True)
class Opened:
    """How often records were opened in a month: of how many people, by how many; no name (B-11)."""

    month: date
    times: int
    people: int
    readers: int


def _opened(programme: Programme) -> list[Opened]:
    """The last twelve months in which anything was opened. One query."""
    rows = (
        RecordReading.objects.filter(programme=programme)
        .order_by()
        .annotate(month=TruncMonth("read_at"))
        .values("month")
        .annotate(
            times=Count("pk"), people=Count("person", distinct=True), readers=Count("reader", distinct=True)
        )
        .order_by("-month")
    )
    return [Opened(row["month"], row["times"], row["people"], row["readers"]) for row in rows[:12]]


def council_page(programme: Programme) -> CouncilPage:
    """Eight queries, however many agreements, changes and openings."""
    standing = standing_of(programme)
    before = standing.agreement.content if standing.agreement else {}
    words = changes(standing.differences, standing.now, before)
    return CouncilPage(
        programme=programme,
        standing=standing,
        wider=[one for one in words if one.is_wider],
        narrower=[one for one in words if not one.is_wider],
        agreements=list(programme.agreements.order_by("-number")),
        log=_changes_of_settings(programme),
        opened=_opened(programme),
    )


def _changes_of_settings(programme: Programme) -> list[SettingChange]:
    """From the audit log: switches and group sizes, and nothing else that it holds."""
    kinds = ContentType.objects.get_for_models(Switches, Cohort)
    cohorts = dict(programme.cohorts.values_list("pk", "name"))
    own = Switches.objects.filter(programme=programme).values("pk")
    entries = LogEntry.objects.filter(
        Q(content_type=kinds[Switches], object_id__in=own)
        | Q(content_type=kinds[Cohort], object_id__in=cohorts, changes__has_any_keys=_SIZES)
    ).order_by("-timestamp", "-pk")[:CHANGES_AT_ONCE]
    return [
        SettingChange(entry.timestamp, *words)
        for entry in entries
        for words in _in_words(entry.changes or {}, cohorts.get(entry.object_id, ""))
    ]


_SIZES: Final = ["min_group_size", "min_comment_group"]


def _in_words(changed: Mapping[str, Sequence[Any]], cohort: str) -> list[tuple[str, str, str]]:
    found = []
    for name, (before, after) in changed.items():
        if name in OBEYED:
            found.append((str(Switch(name).label), _on_or_off(before), _on_or_off(after)))
        elif name in _SIZES:
            what = (
                _("Cohort %(name)s: least group size for a score")
                if name == "min_group_size"
                else _("Cohort %(name)s: least group size for comments")
            )
            found.append((what % {"name": cohort}, _size(before), _size(after)))
    return [row for row in found if row[1] != row[2]]


def _on_or_off(value: Any) -> str:
    return _("on") if str(value) == "True" else _("off")


def _size(value: Any) -> str:
    return "–" if value in (None, "None") else str(value)
