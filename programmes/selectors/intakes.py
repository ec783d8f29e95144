"""What somebody has filled in so far, for themselves alone."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from django.db.models import F, FilteredRelation, Q, QuerySet

from programmes.choices import INTAKE_OVER, EnrolmentState
from programmes.models import Enrolment, Intake, Topic
from sealing.choices import ScopeKind
from sealing.selectors import secret_columns, secret_of
from sealing.services import key_of, opener


def open_intake_text(intake: Intake, closed: bytes | memoryview | None) -> str:
    """Open the draft or the own words of an intake. For its author, and whom the author released them to."""
    if not closed:
        return ""
    return _reader(intake)(bytes(closed)).decode()


def _reader(intake: Any) -> Callable[[bytes], bytes]:
    """What opens the texts of an intake; its key is fetched once for the row in hand."""
    kept: Callable[[bytes], bytes] | None = getattr(intake, "_reader", None)
    if kept is None:
        key = secret_of(ScopeKind.INTAKE, intake) or key_of(scope_kind=ScopeKind.INTAKE, scope_id=intake.pk)
        kept = opener(key=key)
        intake._reader = kept
    return kept


def words_intake(enrolment_id: int) -> Intake | None:
    """The intake that holds somebody's own words, with what opens them. One query."""
    rows: QuerySet[Any, Any] = Intake.objects.filter(enrolment=enrolment_id)
    return rows.annotate(**secret_columns(ScopeKind.INTAKE)).first()


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


def topics_of_intake(enrolment: Enrolment) -> list[Any]:
    """What somebody can choose from in their intake, and what they chose: one query.

    Each topic has ``offer_pk``, ``offer_level``, ``offer_example``; ``wish_pk``, ``wish_priority``, ``wish_level``,
    ``wish_example``; and ``named``, the sentence with which they named it in a topic call. A topic chosen earlier
    stays, retired or hidden as it may be.
    """
    programme = enrolment.cohort.programme_id
    mine = {"offer": "offers", "wish": "wishes"}
    rows = Topic.objects.annotate(
        **{
            f"own_{name}": FilteredRelation(path, condition=Q(**{f"{path}__enrolment": enrolment}))
            for name, path in mine.items()
        },
        said=FilteredRelation(
            "colleague_topics",
            condition=Q(colleague_topics__programme=programme, colleague_topics__person=enrolment.person_id),
        ),
    ).annotate(
        offer_pk=F("own_offer__pk"), offer_level=F("own_offer__level"), offer_example=F("own_offer__example"),
        wish_pk=F("own_wish__pk"), wish_level=F("own_wish__level"), wish_example=F("own_wish__example"),
        wish_priority=F("own_wish__priority"), named=F("said__sentence"),
    )  # fmt: skip
    listed = Topic.objects.offered_in(programme).values("pk")
    chosen = Q(own_offer__isnull=False) | Q(own_wish__isnull=False)
    return list(rows.filter(Q(pk__in=listed) | chosen))
