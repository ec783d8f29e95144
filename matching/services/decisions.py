"""What coordinators decide about two people: pin, reject, take it back."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from common.errors import DomainError
from matching.choices import RULE_NAMES, DecisionKind
from matching.engine import Problem, codes, explain, solve
from matching.models import PairDecision
from matching.selectors.problem import cohort_input, key_of
from participants.models import Person
from programmes.choices import Role
from programmes.models import Cohort, Enrolment

#: Rules that say how full a place is, not whether two people fit; a pin may stand in spite of them.
_OF_THE_MOMENT = frozenset({codes.REJECTED, codes.NO_CAPACITY, codes.PAST_PAIR})


@transaction.atomic
def set_decision(
    *, cohort: Cohort, mentor: Enrolment, mentee: Enrolment, kind: str, by: Person | None
) -> PairDecision:
    """Pin or reject a pair for every later run; a second decision replaces the first.

    Raises:
        DomainError: the two are not a mentor and a mentee of this cohort, or a pin breaks a rule, which is named.
    """
    _check_roles(cohort, mentor, mentee)
    if kind == DecisionKind.PIN:
        _check_rules(cohort, mentor, mentee)
    decision, _is_new = PairDecision.objects.update_or_create(
        cohort=cohort,
        mentor=mentor,
        mentee=mentee,
        defaults={"kind": DecisionKind(kind), "decided_by": by},
    )
    return decision


def clear_decision(*, cohort: Cohort, mentor: Enrolment, mentee: Enrolment) -> bool:
    """Take a pin or a rejection back; false when there was none."""
    found = PairDecision.objects.filter(cohort=cohort, mentor=mentor, mentee=mentee)
    return bool(found.delete()[0])


def _check_roles(cohort: Cohort, mentor: Enrolment, mentee: Enrolment) -> None:
    fits = mentor.cohort_id == mentee.cohort_id == cohort.pk
    if not fits or mentor.role != Role.MENTOR or mentee.role != Role.MENTEE:
        raise DomainError(_("Choose a mentor and a mentee of this cohort."), code="roles")


def _check_rules(cohort: Cohort, mentor: Enrolment, mentee: Enrolment) -> None:
    settings = {
        "weights": dict(cohort.weights),
        "min_grade_distance": cohort.min_grade_distance,
        "fairness": "total",
    }
    problem = _pair_alone(cohort_input(cohort, settings=settings, tie_seed=1).problem, mentor, mentee)
    why = explain(problem, solve(problem)).why_not(key_of(mentee.person_id), key_of(mentor.person_id))
    broken = [rule for rule in why.reasons if rule not in _OF_THE_MOMENT and rule in RULE_NAMES]
    if broken:
        names = _("%(mentor)s and %(mentee)s") % {"mentor": mentor, "mentee": mentee}
        rules = ", ".join(str(RULE_NAMES[rule]) for rule in broken)
        text = _("%(names)s cannot be pinned: %(rules)s.") % {"names": names, "rules": rules}
        raise DomainError(text, code="pin_breaks_rule", rules=broken)


def _pair_alone(problem: Problem, mentor: Enrolment, mentee: Enrolment) -> Problem:
    """The two alone, under the same rules: cheap, whatever the size of the cohort."""
    return Problem(
        mentors=tuple(one for one in problem.mentors if one.key == key_of(mentor.person_id)),
        mentees=tuple(one for one in problem.mentees if one.key == key_of(mentee.person_id)),
        policy=problem.policy,
        past=problem.past,
        blocked=problem.blocked,
        week=problem.week,
    )
