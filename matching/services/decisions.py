"""What coordinators decide about two people: pin, reject, take it back, swap."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from common.errors import DomainError
from matching.choices import DecisionKind
from matching.engine import EngineError
from matching.models import PairDecision
from matching.selectors.pinning import refused_pins
from matching.selectors.problem import Input, cohort_input, default_settings
from matching.selectors.refusals import names_of, refusal_words
from participants.models import Person
from programmes.choices import Role
from programmes.models import Cohort, Enrolment


@transaction.atomic
def set_decision(
    *, cohort: Cohort, mentor: Enrolment, mentee: Enrolment, kind: str, by: Person | None
) -> PairDecision:
    """Pin or reject a pair for every later run; a second decision about the two replaces the first.

    Raises:
        DomainError: the two are not a mentor and a mentee of this cohort, or take no part; or a pin breaks a
            rule or contradicts another pin. The message names the people and the rule.
    """
    cohort = Cohort.objects.select_for_update().get(pk=cohort.pk)
    _check_roles(cohort, mentor, mentee)
    if kind not in DecisionKind.values:
        raise DomainError(_("Choose to pin or to reject."), code="kind")
    decision, _is_new = PairDecision.objects.update_or_create(
        cohort=cohort,
        mentor=mentor,
        mentee=mentee,
        defaults={"kind": DecisionKind(kind), "decided_by": by},
    )
    if kind == DecisionKind.PIN:
        _check_pins(cohort, [(mentor, mentee)])
    return decision


@transaction.atomic
def swap_pairs(
    *,
    cohort: Cohort,
    made: Sequence[tuple[Enrolment, Enrolment]],
    given_up: Sequence[tuple[Enrolment, Enrolment]],
    by: Person | None,
) -> None:
    """Pin the pairs that a swap makes, and take back the pins of those it gives up. The next run keeps to it.

    Args:
        made, given_up: pairs as (mentor, mentee).

    Raises:
        DomainError: as ``set_decision``; then nothing is changed.
    """  # fmt: skip
    cohort = Cohort.objects.select_for_update().get(pk=cohort.pk)
    for mentor, mentee in (*made, *given_up):
        _check_roles(cohort, mentor, mentee)
    for mentor, mentee in given_up:
        PairDecision.objects.filter(mentor=mentor, mentee=mentee, kind=DecisionKind.PIN).delete()
    for mentor, mentee in made:
        PairDecision.objects.update_or_create(
            cohort=cohort, mentor=mentor, mentee=mentee, defaults={"kind": DecisionKind.PIN, "decided_by": by}
        )
    _check_pins(cohort, made)


def clear_decision(*, cohort: Cohort, mentor: Enrolment, mentee: Enrolment) -> bool:
    """Take a pin or a rejection back; false when there was none."""
    found = PairDecision.objects.filter(cohort=cohort, mentor=mentor, mentee=mentee)
    return bool(found.delete()[0])


def _check_roles(cohort: Cohort, mentor: Enrolment, mentee: Enrolment) -> None:
    fits = mentor.cohort_id == mentee.cohort_id == cohort.pk
    if not fits or mentor.role != Role.MENTOR or mentee.role != Role.MENTEE:
        raise DomainError(_("Choose a mentor and a mentee of this cohort."), code="roles")


def _check_pins(cohort: Cohort, pairs: Sequence[tuple[Enrolment, Enrolment]]) -> None:
    """All pins of the cohort together, as they stand in this transaction, under the rules of its next run."""
    given = cohort_input(cohort, settings=default_settings(cohort), tie_seed=1)
    links = {(given.key_of(mentee.pk), given.key_of(mentor.pk)) for mentor, mentee in pairs}
    if any(None in link for link in links):
        raise DomainError(_("One of the two does not take part at the moment."), code="not_taking_part")
    wanted = {*given.problem.pins, *((str(mentee), str(mentor)) for mentee, mentor in links)}
    error = refused_pins(given.problem, wanted)
    if error is not None:
        raise _refusal(error, given)


def _refusal(error: EngineError, given: Input) -> DomainError:
    return DomainError(refusal_words(error, names_of(given.keys)), code=error.code, rules=error.rules)
