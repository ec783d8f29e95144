"""What somebody has filled in so far, for themselves alone."""

from __future__ import annotations

import json
from typing import Any

from django.db.models import Q, QuerySet

from programmes.choices import INTAKE_OVER, EnrolmentState
from programmes.models import Enrolment, Intake
from sealing.choices import ScopeKind
from sealing.services import key_of, opener


def open_intake_text(intake: Intake, closed: bytes | memoryview | None) -> str:
    """Open the draft or the own words of an intake. For its author, and whom the author released them to."""
    if not closed:
        return ""
    return opener(key=key_of(scope_kind=ScopeKind.INTAKE, scope_id=intake.pk))(bytes(closed)).decode()


def draft_of(intake: Intake | None) -> dict[int, dict[str, list[str]]]:
    """Step → what was typed there, right or wrong."""
    if intake is None or not intake.draft:
        return {}
    return {int(step): typed for step, typed in json.loads(open_intake_text(intake, intake.draft)).items()}


def intake_of(enrolment: Enrolment) -> Intake | None:
    """The intake of an enrolment, None before the first step."""
    return Intake.objects.filter(enrolment=enrolment).first()


def unfinished_intakes(person_id: int) -> QuerySet[Any, Any]:
    """The enrolments of somebody who has not sent their intake yet, and whose data no file has brought."""
    rows = Enrolment.objects.filter(person_id=person_id).exclude(state__in=INTAKE_OVER)
    by_file = Enrolment.objects.with_complete_intake().filter(person_id=person_id, intake=None).values("pk")
    waiting = rows.filter(Q(intake=None) | Q(intake__completed_at=None)).exclude(pk__in=by_file)
    found: QuerySet[Any, Any] = waiting.filter(
        state__in=[EnrolmentState.APPLIED, EnrolmentState.ACCEPTED, EnrolmentState.WAITLISTED]
    ).select_related("cohort__programme", "intake")
    return found
