"""A run as long work, and as a record that nothing changes any more."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction

from common.errors import Conflict
from matching.engine import plan_from_json, problem_from_json, solve, verify
from matching.models import MatchingRun, PairDecision, Proposal
from matching.selectors import run_page
from matching.services import cancel_run, forget_in_runs, release, start_run
from operations.models import Job
from operations.services import Progress, cancel_job, sweep_jobs
from operations.services import run as run_job
from programmes.choices import Stage
from tests.matching.world import NOW, cohort, matched, mentee, mentor, pairs
from tests.refusals import refused

pytestmark = pytest.mark.django_db


def small(number: int = 3):
    within = cohort()
    for _ in range(number):
        mentor(within), mentee(within)
    return within


def test_a_run_is_long_work_and_keeps_what_it_went_by() -> None:
    within = small()
    by = mentor(within).person
    run = start_run(cohort=within, by=by, fairness="floor")
    assert (run.state, run.number, run.requested_by) == ("queued", 1, by)
    job = Job.objects.get(pk=run.job_id)
    assert (job.kind, job.programme_id, job.requested_by_id) == ("matching.run", within.programme_id, by.pk)
    run_job(job_id=job.pk)
    run.refresh_from_db()
    assert (run.state, run.matched, run.mentors, run.mentees, run.seats, run.gap) == ("done", 3, 4, 3, 4, 0)
    assert run.settings["fairness"] == "floor"
    assert run.settings["weights"] == within.weights
    assert run.finished_at is not None
    job.refresh_from_db()
    assert (job.state, job.result) == ("done", {"run": run.pk, "pairs": 3})


def test_a_large_run_tells_how_far_it_is_also_while_it_lifts_the_weakest_pair(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    said: list[str] = []
    monkeypatch.setattr("matching.engine.table.LARGE", 0)
    monkeypatch.setattr("matching.services.runs._SECONDS_BETWEEN", 0)
    monkeypatch.setattr(Progress, "say", lambda _self, text, **_where: said.append(str(text)))
    run = start_run(cohort=small(), by=None, fairness="floor")
    run_job(job_id=run.job_id)
    run.refresh_from_db()
    assert (run.state, run.matched, run.gap) == ("done", 3, 0)
    assert run.result["plan"]["certificate"]["engine"] == "priced"
    for step in ("Lifting the weakest pair: try 1 of at most 18", "Looking at all pairs: 100 %"):
        assert step in said
    assert "Improving the set of pairs: round 1" in said


def test_what_is_stored_can_be_worked_out_again_and_passes_its_proof() -> None:
    run = matched(small())
    problem, plan = problem_from_json(run.problem), plan_from_json(run.result["plan"])
    verify(problem, plan)
    assert solve(problem) == plan


def test_runs_are_numbered_within_their_cohort_and_one_at_a_time() -> None:
    within, other = small(), small()
    assert [matched(within).number, matched(within).number, matched(other).number] == [1, 2, 1]
    start_run(cohort=within, by=None)
    with refused("under_way", kind=Conflict):
        start_run(cohort=within, by=None)


def test_the_lottery_number_stays_until_lots_are_drawn_anew() -> None:
    within = small()
    seeds = [matched(within).tie_seed, matched(within).tie_seed, matched(within, draws_again=True).tie_seed]
    assert seeds == [1, 1, 2]
    assert matched(within).tie_seed == 2


@pytest.mark.parametrize("stage", [Stage.DRAFT, Stage.SELECTING, Stage.CLOSED])
def test_pairs_are_made_when_the_cohort_is_at_matching(stage: str) -> None:
    within = cohort(stage=stage)
    with refused("stage"):
        start_run(cohort=within, by=None)
    assert not MatchingRun.objects.exists()
    assert not Job.objects.exists()


@pytest.mark.parametrize(
    "settings",
    [
        {"coverage": "all"},
        {"fairness": "x"},
        {"load_step": -1},
        {"stickiness": 10**9},
        {"coverage": "fit", "fairness": "floor"},
    ],
)
def test_settings_that_are_not_on_offer_are_refused(settings) -> None:
    within = small()
    with refused("settings"):
        start_run(cohort=within, by=None, **settings)
    assert not MatchingRun.objects.exists()


@pytest.mark.parametrize(("mentors", "mentees"), [(0, 0), (0, 2), (2, 0)])
def test_an_empty_side_gives_a_run_without_pairs_that_says_so(mentors: int, mentees: int) -> None:
    within = cohort()
    for _ in range(mentors):
        mentor(within)
    for _ in range(mentees):
        mentee(within)
    run = matched(within)
    assert (run.state, run.matched) == ("done", 0)
    assert {why["code"] for why in run.result["unmatched"].values()} <= {"other_side_empty"}
    with refused("no_pairs"):
        release(run=run, by=None, now=NOW)


def test_a_pin_that_has_come_to_break_a_rule_ends_the_run_and_names_both() -> None:
    within = cohort()
    one, other = mentor(within, "Ann", last_name="Bell"), mentee(within, "Cas", last_name="Dorn")
    PairDecision.objects.create(cohort=within, mentor=one, mentee=other, kind="pin")
    one.person.grade = 5
    one.person.save()
    run = matched(within)
    assert (run.state, run.result, run.problem) == ("failed", {}, {})
    assert run.error == "Cas Dorn and Ann Bell are pinned together, but they are too close in grade."
    assert Job.objects.get(pk=run.job_id).error == run.error
    assert start_run(cohort=within, by=None).number == 2


def test_a_waiting_run_is_stopped_at_once() -> None:
    within = small()
    run = cancel_run(run=start_run(cohort=within, by=None))
    assert (run.state, Job.objects.get(pk=run.job_id).state) == ("cancelled", "cancelled")
    assert run_job(job_id=run.job_id) is None
    assert matched(within).state == "done"


def test_a_run_whose_work_was_stopped_elsewhere_does_not_block_the_next() -> None:
    within = small()
    run = start_run(cohort=within, by=None)
    cancel_job(job=Job.objects.get(pk=run.job_id))
    assert matched(within).number == 2
    run.refresh_from_db()
    assert run.state == "cancelled"


def test_a_run_stops_at_its_next_step_and_keeps_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    within = small()
    run = start_run(cohort=within, by=None)
    say = Progress.say

    def pressed(self: Progress, step: str, *, done: int, total: int) -> None:
        if done == 2:
            Job.objects.filter(pk=self.job.pk).update(cancel_requested=True)
        say(self, step, done=done, total=total)

    monkeypatch.setattr(Progress, "say", pressed)
    run_job(job_id=run.job_id)
    run.refresh_from_db()
    assert (run.state, run.result, run.keys) == ("cancelled", {}, {})
    assert cancel_run(run=run).state == "cancelled"


def test_a_run_survives_its_worker() -> None:
    within = small()
    run = start_run(cohort=within, by=None)
    MatchingRun.objects.filter(pk=run.pk).update(state="running")
    Job.objects.filter(pk=run.job_id).update(state="running", lease_until=NOW)
    sweep_jobs(now=NOW.replace(year=2028))
    run_job(job_id=run.job_id)
    run.refresh_from_db()
    assert (run.state, run.matched) == ("done", 3)


def test_a_fault_of_ours_ends_the_run_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    run = start_run(cohort=small(), by=None)
    monkeypatch.setattr("matching.services.runs.solve", lambda *_given: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        run_job(job_id=run.job_id)
    run.refresh_from_db()
    assert (run.state, run.error) == ("failed", "Something went wrong on our side. Nothing was changed.")


CHANGES = [
    "result = '{}'", "problem = '{}'", "keys = '{}'", "settings = '{}'", "tie_seed = 9", "input_digest = ''",
    "matched = 9", "gap = 7", "mentors = 0", "number = 77", "finished_at = now()", "error = 'x'",
    "released_at = now()", "is_reproducible = true, keys = '{}'", "state = 'queued'", "state = 'failed'",
]  # fmt: skip


@pytest.mark.covers("D-08")
@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("is_released", [False, True])
def test_a_finished_run_does_not_change_by_sql_either(change: str, is_released: bool) -> None:
    run = matched(small())
    if is_released:
        release(run=run, by=None, now=NOW)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE matching_matchingrun SET {change} WHERE id = %s", [run.pk])


def test_a_release_is_the_one_step_that_is_left_to_a_finished_run() -> None:
    run = matched(small())
    release(run=run, by=None, now=NOW)
    run.refresh_from_db()
    assert (run.state, run.released_at) == ("released", NOW)
    with pytest.raises(Conflict):
        release(run=run, by=None, now=NOW)


def test_an_erasure_takes_the_way_back_and_the_input_and_marks_the_run() -> None:
    within = cohort()
    gone, stays = mentor(within, "Gone"), mentor(within, "Stays")
    for _ in range(2):
        mentee(within)
    run = matched(within)
    assert forget_in_runs(person=gone.person) == 1
    run.refresh_from_db()
    assert not run.is_reproducible
    assert run.problem == {}
    assert gone.pk not in run.keys.values()
    assert stays.pk in run.keys.values()
    assert {name for name, _ in pairs(run)} == {"Stays"}
    assert forget_in_runs(person=gone.person) == 0
    with refused("gone", kind=Conflict):
        release(run=run, by=None, now=NOW)


def test_pins_say_what_they_cost_in_pairs() -> None:
    within = cohort()
    wide, narrow = mentor(within, languages=["en", "nl"]), mentor(within, languages=["nl"])
    english, dutch = mentee(within, languages=["en"]), mentee(within, languages=["nl"])
    assert matched(within).matched == 2
    PairDecision.objects.create(cohort=within, mentor=wide, mentee=dutch, kind="pin")
    run = matched(within)
    assert (run.matched, run.result["pins"], run.result["pairs_lost_by_pins"]) == (1, 1, 1)
    assert run.links() == [(wide.pk, dutch.pk)]
    assert narrow.pk != english.pk


def test_a_standing_plan_is_kept_as_far_as_wished() -> None:
    within = cohort()
    mentor(within, "Ann", offers={"gen_ai": 3}), mentee(within, "Bea", wants={"gen_ai": 3})
    assert pairs(matched(within)) == {("Ann", "Bea")}
    mentor(within, "New", offers={"gen_ai": 4})
    assert pairs(matched(within, stickiness=50_000)) == {("Ann", "Bea")}
    assert pairs(matched(within)) == {("New", "Bea")}


@pytest.mark.covers("S3.50")
def test_two_runs_are_told_apart_by_how_many_pairs_link_two_departments() -> None:
    within = cohort()
    mentor(within, "Ann", department="Finance", offers={"gen_ai": 3})
    mentee(within, "Bea", department="Finance", wants={"gen_ai": 3})
    matched(within)
    mentor(within, "New", department="IT", offers={"gen_ai": 3})
    run = matched(within)
    assert pairs(run) == {("New", "Bea")}
    lines = {str(line.label): (line.before, line.after) for line in run_page(run).compared}
    assert (lines["Across departments"], lines["Across borders"]) == ((0, 1), (0, 0))


def test_a_run_that_is_not_done_is_not_released() -> None:
    run = start_run(cohort=small(), by=None)
    with refused("not_done"):
        release(run=run, by=None, now=NOW)
    assert not Proposal.objects.exists()
