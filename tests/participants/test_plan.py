"""What a roster would do, and everything wrong that it names: no database, only files beside what is known."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import pytest

from participants.engine import headers, lines
from participants.engine.plan import Action, Known, Plan, Wish, make_plan
from participants.engine.problems import Problem
from participants.engine.rows import check_rows
from participants.engine.tables import read_table
from tests.participants.files import as_csv, company

GRADES = {"director": 9, "manager": 6, "analyst": 3}


def planned(
    rows: Iterable[list[str]],
    known: Iterable[Known] = (),
    *,
    wanted: Iterable[str] | None = None,
    moves_addresses: bool = False,
) -> Plan:
    """Everybody is kept, unless ``wanted`` names the participants."""
    table = read_table(as_csv(rows), "people.csv")
    mapping = headers.guess(table.headers)
    columns = {name: table.headers[index] for name, index in mapping.items()}
    wish = Wish(wanted is None, set(wanted or ()), moves_addresses, columns)
    return make_plan(check_rows(table, mapping, GRADES), {one.hr_key: one for one in known}, wish)


def stored(key: str, manager: str = "", *, person_id: int = 0, **flags: Any) -> Known:
    """Somebody of the company as stored by an earlier import of it."""
    rows = {row[0]: row for row in company()[1:]}
    row = rows[key]
    values = {
        "first_name": row[1], "last_name": row[2], "email": row[3], "job_title": row[4], "grade": int(row[5]),
        "department": row[7], "team": "", "languages": [],
    }  # fmt: skip
    if flags.get("is_link"):
        values = {"first_name": "", "last_name": "", "email": None, "job_title": "", "grade": None}
    return Known(person_id or int(key), key, manager or row[6], values, **flags)


def everybody(**changes: Known) -> list[Known]:
    return [changes.get(f"k{row[0]}", stored(row[0])) for row in company()[1:]]


def said(plan: Plan) -> list[tuple[int, str, str]]:
    return [(problem.row, problem.column, problem.code) for problem in plan.problems]


def actions(plan: Plan) -> Mapping[str, Action]:
    return {step.hr_key: step.action for step in plan.steps}


def test_a_first_full_roster_makes_everybody() -> None:
    plan = planned(company())
    assert actions(plan) == dict.fromkeys("12345", Action.NEW)
    assert plan.steps[3].changes["manager"] == ("", "2")
    assert plan.problems == plan.others == plan.notes == plan.missing == []


def test_an_unchanged_roster_writes_nothing() -> None:
    plan = planned(company(), everybody())
    assert set(actions(plan).values()) == {Action.SAME}
    assert plan.writes == 0


def test_changed_moved_returned_and_missing_people_are_told_apart() -> None:
    rows = company({("4", "department"): "IT", ("5", "manager_id"): "2"}, without=["3"])
    plan = planned(rows, everybody(k2=stored("2", is_active=False)))
    assert actions(plan) == {
        "1": Action.SAME, "2": Action.CHANGED, "4": Action.MOVED, "5": Action.MOVED,
    }  # fmt: skip
    steps = {step.hr_key: step for step in plan.steps}
    assert steps["4"].changes == {"department": ("Sales", "IT")}
    assert steps["5"].changes == {"manager": ("3", "2")}
    assert steps["2"].changes == {"state": ("left", "active")}
    assert [one.hr_key for one in plan.missing] == ["3"]


@pytest.mark.parametrize(
    ("cell", "value", "code"),
    [
        ("employee_id", "", "no_key"),
        ("employee_id", "x" * 65, "too_long"),
        ("first_name", "", "no_name"),
        ("first_name", "Dee\nBcc: all", "name_control"),
        ("last_name", "www.example.com", "name_link"),
        ("email", "", "no_email"),
        ("email", "dee.example.com", "bad_email"),
        ("email", "=HYPERLINK(1)", "formula"),
        ("job_title", "@SUM(1)", "formula"),
        ("department", "+cmd|x", "formula"),
        ("grade", "high", "bad_grade"),
        ("grade", "0", "bad_grade"),
        ("grade", "100", "bad_grade"),
        ("manager_id", "77", "unknown_manager"),
        ("manager_id", "4", "own_manager"),
        ("department", "d" * 121, "too_long"),
    ],
)
def test_each_wrong_cell_is_named_by_row_and_column(cell: str, value: str, code: str) -> None:
    plan = planned(company({("4", cell): value}))
    assert said(plan) == [(5, cell, code)]
    assert "4" not in actions(plan)


def test_a_grade_comes_from_the_job_title_where_the_file_has_none() -> None:
    plan = planned(company({("4", "grade"): "", ("5", "grade"): "", ("5", "job_title"): "Juggler"}))
    assert {step.hr_key: step.changes["grade"][1] for step in plan.steps}["4"] == 3
    assert [(p.row, p.column, p.code, p.params["value"]) for p in plan.problems] == [
        (6, "job_title", "no_grade", "Juggler")
    ]
    plan = planned(company({("4", "grade"): "", ("4", "job_title"): ""}))
    assert said(plan) == [(5, "job_title", "no_title")]


def test_keys_and_addresses_that_stand_twice_are_named_at_each_row() -> None:
    rows = [*company(), ["4", "Dora", "Other", "dora@example.com", "Analyst", "3", "2", "Sales"]]
    plan = planned(rows)
    assert said(plan) == [(5, "employee_id", "duplicate_key"), (7, "employee_id", "duplicate_key")]
    assert plan.problems[0].params["rows"] == [7]
    plan = planned(company({("4", "email"): "BO@Example.com"}))
    assert said(plan) == [(3, "email", "duplicate_email"), (5, "email", "duplicate_email")]


def test_addresses_of_people_who_are_known_are_taken_whatever_their_capitals() -> None:
    other = Known(9, "9", values={"first_name": "Old", "email": "dee@example.com"})
    plan = planned(company({("4", "email"): "DEE@example.com"}), [*everybody()[:3], other, everybody()[4]])
    assert said(plan) == [(5, "email", "email_taken")]
    assert plan.problems[0].params == {"value": "9"}


def test_two_people_may_exchange_their_addresses() -> None:
    plan = planned(
        company({("4", "email"): "eva@example.com", ("5", "email"): "dee@example.com"}), everybody()
    )
    assert plan.problems == []
    assert plan.writes == 2


def test_a_circle_of_managers_names_the_people_and_stops_everybody_below() -> None:
    plan = planned(company({("1", "manager_id"): "4"}))
    circle = [problem for problem in plan.problems if problem.code == "circle"]
    assert [(p.row, p.column) for p in circle] == [(2, "manager_id"), (3, "manager_id"), (5, "manager_id")]
    assert circle[0].params["names"] == ["Ann Top", "Dee Young", "Bo Middle", "Ann Top"]
    below = [problem for problem in plan.problems if problem.code == "line_broken"]
    assert {p.row for p in below} == {4, 6}
    assert below[0].params["value"] in ("Ann Top", "Cas Middle")
    assert plan.steps == []


def test_a_circle_is_found_across_file_and_database() -> None:
    rows = [row for row in company({("2", "manager_id"): "4"}) if row[0] in ("employee_id", "2")]
    plan = planned(rows, everybody())
    assert said(plan) == [(2, "manager_id", "circle")]
    assert plan.problems[0].params["names"] == ["Bo Middle", "4", "Bo Middle"]
    assert plan.writes == 0


def test_a_circle_that_stands_in_the_database_does_not_hang_the_plan() -> None:
    ring = [stored("2", "4"), stored("4", "2")]
    rows = [row for row in company() if row[0] in ("employee_id", "1")]
    assert actions(planned(rows, ring)) == {"1": Action.NEW}


def test_a_key_that_stands_twice_with_two_managers_tears_the_line_below() -> None:
    rows = [*company(), ["2", "Bo", "Middle", "bo@example.com", "Manager", "6", "3", "Sales"]]
    plan = planned(rows)
    assert said(plan) == [
        (3, "employee_id", "duplicate_key"),
        (5, "manager_id", "line_broken"),
        (7, "employee_id", "duplicate_key"),
    ]
    assert sorted(actions(plan)) == ["1", "3", "5"]


def test_managers_may_be_named_by_address() -> None:
    plan = planned(company({("4", "manager_id"): "BO@example.com"}))
    assert {step.hr_key: step.changes["manager"][1] for step in plan.steps}["4"] == "2"


def test_a_wrong_row_of_a_manager_still_keeps_the_line_of_those_below() -> None:
    plan = planned(company({("2", "email"): "nobody"}))
    assert actions(plan) == {
        "1": Action.NEW, "2": Action.LINK, "3": Action.NEW, "4": Action.NEW, "5": Action.NEW,
    }  # fmt: skip
    plan = planned(company({("2", "email"): "nobody", ("2", "manager_id"): "3"}), everybody())
    assert actions(plan)["2"] is Action.RELINKED
    assert {step.hr_key: step for step in plan.steps}["2"].changes == {"manager": ("1", "3")}


# --- other lines (S0.2) -------------------------------------------------------------------------------------


def with_lines(rows: list[list[str]], **lines_of: tuple[str, str, str]) -> list[list[str]]:
    """The rows with appraiser, dotted lines and office; ``k4=("2", "3; 1", "Zuid")`` is for the person 4."""
    head, *people = rows
    return [
        [*head, "appraiser_id", "dotted_line_ids", "office", "city"],
        *([*row, *lines_of.get(f"k{row[0]}", ("", "", "")), "Delft"] for row in people),
    ]


@pytest.mark.covers("S0.2")
def test_dotted_lines_appraiser_and_office_have_columns_of_their_own() -> None:
    plan = planned(with_lines(company(), k4=("2", "CAS@example.com; 1 ;3", "Zuid")))
    assert plan.problems == []
    changes = next(step.changes for step in plan.steps if step.hr_key == "4")
    assert (changes["appraiser"], changes["dotted"]) == (("", "2"), ((), ("1", "3")))
    assert (changes["office"][1], changes["city"][1]) == ("Zuid", "Delft")
    assert "dotted" not in next(step.changes for step in plan.steps if step.hr_key == "5")


def test_a_new_appraiser_or_dotted_line_is_a_move_and_an_empty_cell_takes_it_away() -> None:
    known = everybody(k4=replace(stored("4"), appraiser="2", dotted=("3",)))
    assert set(actions(planned(company(), known)).values()) == {Action.SAME}  # no column, no word about it
    plan = planned(with_lines(company()), known)
    moved = {step.hr_key: step for step in plan.steps}["4"]
    assert moved.action is Action.MOVED
    assert (moved.changes["appraiser"], moved.changes["dotted"]) == (("2", ""), (("3",), ()))


def test_people_above_who_are_unknown_or_oneself_are_named_and_the_stored_lines_stay() -> None:
    known = everybody(k4=replace(stored("4"), appraiser="2"))
    plan = planned(with_lines(company(), k4=("77", "4;1", "")), known)
    assert said(plan) == [(5, "appraiser_id", "unknown_superior"), (5, "dotted_line_ids", "own_superior")]
    assert "4" not in actions(plan)


def test_dotted_lines_may_run_in_a_circle() -> None:
    plan = planned(with_lines(company(), k1=("", "4", ""), k4=("1", "", "")))
    assert plan.problems == []


def test_links_of_every_line_are_kept_as_opaque_keys() -> None:
    plan = planned(with_lines(company(), k4=("5", "", ""), k5=("", "", "")), wanted=["4"])
    assert actions(plan) == {key: Action.NEW if key == "4" else Action.LINK for key in "12345"}


# --- scope (decision 28) ------------------------------------------------------------------------------------


@pytest.mark.covers("B-04")
def test_only_participants_and_the_links_of_their_lines_are_kept() -> None:
    plan = planned(company(), wanted=["4"])
    assert actions(plan) == {"4": Action.NEW, "2": Action.LINK, "1": Action.LINK}
    link = next(step for step in plan.steps if step.hr_key == "2")
    assert (link.name, dict(link.changes)) == ("", {"manager": ("", "1")})


def test_people_with_a_part_already_stay_without_being_named_again() -> None:
    known = [stored("4", is_needed=True), stored("2", is_link=True), stored("1", is_link=True)]
    plan = planned(company({("4", "department"): "IT"}), known, wanted=[])
    assert actions(plan) == {"4": Action.MOVED}
    assert plan.problems == []


def test_a_link_becomes_a_person_and_a_person_without_a_part_a_link() -> None:
    known = [stored("4", is_needed=True), stored("2", is_link=True), stored("1", is_link=True), stored("5")]
    plan = planned(company(), known, wanted=["2"])
    assert actions(plan) == {"4": Action.SAME, "2": Action.OPENED, "5": Action.DROPPED}
    plan = planned(company(), everybody(k4=stored("4", is_needed=True)), wanted=[])
    assert actions(plan) == {
        "4": Action.SAME, "2": Action.REDUCED, "1": Action.REDUCED, "3": Action.DROPPED, "5": Action.DROPPED,
    }  # fmt: skip


def test_nobody_enrolled_is_ever_reduced() -> None:
    plan = planned(company(), [stored(row[0], is_needed=True) for row in company()[1:]], wanted=[])
    assert set(actions(plan).values()) == {Action.SAME}


def test_without_any_participant_it_says_what_to_do() -> None:
    plan = planned(company(), wanted=[])
    assert [(p.row, p.code) for p in plan.problems] == [(0, "nobody_wanted")]


def test_wrong_cells_of_people_who_are_not_kept_are_told_and_harmless() -> None:
    plan = planned(company({("5", "email"): "x", ("4", "grade"): "x"}), wanted=["4"])
    assert said(plan) == [(5, "grade", "bad_grade")]
    assert [(p.row, p.code) for p in plan.others] == [(6, "bad_email")]


def test_a_full_roster_after_a_narrow_one_opens_every_link() -> None:
    known = [stored("4", is_needed=True), stored("2", is_link=True), stored("1", is_link=True)]
    assert actions(planned(company(), known)) == {
        "1": Action.OPENED, "2": Action.OPENED, "3": Action.NEW, "4": Action.SAME, "5": Action.NEW,
    }  # fmt: skip


# --- log-ins ------------------------------------------------------------------------------------------------


def test_an_address_never_moves_a_log_in_unless_an_operator_imports() -> None:
    known = everybody(k4=stored("4", has_log_in=True, is_needed=True))
    rows = company({("4", "email"): "mallory@example.com"})
    plan = planned(rows, known)
    assert plan.writes == 0
    assert [(p.row, p.column, p.code) for p in plan.notes] == [(5, "email", "email_kept")]
    assert planned(rows, known, moves_addresses=True).writes == 1


def test_languages_are_the_persons_own_word_from_the_first_log_in_on() -> None:
    rows = [[*row, "languages" if row[0] == "employee_id" else "Dutch"] for row in company()]
    spoken = {**stored("4").values, "languages": ["en"]}
    with_log_in = Known(4, "4", "2", spoken, has_log_in=True, is_needed=True)
    plan = planned(rows, everybody(k4=with_log_in))
    assert actions(plan)["4"] is Action.SAME
    assert actions(plan)["5"] is Action.CHANGED


def test_lines_of_managers() -> None:
    managers = {"a": "b", "b": "c", "c": "", "x": "y", "y": "x", "z": "x"}
    assert list(lines.chain("a", managers)) == ["b", "c"]
    assert list(lines.chain("z", managers)) == ["x", "y"]
    assert [sorted(circle) for circle in lines.circles(managers)] == [["x", "y"]]
    assert lines.led_through(managers, {"x"}) == {"y": "x", "z": "x"}
    assert lines.closure(["a", "b"], {key: [boss] for key, boss in managers.items() if boss}) == {"b", "c"}


def test_problems_compare_by_place_and_code() -> None:
    assert Problem(1, "a", "x", {"value": 1}) != Problem(1, "a", "y", {"value": 1})
