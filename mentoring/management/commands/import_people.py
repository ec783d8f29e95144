"""Import a roster, and an intake along with it, from the command line: the same plan as on the desk."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone, translation

from common.errors import DomainError
from participants.choices import FileKind, RosterScope
from participants.engine.grades import read_grades
from participants.engine.plan import Action, Plan
from participants.engine.problems import Problem
from participants.engine.tables import Table
from participants.selectors import (
    LEFT_OUT_REASONS,
    Roster,
    place,
    read_content,
    remembered_mapping,
    title_grades,
)
from participants.services import log_import, remember_columns
from programmes.engine.words import INTAKE_FIELDS
from programmes.models import Cohort
from programmes.selectors import IntakeTable, Preview, Sources, preview_import, sentence
from programmes.services import import_people


@dataclass(frozen=True)
class Options:
    """What the command line asks for beside the files."""

    as_json: bool
    dry_run: bool
    agreed: bool
    skips_wrong: bool
    marks_left: bool


class Command(BaseCommand):
    help = (
        "Import an HR roster (CSV, XLSX, or “-” for pasted rows on standard input). Shows what it would do, names "
        "every wrong cell, and writes only when told so: all of it or nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="the roster; “-” reads pasted rows from standard input")
        parser.add_argument("--grades", metavar="FILE", help="a file of job titles and grades")
        parser.add_argument("--intake", metavar="FILE", help="an intake file; it enrols people into --cohort")
        parser.add_argument("--cohort", metavar="ID|NAME", help="the cohort that the intake is for")
        parser.add_argument(
            "--scope",
            choices=RosterScope.values,
            default=RosterScope.PARTICIPANTS,
            help="keep only participants and their manager chains as opaque ids (default), or everybody",
        )
        parser.add_argument(
            "--skip-wrong", action="store_true", help="leave wrong rows out, import the others"
        )
        parser.add_argument(
            "--mark-left", action="store_true", help="people missing from this roster have left the company"
        )
        parser.add_argument("--dry-run", action="store_true", help="only show what would be done")
        parser.add_argument("--yes", action="store_true", help="import without asking")
        parser.add_argument("--json", action="store_true", help="print as JSON")
        parser.add_argument("--language", choices=[code for code, _name in settings.LANGUAGES], default="en")

    def handle(self, *args: Any, **given: Any) -> None:
        options = Options(
            given["json"], given["dry_run"], given["yes"], given["skip_wrong"], given["mark_left"]
        )
        with translation.override(given["language"]):
            try:
                self._run(given, options)
            except DomainError as refusal:
                raise CommandError(str(refusal)) from refusal

    def _run(self, given: dict[str, Any], options: Options) -> None:
        sources = _sources(given)
        lacking = _missing_columns(sources)
        if lacking:
            raise CommandError("\n".join(_line(problem) for problem in lacking))
        preview = preview_import(sources)
        problems = [*_problems_of(preview.roster), *_problems_of(preview.intake)]
        if not options.as_json:
            self._show(preview)
        whole_file = any(not problem.row for problem in problems)
        if whole_file or (problems and not options.skips_wrong):
            self._end(preview, None, options)
            raise CommandError(
                "Nothing was written: some rows are wrong. Correct them, or leave them out with --skip-wrong."
            )
        names = {FileKind.ROSTER: str(given["file"]), FileKind.INTAKE: str(given["intake"] or "")}
        done = self._write(sources, preview, options, names) if self._may_write(options) else None
        self._end(preview, done, options)

    def _may_write(self, options: Options) -> bool:
        if options.dry_run or options.agreed:
            return options.agreed and not options.dry_run
        if not sys.stdin.isatty():
            return False
        return input("Import this? [y/N] ").strip().lower() in ("y", "yes", "j", "ja")

    def _write(
        self, sources: Sources, preview: Preview, options: Options, names: dict[FileKind, str]
    ) -> dict[str, Any]:
        missing = preview.roster.missing if preview.roster else []
        left = frozenset(one.id for one in missing) if options.marks_left else frozenset()
        done = import_people(
            sources=sources, by=None, now=timezone.now(), skips_wrong=options.skips_wrong, left=left,
            digest=preview.digest,
        )  # fmt: skip
        for kind, source in ((FileKind.ROSTER, sources.roster), (FileKind.INTAKE, sources.intake)):
            if source is not None:
                remember_columns(table=source.table, kind=kind, mapping=source.mapping)
                log_import(filename=names[kind], counts=done[kind.value], by=None, now=timezone.now())
        return done

    def _end(self, preview: Preview, done: dict[str, Any] | None, options: Options) -> None:
        if options.as_json:
            self.stdout.write(json.dumps(_as_data(preview, done), indent=2, ensure_ascii=False))
        elif done is None:
            self.stdout.write("Nothing was written." + ("" if options.dry_run else " Add --yes to import."))
        else:
            written = sum(part["written"] for part in done.values())
            self.stdout.write(self.style.SUCCESS(f"Imported: {written} people and enrolments written."))

    def _show(self, preview: Preview) -> None:
        for line in _lines(preview):
            self.stdout.write(line)


def _sources(given: dict[str, Any]) -> Sources:
    intake = _read(given["intake"]) if given["intake"] else None
    roster = _read(given["file"])
    return Sources(
        roster=Roster(roster, remembered_mapping(roster, FileKind.ROSTER), _grades(given["grades"])),
        intake=IntakeTable(intake, remembered_mapping(intake, FileKind.INTAKE, INTAKE_FIELDS))
        if intake
        else None,
        cohort=_cohort(given["cohort"]) if intake else None,
        scope=RosterScope(given["scope"]),
        moves_addresses=True,
    )


def _read(name: str) -> Table:
    if name == "-":
        return read_content(sys.stdin.buffer.read())
    try:
        return read_content(Path(name).read_bytes(), Path(name).name)
    except OSError as error:
        raise CommandError(f"{name}: {error.strerror}.") from error
    except DomainError as refusal:
        raise CommandError(f"{name}: {refusal}") from refusal


def _grades(name: str | None) -> dict[str, int]:
    if not name:
        return {}
    grades = read_grades(_read(name))
    if grades.problems:
        raise CommandError("\n".join(f"{name}: {_line(problem)}" for problem in grades.problems))
    return grades.titles


def _cohort(wish: str | None) -> Cohort:
    cohorts = list(Cohort.objects.select_related("programme"))
    fitting = [one for one in cohorts if not wish or wish in (str(one.pk), one.name, str(one))]
    if len(fitting) == 1:
        return fitting[0]
    names = "; ".join(f"{one.pk}: {one}" for one in fitting or cohorts) or "there is none yet"
    raise CommandError(f"Say with --cohort which one the intake is for ({names}).")


def _missing_columns(sources: Sources) -> list[Problem]:
    parts = [part for part in (sources.roster, sources.intake) if part is not None]
    return [problem for part in parts for problem in part.missing_columns]


def _problems_of(plan: Any) -> list[Problem]:
    return plan.problems if plan is not None else []


def _line(problem: Problem) -> str:
    return f"{place(problem)}: {sentence(problem)}"


def _lines(preview: Preview) -> Iterator[str]:
    roster, plan = preview.sources.roster, preview.roster
    if roster is not None and plan is not None:
        for one in roster.left_out:
            yield f"Left out: {one.header} ({LEFT_OUT_REASONS[one.kind]})"
        ungraded = [title for title, _count, grade in title_grades(roster) if grade is None]
        if ungraded:
            yield f"Job titles without a grade: {', '.join(ungraded)}. Give them with --grades."
        yield from _roster_lines(plan)
    if preview.intake is not None:
        counts = preview.intake.counts()
        yield (
            f"Intake: {counts['mentors']} mentors, {counts['mentees']} mentees; {counts['new']} new, "
            f"{counts['changed']} changed, {counts['same']} unchanged, {counts['wrong']} wrong."
        )
        yield from _problem_lines("Intake", preview.intake.problems)


def _roster_lines(plan: Plan) -> Iterator[str]:
    counts = plan.counts()
    yield (
        f"Roster: {counts[Action.NEW] + counts[Action.OPENED]} new, {counts[Action.CHANGED]} changed, "
        f"{counts[Action.MOVED]} moved, {counts[Action.SAME]} unchanged, "
        f"{counts['missing']} missing from the file, {counts['wrong']} wrong."
    )
    links = len(plan.of(Action.LINK))
    if links or plan.of(Action.REDUCED, Action.DROPPED):
        yield (
            f"Lines of managers: {links} opaque links made, {counts[Action.REDUCED]} people reduced to links, "
            f"{counts[Action.DROPPED]} removed."
        )
    yield from _problem_lines("Roster", plan.problems)
    yield from _problem_lines("Told, and harmless", plan.others)
    yield from _problem_lines("Note", plan.notes)


def _problem_lines(title: str, problems: Sequence[Problem]) -> Iterator[str]:
    for problem in problems:
        yield f"{title}: {_line(problem)}"


def _as_data(preview: Preview, done: dict[str, Any] | None) -> dict[str, Any]:
    data: dict[str, Any] = {"written": done is not None, "result": done or {}}
    roster = preview.sources.roster
    if roster is not None and preview.roster is not None:
        data["roster"] = {
            "left_out": [{"column": one.header, "kind": one.kind} for one in roster.left_out],
            "counts": preview.roster.counts(),
            "problems": [_as_item(problem) for problem in preview.roster.problems],
            "others": [_as_item(problem) for problem in preview.roster.others],
            "notes": [_as_item(problem) for problem in preview.roster.notes],
            "missing": [one.hr_key for one in preview.roster.missing],
        }
    if preview.intake is not None:
        data["intake"] = {
            "counts": preview.intake.counts(),
            "problems": [_as_item(problem) for problem in preview.intake.problems],
        }
    return data


def _as_item(problem: Problem) -> dict[str, Any]:
    return {"row": problem.row, "column": problem.column, "code": problem.code, "text": sentence(problem)}
