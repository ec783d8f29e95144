"""Preparing, launching and reminding. Launching fixes what respondents are told (A-13)."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from random import SystemRandom

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from common.errors import Conflict, DomainError
from evaluations import emails
from evaluations.choices import (
    LEAST_TIME_AFTER_REMINDER,
    SHORTEST_ROUND,
    Confidentiality,
    RoundKind,
    RoundState,
)
from evaluations.models import LedgerEntry, Round
from evaluations.selectors.answering import items_for
from evaluations.selectors.launching import LaunchPlan, launch_plan, may_be_sent
from evaluations.services.locking import held
from participants.models import Person
from programmes.models import Cohort
from programmes.selectors import thresholds
from sealing.choices import ScopeKind
from sealing.services import create_box


def prepare_round(
    *, cohort: Cohort, kind: str, closes_at: datetime, now: datetime, by: Person | None = None
) -> Round:
    """Note a round that is to come. Nobody is told and nothing is fixed until it is launched.

    Raises:
        DomainError: ``too_short``, the closing time is less than two days away; ``not_agreed``, the works council
            has not agreed to a questionnaire of this kind.
    """
    _check_closing(closes_at, now)
    _check_agreed(cohort, kind)
    k, comment_k = thresholds(cohort)
    with transaction.atomic():
        Cohort.objects.select_for_update().get(pk=cohort.pk)
        last = Round.objects.filter(cohort=cohort, kind=kind).aggregate(last=Max("number"))["last"] or 0
        prepared: Round = Round.objects.create(
            cohort=cohort,
            kind=RoundKind(kind),
            number=last + 1,
            closes_at=closes_at,
            k=k,
            comment_k=comment_k,
        )
    return prepared


def _check_agreed(cohort: Cohort, kind: str) -> None:
    """What the works council has not agreed to is not asked (decision 27)."""
    if may_be_sent(cohort, kind):
        return
    if kind == RoundKind.PULSE:
        message = _("Pulses are not in force in this programme: the switch is off, or not agreed yet.")
    else:
        message = _("A questionnaire of this kind is not part of what was agreed with the works council.")
    raise DomainError(message, code="not_agreed")


def replan_round(*, round: Round, closes_at: datetime, now: datetime, by: Person | None = None) -> Round:
    """Choose another closing time while nobody has been told one.

    Raises:
        IllegalTransition: the round has been launched.
        DomainError: the closing time is less than two days away.
    """
    _check_closing(closes_at, now)
    with transaction.atomic():
        current = held(round, RoundState.DRAFT)
        current.closes_at = closes_at
        current.save(update_fields=["closes_at", "updated_at"])
    return current


def _check_closing(closes_at: datetime, now: datetime) -> None:
    if closes_at < now + SHORTEST_ROUND:
        raise DomainError(_("Give people two days or more to answer."), code="too_short")


def launch_round(
    *, round: Round, now: datetime, by: Person | None = None, totals_only: bool = False
) -> Round:
    """Open a round: fix audience, questions, groups and thresholds, make its key, and invite everybody (A-13).

    Args:
        totals_only: confirms that with fewer than ``2k`` people only totals will ever be shown (A-14).

    Raises:
        IllegalTransition: it is launched already.
        Conflict: another round of this kind is open in the cohort.
        DomainError: ``too_few`` (below ``k`` people with a log-in of their own), ``few`` (below ``2k`` and not
            confirmed), ``too_short`` (closes within two days), ``not_agreed`` (not what was agreed with the works
            council).
    """
    with transaction.atomic():
        current = held(round, RoundState.DRAFT)
        _check_closing(current.closes_at, now)
        _check_agreed(current.cohort, current.kind)
        if Round.objects.filter(cohort=current.cohort, kind=current.kind, state=RoundState.OPEN).exists():
            raise Conflict(_("A round of this kind is open in this cohort. Close it first."))
        plan = launch_plan(current)
        _check_size(plan, totals_only)
        _freeze(current, plan, now)
        _open_ledger(current)
        create_box(scope_kind=ScopeKind.ROUND, scope_id=current.pk)
        emails.eval_open(round=current, now=now)
    return current


def _check_size(plan: LaunchPlan, totals_only: bool) -> None:
    if not plan.can_start:
        raise DomainError(
            _("%(count)s people could answer; below %(k)s nothing could ever be shown.")
            % {"count": plan.invited, "k": plan.k},
            code="too_few",
        )
    if plan.totals_only and not totals_only:
        raise DomainError(
            _("Fewer than %(least)s people could answer: confirm that only totals will be shown.")
            % {"least": 2 * plan.k},
            code="few",
        )


def _freeze(round: Round, plan: LaunchPlan, now: datetime) -> None:
    at = {one.person: plan.segments.of(one) for one in plan.people}
    round.audience = [
        {"person": one.person, "role": one.role, "at": at[one.person][0], "in": at[one.person][1]}
        for one in plan.people
    ]
    round.questions = plan.sheet()
    round.segments = {
        "by_role": plan.segments.by_role,
        "departments": list(plan.segments.departments),
        "languages": _languages(plan),
    }
    round.k, round.comment_k, round.minutes = plan.k, plan.comment_k, plan.minutes()
    round.confidentiality = (
        Confidentiality.TOTALS_ONLY if plan.totals_only else Confidentiality.ANONYMOUS_AFTER
    )
    round.opens_at, round.state = now, RoundState.OPEN
    round.save()


def _languages(plan: LaunchPlan) -> dict[str, int]:
    people = Person.objects.filter(pk__in=[one.person for one in plan.people])
    return dict(Counter(people.values_list("language", flat=True)))


def _open_ledger(round: Round) -> None:
    """An unticked entry for everybody and every part they are asked, in no order."""
    entries = [
        LedgerEntry(round=round, person_id=one["person"], part=part)
        for one in round.audience
        for part in round.parts
        if items_for(round, one["role"], part)
    ]
    SystemRandom().shuffle(entries)
    LedgerEntry.objects.bulk_create(entries, batch_size=1000)


def remind_open_rounds(*, now: datetime) -> int:
    """Remind everybody invited, alike, seven days after the opening, once; nobody is left out (decision 23).

    Returns:
        How many rounds were reminded of.
    """
    return sum(_remind(one, now) for one in Round.objects.due_to_remind(now).only("pk"))


def _remind(round: Round, now: datetime) -> int:
    with transaction.atomic():
        current = Round.objects.select_for_update(of=("self",)).due_to_remind(now).filter(pk=round.pk).first()
        if current is None:
            return 0
        current.reminded_at = now
        current.save(update_fields=["reminded_at", "updated_at"])
        if current.closes_at - now < LEAST_TIME_AFTER_REMINDER:
            return 0
        emails.eval_reminder(round=current, now=now)
    return 1
