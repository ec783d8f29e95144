"""Every kind of file that HR departments send, and what is no table at all."""

from __future__ import annotations

import datetime as dt
import io
import time
import zipfile

import pytest

from participants.engine import headers
from participants.engine.cells import is_email, is_formula_like, name_fault, whole_number
from participants.engine.places import country_code, language_codes, zone_name
from participants.engine.problems import Unreadable
from participants.engine.tables import MAX_COLUMNS, MAX_ROWS, letter, pack, read_table, unpack
from tests.participants import files

ROWS = [
    ["Employee ID", "First name", "Last name", "E-mail", "Office"],
    ["7", "Zoë", "Müller-Özdemir", "zoe@example.com", "Köln; Dom, left"],
    ["8", "Renée", "d’Ancona", "renee@example.com", "Den Haag"],
]


@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_csv_in_every_separator_and_encoding(separator: str, encoding: str) -> None:
    table = read_table(files.as_csv(ROWS, separator, encoding), "people.csv")
    assert list(table.headers) == ROWS[0]
    assert [list(row.cells) for row in table.rows] == ROWS[1:]
    assert [row.number for row in table.rows] == [2, 3]


def test_a_workbook_and_pasted_rows_read_like_the_csv() -> None:
    expected = read_table(files.as_csv(ROWS), "people.csv")
    assert read_table(files.as_xlsx(ROWS), "people.xlsx") == expected
    assert read_table(files.as_xlsx(ROWS, blank_sheet_first=True), "people.xlsx") == expected
    pasted = "\n".join("\t".join(row) for row in ROWS).encode()
    assert read_table(pasted) == expected
    assert read_table(pasted.replace(b"\n", b"\r\n") + b"\r\n\r\n") == expected


def test_a_table_is_kept_between_two_steps_as_it_was_read() -> None:
    table = read_table(b"\nemployee_id,email\n1,a@example.com,oops\n\n2,\t=1\n", "a.csv")
    assert unpack(pack(table)) == table
    assert [row.number for row in table.rows] == [3, 5]


def test_numbers_and_dates_of_a_workbook_come_as_a_person_would_type_them() -> None:
    rows = [("id", "grade", "day", "at"), (100, 7.0, dt.date(2020, 3, 1), dt.datetime(2020, 3, 1, 9, 30))]
    table = read_table(files.as_xlsx(rows), "people.xlsx")
    assert table.rows[0].cells == ("100", "7", "2020-03-01", "2020-03-01 09:30")


def test_excels_own_separator_line_is_no_row() -> None:
    table = read_table(b"sep=;\r\n" + files.as_csv(ROWS, ";"), "people.csv")
    assert list(table.headers) == ROWS[0]
    assert table.rows[0].number == 3  # as the spreadsheet program counts


def test_commas_inside_cells_do_not_win_over_the_real_separator() -> None:
    rows = [["Personalnummer", "Name, Titel", "E-Mail"]] + [
        [str(n), "Weber, Dr.", "x@example.com"] for n in range(9)
    ]
    assert read_table("\n".join(";".join(row) for row in rows).encode(), "a.csv").headers == tuple(rows[0])
    rows = [["employee_id", "salary", "email"]] + [[str(n), "2,5", "x@example.com"] for n in range(9)]
    assert read_table("\n".join("\t".join(row) for row in rows).encode()).headers == tuple(rows[0])


def test_blank_rows_and_unnamed_columns_keep_their_place() -> None:
    table = read_table(b"\n\nemployee_id,,email,\n\n1,x,a@example.com\n,,,\n2,y,b@example.com,\n", "a.csv")
    assert table.headers == ("employee_id", "(B)", "email")
    assert [row.number for row in table.rows] == [5, 7]
    assert (letter(25), letter(26), letter(51)) == ("Z", "AA", "AZ")


def test_a_row_that_is_longer_than_the_header_is_marked() -> None:
    table = read_table(b"employee_id,email\n1,a@example.com,oops\n2,b@example.com\n", "a.csv")
    assert [row.overflow for row in table.rows] == [True, False]


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"", "a.csv", "empty"),
        (b"  \n ", "a.csv", "empty"),
        (b"%PDF-1.7 and so on", "a.csv", "not_a_table"),
        (b"\x89PNG\r\n\x1a\n", "photo.csv", "not_a_table"),
        (b"<html><table></table></html>", "a.csv", "not_a_table"),
        (b"employee_id,email\n1,a\x00\n", "a.csv", "not_a_table"),
        (b"\x81\x8d\x8f,\x90\n", "a.csv", "not_a_table"),
        (b"employee_id,email\n1,a@example.com\n", "a.docx", "not_a_table"),
        (b"employee_id,email\n1,a@example.com\n", "a.xlsx", "not_a_table"),
        (files.as_xlsx(ROWS), "a.csv", "not_a_table"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "a.xls", "old_excel"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "a.xlsx", "old_excel"),
        (b"Dear colleague\nthis is a letter\n", "a.txt", "one_column"),
        (b"employee_id\n1\n2\n", "a.csv", "one_column"),
        (b"employee_id,email\n", "a.csv", "no_rows"),
        (b'employee_id,name,email\n1,"Anna,a@example.com\n2,Bo,b@example.com\n', "a.csv", "open_quote"),
    ],
)
def test_what_is_no_table_is_refused_by_name(content: bytes, name: str, code: str) -> None:
    with pytest.raises(Unreadable) as refusal:
        read_table(content, name)
    assert refusal.value.code == code


def test_an_open_quotation_mark_is_named_with_its_line() -> None:
    with pytest.raises(Unreadable) as refusal:
        read_table(b'employee_id,name\n1,Bo\n2,"Anna\n3,Cy\n', "a.csv")
    assert refusal.value.params == {"line": 3}


def test_stray_quotation_marks_inside_a_cell_pass() -> None:
    table = read_table(b'employee_id,name\n1,"Bob" Smith\n2,Anna "Ann" Lee\n', "a.csv")
    assert [row.cells[0] for row in table.rows] == ["1", "2"]


@pytest.mark.covers("C-22")
def test_limits_of_size_rows_and_columns() -> None:
    with pytest.raises(Unreadable, match="too_large"):
        read_table(b"employee_id,email\n" + b"1,a@example.com\n" * 150_000, "a.csv")
    just_enough = b"id,email\n" + b"1,a\n" * MAX_ROWS
    assert len(read_table(just_enough, "a.csv").rows) == MAX_ROWS
    with pytest.raises(Unreadable, match="too_many_rows"):
        read_table(just_enough + b"2,b\n", "a.csv")
    wide = ",".join(f"c{n}" for n in range(MAX_COLUMNS + 1)).encode()
    with pytest.raises(Unreadable, match="too_many_columns"):
        read_table(wide + b"\n" + b"1," * MAX_COLUMNS + b"1\n", "a.csv")
    with pytest.raises(Unreadable, match="too_many_columns"):
        read_table(files.as_xlsx([[f"c{n}" for n in range(60)], ["1"] * 60]), "a.xlsx")


@pytest.mark.covers("C-22")
def test_a_workbook_bomb_is_refused_before_it_is_opened() -> None:
    bomb = files.bomb()
    assert len(bomb) < 300 * 1024
    begun = time.perf_counter()
    with pytest.raises(Unreadable, match="workbook_too_large"):
        read_table(bomb, "people.xlsx")
    assert time.perf_counter() - begun < 1


def _repacked(change: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    plain = zipfile.ZipFile(io.BytesIO(files.as_xlsx(ROWS)))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        for name in plain.namelist():
            archive.writestr(name, change.pop(name, plain.read(name)))
        for name, content in change.items():
            archive.writestr(name, content)
    return out.getvalue()


@pytest.mark.covers("C-22")
@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({f"xl/media/{n}.png": b"x" for n in range(250)}, "workbook_too_large"),
        ({"xl/sharedStrings.xml": b"<sst>" + b"<si><t>a</t></si>" * 600_000}, "workbook_too_large"),
        ({"xl/styles.xml": b" " * (9 * 1024 * 1024)}, "workbook_too_large"),
        ({"xl/vbaProject.bin": b"macro"}, "has_macros"),
        ({"xl/workbook.xml": b'<!DOCTYPE x [<!ENTITY a "a">]><workbook/>'}, "broken_workbook"),
        ({"xl/workbook.xml": b"not xml"}, "broken_workbook"),
    ],
)
def test_workbooks_with_something_wrong_inside(change: dict[str, bytes], code: str) -> None:
    begun = time.perf_counter()
    with pytest.raises(Unreadable) as refusal:
        read_table(_repacked(change), "people.xlsx")
    assert refusal.value.code == code
    assert time.perf_counter() - begun < 2


def test_other_zip_files_and_torn_workbooks() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("word/document.xml", "<x/>")
    with pytest.raises(Unreadable, match="not_a_table"):
        read_table(out.getvalue(), "people.xlsx")
    with pytest.raises(Unreadable, match="broken_workbook"):
        read_table(files.as_xlsx(ROWS)[:-200], "people.xlsx")


def test_a_formula_in_a_workbook_is_read_as_written_and_never_computed() -> None:
    table = read_table(files.as_xlsx([("id", "name"), ("1", "=1+1")]), "people.xlsx")
    assert table.rows[0].cells == ("1", "=1+1")


@pytest.mark.covers("C-18")
@pytest.mark.parametrize(
    "cell",
    [
        "=1+1", "+SUM(A1)", "-cmd|' /C calc'!A0", "@SUM(1)", "\t=1", "\r=1", "\n=1", "\0=1", "＝1+1", "＋1a", "－a",
        "＠a", " =1", '"=1', "'=1", "\ufeff=1", "\u00a0=1", "-1+1", "+31 a",
    ],
)  # fmt: skip
def test_cells_that_a_spreadsheet_could_run(cell: str) -> None:
    assert is_formula_like(cell)


@pytest.mark.parametrize(
    "cell", ["", "-5", "+31 20 123 45 67", "-1.5", "+1,000", "-", "--", "–", "Anna", "a=b", "x-y", "7"]
)
def test_numbers_dashes_and_plain_text_are_no_formulas(cell: str) -> None:
    assert not is_formula_like(cell)


def test_names_whole_numbers_and_addresses() -> None:
    assert name_fault("Anna\nBcc: x") == name_fault("Anna\u2028") == "control"
    assert name_fault("http://x") == name_fault("www.x") == name_fault("example.com") == "link"
    assert name_fault("J.de Vries") is None
    assert name_fault("Jean-Luc O’Neill") is None
    assert [whole_number(text) for text in ("7", " 7.0 ", "07", "7,0", "7.5", "x", "", "-7")] == [
        7, 7, 7, 7, None, None, None, None,
    ]  # fmt: skip
    good = ("a@example.com", "a.b+c@sub.example.co.uk", "A@Example.com", "o'neill@example.com")
    bad = ("", "a", "a@", "@b.com", "a@b", "a b@example.com", "a@example..com", "a@exa mple.com", "a@b.com\n")
    assert [is_email(value) for value in good] == [True] * len(good)
    assert [is_email(value) for value in bad] == [False] * len(bad)


def test_countries_languages_and_zones_in_three_languages() -> None:
    words = (
        "NL",
        "nl",
        "Nederland",
        "Netherlands",
        "Niederlande",
        "Deutschland",
        "UK",
        "USA",
        "DEU",
        "Atlantis",
    )
    assert [country_code(word) for word in words] == [
        "NL", "NL", "NL", "NL", "NL", "DE", "GB", "US", "DE", None,
    ]  # fmt: skip
    assert language_codes("en de") == (["en", "de"], [])
    assert language_codes("Engels, Nederlands; Deutsch / français") == (["en", "nl", "de", "fr"], [])
    assert language_codes("en-GB") == (["en"], [])
    assert language_codes("Klingon") == ([], ["Klingon"])
    assert zone_name("europe/amsterdam") == "Europe/Amsterdam"
    assert zone_name("W. Europe Standard Time") == "Europe/Berlin"
    assert zone_name("Middle Earth") is None


@pytest.mark.parametrize(
    "row",
    [
        ["Employee number", "First name", "Surname", "Work e-mail", "Job title", "Grade", "Line manager ID", "Dept"],
        ["Personeelsnummer", "Voornaam", "Achternaam", "E-mailadres", "Functie", "Schaal",
         "Personeelsnummer leidinggevende", "Afdeling"],
        ["Personal-Nr.", "Vorname", "Nachname", "E-Mail-Adresse", "Stellenbezeichnung", "Stufe",
         "Vorgesetzten-Nr.", "Abteilung"],
    ],
)  # fmt: skip
def test_headers_are_recognised_in_three_languages(row: list[str]) -> None:
    fields = ("hr_key", "first_name", "last_name", "email", "job_title", "grade", "manager", "department")
    assert headers.guess(row) == {name: index for index, name in enumerate(fields)}
    assert headers.missing(headers.guess(row)) == []


@pytest.mark.covers("B-04")
def test_every_column_that_is_not_taken_over_is_named_with_its_kind() -> None:
    table = read_table(files.oracle("employees.csv"), "employees.csv")
    mapping = headers.guess(table.headers)
    left = {one.header: one.kind for one in headers.left_out(table.headers, mapping)}
    assert left["salary"] == "pay"
    assert left["hire_date"] == "dates"
    assert set(left) == {
        "hire_date", "job_id", "salary", "department_id", "is_manager_job", "depth_below_president"
    }  # fmt: skip
    more = ["Geburtsdatum", "Nationaliteit", "Geslacht", "Gehalt", "BSN", "Mobile phone", "Language skills"]
    kinds = [one.kind for one in headers.left_out(more, {})]
    assert kinds == ["birth", "origin", "private", "pay", "identity", "contact", "unneeded"]
