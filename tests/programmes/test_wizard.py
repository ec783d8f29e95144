"""The import's pages from file to invitation, with no JavaScript, in three languages' headers."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from operations.models import Job
from operations.services import run
from outbox.models import Message
from participants.choices import FileState
from participants.models import ColumnMapping, ImportFile, Person, TitleGrade
from programmes.models import Coordinator, Enrolment
from tests.participants.files import as_text, as_xlsx, company, oracle
from tests.programmes.world import World, make_person, make_world, take_part

pytestmark = pytest.mark.django_db
ADD = "/desk/participants/importfile/add/"


def upload(name: str, content: bytes | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, oracle(name) if content is None else content)


@pytest.fixture
def world(client: Client) -> World:
    made = make_world()
    client.force_login(made.user)
    return made


def text(response: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def columns_of(response: Any) -> dict[str, str]:
    """What the columns page would send back unchanged."""
    data: dict[str, str] = {}
    for form in response.context["forms"].values():
        for field in form:
            value = field.value()
            if value is not None:
                data[field.html_name] = str(value)
    return data


@pytest.mark.covers_part("S4.35")
def test_from_two_files_to_51_invitations(client: Client, world: World) -> None:
    page = client.get(ADD)
    assert page.status_code == 200
    assert "Nothing is written before you have seen" in text(page)
    sent = {
        "roster_file": upload("employees.csv"), "intake_file": upload("intake.csv"),
        "cohort": world.cohort.pk, "scope": "participants",
    }  # fmt: skip
    page = client.post(ADD, sent, follow=True)
    assert page.redirect_chain[0][0].endswith("/columns/")
    shown = text(page)
    assert "salary pay is no business" in shown
    assert "hire_date dates of employment" in shown
    assert not Enrolment.objects.exists()

    here = page.redirect_chain[0][0]
    titles = page.context["forms"]["grades"].titles.values()
    assert len(titles) == 14  # of the 19 titles those that participants bear
    data = columns_of(page) | {"go": "1", "grades-grades_file": upload("grades.csv")}
    page = client.post(here, data, follow=True)
    assert page.redirect_chain[-1][0].endswith("/preview/"), text(page)
    assert "51 mentors" not in text(page)
    assert "34" in text(page)
    assert "17" in text(page)
    assert not TitleGrade.objects.exists()

    confirm = {"digest": page.context["form"]["digest"].value()}
    page = client.post(page.redirect_chain[-1][0], confirm)
    job = Job.objects.get()
    assert page["Location"] == reverse("admin:operations_job_progress", args=[job.pk])
    waiting = client.get(page["Location"])
    assert 'http-equiv="refresh"' in waiting.content.decode()
    assert 'hx-trigger="every 2s"' in waiting.content.decode()
    run(job_id=job.pk)
    finished = client.get(page["Location"])
    assert "34 mentors, 17 mentees" in text(finished)
    assert 'http-equiv="refresh"' not in finished.content.decode()
    part = client.get(page["Location"], headers={"HX-Request": "true"})
    assert part.content.decode().lstrip().startswith("<section")

    done = reverse("admin:participants_importfile_done", args=[ImportFile.objects.get(kind="roster").pk])
    assert done in finished.content.decode()
    page = client.get(done)
    assert "51 people" in text(page)
    page = client.post(done, follow=True)
    assert Message.objects.filter(kind="selected").count() == 51
    assert "Everybody in" in text(page)
    client.post(done)
    assert Message.objects.filter(kind="selected").count() == 51
    assert ColumnMapping.objects.count() == 2
    assert TitleGrade.objects.count() == 19


def test_pasted_rows_and_typed_grades(client: Client, world: World) -> None:
    rows = [[cell for index, cell in enumerate(row) if index != 5] for row in company()]
    page = client.post(ADD, {"roster_text": as_text(rows, "\t"), "scope": "full"}, follow=True)
    here = page.redirect_chain[-1][0]
    titles = {title: name for name, title in page.context["forms"]["grades"].titles.items()}
    assert set(titles) == {"Director", "Manager", "Analyst"}
    grades = {f"grades-{titles[title]}": grade for title, grade in (("Director", 9), ("Manager", 6))}
    page = client.post(here, columns_of(page) | grades | {"go": "1"}, follow=True)
    assert "No grade is known for the job title “Analyst”" in text(page)
    assert "Row 5, column “job_title”" in text(page)
    page = client.get(here)
    assert page.context["forms"]["grades"][titles["Director"]].value() == 9  # nothing is typed twice
    page = client.post(here, columns_of(page) | {f"grades-{titles['Analyst']}": 3, "go": "1"}, follow=True)
    assert "5 entries would be written" in text(page)


@pytest.mark.parametrize(
    "header",
    [
        ["Employee number", "First name", "Surname", "Work e-mail", "Job title", "Grade", "Line manager ID", "Dept"],
        ["Personeelsnummer", "Voornaam", "Achternaam", "E-mailadres", "Functie", "Schaal", "Leidinggevende",
         "Afdeling"],
        ["Personal-Nr.", "Vorname", "Nachname", "E-Mail-Adresse", "Stellenbezeichnung", "Stufe", "Führungskraft-Nr.",
         "Abteilung"],
    ],
)  # fmt: skip
def test_headers_of_three_languages_and_workbooks(client: Client, world: World, header: list[str]) -> None:
    rows = [header, *company()[1:]]
    file = upload("people.xlsx", as_xlsx(rows))
    page = client.post(ADD, {"roster_file": file, "scope": "full"}, follow=True)
    page = client.post(page.redirect_chain[-1][0], columns_of(page) | {"go": "1"}, follow=True)
    assert "5 entries would be written" in text(page)
    client.post(page.redirect_chain[-1][0], {"digest": page.context["form"]["digest"].value()})
    run(job_id=Job.objects.get().pk)
    assert Person.objects.get(hr_key="4").department == "Sales"
    # the next file with this header finds its columns again, whatever was guessed
    mapping = ColumnMapping.objects.get()
    ColumnMapping.objects.update(
        mapping={**mapping.mapping, "team": 7, "department": 4, "job_title": 6, "manager": 5}
    )
    page = client.post(ADD, {"roster_file": upload("b.xlsx", as_xlsx(rows)), "scope": "full"}, follow=True)
    assert page.context["forms"]["roster"]["team"].value() == "7"


def test_a_missing_column_is_asked_for_and_kept_once_given(client: Client, world: World) -> None:
    rows = [["Nummer", *company()[0][1:]], *company()[1:]]
    page = client.post(ADD, {"roster_text": as_text(rows, ";"), "scope": "full"}, follow=True)
    here = page.redirect_chain[-1][0]
    page = client.post(here, columns_of(page) | {"go": "1"})
    assert page.status_code == 422
    assert "HR key (personnel number): No column is chosen" in text(page)
    assert page.content.decode().count("Error:") >= 1
    again = columns_of(client.get(here)) | {"roster-hr_key": "0", "go": "1"}
    assert client.post(here, again)["Location"].endswith("/preview/")
    twice = again | {"roster-first_name": "0"}
    assert "chosen twice" in text(client.post(here, twice))


def test_a_file_that_is_no_table_is_refused_in_words_and_the_other_is_kept(
    client: Client, world: World
) -> None:
    data = {
        "roster_file": upload("employees.csv"), "intake_file": upload("intake.csv", b"%PDF-1.7"),
        "cohort": world.cohort.pk, "scope": "participants",
    }  # fmt: skip
    page = client.post(ADD, data)
    assert page.status_code == 422
    assert "not a table that can be read" in text(page)
    assert "employees.csv is here" in text(page)
    file = ImportFile.objects.get()
    there = reverse("admin:participants_importfile_files", args=[file.pk])
    assert there in page.content.decode()
    data = {"intake_file": upload("intake.csv"), "cohort": world.cohort.pk, "scope": "participants"}
    assert client.post(there, data)["Location"].endswith(f"/{file.pk}/columns/")
    file.refresh_from_db()
    assert (file.companion.kind, file.companion.cohort_id) == ("intake", world.cohort.pk)


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({}, "Choose a file, or paste rows"),
        ({"intake_text": "employee_id;role\n1;mentor\n"}, "Say which cohort"),
        ({"roster_text": "one\ntwo\n"}, "Only one column was found"),
        ({"roster_file": SimpleUploadedFile("a.xls", b"\xd0\xcf\x11\xe0")}, "of the old kind"),
        ({"roster_text": "a;b\n"}, "nothing below it"),
    ],
)
def test_what_was_forgotten_is_said(client: Client, world: World, sent: dict[str, Any], words: str) -> None:
    page = client.post(ADD, {"scope": "full", **sent})
    assert page.status_code == 422
    assert words in text(page)
    assert not ImportFile.objects.exists()


def test_wrong_rows_are_left_out_only_when_ticked_or_the_file_is_corrected(
    client: Client, world: World
) -> None:
    rows = company({("4", "email"): "=HYPERLINK(1)"})
    page = client.post(ADD, {"roster_text": as_text(rows), "scope": "full"}, follow=True)
    page = client.post(page.redirect_chain[-1][0], columns_of(page) | {"go": "1"}, follow=True)
    assert "Row 5, column “email”" in text(page)
    assert "looks like a formula" in text(page)
    here = page.redirect_chain[-1][0]
    digest = {"digest": page.context["form"]["digest"].value()}
    assert "Tick this, or correct the rows" in text(client.post(here, digest))
    assert not Job.objects.exists()
    file = ImportFile.objects.get()
    there = reverse("admin:participants_importfile_files", args=[file.pk])
    client.post(there, {"roster_text": as_text(company()), "scope": "full"})
    page = client.get(here)
    assert page.context["page"].problems == []
    assert "5 entries would be written" in text(page)
    client.post(there, {"roster_text": as_text(rows), "scope": "full"})
    page = client.get(here)
    client.post(here, {"digest": page.context["form"]["digest"].value(), "skips_wrong": "on"})
    run(job_id=Job.objects.get().pk)
    assert Person.objects.filter(hr_key__in="12345").count() == 4


def test_scope_participants_without_any_says_what_to_do(client: Client, world: World) -> None:
    rows = [
        *company(),
        [str(world.coordinator.hr_key), "Lotte", "Tester", "lotte@example.com", "Lead", "7", "1", "HR"],
    ]
    page = client.post(ADD, {"roster_text": as_text(rows), "scope": "participants"}, follow=True)
    page = client.post(page.redirect_chain[-1][0], columns_of(page) | {"go": "1"}, follow=True)
    assert "nobody takes part yet" in text(page)
    assert "This cannot be imported yet" in text(page)
    assert "Import</button>" not in page.content.decode()
    client.post(page.redirect_chain[-1][0], {"digest": page.context["form"]["digest"].value()})
    assert not Job.objects.exists()


@pytest.mark.covers("C-22")
@pytest.mark.parametrize(("megabytes", "words"), [(2.5, "larger than 2 MB"), (4, "at most 2 MB each")])
def test_files_beyond_the_limit_are_refused_in_words(
    client: Client, world: World, megabytes: float, words: str
) -> None:
    content = b"employee_id,email\n" + b"1,a@example.com\n" * int(megabytes * 65_536)
    page = client.post(ADD, {"roster_file": upload("big.csv", content), "scope": "full"})
    assert page.status_code == 422
    assert words in text(page)
    assert not ImportFile.objects.exists()


def test_whoever_uploads_is_not_offered_as_having_left(client: Client, world: World) -> None:
    page = client.post(ADD, {"roster_text": as_text(company()), "scope": "full"}, follow=True)
    page = client.post(page.redirect_chain[-1][0], columns_of(page) | {"go": "1"}, follow=True)
    assert "left" not in page.context["form"].fields


def test_people_missing_from_the_file_leave_only_when_ticked(client: Client, world: World) -> None:
    member = take_part(world, "77", "mentor").person
    stranger = make_person("88", "Stranger")
    page = client.post(ADD, {"roster_text": as_text(company()), "scope": "full"}, follow=True)
    page = client.post(page.redirect_chain[-1][0], columns_of(page) | {"go": "1"}, follow=True)
    offered = dict(page.context["form"].fields["left"].choices)
    assert member.pk in offered
    assert stranger.pk not in offered  # not of this coordinator's programmes
    data = {"digest": page.context["form"]["digest"].value(), "left": [member.pk, stranger.pk]}
    assert "Select a valid choice" in text(client.post(page.redirect_chain[-1][0], data))
    client.post(page.redirect_chain[-1][0], data | {"left": [member.pk]})
    run(job_id=Job.objects.get().pk)
    member.refresh_from_db()
    assert member.state == "left"
    assert Enrolment.objects.get(person=member).state == "withdrawn"


def test_what_is_stored_about_people_elsewhere_is_not_shown(client: Client, world: World) -> None:
    make_person("4", "Dee", last_name="Secretname", department="Hidden unit", email="dee@example.com")
    page = client.post(ADD, {"roster_text": as_text(company()), "scope": "full"}, follow=True)
    page = client.post(page.redirect_chain[-1][0], columns_of(page) | {"go": "1"}, follow=True)
    assert "Changed (1)" in text(page) or "another unit (1)" in text(page)
    assert "Hidden unit" not in page.content.decode()
    assert "Secretname" not in page.content.decode()


@pytest.mark.covers("C-02")
def test_an_import_is_its_uploaders_alone(client: Client, world: World) -> None:
    client.post(ADD, {"roster_text": as_text(company()), "scope": "full"})
    file = ImportFile.objects.get()
    other = make_world("Other")
    client.force_login(other.user)
    for step in ("files", "columns", "preview", "done"):
        address = reverse(f"admin:participants_importfile_{step}", args=[file.pk])
        assert client.get(address).status_code == 404
    assert client.post(reverse("admin:participants_importfile_aside", args=[file.pk])).status_code == 404
    assert client.get(reverse("admin:participants_importfile_change", args=[file.pk])).status_code == 404
    assert "pasted rows" not in text(client.get("/desk/participants/importfile/"))


def test_whoever_no_longer_runs_the_programme_no_longer_imports_into_it(client: Client, world: World) -> None:
    other = make_world("Other")
    Coordinator.objects.create(programme=other.programme, person=world.coordinator)
    client.post(
        ADD, {"intake_text": "employee_id;role\n1;mentor\n", "cohort": other.cohort.pk, "scope": "full"}
    )
    file = ImportFile.objects.get()
    address = reverse("admin:participants_importfile_columns", args=[file.pk])
    assert client.get(address).status_code == 200
    Coordinator.objects.filter(programme=other.programme, person=world.coordinator).delete()
    assert client.get(address).status_code == 404
    foreign = {"intake_text": "employee_id;role\n1;mentor\n", "cohort": other.cohort.pk, "scope": "full"}
    assert "Select a valid choice" in text(client.post(ADD, foreign))


def test_an_import_can_be_put_aside(client: Client, world: World) -> None:
    client.post(ADD, {"roster_text": as_text(company()), "scope": "full"})
    file = ImportFile.objects.get()
    aside = reverse("admin:participants_importfile_aside", args=[file.pk])
    assert client.get(aside).status_code == 405
    page = client.post(aside, follow=True)
    assert "put aside" in text(page)
    file.refresh_from_db()
    assert file.state == FileState.CANCELLED
    page = client.get(reverse("admin:participants_importfile_preview", args=[file.pk]), follow=True)
    assert "was put aside" in text(page)


def test_wrong_cells_are_named_in_the_readers_language(client: Client, world: World) -> None:
    Person.objects.filter(pk=world.coordinator.pk).update(language="de")
    page = client.post(
        ADD, {"roster_text": as_text(company({("4", "grade"): "hoch"})), "scope": "full"}, follow=True
    )
    assert page.headers["Content-Language"] == "de"
