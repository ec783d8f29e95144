"""Asking for a run, computing it as long work that can be watched and stopped, and what an erasure does to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from time import monotonic
from typing import Any, Final

from django.db import transaction
from django.db.models import Max
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from common.errors import Conflict, DomainError
from matching.choices import UNFINISHED, Coverage, Fairness, RunState
from matching.engine import EngineError, Plan, Problem, problem_to_json, solve, verify
from matching.models import MatchingRun
from matching.selectors.problem import Input, cohort_input, default_settings
from matching.selectors.recording import recorded_result
from matching.selectors.refusals import names_of, refusal_words
from operations.choices import JobState
from operations.models import Job
from operations.services import Cancelled, Progress, cancel_job, start_job
from pairings.models import Pairing
from participants.models import Person
from programmes.choices import Stage
from programmes.models import Cohort

JOB: Final = "matching.run"
#: Stages in which pairs are made; later ones match late joiners into what stands.
MATCHING_STAGES: Final = (Stage.MATCHING, Stage.PREPARING, Stage.ACTIVE)
#: Most points that a second partner may cost, or a standing pair be worth: a whole score.
MOST_POINTS: Final = 100_000
_STEPS: Final = 4
_SECONDS_BETWEEN: Final = 0.5


@transaction.atomic
def start_run(
    *,
    cohort: Cohort,
    by: Person | None,
    coverage: str = Coverage.PAIRS,
    fairness: str = Fairness.TOTAL,
    load_step: int = 0,
    stickiness: int = 0,
    draws_again: bool = False,
) -> MatchingRun:
    """Ask for the best set of pairs for everybody in the cohort who has a free place.

    Args:
        coverage, fairness: what counts first, and how fit is added up (``choices``).
        load_step: points that a mentor's second partner costs, 0 to ``MOST_POINTS``.
        stickiness: points that a pair of the newest run is worth on top.
        draws_again: draw anew among equally good sets; otherwise the lottery number of the last run holds, so
            that nothing changes without a reason.

    Raises:
        DomainError: the cohort is not at matching, or a setting is not on offer.
        Conflict: a run is under way.
    """
    cohort = Cohort.objects.select_for_update().get(pk=cohort.pk)
    if cohort.stage not in MATCHING_STAGES:
        raise DomainError(_("Pairs are made once the cohort has come to matching."), code="stage")
    _check_settings(coverage, fairness, load_step, stickiness)
    _settle(cohort)
    runs = MatchingRun.objects.filter(cohort=cohort)
    if runs.unfinished().exists():
        raise Conflict(_("A run is under way already."), code="under_way")
    newest = runs.order_by("-number").values_list("tie_seed", flat=True).first() or 1
    run = MatchingRun.objects.create(
        cohort=cohort,
        number=(runs.aggregate(last=Max("number"))["last"] or 0) + 1,
        requested_by=by,
        tie_seed=newest + 1 if draws_again else newest,
        settings={
            **default_settings(cohort),
            "coverage": coverage,
            "fairness": fairness,
            "load_step": load_step,
            "stickiness": stickiness,
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


def _check_settings(coverage: str, fairness: str, load_step: int, stickiness: int) -> None:
    known = coverage in Coverage.values and fairness in Fairness.values
    in_range = 0 <= load_step <= MOST_POINTS and 0 <= stickiness <= MOST_POINTS
    if not known or not in_range:
        raise DomainError(_("This way of weighing is not known."), code="settings")
    if coverage == Coverage.FIT and fairness == Fairness.FLOOR:
        raise DomainError(
            _("The weakest pair can only be lifted among sets that leave nobody out needlessly."),
            code="settings",
        )


@transaction.atomic
def cancel_run(*, run: MatchingRun) -> MatchingRun:
    """Stop a run: at once while it waits, at its next step while it is worked on. A finished one stays."""
    run = MatchingRun.objects.select_for_update(of=("self",)).get(pk=run.pk)
    job = _job_of(run)
    if run.state in UNFINISHED and job is not None:
        cancel_job(job=job)
    _settle(run.cohort)
    run.refresh_from_db()
    return run


def _settle(cohort: Cohort) -> None:
    """Runs whose work ended without them, because it was stopped before it began or given up, have ended too."""
    for run in MatchingRun.objects.unfinished().filter(cohort=cohort):
        job = _job_of(run)
        if job is None or job.finished_at is not None:
            stopped = job is not None and job.state == JobState.CANCELLED
            _end(run, RunState.CANCELLED if stopped else RunState.FAILED, job.error if job else "")


def _job_of(run: MatchingRun) -> Job | None:
    return Job.objects.filter(pk=run.job_id).first() if run.job_id else None


def run_matching(job: Job, progress: Progress) -> Mapping[str, Any]:
    """The worker's part. Whatever goes wrong, the run says so and the next one may begin."""
    run = MatchingRun.objects.select_related("cohort__programme").get(pk=job.params["run"])
    with translation.override(job.params.get("language") or "en"):
        try:
            return _compute(run, progress)
        except Cancelled:
            _end(run, RunState.CANCELLED, "")
            raise
        except DomainError as refusal:
            _end(run, RunState.FAILED, str(refusal))
            raise
        except Exception:
            _end(run, RunState.FAILED, _("Something went wrong on our side. Nothing was changed."))
            raise


def _compute(run: MatchingRun, progress: Progress) -> Mapping[str, Any]:
    MatchingRun.objects.filter(pk=run.pk, state=RunState.QUEUED).update(state=RunState.RUNNING)
    began = monotonic()
    progress.say(_("Reading who takes part"), done=0, total=_STEPS)
    given = cohort_input(run.cohort, settings=run.settings, tie_seed=run.tie_seed)
    progress.say(_("Looking for the best set of pairs, and proving it"), done=1, total=_STEPS)
    plan, pairs_lost = _solved(given, _watch(progress))
    progress.say(_("Writing down the reasons"), done=2, total=_STEPS)
    result = recorded_result(given.problem, plan, names_no_manager=given.names_no_manager)
    progress.say(_("Keeping the run"), done=3, total=_STEPS)
    result |= {
        "pins": len(given.problem.pins),
        "pairs_lost_by_pins": pairs_lost,
        "standing": Pairing.objects.standing().filter(cohort=run.cohort_id).count(),
        "milliseconds": round(1000 * (monotonic() - began)),
    }
    _store(run, given, plan, result)
    return {"run": run.pk, "pairs": plan.totals.matched}


def _watch(progress: Progress) -> Callable[[str, int, int], None]:
    """Tell the page how far the engine is, about once a second; that is also where Cancel is heard."""
    told = monotonic()

    def say(what: str, done: int, total: int) -> None:
        nonlocal told
        if monotonic() - told < _SECONDS_BETWEEN:
            return
        told = monotonic()
        step = _("Looking for the best set of pairs, and proving it")
        if what == "pairs" and total:
            step = _("Looking at all pairs: %(share)s %%") % {"share": 100 * done // total}
        elif what == "rounds":
            step = _("Improving the set of pairs: round %(round)s") % {"round": done}
        elif what == "floor":
            step = _("Lifting the weakest pair: try %(number)s of at most %(most)s") % {
                "number": done,
                "most": total,
            }
        progress.say(step, done=1, total=_STEPS)

    return say


def _solved(given: Input, watch: Callable[[str, int, int], None]) -> tuple[Plan, int]:
    """The best plan, checked a second time without the solver, and how many pairs the pins cost."""
    try:
        plan = solve(given.problem, watch)
        verify(given.problem, plan)
        return plan, _pairs_lost_by_pins(given.problem, plan)
    except EngineError as error:
        raise DomainError(refusal_words(error, names_of(given.keys)), code=error.code) from error


def _pairs_lost_by_pins(problem: Problem, plan: Plan) -> int:
    """Only pairs are counted: what pins cost in points could give a perspective away (decision 31)."""
    if not problem.pins:
        return 0
    policy = problem.policy
    if policy.fairness == "floor":
        policy = replace(policy, fairness="total")  # which covers as many, without the search for the floor
    free = replace(problem, pins=(), policy=policy)
    return max(0, solve(free).totals.matched - plan.totals.matched)


def _store(run: MatchingRun, given: Input, plan: Plan, result: Mapping[str, Any]) -> None:
    problem = given.problem
    run.state, run.finished_at = RunState.DONE, timezone.now()
    run.keys, run.problem, run.result = dict(given.keys), problem_to_json(problem), dict(result)
    run.input_digest, run.matched, run.gap = plan.input_digest, plan.totals.matched, plan.certificate.gap
    run.mentors, run.mentees = len(problem.mentors), len(problem.mentees)
    run.seats = sum(person.capacity for person in problem.mentors)
    run.save()


def _end(run: MatchingRun, state: RunState, text: str) -> None:
    MatchingRun.objects.unfinished().filter(pk=run.pk).update(
        state=state, error=text, finished_at=timezone.now()
    )


@transaction.atomic
def forget_in_runs(*, person: Person) -> int:
    """Erase the way back to a person from every run, and what was entered about them with the input.

    Such a run can no longer be worked out again, and says so (decision 31). The pairs of others stay readable.

    Returns:
        How many runs were touched.
    """
    enrolments = set(person.enrolments.values_list("pk", flat=True))
    count = 0
    rows = MatchingRun.objects.select_for_update(of=("self",)).filter(cohort__enrolments__in=enrolments)
    for run in rows.order_by("pk"):
        kept = {key: pk for key, pk in run.keys.items() if pk not in enrolments}
        if len(kept) < len(run.keys):
            run.keys, run.problem, run.is_reproducible = kept, {}, False
            run.save(update_fields=["keys", "problem", "is_reproducible", "updated_at"])
            count += 1
    return count
