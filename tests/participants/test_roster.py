"""Rosters against a real database: written as planned, once, and nothing on the second time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import pytest
from auditlog.models import LogEntry
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from common.errors import DomainError, Stale
from participants.choices import FileKind, RosterScope
from participants.engine.rows import LENGTHS
from participants.engine.tables import read_table
from participants.models import BarrierGroup, ColumnMapping, Person, TitleGrade, User
from participants.selectors import Roster, plan_digest, remembered_mapping, roster_plan
from participants.services import Confirmation, Stopped, apply_roster, lines_changed, open_log_in
from tests.participants.files import as_csv, company, oracle

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2027, 1, 11, 9, tzinfo=dt.UTC)
FULL = Confirmation(RosterScope.FULL)


def roster(rows: Iterable[Iterable[str]], grades: dict[str, int] | None = None) -> Roster:
    table = read_table(as_csv([list(row) for row in rows]), "people.csv")
    return Roster(table, remembered_mapping(table, FileKind.ROSTER), grades or {})


def bring(rows: Iterable[Iterable[str]], confirmation: Confirmation = FULL) -> dict[str, int]:
    return apply_roster(roster=roster(rows), confirmation=confirmation, by=None, now=NOW)


def writes(captured: CaptureQueriesContext) -> list[str]:
    verbs = ("INSERT", "UPDATE", "DELETE")
    return [query["sql"] for query in captured.captured_queries if query["sql"].startswith(verbs)]


def person(key: str) -> Person:
    return Person.objects.get(hr_key=key)


def test_the_engines_lengths_are_those_of_the_model() -> None:
    lengths = {name: Person._meta.get_field(name).max_length for name in LENGTHS if name != "group"}
    assert lengths | {"group": BarrierGroup._meta.get_field("name").max_length} == dict(LENGTHS)


def test_a_full_roster_is_written_with_its_lines() -> None:
    done = bring(company())
    assert (done["new"], done["written"]) == (5, 5)
    dee = person("4")
    assert (dee.full_name, dee.email, dee.grade, dee.department) == (
        "Dee Young",
        "dee@example.com",
        3,
        "Sales",
    )
    assert dee.manager is not None
    assert dee.manager.manager == person("1")


def test_the_same_roster_again_writes_nothing() -> None:
    bring(company())
    with CaptureQueriesContext(
        connection,
    ) as captured:
        done = bring(company())
    assert done["written"] == 0
    assert writes(captured) == []


def test_changes_are_written_by_sets_and_told_to_the_audit_log() -> None:
    bring(company())
    before = person("5").version
    with CaptureQueriesContext(connection) as captured:
        done = bring(company({("5", "manager_id"): "2", ("5", "grade"): "4", ("4", "department"): "IT"}))
    assert (done["changed"], done["moved"], done["written"]) == (0, 2, 2)
    assert len(writes(captured)) <= 3
    eva = person("5")
    assert (eva.manager, eva.grade, eva.version) == (person("2"), 4, before + 1)
    entries = LogEntry.objects.get_for_object(eva).filter(action=LogEntry.Action.UPDATE)
    assert [entry.changes for entry in entries] == [{"grade": ["3", "4"], "manager": ["3", "2"]}]


@pytest.mark.covers("S0.2")
def test_every_line_upwards_is_written_moved_and_wiped_and_the_audit_log_knows() -> None:
    def rows(appraiser: str, dotted: str) -> list[list[str]]:
        head, *people = company()
        extra = {"4": [appraiser, dotted, "Zuid"], "2": ["5", "", ""]}
        return [
            [*head, "appraiser_id", "dotted_line_ids", "office", "city"],
            *([*row, *extra.get(row[0], ["", "", ""]), "Delft"] for row in people),
        ]

    bring(rows("5", "3;1"))
    dee = person("4")
    assert (dee.appraiser, dee.office, dee.city) == (person("5"), "Zuid", "Delft")
    assert person("2").appraiser == person("5")  # who is written after the person appraised
    assert set(dee.dotted_lines.values_list("manager__hr_key", flat=True)) == {"1", "3"}
    with CaptureQueriesContext(connection) as captured:
        assert bring(rows("5", "1;3"))["written"] == 0
    assert writes(captured) == []
    done = bring(rows("", "3"))
    assert (done["moved"], done["written"]) == (1, 1)
    assert set(dee.dotted_lines.values_list("manager__hr_key", flat=True)) == {"3"}
    entry = LogEntry.objects.get_for_object(dee).filter(action=LogEntry.Action.UPDATE).get()
    assert entry.changes == {"appraiser": ["5", ""], "dotted": ["1, 3", "3"]}


def test_nothing_is_written_while_anything_is_wrong_unless_it_is_left_out() -> None:
    rows = company({("4", "email"): "nonsense"})
    with pytest.raises(DomainError) as refusal:
        bring(rows)
    assert refusal.value.code == "wrong_rows"
    assert not Person.objects.exists()
    done = bring(rows, Confirmation(RosterScope.FULL, skips_wrong=True))
    assert done["written"] == 4
    assert not Person.objects.filter(hr_key="4").exists()


def test_a_missing_column_stops_the_import() -> None:
    rows = [row[:6] for row in company()]
    assert [(p.code, p.params["field"]) for p in roster(rows).missing_columns] == [
        ("missing_column", "manager")
    ]
    with pytest.raises(DomainError, match="Columns"):
        bring(rows)


def test_a_confirmation_holds_for_the_plan_that_was_shown() -> None:
    shown = roster_plan(roster(company()), scope=RosterScope.FULL, wanted=frozenset())
    confirmation = Confirmation(RosterScope.FULL, digest=plan_digest(shown))
    Person.objects.create(hr_key="1", first_name="Ann", last_name="Top", email="ann@example.com")
    with pytest.raises(Stale):
        bring(company(), confirmation)
    assert Person.objects.count() == 1


def test_addresses_change_hands_within_one_file() -> None:
    bring(company())
    bring(company({("4", "email"): "eva@example.com", ("5", "email"): "dee@example.com"}))
    assert (person("4").email, person("5").email) == ("eva@example.com", "dee@example.com")


def test_people_leave_only_when_somebody_says_so() -> None:
    bring(company())
    user = open_log_in(person=person("5"))
    bring(company(without=["5", "4"]))
    assert person("5").state == person("4").state == "active"
    gone = frozenset({person("5").pk})
    done = bring(company(without=["5", "4"]), Confirmation(RosterScope.FULL, left=gone))
    assert done["left"] == 1
    assert (person("5").state, person("5").left_on) == ("left", dt.date(2027, 1, 11))
    assert person("4").state == "active"
    user.refresh_from_db()
    assert not user.is_active
    bring(company())
    assert (person("5").state, person("5").left_on) == ("active", None)
    assert not User.objects.get(person=person("5")).is_active  # the way back in is an invitation


def test_whoever_is_in_the_file_cannot_be_said_to_have_left() -> None:
    bring(company())
    bring(company(without=["5"]), Confirmation(RosterScope.FULL, left=frozenset({person("4").pk})))
    assert person("4").state == "active"


@pytest.mark.covers("B-04")
def test_a_narrow_roster_keeps_participants_and_opaque_links() -> None:
    narrow = Confirmation(RosterScope.PARTICIPANTS, wanted=frozenset({"4"}))
    bring(company(), narrow)
    kept = {one.hr_key: one for one in Person.objects.all()}
    assert set(kept) == {"1", "2", "4"}
    link = kept["2"]
    assert (link.is_chain_only, str(link.full_name), link.email, link.grade, link.manager) == (
        True, "", None, None, kept["1"],
    )  # fmt: skip
    assert kept["4"].manager == link
    with CaptureQueriesContext(connection) as captured:
        bring(company(), narrow)
    assert writes(captured) == []


def test_a_link_is_opened_and_nobody_with_a_log_in_is_closed_again() -> None:
    bring(company(), Confirmation(RosterScope.PARTICIPANTS, wanted=frozenset({"4"})))
    link = person("2").pk
    bring(company(), Confirmation(RosterScope.PARTICIPANTS, wanted=frozenset({"4", "2"})))
    assert (person("2").pk, person("2").is_chain_only, person("2").full_name) == (link, False, "Bo Middle")
    open_log_in(person=person("2"))
    bring(company(), Confirmation(RosterScope.PARTICIPANTS, wanted=frozenset({"4"})))
    assert person("2").full_name == "Bo Middle"


def test_after_a_full_roster_a_narrow_one_gives_up_what_it_need_not_know() -> None:
    bring(company())
    bring(company(), Confirmation(RosterScope.PARTICIPANTS, wanted=frozenset({"4"})))
    kept = {one.hr_key: one for one in Person.objects.all()}
    assert set(kept) == {"1", "2", "4"}
    assert (kept["2"].full_name, kept["2"].email, kept["2"].job_title) == ("", None, "")


def test_an_operators_roster_moves_the_log_in_with_the_address() -> None:
    bring(company())
    user = open_log_in(person=person("4"))
    rows = company({("4", "email"): "dee.young@example.com"})
    bring(rows)
    assert person("4").email == "dee@example.com"
    bring(rows, Confirmation(RosterScope.FULL, moves_addresses=True))
    user.refresh_from_db()
    assert person("4").email == user.email == "dee.young@example.com"
    assert [(a.email, a.verified, a.primary) for a in user.emailaddress_set.all()] == [
        (user.email, True, True)
    ]


def test_grades_of_titles_are_remembered() -> None:
    rows = [[cell for index, cell in enumerate(row) if index != 5] for row in company()]
    given = {"Director": 9, "Manager": 6, "Analyst": 3}
    apply_roster(roster=roster(rows, given), confirmation=FULL, by=None, now=NOW)
    assert dict(TitleGrade.objects.values_list("title", "grade")) == given
    assert bring(rows)["written"] == 0
    apply_roster(roster=roster(rows, {"analyst": 4}), confirmation=FULL, by=None, now=NOW)
    assert TitleGrade.objects.get(title="Analyst").grade == person("4").grade == 4
    assert ColumnMapping.objects.count() == 0  # columns are remembered by whoever stored the file


@pytest.mark.covers_part("A-29")
def test_a_change_of_manager_is_told_to_whoever_watches_over_pairs() -> None:
    bring(company())
    told: list[frozenset[int]] = []

    def watch(*, person_ids: frozenset[int], now: dt.datetime) -> Stopped:
        told.append(person_ids)
        return Stopped(pairs=2, proposals=1)

    lines_changed.fill("test", watch)
    try:
        assert bring(company({("4", "department"): "IT"}))["in_line"] == 0
        done = bring(company({("4", "department"): "IT", ("5", "manager_id"): "2"}))
    finally:
        del lines_changed.fillers["test"]
    assert told == [frozenset({person("5").pk})]
    assert (done["in_line"], done["withdrawn"]) == (2, 1)


def test_the_real_roster_of_107_people_goes_in_whole() -> None:
    table = read_table(oracle("employees.csv"), "employees.csv")
    grades = {
        line.split(",")[0]: int(line.split(",")[1]) for line in oracle("grades.csv").decode().splitlines()[1:]
    }
    real = Roster(table, remembered_mapping(table, FileKind.ROSTER), grades)
    done = apply_roster(roster=real, confirmation=FULL, by=None, now=timezone.now())
    assert (done["new"], done["problems"]) == (107, 0)
    assert Person.objects.filter(manager=None).get().hr_key == "100"
    assert {one.header for one in real.left_out} >= {"salary", "hire_date"}
    nobody = person("178")
    assert (nobody.department, nobody.city, nobody.country, nobody.grade) == ("", "", "", 4)
    stored = {field.name for field in Person._meta.fields}
    assert stored.isdisjoint({"salary", "hire_date", "birth_date", "nationality"})
