"""Who is still without somebody and which places are free, before a run is asked for: late joiners above all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count
from django.utils.translation import ngettext

from matching.models import MatchingRun, Proposal
from pairings.models import Pairing
from participants.choices import PersonState
from programmes.choices import EnrolmentState, Role
from programmes.models import Cohort, Enrolment


@dataclass(frozen=True)
class Places:
    """What the next run of a cohort finds.

    Args:
        without: mentees who take part and have nobody, nor a proposal that may still come about.
        free: free places of mentors.
        standing: pairs that exist, paused ones included; no run touches them.
        listed: people on the waiting list, who take part once a seat falls free.
    """

    cohort: Cohort
    without: int
    free: int
    standing: int
    listed: int

    @property
    def sentences(self) -> list[str]:
        """The figures in words; what is 0 and usual goes unsaid."""
        found = [
            ngettext("%(n)s mentee is without a mentor", "%(n)s mentees are without a mentor", self.without)
            % {"n": self.without},
            ngettext("mentors have %(n)s free place", "mentors have %(n)s free places", self.free)
            % {"n": self.free},
        ]
        if self.listed:
            found.append(
                ngettext("%(n)s person on the waiting list", "%(n)s people on the waiting list", self.listed)
                % {"n": self.listed}
            )
        if self.standing:
            found.append(
                ngettext(
                    "%(n)s pair stands and stays as it is",
                    "%(n)s pairs stand and stay as they are",
                    self.standing,
                )
                % {"n": self.standing}
            )
        return found


def places(cohorts: Iterable[Cohort]) -> Sequence[Places]:
    """What the next run of each cohort finds. Four queries, whatever the number of cohorts and people."""
    chosen = list(cohorts)
    taking_part = Enrolment.objects.filter(cohort__in=chosen, person__state=PersonState.ACTIVE).taking_part()
    rows = list(taking_part.values_list("pk", "cohort_id", "role", "capacity"))
    pairs = Pairing.objects.standing().filter(cohort__in=chosen)
    asked = Proposal.objects.alive().filter(cohort__in=chosen)
    standing: Counter[int] = Counter()
    taken: Counter[int] = Counter()
    for cohort_id, mentor, mentee in pairs.values_list("cohort_id", "mentor_id", "mentee_id"):
        standing[cohort_id] += 1
        taken.update((mentor, mentee))
    for two in asked.values_list("mentor_id", "mentee_id"):
        taken.update(two)
    without, free = Counter[int](), Counter[int]()
    for pk, cohort_id, role, capacity in rows:
        if role == Role.MENTOR:
            free[cohort_id] += max(0, capacity - taken[pk])
        elif capacity and not taken[pk]:
            without[cohort_id] += 1
    listed = _listed(chosen)
    return [
        Places(one, without[one.pk], free[one.pk], standing[one.pk], listed.get(one.pk, 0)) for one in chosen
    ]


def _listed(cohorts: Sequence[Cohort]) -> dict[int, int]:
    rows = Enrolment.objects.filter(
        cohort__in=cohorts, state=EnrolmentState.WAITLISTED, person__state=PersonState.ACTIVE
    )
    return dict(rows.order_by().values("cohort_id").annotate(n=Count("pk")).values_list("cohort_id", "n"))


def standing_words(run: MatchingRun) -> str:
    """That pairs which stood when a run was made were left alone; nothing where there were none."""
    count = run.result.get("standing", 0)
    text = ngettext(
        "%(n)s pair stood already and was left as it is.",
        "%(n)s pairs stood already and were left as they are.",
        count,
    )
    return text % {"n": count} if count else ""
