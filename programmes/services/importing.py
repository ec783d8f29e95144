"""A roster and an intake together, as one piece of long work: both or nothing (decisions 18, 28)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from common.errors import DomainError
from operations.models import Job
from operations.services import Progress, start_job
from participants.choices import FileKind, FileState
from participants.engine.headers import ROSTER_FIELDS
from participants.engine.problems import Problem
from participants.models import ImportFile, Person
from participants.services import (
    Confirmation,
    apply_roster,
    checked_roster,
    log_import,
    mark_imported,
    replace_content,
    settle_columns,
    store_file,
)
from programmes.engine.words import INTAKE_FIELDS
from programmes.models import Cohort
from programmes.selectors import Sources, lacks_participants, sentence, sources_of
from programmes.services.intake import apply_intake

JOB: Final = "programmes.import_people"


@transaction.atomic
def import_people(
    *,
    sources: Sources,
    by: Person | None,
    now: datetime,
    skips_wrong: bool = False,
    left: frozenset[int] = frozenset(),
    digest: str | None = None,
    outcomes: list[list[Any]] | None = None,
) -> dict[str, Any]:
    """Write a roster and then its intake, both or nothing.

    Args:
        skips_wrong: wrong rows stay out; otherwise any of them stops everything.
        left: ids of people, missing from the roster, who are said to have left.
        digest: of what the preview showed.
        outcomes: is filled with what became of each row of the roster.

    Returns:
        "roster" and "intake" with their counts, each only when given.

    Raises:
        DomainError, Stale: as the two parts.
    """
    if sources.roster is not None and not sources.roster.missing_columns and lacks_participants(sources):
        raise DomainError(sentence(Problem(0, "", "nobody_wanted")), code="nobody_wanted")
    digests = dict(zip(("roster", "intake"), digest.split("."), strict=True)) if digest else {}
    done: dict[str, Any] = {}
    if sources.roster is not None:
        confirmation = confirmation_of(sources, skips_wrong, left, digests.get("roster") or None)
        done["roster"] = apply_roster(
            roster=sources.roster, confirmation=confirmation, by=by, now=now, outcomes=outcomes
        )
    if sources.intake is not None and sources.cohort is not None:
        done["intake"] = apply_intake(
            intake=sources.intake,
            cohort=sources.cohort,
            by=by,
            now=now,
            skips_wrong=skips_wrong,
            digest=digests.get("intake") or None,
        )
    return done


Content = tuple[bytes, str]


@transaction.atomic
def keep_files(
    *,
    head: ImportFile | None,
    roster: Content | None,
    intake: Content | None,
    scope: str,
    cohort: Cohort | None,
    by: Person | None,
    now: datetime,
) -> tuple[ImportFile | None, dict[str, DomainError]]:
    """Keep what somebody gave for an import, or put corrected files in the place of earlier ones.

    Args:
        head: an import that is on its way; None begins one.
        roster, intake: (bytes, file name), each None when it was not given this time.
        scope: what the roster keeps.
        cohort: whom the intake enrols into.

    Returns:
        The import's head (its roster, else its intake; None when nothing could be read), and why a part could not
        be read: the other part is kept all the same, so that nobody has to choose it again.
    """
    refusals: dict[str, DomainError] = {}
    first = head if head is not None and head.kind == FileKind.ROSTER else None
    second = getattr(head, "companion", None) if first else head
    if roster is not None:
        first = _keep(first, FileKind.ROSTER, roster, refusals, by=by, now=now) or first
    if intake is not None:
        second = _keep(second, FileKind.INTAKE, intake, refusals, by=by, now=now) or second
    if first is not None:
        ImportFile.objects.filter(pk=first.pk).update(scope=scope)
    if second is not None:
        cohort_id = cohort.pk if cohort else second.cohort_id
        ImportFile.objects.filter(pk=second.pk).update(cohort_id=cohort_id, goes_with=first)
    found = first or second
    return (ImportFile.objects.get(pk=found.pk) if found else None), refusals


def _keep(
    file: ImportFile | None,
    kind: FileKind,
    content: Content,
    refusals: dict[str, DomainError],
    *,
    by: Person | None,
    now: datetime,
) -> ImportFile | None:
    fields = INTAKE_FIELDS if kind == FileKind.INTAKE else ROSTER_FIELDS
    try:
        if file is None:
            return store_file(
                kind=kind, content=content[0], filename=content[1], by=by, now=now, fields=fields
            )
        return replace_content(file=file, content=content[0], filename=content[1], fields=fields)
    except DomainError as refusal:
        refusals[kind.value] = refusal
        return None


def confirmation_of(
    sources: Sources, skips_wrong: bool, left: frozenset[int], digest: str | None
) -> Confirmation:
    return Confirmation(
        scope=sources.scope,
        wanted=sources.wanted,
        skips_wrong=skips_wrong,
        left=left,
        digest=digest,
        moves_addresses=sources.moves_addresses,
    )


@transaction.atomic
def settle_import(*, head: ImportFile) -> ImportFile:
    """Columns and grades of every part are chosen and seen; the import may be confirmed."""
    companion = getattr(head, "companion", None)
    if companion is not None:
        settle_columns(file=companion)
    return settle_columns(file=head)


@transaction.atomic
def confirm_import(
    *,
    file: ImportFile,
    skips_wrong: bool,
    left: frozenset[int],
    digest: str,
    by: Person | None,
    by_operator: bool = False,
) -> Job:
    """Hand a previewed import to a worker.

    Args:
        skips_wrong, left, digest: as ``import_people``.
        by_operator: whether a superuser imports, so that addresses of log-ins follow the file.

    Raises:
        DomainError: it is imported, put aside, or at work already.
    """
    file = ImportFile.objects.select_for_update().get(pk=file.pk)
    if file.state != FileState.MAPPED:
        raise DomainError(_("This file is imported or put aside already."), code="not_open")
    if file.job_id and Job.objects.filter(pk=file.job_id).unfinished().exists():
        raise DomainError(_("This file is being imported already."), code="at_work")
    job = start_job(
        kind=JOB,
        params={"file": file.pk, "skips_wrong": skips_wrong, "left": sorted(left), "digest": digest,
                "operator": by_operator, "language": translation.get_language()},
        by_id=by.pk if by else None,
        programme_id=_programme_id(file),
    )  # fmt: skip
    file.job_id = job.pk
    file.save(update_fields=["job_id", "updated_at"])
    return job


def _programme_id(file: ImportFile) -> int | None:
    intake = file if file.cohort_id else getattr(file, "companion", None)
    cohorts = (
        Cohort.objects.filter(pk=intake.cohort_id) if intake and intake.cohort_id else Cohort.objects.none()
    )
    return cohorts.values_list("programme_id", flat=True).first()


def run_import(job: Job, progress: Progress) -> Mapping[str, Any]:
    """The worker's part: read, compare, write. Cancelling is possible until the writing begins."""
    with translation.override(job.params.get("language") or "en"):
        progress.say(_("Reading the files"), done=0, total=1)
        file = ImportFile.objects.select_related("uploaded_by").get(pk=job.params["file"])
        sources = sources_of(file, by_operator=bool(job.params.get("operator")))
        bar = _Bar(sources, progress)
        _look_again(sources, job, bar)
        bar.is_compared()
        return _write(file, sources, job)


class _Bar:
    """The progress bar: every row read counts one, comparing and writing a tenth of them each."""

    def __init__(self, sources: Sources, progress: Progress) -> None:
        self.progress = progress
        self.rows = len(sources.roster.table.rows) if sources.roster else 0
        self.share = self.rows // 10 + 1
        self.total = self.rows + 2 * self.share

    def __call__(self, read: int) -> None:
        text = _("Checking the rows against what is known: %(done)s of %(total)s")
        self.progress.say(text % {"done": read, "total": self.rows}, done=read, total=self.total)

    def is_compared(self) -> None:
        """The last moment to stop: from here on all is written, or nothing."""
        text = _("Writing people and enrolments. This takes a moment and can no longer be stopped.")
        self.progress.say(text, done=self.rows + self.share, total=self.total)


@transaction.atomic
def _write(file: ImportFile, sources: Sources, job: Job) -> Mapping[str, Any]:
    now, outcomes = timezone.now(), list[list[Any]]()
    done = import_people(
        sources=sources,
        by=file.uploaded_by,
        now=now,
        skips_wrong=bool(job.params["skips_wrong"]),
        left=frozenset(job.params["left"]),
        digest=job.params["digest"],
        outcomes=outcomes,
    )
    for one in filter(None, [file, getattr(file, "companion", None)]):
        own = outcomes if one.kind == FileKind.ROSTER else []
        mark_imported(file=one, report=done.get(one.kind, {}), outcomes=own)
        counts = done.get(one.kind, {})
        log_import(filename=one.filename, counts=counts, by=file.uploaded_by, now=now, file=one)
    return done


def _look_again(sources: Sources, job: Job, bar: _Bar) -> None:
    """Find out early, before anything is locked, whether the preview still holds."""
    if sources.roster is not None:
        digest = str(job.params["digest"]).split(".")[0] or None
        left = frozenset(job.params["left"])
        confirmation = confirmation_of(sources, bool(job.params["skips_wrong"]), left, digest)
        checked_roster(roster=sources.roster, confirmation=confirmation, tell=bar)
