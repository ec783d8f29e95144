"""A roster of 5,000 people through the worker: with progress, once, and every wrong row by its name."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from operations import services as operations
from operations.models import Job
from participants.choices import FileKind, RosterScope
from participants.models import DottedLine, GroupMembership, ImportFile, ImportLog, Person
from participants.services import settle_columns, store_file
from programmes.selectors import Preview, preview_import, sources_of
from programmes.services import confirm_import
from tests.bench.roster import rows, wrong_rows
from tests.participants.files import as_csv
from tests.programmes.test_sync import said_by
from tests.programmes.world import NOW, World, make_world

pytestmark = pytest.mark.django_db
#: Whatever an import may write about people; files, jobs and the log are its own book-keeping.
ABOUT_PEOPLE = ("participants_person", "participants_dottedline", "participants_groupmembership",
                "participants_barriergroup", "participants_titlegrade", "auditlog_logentry")  # fmt: skip


def previewed(world: World, content: bytes) -> tuple[int, Preview]:
    file = store_file(
        kind=FileKind.ROSTER, content=content, filename="all.csv", by=world.coordinator, now=NOW,
        scope=RosterScope.FULL,
    )  # fmt: skip
    settle_columns(file=file)
    return file.pk, preview_import(sources_of(file))


def imported(world: World, content: bytes, *, skips_wrong: bool = False) -> Job:
    """Preview, confirm, and the worker's part."""
    pk, preview = previewed(world, content)
    job = confirm_import(
        file=ImportFile.objects.get(pk=pk), skips_wrong=skips_wrong, left=frozenset(), digest=preview.digest,
        by=world.coordinator,
    )  # fmt: skip
    operations.run(job_id=job.pk)
    job.refresh_from_db()
    assert job.state == "done", job.error
    return job


def writes(captured: CaptureQueriesContext) -> list[str]:
    """Statements that changed, or meant to change, a table about people."""
    verbs = ("INSERT INTO", "UPDATE", "DELETE FROM")
    starts = tuple(f'{verb} "{table}"' for verb in verbs for table in ABOUT_PEOPLE)
    return [query["sql"][:200] for query in captured.captured_queries if query["sql"].startswith(starts)]


def test_5000_people_come_in_with_progress_and_again_without_a_single_write(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world, content = make_world(), as_csv(rows(5_000))
    told = said_by(monkeypatch)
    job = imported(world, content)
    assert job.result["roster"]["new"] == 5_000
    assert Person.objects.exclude(pk=world.coordinator.pk).count() == 5_000
    assert Person.objects.exclude(appraiser=None).count() == 4_999
    assert (DottedLine.objects.count(), GroupMembership.objects.count()) == (500, 100)
    checking = [line for line in told if line.startswith("Checking")]
    assert len(checking) == 20
    assert checking[10].startswith("Checking the rows against what is known: 2500 of 5000")

    versions = dict(Person.objects.values_list("pk", "updated_at"))
    with CaptureQueriesContext(connection) as captured:
        again = imported(world, content)
    assert (again.result["roster"]["same"], again.result["roster"]["written"]) == (5_000, 0)
    assert writes(captured) == []
    assert dict(Person.objects.values_list("pk", "updated_at")) == versions
    assert len(captured) < 130  # whatever the number of rows; a good third is the progress bar


def test_each_of_fifty_wrong_rows_is_named_and_nothing_is_written_before_the_confirm() -> None:
    world, table = make_world(), rows(5_000, wrong=0.01)
    wrong = wrong_rows(table)
    assert len(wrong) == 50
    with CaptureQueriesContext(connection) as captured:
        _pk, preview = previewed(world, as_csv(table))
    assert preview.roster is not None
    named = [(problem.row, problem.column, problem.code) for problem in preview.roster.problems]
    assert named == [(number, "email", "bad_email") for number in wrong]
    assert writes(captured) == []
    assert Person.objects.count() == 1
    job = imported(world, as_csv(table), skips_wrong=True)
    assert (job.result["roster"]["new"], job.result["roster"]["wrong"]) == (4_950, 50)
    log = ImportLog.objects.get()
    assert [row[0] for row in log.file.outcomes if row[2] == "wrong"] == wrong
