"""Who would be asked if a round were launched now, and what that allows."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Final
from zoneinfo import ZoneInfo

from evaluations.choices import RoundKind
from evaluations.engine.instruments import ROLES, TEXT, minutes_for, questions
from evaluations.engine.segments import REST, Invited, Segments, freeze
from evaluations.models import Round
from evaluations.selectors.answering import promised
from participants.choices import PersonState
from programmes.choices import TAKING_PART, EnrolmentState, Switch
from programmes.models import Cohort, Enrolment
from programmes.selectors import Kind, covers_evaluation, is_on, thresholds

#: Whom a kind of round is for; a final round and a follow-up also ask those who have completed.
ASKED: Final = {
    RoundKind.FINAL: (*TAKING_PART, EnrolmentState.COMPLETED),
    RoundKind.FOLLOWUP: (*TAKING_PART, EnrolmentState.COMPLETED),
}


@dataclass(frozen=True)
class LaunchPlan:
    """What launching a round now would fix.

    Args:
        people: everybody who would be invited.
        without_login: how many take part but have no log-in of their own yet; they are not counted (A-14).
        segments: how answers could be grouped; None of them where only totals are possible.
        k, comment_k: the thresholds of the cohort.
        is_first: whether the cohort has not had this kind of round before.
    """

    people: tuple[Invited, ...]
    without_login: int
    segments: Segments
    k: int
    comment_k: int
    kind: str
    is_first: bool

    @property
    def invited(self) -> int:
        return len(self.people)

    @property
    def can_start(self) -> bool:
        """Below ``k`` nothing could ever be shown, so nobody is asked."""
        return self.invited >= self.k

    @property
    def totals_only(self) -> bool:
        """Fewer than ``2k``: only as "confidential, totals only", which has to be confirmed (A-14)."""
        return self.invited < 2 * self.k

    def sheet(self) -> dict[str, Any]:
        """The questions that would be asked."""
        return questions(
            self.kind,
            is_first=self.is_first,
            invited=Counter(one.role for one in self.people),
            k=self.k,
            comment_k=self.comment_k,
            totals_only=self.totals_only,
        )

    def minutes(self) -> int:
        sheet = self.sheet()
        return max(minutes_for(sheet, role) for role in ROLES)

    def promise(self) -> list[str]:
        """What respondents would be told."""
        return promised(
            k=self.k,
            comment_k=self.comment_k,
            totals_only=self.totals_only,
            has_comments=any(scale["kind"] == TEXT for scale in self.sheet()["scales"].values()),
        )

    def asked_of(self, role: str) -> int:
        """How many people of this role would be invited."""
        return sum(one.role == role for one in self.people)

    def group_names(self) -> list[str]:
        """Departments that results could name."""
        return [name for name in self.segments.departments if name != REST]

    @property
    def has_rest(self) -> bool:
        """Whether smaller departments are counted together."""
        return REST in self.segments.departments


def launch_plan(round: Round) -> LaunchPlan:
    """Who a round would invite: people who take part, work here, and made a log-in of their own (A-14)."""
    enrolled = Enrolment.objects.counted().filter(
        cohort_id=round.cohort_id,
        state__in=ASKED.get(RoundKind(round.kind), TAKING_PART),
        person__state=PersonState.ACTIVE,
    )
    with_login = enrolled.filter(person__user__is_active=True)
    people = tuple(
        Invited(person, role, department)
        for person, role, department in with_login.order_by("person_id").values_list(
            "person_id", "role", "person__department"
        )
    )
    k, comment_k = thresholds(round.cohort)
    nothing = Segments(by_role=False, departments=())
    return LaunchPlan(
        people=people,
        without_login=enrolled.count() - len(people),
        segments=freeze(people, k) if len(people) >= 2 * k else nothing,
        k=k,
        comment_k=comment_k,
        kind=round.kind,
        is_first=round.number == 1,
    )


def kinds_to_agree_on() -> list[Kind]:
    """Fills ``programmes.evaluation_kinds``; whether there are pulses at all is a switch (decision 27)."""
    return [Kind(kind.value, kind.label) for kind in RoundKind if kind != RoundKind.PULSE]


def may_be_sent(cohort: Cohort, kind: str) -> bool:
    """Whether what was agreed with the works council lets a questionnaire of this kind go out."""
    if kind == RoundKind.PULSE:
        return is_on(cohort.programme_id, Switch.PULSES)
    return covers_evaluation(cohort.programme_id, kind)


def closing_time(cohort: Cohort, day: date) -> datetime:
    """The last minute of a day where the cohort is."""
    return datetime.combine(day, time(23, 59), tzinfo=ZoneInfo(cohort.time_zone))
