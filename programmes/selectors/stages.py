"""What a cohort's next stage asks for, and what is still missing (dossier 2.1)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from common.hooks import declare
from programmes.choices import STAGE_TRANSITIONS, TAKING_PART, EnrolmentState, Role, Stage
from programmes.models import Cohort, Coordinator, Enrolment
from programmes.querysets import EnrolmentQuerySet


@dataclass(frozen=True)
class Gate:
    """One thing that a stage asks for.

    Args:
        code: a short stable name.
        text: what is asked, in words that hold whether it is met or not.
        is_met: whether it is.
    """

    code: str
    text: str | Promise
    is_met: bool


def _gates_signature(*, cohort: Cohort, to: str) -> Sequence[Gate]:
    raise NotImplementedError  # the signature only; fillers answer


#: What upper packages ask before a cohort moves on: a confirmed pair before preparing, none standing at the end.
stage_gates = declare(
    "programmes.stage_gates",
    purpose="what upper packages ask for before a cohort may move to a stage",
    signature=_gates_signature,
)


def next_stages(cohort: Cohort) -> list[Stage]:
    """The stages that may follow, the way forward first."""
    return [Stage(value) for value in STAGE_TRANSITIONS[cohort.stage]]


def is_forward(cohort: Cohort, to: str) -> bool:
    """Whether this step leads on; steps back ask for nothing."""
    order = list(Stage.values)
    return order.index(to) > order.index(cohort.stage)


def gates(cohort: Cohort, to: str) -> list[Gate]:
    """Everything asked for before ``cohort`` moves to ``to``; empty for a step back."""
    if not is_forward(cohort, to):
        return []
    own = {
        Stage.OPEN: _to_open,
        Stage.SELECTING: _to_selecting,
        Stage.MATCHING: _to_matching,
    }.get(Stage(to))
    asked = list(own(cohort)) if own else []
    for answer in stage_gates(cohort=cohort, to=to):
        asked += answer
    return asked


def _to_open(cohort: Cohort) -> Iterator[Gate]:
    programme = cohort.programme
    yield Gate(
        "purpose", _("The programme says its purpose in one sentence."), bool(programme.purpose.strip())
    )
    has_coordinator = Coordinator.objects.filter(programme=programme).exists()
    yield Gate("coordinator", _("Somebody coordinates the programme."), has_coordinator)


def _to_selecting(cohort: Cohort) -> Iterator[Gate]:
    roles = set(_enrolled(cohort).exclude(state=EnrolmentState.DECLINED).values_list("role", flat=True))
    yield Gate("mentors", _("At least one junior has come forward as mentor."), Role.MENTOR in roles)
    yield Gate("mentees", _("At least one senior has come forward as mentee."), Role.MENTEE in roles)


def _to_matching(cohort: Cohort) -> Iterator[Gate]:
    accepted = _enrolled(cohort).filter(state__in=TAKING_PART)
    roles = set(accepted.values_list("role", flat=True))
    yield Gate("accepted_mentors", _("At least one mentor is accepted."), Role.MENTOR in roles)
    yield Gate("accepted_mentees", _("At least one mentee is accepted."), Role.MENTEE in roles)
    undecided = _enrolled(cohort).filter(state=EnrolmentState.APPLIED).exists()
    yield Gate("decided", _("Every application has an answer."), not undecided)
    lacking = accepted.filter(Q(person__grade=None) | Q(person__languages=[])).exists()
    yield Gate("complete", _("Everybody accepted has a grade and a working language."), not lacking)


def _enrolled(cohort: Cohort) -> EnrolmentQuerySet:
    rows: EnrolmentQuerySet = Enrolment.objects.filter(cohort=cohort).order_by()
    return rows
