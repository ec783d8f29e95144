"""How an import shows itself while a worker carries it out."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from operations.admin import JobPage, describe_job
from operations.models import Job
from participants.models import ImportFile
from programmes.admin.importing.steps import address
from programmes.services import IMPORT_JOB


def _summary(job: Job) -> list[str]:
    """What an import did, for the page of its long work."""
    found = []
    roster, intake = job.result.get("roster"), job.result.get("intake")
    if roster:
        text = _("Roster: %(new)s new, %(changed)s changed, %(moved)s moved, %(same)s unchanged.")
        found.append(str(text) % {**roster, "new": roster["new"] + roster["opened"]})
        if roster["left"]:
            found.append(str(_("%(left)s have left the company.")) % roster)
        if roster["wrong"]:
            found.append(str(_("%(wrong)s wrong rows of the roster were left out.")) % roster)
    if roster and roster.get("in_line"):
        text = _("%(in_line)s pairs are paused by it: look at them under “Pairs to look at”.")
        found.append(str(text) % roster)
    if roster and roster.get("withdrawn"):
        text = _("%(withdrawn)s open proposals are withdrawn by it: the two can no longer be a pair.")
        found.append(str(text) % roster)
    if intake:
        text = _("Intake: %(mentors)s mentors, %(mentees)s mentees; %(new)s new, %(changed)s changed.")
        found.append(str(text) % intake)
        if intake["wrong"]:
            found.append(str(_("%(wrong)s wrong rows of the intake were left out.")) % intake)
    return found


def _step_of_job(step: str, words: Any) -> Any:
    def find(job: Job) -> tuple[str, Any] | None:
        file = ImportFile.objects.filter(pk=job.params.get("file")).only("pk").first()
        return (address(step, file.pk), words) if file else None

    return find


describe_job(
    IMPORT_JOB,
    JobPage(
        title=_("Importing people"),
        summary=_summary,
        next_step=_step_of_job("done", _("Go on")),
        back=_step_of_job("preview", _("Back to the preview")),
    ),
)
