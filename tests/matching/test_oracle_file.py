"""A real personnel file from enrolment to proposal: legal, the best there is, and explained in words."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import LinearConstraint, milp

from matching.engine import problem_from_json
from matching.engine.reasons import Judge
from matching.models import MatchingRun, Proposal
from matching.selectors import run_page
from matching.services import release
from programmes.models import Enrolment
from tests.matching.world import NOW, chain, employees, grades, matched, oracle_cohort

pytestmark = pytest.mark.django_db


@pytest.fixture
def run() -> MatchingRun:
    return matched(oracle_cohort())


@pytest.mark.covers("S2.11", "S3.21")
def test_every_released_pair_is_legal_by_a_walk_of_the_file(run: MatchingRun) -> None:
    release(run=run, by=None, now=NOW)
    proposed = Proposal.objects.values_list("mentor__person__hr_key", "mentee__person__hr_key")
    assert len(proposed) == run.matched > 0
    willing = {
        one.person.hr_key for one in Enrolment.objects.filter(is_cross_border=True).select_related("person")
    }
    for mentor, mentee in proposed:
        assert mentor not in chain(mentee)
        assert mentee not in chain(mentor)
        rows = employees()[mentee], employees()[mentor]
        assert grades()[rows[0]["job_title"]] - grades()[rows[1]["job_title"]] >= 2
        same_country = rows[0]["country"] and rows[0]["country"] == rows[1]["country"]
        assert same_country or willing.issuperset({mentor, mentee})


@pytest.mark.covers("S4.16")
def test_no_better_set_exists_by_another_solver(run: MatchingRun) -> None:
    assert (run.mentors, run.mentees, run.gap) == (34, 17, 0)
    problem = problem_from_json(run.problem)
    judge = Judge(problem)
    scores = {
        (mentee.key, mentor.key): judge.score(mentee.key, mentor.key)
        for mentee in problem.mentees
        for mentor in problem.mentors
        if not judge.broken_rules(mentee.key, mentor.key)
    }
    totals = run.result["plan"]["totals"]
    assert (run.matched, totals["score"]) == best_by_integer_programme(problem, scores)
    assert totals["allowed"] == len(scores)


def best_by_integer_programme(problem, scores) -> tuple[int, int]:
    """Most pairs, then the highest total, by HiGHS."""
    links = sorted(scores)
    limits, ends = [], []
    for place, people in ((0, problem.mentees), (1, problem.mentors)):
        for one in people:
            limits.append([link[place] == one.key for link in links])
            ends.append(one.capacity)
    worth = np.array([10_000_000 + scores[link] for link in links], float)
    found = milp(
        -worth, constraints=LinearConstraint(np.array(limits, float), 0, ends), integrality=np.ones(len(links)),
        bounds=(0, 1),
    )  # fmt: skip
    chosen = [link for link, taken in zip(links, found.x, strict=True) if taken > 0.5]
    return len(chosen), sum(scores[link] for link in chosen)


def sentences(run: MatchingRun, employee: str) -> list[str]:
    page = run_page(run, chosen="without")
    everybody = [one for number in page.page.paginator.page_range for one in page.page.paginator.page(number)]
    return next(list(one.sentences) for one in everybody if one.enrolment.person.hr_key == employee)


def test_the_president_is_told_that_everybody_reports_to_him(run: MatchingRun) -> None:
    assert sentences(run, "100") == [
        "All 34 mentors are in one reporting line with Steven King.",
        "No rule can be loosened for that: another mentor would help.",
    ]


def test_the_one_without_a_country_is_told_what_is_missing(run: MatchingRun) -> None:
    told = sentences(run, "178")
    assert told == [
        "The country of Kimberely Grant is not on file.",
        "12 mentors compete for 5 places with 5 mentees, and all of these are taken.",
        "Ask for one more half-day or lunch hour: 2 mentees would become possible.",
    ]


def test_everybody_who_has_nobody_is_explained(run: MatchingRun) -> None:
    plan = run.result["plan"]
    left = len(plan["unmatched_mentees"]) + len(plan["unmatched_mentors"])
    page = run_page(run, chosen="without")
    assert page.page.paginator.count == left
    assert page.headline == f"Run 1: {run.matched} pairs, {left} people still without"
    for number in page.page.paginator.page_range:
        for one in page.page.paginator.page(number):
            assert one.sentences
            assert not any("%(" in sentence for sentence in one.sentences)
