"""Asking for a run and computing it, as long work that can be watched and cancelled."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.db import transaction
from django.db.models import Max
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from common.errors import DomainError
from matching.choices import RULE_NAMES, RunState
from matching.engine import EngineError, Plan, Problem, explain, plan_to_json, problem_to_json, solve
from matching.models import MatchingRun
from matching.selectors.problem import Input, cohort_input, key_of
from matching.selectors.reasons import stored_reasons, stored_unmatched
from operations.models import Job
from operations.services import Cancelled, Progress, start_job
from participants.models import Person
from programmes.choices import Stage
from programmes.models import Cohort, Enrolment

JOB: Final = "matching.run"
#: Stages in which pairs are made; later ones match late joiners into what stands.
MATCHING_STAGES: Final = (Stage.MATCHING, Stage.PREPARING, Stage.ACTIVE)
FAIRNESS: Final = ("total", "floor", "concave")
_STEPS: Final = 4


@transaction.atomic
def start_run(
    *, cohort: Cohort, by: Person | None, fairness: str = "total", tie_seed: int | None = None
) -> MatchingRun:
    """Ask for the best set of pairs for everybody in the cohort who has a free place.

    Raises:
        DomainError: the cohort is not at matching, or a run is under way.
    """
    cohort = Cohort.objects.select_for_update().get(pk=cohort.pk)
    if cohort.stage not in MATCHING_STAGES:
        raise DomainError(_("Pairs are made once the cohort has come to matching."), code="stage")
    if fairness not in FAIRNESS:
        raise DomainError(_("This way of weighing is not known."), code="fairness")
    runs = MatchingRun.objects.filter(cohort=cohort)
    if runs.filter(state__in=[RunState.QUEUED, RunState.RUNNING]).exists():
        raise DomainError(_("A run is under way already."), code="under_way")
    number = (runs.aggregate(last=Max("number"))["last"] or 0) + 1
    run = MatchingRun.objects.create(
        cohort=cohort,
        number=number,
        requested_by=by,
        tie_seed=tie_seed if tie_seed is not None else number,
        settings={
            "weights": dict(cohort.weights),
            "min_grade_distance": cohort.min_grade_distance,
            "fairness": fairness,
        },
    )
    job = start_job(
        kind=JOB,
        params={"run": run.pk, "language": translation.get_language()},
        by_id=by.pk if by else None,
        programme_id=cohort.programme_id,
    )
    run.job_id = job.pk
    run.save(update_fields=["job_id"])
    return run


def run_matching(job: Job, progress: Progress) -> Mapping[str, Any]:
    """The worker's part. Whatever goes wrong, the run says so and the next one may begin."""
    run = MatchingRun.objects.select_related("cohort__programme").get(pk=job.params["run"])
    with translation.override(job.params.get("language") or "en"):
        try:
            return _compute(run, progress)
        except EngineError as error:
            text = engine_message(error, run)
            _fail(run, text)
            raise DomainError(text, code=error.code) from error
        except Cancelled:
            _fail(run, _("Stopped."))
            raise
        except Exception:
            _fail(run, _("Something went wrong on our side. Nothing was changed."))
            raise


def _compute(run: MatchingRun, progress: Progress) -> Mapping[str, Any]:
    MatchingRun.objects.filter(pk=run.pk, state=RunState.QUEUED).update(state=RunState.RUNNING)
    progress.say(_("Reading who takes part"), done=0, total=_STEPS)
    given = cohort_input(run.cohort, settings=run.settings, tie_seed=run.tie_seed)
    progress.say(_("Looking for the best set of pairs, and proving it"), done=1, total=_STEPS)
    plan = solve(given.problem)
    progress.say(_("Writing down the reasons"), done=2, total=_STEPS)
    result = _result(given.problem, plan)
    progress.say(_("Keeping the run"), done=3, total=_STEPS)
    _store(run, given, plan, result)
    return {"run": run.pk, "pairs": plan.totals.matched}


def _result(problem: Problem, plan: Plan) -> dict[str, Any]:
    why = explain(problem, plan)
    everybody = [(key, "mentee") for key in plan.unmatched_mentees]
    everybody += [(key, "mentor") for key in plan.unmatched_mentors]
    return {
        "plan": plan_to_json(plan),
        "reasons": {
            f"{pair.mentee} {pair.mentor}": stored_reasons(why.pair(pair.mentee, pair.mentor))
            for pair in plan.pairs
        },
        "unmatched": {key: stored_unmatched(why.unmatched(key, role)) for key, role in everybody},  # type: ignore[arg-type]
        "effects": [
            {"rule": one.rule, "opened": one.opened, "pairs": one.pairs, "mean_change": one.mean_change}
            for one in why.rule_effects()
        ],
    }


def _store(run: MatchingRun, given: Input, plan: Plan, result: Mapping[str, Any]) -> None:
    problem = given.problem
    run.state, run.finished_at = RunState.DONE, timezone.now()
    run.keys, run.problem, run.result = dict(given.keys), problem_to_json(problem), dict(result)
    run.input_digest, run.matched = plan.input_digest, plan.totals.matched
    run.mentors, run.mentees = len(problem.mentors), len(problem.mentees)
    run.seats = sum(person.capacity for person in problem.mentors)
    run.save()


def _fail(run: MatchingRun, text: str) -> None:
    MatchingRun.objects.filter(pk=run.pk, state__in=[RunState.QUEUED, RunState.RUNNING]).update(
        state=RunState.FAILED, error=text, finished_at=timezone.now()
    )


def engine_message(error: EngineError, run: MatchingRun) -> str:
    """The engine's refusal in words, with people's names instead of their keys."""
    enrolments = Enrolment.objects.filter(cohort=run.cohort).select_related("person")
    people = {key_of(enrolment.person_id): str(enrolment.person) for enrolment in enrolments}
    names = _(" and ").join(people.get(key, key) for key in error.keys)
    if error.code == "pin_breaks_rule":
        rules = ", ".join(str(RULE_NAMES.get(rule, rule)) for rule in error.rules)
        return _("%(names)s are pinned together, but %(rules)s.") % {"names": names, "rules": rules}
    known = {
        "pin_rejected": _("%(names)s are pinned and rejected at once."),
        "pin_over_capacity": _("%(names)s have more pins than places."),
        "too_large": _("This cohort is too large to be matched in one piece on this machine."),
        "too_many_people": _("At most 10,000 people on one side can be matched at once."),
    }
    return known.get(error.code, _("The input cannot be matched: %(names)s.")) % {
        "names": names or error.code
    }
