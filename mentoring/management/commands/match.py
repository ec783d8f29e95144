"""Match a cohort from the command line: the same run as on the desk, under the same lock."""

from __future__ import annotations

import json
import time
from argparse import ArgumentParser
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError

from common.errors import DomainError
from matching.choices import UNFINISHED, RunState
from matching.models import MatchingRun
from matching.selectors import run_record
from matching.services import start_run
from operations.services import run as run_job
from programmes.models import Cohort

#: How often one looks at a run that a worker was quicker to take.
_PAUSE: Final = 0.2


class Command(BaseCommand):
    help = (
        "Find the best set of pairs for a cohort. Nothing is proposed to anybody: that is done on the desk."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("cohort", metavar="COHORT", help="number or name of the cohort")
        parser.add_argument("--json", action="store_true", help="print the run as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            run = _finished(start_run(cohort=_cohort(options["cohort"]), by=None))
        except DomainError as refusal:
            raise CommandError(str(refusal)) from refusal
        if run.state != RunState.DONE:
            raise CommandError(run.error or "The run was stopped.")
        record = run_record(run)
        self.stdout.write(json.dumps(record, indent=2) if options["json"] else _as_text(record))


def _cohort(wanted: str) -> Cohort:
    cohorts = list(Cohort.objects.select_related("programme"))
    fitting = [one for one in cohorts if wanted in (str(one.pk), one.name, str(one))]
    if len(fitting) == 1:
        return fitting[0]
    names = "; ".join(f"{one.pk}: {one}" for one in fitting or cohorts) or "there is none yet"
    raise CommandError(f"Say which cohort is to be matched ({names}).")


def _finished(run: MatchingRun) -> MatchingRun:
    """Work it out here, unless a worker has taken it already."""
    run_job(job_id=run.job_id or 0)
    run.refresh_from_db()
    while run.state in UNFINISHED:
        time.sleep(_PAUSE)
        run.refresh_from_db()
    return run


def _as_text(record: dict[str, Any]) -> str:
    proof = record["certificate"]
    lines = [
        f"Run {record['run']}: {record['totals']['matched']} pairs, gap {proof['gap']} ({proof['engine']})"
    ]
    lines += [f"  {pair['mentor']} leads {pair['mentee']}" for pair in record["pairs"]]
    for side in ("mentees", "mentors"):
        for one in record[f"unmatched_{side}"]:
            lines.append(f"  {one['key']} has nobody: {' '.join(one['why'])}")
    return "\n".join(lines)
