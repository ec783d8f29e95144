"""The real roster and its intake, from files to a cohort; every wrong word of an intake by name."""

from __future__ import annotations

import json
from collections.abc import Iterable
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from common.errors import DomainError, Stale
from operations.models import Job
from operations.services import cancel_job, run
from participants.choices import FileKind, FileState, RosterScope
from participants.engine import lines
from participants.engine.grades import read_grades
from participants.engine.tables import read_table
from participants.models import ColumnMapping, ImportFile, Person
from participants.selectors import remembered_mapping
from participants.services import choose_grades, mark_left, purge_files, settle_columns, store_file
from programmes.choices import EnrolmentState, Stage
from programmes.engine.words import INTAKE_FIELDS, block, block_entries, entries, rated
from programmes.models import Cohort, Enrolment, TopicOffer
from programmes.selectors import IntakeTable, intake_plan, preview_import, sentence, sources_of
from programmes.services import apply_intake, confirm_import, import_people
from tests.participants.files import ORACLE, as_csv, oracle
from tests.programmes.world import NOW, World, make_person, make_world, oracle_sources, take_part

pytestmark = pytest.mark.django_db

INTAKE = [
    ["employee_id", "role", "capacity", "languages", "offers", "wants", "availability", "cross_border"],
    ["1", "mentor", "2", "en nl", "gen_ai:4 craft:1", "leadership:3", "mon_am tue_lunch", "yes"],
    ["2", "mentee", "1", "en", "leadership:5", "gen_ai:3", "mon_am", "no"],
]


def intake(rows: Iterable[list[str]] = INTAKE) -> IntakeTable:
    table = read_table(as_csv(rows), "intake.csv")
    return IntakeTable(table, remembered_mapping(table, FileKind.INTAKE, INTAKE_FIELDS))


def changed(column: str, value: str, row: int = 1) -> list[list[str]]:
    rows = [list(one) for one in INTAKE]
    rows[row][INTAKE[0].index(column)] = value
    return rows


@pytest.fixture
def world() -> World:
    made = make_world()
    make_person("1", grade=3)
    make_person("2", grade=8)
    return made


def writes(captured: CaptureQueriesContext) -> list[str]:
    verbs = ("INSERT", "UPDATE", "DELETE")
    return [query["sql"] for query in captured.captured_queries if query["sql"].startswith(verbs)]


# --- the real files -----------------------------------------------------------------------------------------


@pytest.mark.covers("S1.17")
def test_roster_and_intake_make_a_cohort_of_51_with_their_lines() -> None:
    cohort = make_world().cohort
    sources = oracle_sources(cohort)
    preview = preview_import(sources)
    assert preview.roster is not None
    assert preview.intake is not None
    assert preview.roster.problems == preview.intake.problems == []
    assert not Enrolment.objects.exists()
    done = import_people(sources=sources, by=None, now=NOW, digest=preview.digest)
    assert (done["intake"]["mentors"], done["intake"]["mentees"], done["intake"]["new"]) == (34, 17, 51)
    named = Person.objects.known().exclude(hr_key__startswith="c-")
    assert named.count() == 51
    assert set(Enrolment.objects.values_list("state", flat=True)) == {EnrolmentState.ACCEPTED}
    one = Enrolment.objects.get(person__hr_key="104")
    assert (one.role, one.capacity, one.is_cross_border) == ("mentor", 2, False)
    assert {offer.topic.code: offer.level for offer in one.offers.all()} == {
        "process_tools": 3, "worklife_balance": 2, "outside_signals": 3, "gen_ai": 4,
    }  # fmt: skip
    assert one.person.availability == ["mon_am", "mon_lunch", "tue_pm", "thu_pm", "fri_am"]


@pytest.mark.covers("S1.17")
@pytest.mark.parametrize("has_column", [True, False])
def test_a_file_that_says_nothing_of_seats_gives_a_mentor_two(world: World, has_column: bool) -> None:
    place = INTAKE[0].index("capacity")
    rows = changed("capacity", "") if has_column else [row[:place] + row[place + 1 :] for row in INTAKE]
    apply_intake(intake=intake(rows), cohort=world.cohort, by=None, now=NOW)
    assert sorted(Enrolment.objects.values_list("role", "capacity")) == [("mentee", 1), ("mentor", 2)]


def test_the_lines_kept_are_those_of_the_file_and_the_links_are_opaque() -> None:
    cohort = make_world().cohort
    import_people(sources=oracle_sources(cohort), by=None, now=NOW)
    table = read_table(oracle("employees.csv"), "e.csv")
    written = {row.cells[0]: row.cells[8] for row in table.rows}
    kept = {p.hr_key: p.manager.hr_key if p.manager else "" for p in Person.objects.select_related("manager")}
    for person in Enrolment.objects.select_related("person").values_list("person__hr_key", flat=True):
        assert list(lines.chain(person, kept)) == list(lines.chain(person, written))
    enrolled = set(Enrolment.objects.values_list("person__hr_key", flat=True))
    links = Person.objects.filter(is_chain_only=True)
    assert set(links.values_list("hr_key", flat=True)) == (
        lines.closure(enrolled, {key: [boss] for key, boss in written.items() if boss}) - enrolled
    )
    assert set(links.values_list("first_name", "last_name", "email", "grade")) == {("", "", None, None)}


def test_the_same_files_again_write_nothing() -> None:
    cohort = make_world().cohort
    import_people(sources=oracle_sources(cohort), by=None, now=NOW)
    with CaptureQueriesContext(connection) as captured:
        done = import_people(sources=oracle_sources(cohort), by=None, now=NOW)
    assert (done["roster"]["written"], done["intake"]["written"]) == (0, 0)
    assert writes(captured) == []


def test_the_intake_needs_the_roster_or_known_people() -> None:
    cohort = make_world().cohort
    alone = oracle_sources(cohort)
    with pytest.raises(DomainError):
        apply_intake(intake=alone.intake, cohort=cohort, by=None, now=NOW)  # type: ignore[arg-type]
    assert alone.intake is not None
    problems = intake_plan(alone.intake, cohort).problems
    assert {(p.column, p.code) for p in problems} == {("employee_id", "unknown_person")}
    assert len(problems) == 51


# --- enrolments ---------------------------------------------------------------------------------------------


def test_an_intake_enrols_changes_and_leaves_alone(world: World) -> None:
    apply_intake(intake=intake(), cohort=world.cohort, by=None, now=NOW)
    mentor = Enrolment.objects.get(person__hr_key="1")
    assert (mentor.person.languages, mentor.person.language) == (["en", "nl"], "en")
    done = apply_intake(intake=intake(changed("offers", "gen_ai:5")), cohort=world.cohort, by=None, now=NOW)
    assert (done["changed"], done["same"], done["written"]) == (1, 1, 1)
    assert list(TopicOffer.objects.filter(enrolment=mentor).values_list("topic__code", "level")) == [
        ("gen_ai", 5)
    ]


def test_a_file_accepts_whoever_waits_and_brings_back_nobody_who_left(world: World) -> None:
    apply_intake(intake=intake(), cohort=world.cohort, by=None, now=NOW)
    Enrolment.objects.filter(person__hr_key="1").update(state="waitlisted")
    apply_intake(intake=intake(), cohort=world.cohort, by=None, now=NOW)
    assert Enrolment.objects.get(person__hr_key="1").state == "accepted"
    Enrolment.objects.filter(person__hr_key="1").update(state="withdrawn")
    plan = intake_plan(intake(), world.cohort)
    assert [(p.row, p.code) for p in plan.problems] == [(2, "enrolment_over")]
    done = apply_intake(intake=intake(), cohort=world.cohort, by=None, now=NOW, skips_wrong=True)
    assert done["written"] == 0
    assert Enrolment.objects.get(person__hr_key="1").state == "withdrawn"


def test_a_pair_settles_the_role(world: World) -> None:
    apply_intake(intake=intake(), cohort=world.cohort, by=None, now=NOW)
    Enrolment.objects.filter(person__hr_key="1").update(state="matched")
    plan = intake_plan(intake(changed("role", "mentee")), world.cohort)
    assert [(p.row, p.code) for p in plan.problems] == [(2, "role_settled")]


def test_a_closing_cohort_takes_nobody(world: World) -> None:
    for stage in (Stage.OPEN, Stage.SELECTING, Stage.MATCHING, Stage.PREPARING, Stage.ACTIVE, Stage.CLOSING):
        Cohort.objects.filter(pk=world.cohort.pk).update(stage=stage)
    with pytest.raises(DomainError, match="closing"):
        apply_intake(intake=intake(), cohort=world.cohort, by=None, now=NOW)


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        ("employee_id", "", "no_person"),
        ("employee_id", "99", "unknown_person"),
        ("employee_id", "2", "person_twice"),
        ("role", "boss", "unknown_role"),
        ("role", "", "unknown_role"),
        ("capacity", "4", "bad_capacity"),
        ("capacity", "many", "bad_capacity"),
        ("languages", "en Klingon", "unknown_language"),
        ("offers", "gen_ai:4 juggling:3", "unknown_topic"),
        ("offers", "gen_ai:6", "bad_rating"),
        ("offers", "gen_ai", "bad_rating"),
        ("wants", "gen_ai:0", "bad_rating"),
        ("wants", "gen_ai:1 gen_ai:2", "topic_twice"),
        ("availability", "mon_am sun_pm", "unknown_block"),
        ("cross_border", "maybe", "not_yes_or_no"),
        ("offers", "=cmd", "formula"),
    ],
)
def test_each_wrong_word_is_named_by_row_and_column(world: World, column: str, value: str, code: str) -> None:
    plan = intake_plan(intake(changed(column, value)), world.cohort)
    assert (2, column, code) in [(p.row, p.column, p.code) for p in plan.problems]
    assert all(sentence(problem) for problem in plan.problems)
    assert 2 not in [step.row for step in plan.steps]
    with pytest.raises(DomainError):
        apply_intake(intake=intake(changed(column, value)), cohort=world.cohort, by=None, now=NOW)
    assert not Enrolment.objects.exists()


def test_words_of_an_intake_in_three_languages(world: World) -> None:
    assert [block(word) for word in ("mon_am", "ma-ochtend", "Mo Vormittag", "di middag", "Mi Mittag", "So")] == [
        "mon_am", "mon_am", "mon_am", "tue_pm", "wed_lunch", None,
    ]  # fmt: skip
    assert entries("Generatieve AI (4); Sociale media:3") == ["Generatieve AI (4)", "Sociale media:3"]
    assert entries("gen_ai:4 craft:1") == ["gen_ai:4", "craft:1"]
    assert entries("gen_ai:4 juggling") == ["gen_ai:4", "juggling"]
    assert entries("Leiden en beslissen: 2") == ["Leiden en beslissen: 2"]
    assert block_entries("Mo Vormittag Di Mittag fri_pm") == ["Mo Vormittag", "Di Mittag", "fri_pm"]
    assert block_entries("mon_am sun_pm Mo") == ["mon_am", "sun_pm", "Mo"]
    assert rated("Generatieve AI (4)") == ("Generatieve AI", 4)
    rows = [
        ["Personeelsnummer", "Rol", "Aantal partners", "Talen", "Biedt", "Wil", "Beschikbaarheid", "Over de grens"],
        ["1", "Mentor", "1", "Engels, Duits", "Generatieve AI (4); Sociale media:3", "Leiden en beslissen: 2",
         "ma-ochtend, vr middag", "ja"],
    ]  # fmt: skip
    apply_intake(intake=intake(rows), cohort=world.cohort, by=None, now=NOW)
    one = Enrolment.objects.get()
    assert {offer.topic.code: offer.level for offer in one.offers.all()} == {"gen_ai": 4, "social_media": 3}
    assert (one.person.availability, one.is_cross_border) == (["mon_am", "fri_pm"], True)


def test_people_may_be_named_by_address(world: World) -> None:
    rows = [["E-mail", "Role"], [str(Person.objects.get(hr_key="1").email).upper(), "mentor"]]
    apply_intake(intake=intake(rows), cohort=world.cohort, by=None, now=NOW)
    assert Enrolment.objects.get().person.hr_key == "1"


def test_roster_by_key_and_intake_by_address_fit_together() -> None:
    world = make_world()
    sources = oracle_sources(world.cohort)
    table = read_table(b"email;role\nSKing@example.com;mentee\n", "i.csv")
    by_address = IntakeTable(table, remembered_mapping(table, FileKind.INTAKE, INTAKE_FIELDS))
    sources = type(sources)(sources.roster, by_address, world.cohort, RosterScope.PARTICIPANTS, True)
    import_people(sources=sources, by=None, now=NOW)
    assert Enrolment.objects.get().person.hr_key == "100"


# --- files and long work ------------------------------------------------------------------------------------


def stored_import(world: World) -> ImportFile:
    file = store_file(
        kind=FileKind.ROSTER,
        content=oracle("employees.csv"),
        filename="employees.csv",
        by=world.coordinator,
        now=NOW,
    )
    store_file(
        kind=FileKind.INTAKE, content=oracle("intake.csv"), filename="intake.csv", by=world.coordinator, now=NOW,
        cohort_id=world.cohort.pk, goes_with=file, fields=INTAKE_FIELDS,
    )  # fmt: skip
    choose_grades(file=file, grades=read_grades(read_table(oracle("grades.csv"), "g.csv")).titles)
    settle_columns(file=file)
    settle_columns(file=file.companion)
    return ImportFile.objects.get(pk=file.pk)


def test_a_confirmed_import_runs_as_long_work_and_tells_what_it_did() -> None:
    world = make_world()
    file = stored_import(world)
    digest = preview_import(sources_of(file)).digest
    job = confirm_import(file=file, skips_wrong=False, left=frozenset(), digest=digest, by=world.coordinator)
    assert (job.programme_id, job.requested_by_id) == (world.programme.pk, world.coordinator.pk)
    with pytest.raises(DomainError, match="already"):
        confirm_import(file=file, skips_wrong=False, left=frozenset(), digest=digest, by=world.coordinator)
    run(job_id=job.pk)
    job.refresh_from_db()
    assert job.state == "done", job.error
    assert job.result["intake"]["new"] == 51
    file.refresh_from_db()
    assert (file.state, file.companion.state) == (FileState.CONFIRMED, FileState.CONFIRMED)
    assert ColumnMapping.objects.count() == 2
    with pytest.raises(DomainError, match="already"):
        confirm_import(file=file, skips_wrong=False, left=frozenset(), digest=digest, by=world.coordinator)


def test_a_job_whose_preview_no_longer_holds_writes_nothing() -> None:
    world = make_world()
    file = stored_import(world)
    digest = preview_import(sources_of(file)).digest
    job = confirm_import(file=file, skips_wrong=False, left=frozenset(), digest=digest, by=world.coordinator)
    make_person("104", "Somebody", email="else@example.com")
    run(job_id=job.pk)
    job.refresh_from_db()
    assert (job.state, Enrolment.objects.count()) == ("failed", 0)
    assert "changed since the preview" in job.error
    file.refresh_from_db()
    assert file.state == FileState.MAPPED  # it can be previewed and confirmed again, nothing typed twice


def test_a_cancelled_job_writes_nothing() -> None:
    world = make_world()
    file = stored_import(world)
    digest = preview_import(sources_of(file)).digest
    job = confirm_import(file=file, skips_wrong=False, left=frozenset(), digest=digest, by=world.coordinator)
    cancel_job(job=job)
    run(job_id=job.pk)
    assert (Job.objects.get(pk=job.pk).state, Enrolment.objects.count()) == ("cancelled", 0)


def test_an_enrolment_made_in_between_is_noticed(world: World) -> None:
    digest = "0" * 64
    with pytest.raises(Stale):
        apply_intake(intake=intake(), cohort=world.cohort, by=None, now=NOW, digest=digest)
    assert not Enrolment.objects.exists()


@pytest.mark.covers_part("B-10")
def test_files_are_gone_after_a_week() -> None:
    world = make_world()
    file = stored_import(world)
    assert purge_files(now=file.purge_at.replace(day=file.purge_at.day - 1)) == 0
    assert purge_files(now=file.purge_at) == 2
    assert not ImportFile.objects.exists()


# --- the command line ---------------------------------------------------------------------------------------


def command(*args: str) -> str:
    out = StringIO()
    call_command("import_people", *args, stdout=out)
    return out.getvalue()


FILES = (
    str(ORACLE / "employees.csv"), "--grades", str(ORACLE / "grades.csv"), "--intake", str(ORACLE / "intake.csv"),
)  # fmt: skip


def test_the_command_shows_first_and_writes_only_when_told() -> None:
    cohort = make_world().cohort
    shown = command(*FILES, "--cohort", str(cohort.pk), "--dry-run")
    assert "Left out: salary" in shown
    assert "Left out: hire_date" in shown
    assert "34 mentors, 17 mentees" in shown
    assert "Nothing was written" in command(*FILES, "--cohort", str(cohort.pk))
    assert not Enrolment.objects.exists()
    assert "Imported" in command(*FILES, "--cohort", "2027", "--yes")
    assert Enrolment.objects.count() == 51
    again = json.loads(command(*FILES, "--cohort", str(cohort), "--yes", "--json"))
    assert (again["result"]["roster"]["written"], again["result"]["intake"]["written"]) == (0, 0)
    assert {one["column"] for one in again["roster"]["left_out"]} >= {"salary", "hire_date"}


def test_the_command_keeps_everybody_when_asked() -> None:
    command(*FILES[:3], "--scope", "full", "--yes")
    assert Person.objects.known().count() == 107


def test_the_command_says_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="some rows are wrong"):
        command(*FILES[:3], "--yes")
    assert "nobody takes part yet" in _shown(*FILES[:3])
    assert not Person.objects.exists()
    with pytest.raises(CommandError, match="--cohort"):
        command(*FILES, "--yes")
    with pytest.raises(CommandError, match="No such file"):
        command(str(tmp_path / "none.csv"))
    letter = tmp_path / "letter.txt"
    letter.write_text("Dear all\nplease find nothing\n")
    with pytest.raises(CommandError, match="Only one column"):
        command(str(letter))
    narrow = tmp_path / "narrow.csv"
    narrow.write_text("employee_id,first_name,last_name,email\n1,A,B,a@example.com\n")
    with pytest.raises(CommandError, match="No column is chosen for"):
        command(str(narrow))
    bad = tmp_path / "grades.csv"
    bad.write_text("job_title,grade\nBoss,very high\n")
    with pytest.raises(CommandError, match="is not a grade"):
        command(FILES[0], "--grades", str(bad))


def _shown(*args: str) -> str:
    out = StringIO()
    with pytest.raises(CommandError):
        call_command("import_people", *args, stdout=out)
    return out.getvalue()


def test_the_command_names_wrong_cells_in_the_language_asked_for(tmp_path: Path) -> None:
    rows = oracle("employees.csv").decode().replace("nyang@example.com", "=HYPERLINK(1)")
    file = tmp_path / "people.csv"
    file.write_text(rows)
    args = (str(file), *FILES[1:3], "--scope", "full", "--yes")
    shown = _shown(*args)
    assert "Row 3, column “email”: “=HYPERLINK(1)” looks like a formula" in shown
    assert "Imported" in command(*args, "--skip-wrong")
    assert Person.objects.known().count() == 106
    data = json.loads(_shown(*args, "--json"))
    assert [(one["row"], one["column"], one["code"]) for one in data["roster"]["problems"]] == [
        (3, "email", "formula")
    ]


def test_the_command_marks_leavers_only_when_told(tmp_path: Path) -> None:
    command(*FILES[:3], "--scope", "full", "--yes")
    file = tmp_path / "people.csv"
    lines_left = [
        line for line in oracle("employees.csv").decode().splitlines() if not line.startswith("206,")
    ]
    file.write_text("\n".join(lines_left))
    args = (str(file), "--scope", "full", "--yes")
    command(*args)
    assert Person.objects.get(hr_key="206").state == "active"
    command(*args, "--mark-left")
    assert Person.objects.get(hr_key="206").state == "left"


def test_leaving_withdraws_from_every_cohort(world: World) -> None:
    one = take_part(world, "9", "mentor")
    assert mark_left(person=one.person, now=NOW)
    assert not mark_left(person=one.person, now=NOW)
    one.refresh_from_db()
    assert one.state == EnrolmentState.WITHDRAWN
