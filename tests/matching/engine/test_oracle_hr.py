"""A real personnel file: 34 juniors and 17 seniors of Oracle's sample company, at least two grades apart."""

import csv
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from matching.engine import Person, Policy, Problem, Rules, explain, solve, verify
from matching.engine.reasons import Judge
from tests.matching.engine import oracle

DATA = Path(__file__).resolve().parents[2] / "data" / "oracle-hr"


def rows(name: str) -> list[dict[str, str]]:
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


EMPLOYEES = {row["employee_id"]: row for row in rows("employees")}
GRADES = {row["job_title"]: int(row["grade"]) for row in rows("grades")}


def chain(key: str) -> list[str]:
    """Managers upwards, as the file has them."""
    above = []
    while boss := EMPLOYEES[key]["manager_id"]:
        above.append(boss)
        key = boss
    return above


def entered(text: str) -> dict[str, int]:
    return {topic: int(value) for topic, value in (item.split(":") for item in text.split())}


def person(row: dict[str, str]) -> Person:
    facts = EMPLOYEES[row["employee_id"]]
    return Person(
        key=row["employee_id"],
        capacity=int(row["capacity"]),
        offers=entered(row["offers"]),
        wants=entered(row["wants"]),
        languages=tuple(row["languages"].split()),
        site=facts["city"] or None,
        country=facts["country"] or None,
        cross_border=row["cross_border"] == "yes",
        department=facts["department"] or None,
        grade=GRADES[facts["job_title"]],
        availability=tuple(row["availability"].split()),
        time_zone=facts["timezone"] or None,
        managers=tuple(chain(row["employee_id"])),
    )


def company(**rules: object) -> Problem:
    intake = rows("intake")
    return Problem(
        mentors=tuple(person(row) for row in intake if row["role"] == "mentor"),
        mentees=tuple(person(row) for row in intake if row["role"] == "mentee"),
        policy=Policy(rules=Rules(min_grade_distance=2, **rules)),
        week=date(2026, 11, 2),
    )


@pytest.fixture(scope="module", params=[None, "Europe/London"])
def problem(request: pytest.FixtureRequest) -> Problem:
    return company(assumed_time_zone=request.param)


def test_the_file_is_the_one_described(problem: Problem) -> None:
    assert (len(problem.mentors), len(problem.mentees)) == (34, 17)


@pytest.mark.covers("S4.16")
def test_the_plan_is_the_best_one(problem: Problem) -> None:
    plan = solve(problem)
    verify(problem, plan)
    judge = Judge(problem)
    scores = {
        (mentee.key, mentor.key): judge.score(mentee.key, mentor.key)
        for mentee in problem.mentees
        for mentor in problem.mentors
        if legal(mentee, mentor, problem.policy.rules.assumed_time_zone)
    }
    plain = replace(problem, scores=tuple((*link, score) for link, score in scores.items()))
    assert (plan.totals.matched, plan.totals.score) == oracle.by_integer_programme(plain)
    assert plan.totals.allowed == len(scores)
    assert plan.certificate.gap == 0
    assert plan.totals.matched >= 12


def legal(mentee: Person, mentor: Person, assumed: str | None) -> bool:
    """The rules of the dossier (2.4) once more, from the file."""
    lines = mentor.key in chain(mentee.key) or mentee.key in chain(mentor.key)
    apart = mentee.grade - mentor.grade >= 2
    known = mentee.country and mentor.country
    border = (mentee.cross_border and mentor.cross_border) or (known and mentee.country == mentor.country)
    language = set(mentee.languages) & set(mentor.languages)
    return bool(not lines and apart and border and language and meets(mentee, mentor, assumed))


HOURS = {"am": (9, 12), "lunch": (12, 13), "pm": (13, 17)}
DAYS = ("mon", "tue", "wed", "thu", "fri")
#: Hours behind UTC in the first week of November 2026, when summer time is over.
BEHIND = {"America/Los_Angeles": 8, "America/Chicago": 6, "America/Toronto": 5, "Europe/London": 0}


def meets(mentee: Person, mentor: Person, assumed: str | None) -> bool:
    ours, theirs = (hours(someone, assumed) for someone in (mentee, mentor))
    return bool(ours & theirs)


def hours(someone: Person, assumed: str | None) -> set[int]:
    zone = someone.time_zone or assumed
    if zone is None:
        return set()
    found = set()
    for block in someone.availability:
        day, part = block.split("_")
        start, end = HOURS[part]
        found |= {DAYS.index(day) * 24 + hour + BEHIND[zone] for hour in range(start, end)}
    return found


@pytest.mark.covers("S2.11", "S3.21")
def test_nobody_is_paired_along_a_reporting_line_or_too_close_in_grade(problem: Problem) -> None:
    plan = solve(problem)
    assert plan.pairs
    for pair in plan.pairs:
        assert pair.mentee not in chain(pair.mentor)
        assert pair.mentor not in chain(pair.mentee)
        grades = [GRADES[EMPLOYEES[key]["job_title"]] for key in (pair.mentee, pair.mentor)]
        assert grades[0] - grades[1] >= 2


def test_the_president_has_nobody_outside_the_own_line_and_nothing_would_help(problem: Problem) -> None:
    plan = solve(problem)
    answer = explain(problem, plan).unmatched("100", "mentee")
    assert "100" in plan.unmatched_mentees
    assert (answer.code, answer.candidates, answer.allowed) == ("ruled_out", 34, 0)
    assert answer.removed["reporting_line"] == 34
    assert answer.opens == ()


def test_the_one_without_a_department_hears_which_facts_are_missing() -> None:
    problem = company()
    why = explain(problem, solve(problem))
    answer = why.unmatched("178", "mentor")
    assert (answer.code, answer.allowed) == ("ruled_out", 0)
    assert answer.removed["time_zone_unknown"] == 17
    assert dict(answer.opens)["time_zone_unknown"] >= 1
    willing = {person.key for person in problem.mentees if person.cross_border}
    assert answer.removed["country_unknown"] == 17 - len(willing)
    reasons = why.pair("114", "178")
    assert {entry.criterion: entry.facts for entry in reasons.criteria}["distance"] == (
        "department_unknown",
        "site_unknown",
    )
    assert reasons.terms["distance"] == 0


def test_with_a_zone_assumed_only_those_who_cross_borders_remain() -> None:
    problem = company(assumed_time_zone="Europe/London")
    why = explain(problem, solve(problem))
    answer = why.unmatched("178", "mentor")
    willing = {person.key for person in problem.mentees if person.cross_border}
    assert "time_zone_unknown" not in answer.removed
    assert answer.removed["country_unknown"] == 17 - len(willing)
    assert answer.allowed >= 1
    assert {entry.mentee for entry in why.losses().values() if entry.mentor == "178"} <= willing


def test_everybody_without_a_partner_is_explained(problem: Problem) -> None:
    plan = solve(problem)
    why = explain(problem, plan)
    for role, keys in (("mentee", plan.unmatched_mentees), ("mentor", plan.unmatched_mentors)):
        for key in keys:
            answer = why.unmatched(key, role)
            assert answer.code in ("ruled_out", "seats_short")
            assert bool(answer.allowed) == (answer.witness is not None)
            assert sum(answer.removed.values()) >= answer.candidates - answer.allowed
